// Owns the wasm session and lets one request at a time reach it.
import * as Comlink from "comlink";
import { describeAdapter, requireAdapter } from "./adapter";
import { Desk } from "./desk";
import type { OnDownload } from "./download-progress";
import { KeptPoints } from "./kept";
import { compiledModule } from "./loader";
import { serving } from "./places";
import { SerialQueue } from "./queue";
import {
  asLabError,
  depthOf,
  widthOf,
  LabError,
  needsBurn,
  onGpu,
  type EngineInfo,
  type EngineName,
  type EngineTiming,
  type Experiment,
  type Frame,
  type KeptPoint,
  type Preset,
  type Spectra,
  type ClassifierRequest,
  type ClassifierState,
  type SplitPoints,
  type VerifyResult,
} from "./types";
import { instantiate, moduleOf, type ModuleName, type WasmModule, type WasmSession } from "./wasm";

export class SessionHost {
  private core!: WasmModule;
  /** The modules of this realm: core from the start, others once they were asked for. */
  private readonly modules = new Map<ModuleName, Promise<WasmModule>>();
  private session: WasmSession | undefined;
  private engine: EngineName = "cpu";
  private step_ = 0;
  private experiment: Experiment | undefined;
  /** They outlive the run that they were taken from. */
  private readonly kept = new KeptPoints();
  private readonly queue = new SerialQueue();
  private readonly desk = new Desk({
    queue: this.queue,
    session: () => this.running(),
    experiment: () => this.experiment!,
    engine: () => this.engine,
    step: () => this.step_,
    kept: this.kept,
  });

  async start(compiled: WebAssembly.Module): Promise<void> {
    this.modules.set("core", instantiate(compiled, "core"));
    this.core = await this.module("core");
  }

  /** Lets a surveyor ask about the session through a port. */
  survey(port: MessagePort): void {
    Comlink.expose(this.desk, port);
  }

  private module(name: ModuleName, onDownload?: OnDownload): Promise<WasmModule> {
    const known = this.modules.get(name);
    if (known) return known;
    const loading = compiledModule(name, onDownload).then((compiled) => instantiate(compiled, name));
    this.modules.set(name, loading);
    loading.catch(() => this.modules.delete(name));
    return loading;
  }

  normalize(json: string): string {
    return this.guard(() => this.core.normalizeExperiment(json));
  }

  presets(): Preset[] {
    return JSON.parse(this.core.presets()) as Preset[];
  }

  /** A new session; if the experiment is refused, the running one stays. */
  configure(json: string): Promise<Frame> {
    return this.queue.run(async () => {
      const experiment = JSON.parse(json) as Experiment;
      const engine = needsBurn(experiment) ? "burn" : "cpu";
      const next = await this.guardAsync(async () =>
        (await this.module(moduleOf(engine))).Session.create(json),
      );
      this.session?.free();
      this.session = next;
      this.experiment = experiment;
      this.engine = engine;
      this.desk.clear();
      return this.take((session) => session.step(0));
    });
  }

  step(count: number): Promise<Frame> {
    return this.queue.run(() => this.take((session) => session.step(count)));
  }

  /** Goes back to an earlier step. */
  rewind(step: number): Promise<Frame> {
    return this.queue.run(() => this.take((session) => session.rewind(step)));
  }

  /** Where a twin started. */
  startOf(twin: number): Promise<Float32Array> {
    return this.queue.run(() => {
      const ends = this.guard(() => this.running().path(twin, false));
      return ends.slice(0, ends.length / 2);
    });
  }

  /** Parameters of a twin with one more layer after the first `position`. */
  withLayer(twin: number, position: number): Promise<Float32Array> {
    return this.queue.run(() => {
      const values = this.guard(() => this.running().withLayer(twin, position));
      return Comlink.transfer(values, [values.buffer as ArrayBuffer]);
    });
  }

  setLearningRate(value: number): Promise<void> {
    return this.queue.run(() => this.guard(() => this.running().setLearningRate(value)));
  }

  async setEngine(name: EngineName, onDownload?: OnDownload): Promise<EngineInfo> {
    if (onGpu(name)) await requireAdapter();
    // Not in the queue: the run goes on while this is downloaded.
    const { Session } = await this.guardAsync(() => this.module(moduleOf(name), onDownload));
    return this.queue.run(async () => {
      await this.guardAsync(async () => {
        const running = this.running();
        if (moduleOf(name) === moduleOf(this.engine)) return running.setEngine(name);
        // Another module has another memory: the run moves there as bytes.
        this.session = await Session.restore(running.snapshot(true), name);
        running.free();
        this.desk.clear();
      });
      this.engine = name;
      return this.running().engineInfo();
    });
  }

