// Trains networks of a map on the GPU, with a device of this worker's own.
import * as Comlink from "comlink";
import { requireAdapter } from "./adapter";
import { AtlasHost, type Axes, type CellsResult } from "./atlas-host";
import { asLabError } from "./types";
import { instantiate, moduleOf, type WasmAtlasFleet } from "./wasm";

export class FleetHost extends AtlasHost {
  protected override readonly module = moduleOf("webgpu");
  private fleet: WasmAtlasFleet | undefined;

  override async start(compiled: WebAssembly.Module, atlasJson: string): Promise<Axes> {
    // What is wrong with a map is said before anything about a GPU.
    const axes = await super.start(compiled, atlasJson);
    // Asked first, because a browser that throws instead of answering would leave the crate waiting for ever.
    await requireAdapter();
    const { AtlasFleet } = await instantiate(compiled, this.module);
    try {
      this.fleet = await AtlasFleet.open(atlasJson);
    } catch (error) {
      throw asLabError(error);
    }
    return axes;
  }

  override async cells(cells: Uint32Array): Promise<CellsResult> {
    const begin = performance.now();
    try {
      const values = await this.fleet!.cells(cells);
      const milliseconds = performance.now() - begin;
      return Comlink.transfer({ values, milliseconds }, [values.buffer as ArrayBuffer]);
    } catch (error) {
      throw asLabError(error);
    }
  }
}
