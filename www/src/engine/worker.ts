// The session's worker: owns the wasm session and lets one request at a time reach it.
import * as Comlink from "comlink";
import { carryErrors } from "./comlink-errors";
import type { RowsHost } from "./landscape-worker";
import { Dealer, type RowsMember } from "./pool";
import { compiledModule } from "./loader";
import { project } from "./projection";
import { Newest, SerialQueue } from "./queue";
import { axis } from "./rows";
import {
  asLabError,
  LabError,
  type EngineInfo,
  type EngineName,
  type EngineTiming,
  type Experiment,
  type Frame,
  type Landscape,
  type Plane,
  type Preset,
  type Spectra,
  type VerifyResult,
} from "./types";
import { instantiate, moduleOf, type ModuleName, type WasmModule, type WasmSession } from "./wasm";

/** Above this many parameters the moving marker is not worth projecting every frame. */
const PROJECT_AT_MOST = 1 << 17;

interface HeldPlane {
  id: number;
  plane: Plane;
}

class SessionHost {
  private core!: WasmModule;
  /** The modules of this realm: core from the start, burn once it was asked for. */
  private readonly modules = new Map<ModuleName, Promise<WasmModule>>();
  private compiled!: WebAssembly.Module;
  private session: WasmSession | undefined;
  private experimentJson = "";
  private engine: EngineName = "cpu";
  private step_ = 0;
  private twins = 0;
  private readonly queue = new SerialQueue();
  private readonly newest = new Newest();
  private planes: (HeldPlane | undefined)[] = [];
  /** The plane of the picture delivered last, on which the moving marker stands. */
  private shown: (HeldPlane | undefined)[] = [];
  private planeCount = 0;
  private starting: Promise<Comlink.Remote<RowsHost>[]> | undefined;
  private members: Comlink.Remote<RowsHost>[] = [];
  private poolReady: Promise<void> | undefined;
  private poolDealer: Dealer | undefined;
  private ownDealer = new Dealer([this.ownMember()]);

  async start(compiled: WebAssembly.Module): Promise<void> {
    this.compiled = compiled;
    this.modules.set("core", instantiate(compiled, "core"));
    this.core = await this.module("core");
  }

