// One member of those that train a map: trains the networks of the cells it is dealt.
import * as Comlink from "comlink";
import { asLabError } from "./types";
import { instantiate, moduleOf, type ModuleName, type WasmAtlasWorker } from "./wasm";

export interface CellsResult {
  /**
   * For each cell and network: final excess risk or loss, steps to the threshold, step of divergence, end, share of
   * points right; NaN where none.
   */
  values: Float32Array;
  milliseconds: number;
}

/** The values of a map's columns and rows. */
export interface Axes {
  x: Float64Array;
  y: Float64Array;
}

export class AtlasHost {
  /** The module that it is handed. */
  protected readonly module: ModuleName = moduleOf("cpu");
  private worker: WasmAtlasWorker | undefined;

  /** Takes a map as JSON. */
  async start(compiled: WebAssembly.Module, atlasJson: string): Promise<Axes> {
    const module = await instantiate(compiled, this.module);
    try {
      this.worker = new module.AtlasWorker(atlasJson);
      return { x: this.worker.x(), y: this.worker.y() };
    } catch (error) {
      throw asLabError(error);
    }
  }

  /** Trains the networks of cells, each given as `iy * columns + ix`. */
  cells(cells: Uint32Array): CellsResult | Promise<CellsResult> {
    const begin = performance.now();
    try {
      const values = this.worker!.cells(cells);
      const milliseconds = performance.now() - begin;
      return Comlink.transfer({ values, milliseconds }, [values.buffer as ArrayBuffer]);
    } catch (error) {
      throw asLabError(error);
    }
  }

  /** The experiment of a cell, as JSON. */
  experiment(ix: number, iy: number): string {
    return this.worker!.experiment(ix, iy);
  }
}
