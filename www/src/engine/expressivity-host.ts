// Builds a network of Theorem 3.2, a slice of time a call: what is not asked to go on stops.
import * as Comlink from "comlink";
import type {
  BuildReport,
  BuildSpec,
  DrawnPoints,
  HiddenPoints,
  LabelledPoints,
  Perturbed,
} from "./expressivity";
import { told } from "./told";
import { instantiate, type WasmExpressivity, type WasmModule } from "./wasm";

/** Steps in one call: more than any network has blocks or eighths of its points. */
const MOST_STEPS = 100_000;

export class ExpressivityHost {
  private module: WasmModule | undefined;
  private network: WasmExpressivity | undefined;
  /** Steps that take about a millisecond. */
  private pace = 1;

  async start(compiled: WebAssembly.Module): Promise<void> {
    this.module = await instantiate(compiled, "points");
  }

  draw({ set, points, classes, dimension, noise, seed }: DrawnPoints): LabelledPoints {
    return told(() => this.module!.drawPoints(set, points, classes, dimension, noise, seed));
  }

  begin(points: LabelledPoints, spec: BuildSpec): void {
    this.network?.free();
    this.network = undefined;
    const { width, seed = 1, onSphere = false, printed = false, single = true } = spec;
    this.network = told(() => {
      const { Expressivity } = this.module!;
      const { dimension, classes, inputs, labels } = points;
      return new Expressivity(dimension, classes, inputs, labels, width, seed, onSphere, printed, single);
    });
  }

  /** Goes on for about that long. */
  advance(milliseconds: number): { done: boolean; progress: number } {
    const network = this.network!;
    return told(() => {
      const end = performance.now() + milliseconds;
      let done = false;
      for (let now = performance.now(); !done && now < end;) {
        const steps = Math.min(MOST_STEPS, Math.max(1, Math.round(this.pace * Math.min(10, end - now))));
        done = network.advance(steps);
        const after = performance.now();
        // No more than doubled at once: some steps end with their kind of work.
        const found = Math.max(this.pace / 4, steps / Math.max(0.05, after - now));
        this.pace = Math.min(MOST_STEPS, 2 * this.pace, found);
        now = after;
      }
      return { done, progress: network.progress() };
    });
  }

  report(): BuildReport {
    return told(() => this.network!.report());
  }

  hidden(): HiddenPoints {
    return told(() => this.network!.hidden());
  }

  /** The points as the network reads them. */
  reads(): LabelledPoints {
    return told(() => this.network!.reads());
  }

  perturbed(relative: number, seed: number): Perturbed {
    const moved = told(() => this.network!.perturbed(relative, seed));
    return Comlink.transfer(moved, [moved.parameters.buffer as ArrayBuffer]);
  }

  parameters(): Float64Array {
    const values = told(() => this.network!.parameters());
    return Comlink.transfer(values, [values.buffer as ArrayBuffer]);
  }

  classify(inputs: Float32Array): Uint16Array {
    const values = told(() => this.network!.classify(inputs));
    return Comlink.transfer(values, [values.buffer as ArrayBuffer]);
  }
}
