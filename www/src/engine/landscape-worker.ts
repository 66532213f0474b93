// One member of the pool: evaluates rows of a landscape on the CPU.
import * as Comlink from "comlink";
import { carryErrors } from "./comlink-errors";
import { instantiate, type WasmLandscapeWorker, type WasmModule } from "./wasm";

export interface PlaneVectors {
  parametrization: string;
  origin: Float32Array;
  u: Float32Array;
  v: Float32Array;
}

export interface RowsResult {
  values: Float32Array;
  milliseconds: number;
}

class RowsHost {
  private module: WasmModule | undefined;
  private worker: WasmLandscapeWorker | undefined;
  private readonly planes = new Map<number, PlaneVectors & { id: number }>();

  async start(compiled: WebAssembly.Module): Promise<void> {
    this.module = await instantiate(compiled);
  }

  configure(experimentJson: string): void {
    this.worker?.free();
    this.worker = undefined;
    this.planes.clear();
    this.worker = new this.module!.LandscapeWorker(experimentJson);
  }

  /** The plane crosses once; the blocks of rows that follow name it. */
  setPlane(twin: number, id: number, plane: PlaneVectors): void {
    this.planes.set(twin, { ...plane, id });
  }

  rows(twin: number, id: number, a: Float32Array, b: Float32Array): RowsResult | undefined {
    const plane = this.planes.get(twin);
    if (!this.worker || plane?.id !== id) return undefined;
    const begin = performance.now();
    const values = this.worker.rows(plane.parametrization, plane.origin, plane.u, plane.v, a, b);
    return Comlink.transfer({ values, milliseconds: performance.now() - begin }, [
      values.buffer as ArrayBuffer,
    ]);
  }
}

export type { RowsHost };
carryErrors();
Comlink.expose(new RowsHost());
