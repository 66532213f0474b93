// One member of the pool: evaluates rows of a landscape on the CPU.
import * as Comlink from "comlink";
import { carryErrors } from "./comlink-errors";
import { instantiate, type WasmLandscapeWorker, type WasmModule, type WasmSurvey } from "./wasm";

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
  /** The plane of each twin, by the number the session gave it. */
  private readonly planes = new Map<number, { id: number; survey: WasmSurvey }>();

  async start(compiled: WebAssembly.Module): Promise<void> {
    this.module = await instantiate(compiled, "core");
  }

  configure(experimentJson: string): void {
    this.worker?.free();
    this.worker = undefined;
    for (const { survey } of this.planes.values()) survey.free();
    this.planes.clear();
    this.worker = new this.module!.LandscapeWorker(experimentJson);
  }

  /** The plane crosses once; the blocks of rows that follow name it. */
  setPlane(twin: number, id: number, plane: PlaneVectors, columns: number, rows: number): void {
    const { parametrization, origin, u, v } = plane;
    const survey = this.worker!.survey(parametrization, origin, u, v, columns, rows);
    this.planes.get(twin)?.survey.free();
    this.planes.set(twin, { id, survey });
  }

  rows(twin: number, id: number, a: Float32Array, b: Float32Array): RowsResult | undefined {
    const plane = this.planes.get(twin);
    if (plane?.id !== id) return undefined;
    const begin = performance.now();
    const values = plane.survey.rows(a, b);
    return Comlink.transfer({ values, milliseconds: performance.now() - begin }, [
      values.buffer as ArrayBuffer,
    ]);
  }
}

export type { RowsHost };
carryErrors();
Comlink.expose(new RowsHost());