  private module(name: ModuleName): Promise<WasmModule> {
    const known = this.modules.get(name);
    if (known) return known;
    const loading = compiledModule(name).then((compiled) => instantiate(compiled, name));
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
      // Minibatches are burn's.
      const { batch } = JSON.parse(json) as Experiment;
      const engine = batch === null || batch === undefined ? "cpu" : "burn";
      const next = await this.guardAsync(async () =>
        (await this.module(moduleOf(engine))).Session.create(json),
      );
      this.newest.cancelAll();
      this.session?.free();
      this.session = next;
      this.experimentJson = json;
      this.engine = engine;
      this.planes = [];
      this.shown = [];
      this.poolReady = undefined;
      this.ownDealer = new Dealer([this.ownMember()]);
      return this.take(0);
    });
  }

  step(count: number): Promise<Frame> {
    return this.queue.run(() => this.take(count));
  }

  setLearningRate(value: number): Promise<void> {
    return this.queue.run(() => this.guard(() => this.running().setLearningRate(value)));
  }

  setEngine(name: EngineName): Promise<EngineInfo> {
    return this.queue.run(async () => {
      if (name === "webgpu") await requireAdapter();
      await this.guardAsync(async () => {
        const running = this.running();
        if (moduleOf(name) === moduleOf(this.engine)) return running.setEngine(name);
        // Another module has another memory: the run moves there as bytes.
        const { Session } = await this.module(moduleOf(name));
        this.session = await Session.restore(running.snapshot(), name);
        running.free();
        this.planes = [];
        this.shown = [];
      });
      this.engine = name;
      return this.running().engineInfo();
    });
  }

  /** Times an engine on a scratch copy; a problem is an answer here, not an error. */
  timeEngine(name: EngineName): Promise<EngineTiming> {
    return this.queue.run(async () => {
      const adapter = name === "webgpu" ? await describeAdapter() : {};
      if (adapter.problem) return { engine: name, ...adapter };
      try {
        if (moduleOf(name) === moduleOf(this.engine)) {
          return { engine: name, ...adapter, milliseconds: await this.running().timeEngine(name) };
        }
        const { Session } = await this.module(moduleOf(name));
        const copy = await Session.restore(this.running().snapshot(), name);
        const milliseconds = await copy.timeEngine(name);
        copy.free();
        return { engine: name, ...adapter, milliseconds };
      } catch (error) {
        return { engine: name, ...adapter, problem: asLabError(error).message };
      }
    });
  }

  parameters(twin: number): Promise<Float32Array> {
    return this.queue.run(() => {
      const values = this.guard(() => this.running().parameters(twin));
      return Comlink.transfer(values, [values.buffer as ArrayBuffer]);
    });
  }

  spectra(twin: number): Promise<Spectra> {
    return this.queue.run(() => {
      const s = this.guard(() => this.running().spectra(twin));
      const all = [s.layers, s.product, s.target, s.productMatrix, s.targetMatrix];
      return Comlink.transfer(s, buffersOf(all));
    });
  }

  /** The landscape of a twin, or undefined where a newer request for that twin overtook this one. */
  async landscape(
    twin: number,
    size: number,
    { refine, background }: { refine: boolean; background: boolean },
    onProgress?: (done: number) => void,
  ): Promise<Landscape | undefined> {
    const isNewest = this.newest.begin(twin);
    const begin = performance.now();
    const dealer = await this.dealer();
    const held = await this.queue.run(() => (isNewest() ? this.plane(twin, refine) : undefined));
    if (!held || !isNewest()) return undefined;
    const { id, plane } = held;
    if (dealer !== this.ownDealer) {
      const { parametrization, origin, u, v } = plane;
      const rows = Math.ceil(size / this.members.length);
      await Promise.all(
        this.members.map((m) => m.setPlane(twin, id, { parametrization, origin, u, v }, size, rows)),
      );
    }
    const [a, b] = [axis(plane.a, size), axis(plane.b, size)];
    const values = await dealer.draw({ twin, plane: id, a, b, background, isNewest, onProgress });
    if (!values) return undefined;
    this.shown[twin] = held;
    const picture: Landscape = {
      twin,
      plane: id,
      size,
      a,
      b,
      values,
      trajectory: plane.trajectory.slice(),
      planeDistance: plane.planeDistance,
      distance: plane.distance,
      step: held.step,
      milliseconds: performance.now() - begin,
    };
    return Comlink.transfer(picture, [values.buffer as ArrayBuffer]);
  }

  /** Expected milliseconds of a picture of that size. */
  estimate(size: number): number {
    const dealer = this.poolDealer && this.gpuIsFaster() ? this.ownDealer : this.poolDealer;
    return dealer?.estimate(size) ?? 0;
  }

  /** What the crate reports for one file on one engine; a refusal is a report too. */
  async verify(name: string, text: string, engine: EngineName): Promise<VerifyResult[]> {
    try {
      if (engine === "webgpu") await requireAdapter();
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

  private running(): WasmSession {
    if (!this.session) throw new LabError("No experiment is running.");
    return this.session;
  }

  private async take(count: number): Promise<Frame> {
    const begin = performance.now();
    const frame = (await this.guardAsync(() => this.running().step(count))) as Frame;
    frame.milliseconds = performance.now() - begin;
    this.engine = frame.engine;
    this.step_ = frame.step;
    this.twins = frame.twins.length;
    for (let twin = 0; twin < this.twins; twin++) this.mark(frame, twin);
    const buffers = frame.twins.flatMap(({ history: h }) => [h.steps, h.excess, h.gradientNorm]);
    return Comlink.transfer(frame, buffersOf(buffers));
  }

  /** Where the iterate stands in the plane on show, so that the marker moves between two landscapes. */
  private mark(frame: Frame, twin: number): void {
    const held = this.shown[twin];
    if (!held || held.plane.origin.length > PROJECT_AT_MOST) return;
    const { origin, u, v } = held.plane;
    const theta = this.running().parameters(twin);
    if (theta.length !== origin.length) return;
    frame.twins[twin]!.point = { plane: held.id, ...project(theta, origin, u, v) };
  }

  private plane(twin: number, refine: boolean) {
    const held = this.planes[twin];
    if (refine && held) return { ...held, step: this.step_ };
    const plane = this.guard(() => this.running().plane(twin));
    const fresh = { id: ++this.planeCount, plane };
    this.planes[twin] = fresh;
    return { ...fresh, step: this.step_ };
  }

  /** The session's own engine as a member of a pool of one. */
  private ownMember(): RowsMember {
    return {
      rows: (twin, plane, a, b) =>
        this.queue.run(async () => {
          if (this.planes[twin]?.id !== plane) return undefined;
          const begin = performance.now();
          const values = await this.guardAsync(() => this.running().landscape(twin, a, b));
          return { values, milliseconds: performance.now() - begin };
        }),
    };
  }

  /** The GPU draws landscapes where it trains and was measured to be faster than the pool. */
  private async dealer(): Promise<Dealer> {
    const pool = await this.pool();
    return this.gpuIsFaster() ? this.ownDealer : pool;
  }

  private gpuIsFaster(): boolean {
    if (this.engine !== "webgpu") return false;
    const [own, pool] = [this.ownDealer.estimate(100), this.poolDealer?.estimate(100) ?? 0];
    // What was not measured yet is tried; both learn with every picture.
    return own === 0 || (pool !== 0 && own < pool);
  }

  /** The pool starts with the first landscape, so that it does not delay the first frames. */
  private async pool(): Promise<Dealer> {
    // A browser without workers inside workers still gets its landscape, from this one.
    if (typeof Worker === "undefined") return this.ownDealer;
    const json = this.experimentJson;
    this.poolReady ??= (async () => {
      this.starting ??= startMembers(this.compiled);
      this.members = await this.starting;
      await Promise.all(this.members.map((member) => member.configure(json)));
      this.poolDealer = new Dealer(this.members as unknown as RowsMember[]);
    })();
    await this.poolReady;
    return this.poolDealer!;
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

async function startMembers(compiled: WebAssembly.Module): Promise<Comlink.Remote<RowsHost>[]> {
  const count = Math.max(1, Math.min(navigator.hardwareConcurrency || 2, 8));
  const members = Array.from({ length: count }, () =>
    Comlink.wrap<RowsHost>(
      new Worker(new URL("./landscape-worker.ts", import.meta.url), { type: "module", name: "landscape" }),
    ),
  );
  await Promise.all(members.map((member) => member.start(compiled)));
  return members;
}

/**
 * Refuses where there is no adapter. Asked here, because a browser that throws instead of answering would
 * leave the crate waiting for ever.
 */
async function requireAdapter(): Promise<void> {
  const { problem } = await describeAdapter();
  if (problem) throw new LabError(problem);
}

/** What a person should know about the adapter before any number is shown for it. */
async function describeAdapter(): Promise<{
  description?: string;
  fallbackAdapter?: boolean;
  problem?: string;
}> {
  // Typed loosely: the page needs three fields of the WebGPU interface, not its type package.
  interface Adapter {
    info?: { vendor?: string; architecture?: string; description?: string; isFallbackAdapter?: boolean };
    isFallbackAdapter?: boolean;
  }
  const gpu = (navigator as { gpu?: { requestAdapter(): Promise<Adapter | null> } }).gpu;
  if (!gpu) return { problem: "This browser offers no WebGPU." };
  try {
    const adapter = await gpu.requestAdapter();
    if (!adapter) return { problem: "This browser has WebGPU but found no adapter to run it on." };
    const { vendor, architecture, description, isFallbackAdapter } = adapter.info ?? {};
    return {
      description: description || [vendor, architecture].filter(Boolean).join(" ") || "WebGPU adapter",
      fallbackAdapter: isFallbackAdapter ?? adapter.isFallbackAdapter ?? false,
    };
  } catch (error) {
    // Asking for an adapter can itself throw on some systems.
    return { problem: `This browser's WebGPU could not be started (${asLabError(error).message}).` };
  }
}

function buffersOf(arrays: ArrayBufferView[]): ArrayBuffer[] {
  return [...new Set(arrays.map((array) => array.buffer as ArrayBuffer))];
}

export type { SessionHost };
carryErrors();
Comlink.expose(new SessionHost());