  /** Times an engine on a scratch copy; a problem is an answer here, not an error. */
  async timeEngine(name: EngineName): Promise<EngineTiming> {
    const adapter = onGpu(name) ? await describeAdapter() : {};
    if (adapter.problem) return { engine: name, ...adapter };
    try {
      // Not in the queue: the run goes on while this is downloaded.
      const { Session } = await this.module(moduleOf(name));
      const milliseconds = await this.queue.run(async () => {
        if (moduleOf(name) === moduleOf(this.engine)) return this.running().timeEngine(name);
        const copy = await Session.restore(this.running().snapshot(false), name);
        return copy.timeEngine(name).finally(() => copy.free());
      });
      return { engine: name, ...adapter, milliseconds };
    } catch (error) {
      return { engine: name, ...adapter, problem: asLabError(error).message };
    }
  }

  parameters(twin: number): Promise<Float32Array> {
    return this.queue.run(() => {
      const values = this.guard(() => this.running().parameters(twin));
      return Comlink.transfer(values, [values.buffer as ArrayBuffer]);
    });
  }

  spectra(twin: number, input?: Float32Array): Promise<Spectra> {
    return this.queue.run(() => {
      const s = this.guard(() => this.running().spectra(twin, input));
      const all = [
        ...[s.layers, s.product, s.target, s.productEigenvalues, s.targetEigenvalues],
        ...[s.productMatrix, s.targetMatrix],
      ];
      return Comlink.transfer(s, buffersOf(all));
    });
  }

  /** The points of a classifier. */
  points(): Promise<SplitPoints> {
    return this.queue.run(() => this.guard(() => this.running().points()));
  }

  /** How a classifier does, its logits over a plane of inputs, and its points in every layer. */
  classifier(twin: number, { x, y, points }: ClassifierRequest): Promise<ClassifierState> {
    return this.queue.run(() => {
      const state = this.guard((): ClassifierState => {
        const session = this.running();
        return {
          step: this.step_,
          evaluation: session.evaluation(twin),
          logits: x && y && session.decision(twin, x, y),
          hidden: session.hidden(twin, points),
        };
      });
      const { logits, hidden } = state;
      return Comlink.transfer(
        state,
        buffersOf([...(logits ? [logits] : []), ...[hidden.places, hidden.moved, hidden.ratios]]),
      );
    });
  }

  /** Keeps where a twin stands now. */
  keep(twin: number): Promise<KeptPoint[]> {
    return this.queue.run(() => {
      const { seed, network } = this.experiment!;
      const width = widthOf(network);
      const layers = depthOf(network);
      const session = this.running();
      const parametrization = session.parametrization(twin);
      this.kept.keep(
        { kind: network.kind, parametrization, width, layers, seed, step: this.step_ },
        session.parameters(twin),
      );
      return this.kept.list();
    });
  }

  /** What the crate reports for one file on one engine; a refusal is a report too. */
  async verify(name: string, text: string, engine: EngineName): Promise<VerifyResult[]> {
    try {
      if (onGpu(engine)) await requireAdapter();
      const json = await this.queue.run(async () =>
        (await this.module(moduleOf(engine))).verifyVectors(name, text, engine),
      );
      // JSON has no infinity: the crate writes null for an error that is not finite.
      return (JSON.parse(json) as VerifyResult[]).map((r) => ({
        ...r,
        largestError: r.largestError ?? Infinity,
      }));
    } catch (error) {
      const problem = asLabError(error).message;
      return [{ file: name, engine, cases: 0, passes: 0, largestError: Number.NaN, problem }];
    }
  }

  /** Frees the session's memory, which outlives a host that is not in a worker. */
  end(): Promise<void> {
    return this.queue.run(() => {
      this.session?.free();
      this.session = undefined;
    });
  }

  private running(): WasmSession {
    if (!this.session) throw new LabError("No experiment is running.");
    return this.session;
  }

  private async take(call: (session: WasmSession) => Promise<object>): Promise<Frame> {
    const begin = performance.now();
    const frame = (await this.guardAsync(() => call(this.running()))) as Frame;
    frame.milliseconds = performance.now() - begin;
    this.engine = frame.engine;
    this.step_ = frame.step;
    this.desk.mark(frame);
    const buffers = frame.twins.flatMap(({ history: h }) => [h.steps, h.excess, h.gradientNorm]);
    return Comlink.transfer(frame, buffersOf(buffers));
  }

  private guard<T>(call: () => T): T {
    try {
      return call();
    } catch (error) {
      throw asLabError(error);
    }
  }

  private async guardAsync<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw asLabError(error);
    }
  }
}

function buffersOf(arrays: ArrayBufferView[]): ArrayBuffer[] {
  return [...new Set(arrays.map((array) => array.buffer as ArrayBuffer))];
}

export const serve = serving(() => new SessionHost());
