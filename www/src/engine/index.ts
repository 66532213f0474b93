// The public JS API: `createSession(experiment)` trains, evaluates and measures in a worker. No DOM.
import * as Comlink from "comlink";
import type { OnDownload } from "./download-progress";
import { compiledModule } from "./loader";
import { placed, type Home, type Placed } from "./places";
import type {
  BallSample,
  Certificates,
  ClassifierRequest,
  ClassifierState,
  DepthBounds,
  EngineChoice,
  EngineInfo,
  EngineName,
  EngineTiming,
  Experiment,
  ExperimentInput,
  Frame,
  KeptPoint,
  SplitPoints,
  Landscape,
  LandscapeOptions,
  Parametrization,
  Places,
  PlaneVectors,
  Preset,
  Probe,
  Reading,
  Slices,
  Spectra,
  VerifyResult,
} from "./types";
import type { Surveyor } from "./surveyor";
import type { SessionHost } from "./session-host";

export type { Download, OnDownload } from "./download-progress";
export type { Checked } from "./trust";
export * from "./types";

/** How a session begins. */
export interface SessionOptions {
  /** What it trains on: "auto" is the processor, which works everywhere. */
  engine?: EngineChoice;
}

const sessions: Home = {
  worker: () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "session" }),
  load: () => import("./session-host"),
};

const surveyors: Home = {
  worker: () =>
    new Worker(new URL("./survey-worker.ts", import.meta.url), { type: "module", name: "survey" }),
  load: () => import("./surveyor"),
};

// The scripts of the workers are on their way while the module is: each of them is a round trip, or two.

function startHost(): Promise<Placed<SessionHost>> {
  const compiling = compiledModule("core");
  return placed<SessionHost>(sessions, async (host) => host.start(await compiling));
}

/** The surveyor of a session, which talks to it directly. */
function startSurveyor(hosting: Promise<Placed<SessionHost>>): Promise<Placed<Surveyor>> {
  const compiling = compiledModule("core");
  return placed<Surveyor>(surveyors, async (host) => {
    const [{ host: session }, compiled] = await Promise.all([hosting, compiling]);
    const { port1, port2 } = new MessageChannel();
    await session.survey(Comlink.transfer(port1, [port1]));
    await host.start(compiled, Comlink.transfer(port2, [port2]));
  });
}

/**
 * Starts a session. What the experiment leaves out takes its default: identity and standard networks of 16 layers
 * of width 8, a random target, gradient descent with learning rate 0.002, seed 1.
 *
 * Rejects with a {@link LabError} if a field is not allowed, if an engine cannot run here or could not be downloaded.
 *
 * @example
 * ```js
 * import { createSession } from "identity-lab";
 *
 * const session = await createSession({ network: { kind: "linear", width: 4, layers: 8 }, seed: 7 });
 * const { step, engine } = await session.step(100);
 * console.log(step, engine); // → 100 cpu
 *
 * const refused = await session.configure({ seed: -1 }).catch((error) => error);
 * console.log(refused.field); // → seed
 * session.dispose();
 * ```
 */
export async function createSession(
  experiment: ExperimentInput = {},
  { engine = "auto" }: SessionOptions = {},
): Promise<LabSession> {
  const hosting = startHost();
  const surveying = startSurveyor(hosting);
  try {
    const session = LabSession.of(await hosting, await surveying);
    await session.configure(experiment);
    if (engine !== "auto" && engine !== "cpu") await session.setEngine(engine);
    return session;
  } catch (error) {
    for (const starting of [hosting, surveying])
      void starting.then(({ worker }) => worker.terminate()).catch(() => undefined);
    throw error;
  }
}

/**
 * A run of one or two networks, the twins, which are numbered from 0 in the order of the experiment. Parameters are
 * flat: layer after layer, row after row. Every call that is refused rejects with a {@link LabError} and leaves the
 * run as it was; only one whose `fatal` is true needs a new session.
 */
export class LabSession {
  /** The experiment that runs, every default filled in. */
  experiment!: Experiment;
  /** The newest frame. */
  frame!: Frame;
  /** The worker beside the run's, in which engines are timed and checked. */
  private spare: Promise<Placed<SessionHost>> | undefined;
  /** How many calls it has not answered yet. */
  private asked = 0;
  /** Whether it ends once it has answered them. */
  private ending = false;

  private constructor(
    private readonly hosted: Placed<SessionHost>,
    private readonly surveyed: Placed<Surveyor>,
  ) {}

  /** @internal */
  static of(hosted: Placed<SessionHost>, surveyed: Placed<Surveyor>): LabSession {
    return new LabSession(hosted, surveyed);
  }

  private get host() {
    return this.hosted.host;
  }

  private get surveyor() {
    return this.surveyed.host;
  }

  /** Fills in defaults and validates, without touching the run. */
  async normalize(experiment: ExperimentInput): Promise<Experiment> {
    return JSON.parse(await this.host.normalize(JSON.stringify(experiment))) as Experiment;
  }

  /** Experiments that show something, each with a commentary. */
  presets(): Promise<Preset[]> {
    return this.host.presets();
  }

  /** Starts another experiment at step 0 on the CPU; a refused one leaves the run as it was. */
  async configure(experiment: ExperimentInput): Promise<Frame> {
    const normalized = await this.normalize(experiment);
    const json = JSON.stringify(normalized);
    await this.surveyor.close();
    try {
      this.frame = await this.host.configure(json);
    } catch (error) {
      await this.surveyor.reopen();
      throw error;
    }
    await this.surveyor.reset(json);
    this.experiment = normalized;
    return this.frame;
  }

  /**
   * Trains `count` steps on every twin; 0 asks for a frame only. A twin whose excess risk passes 10⁶ times the larger
   * of its first value and that of the zero network has diverged and stops there, which is no error. To pause is not
   * to call this.
   */
  async step(count = 1): Promise<Frame> {
    this.frame = await this.host.step(count);
    return this.frame;
  }

  /** Goes back to an earlier step, the same bits as then; what came after is forgotten. Refused beyond the last step. */
  async rewind(step: number): Promise<Frame> {
    this.frame = await this.host.rewind(step);
    const { learningRate } = this.frame;
    this.experiment = { ...this.experiment, optimizer: { ...this.experiment.optimizer, learningRate } };
    return this.frame;
  }

  /** The parameters that a twin started from. */
  startOf(twin: number): Promise<Float32Array> {
    return this.host.startOf(twin);
  }

  /** Parameters of a twin with one more layer after the first `position`: A = 0, or a random W. */
  withLayer(twin: number, position: number): Promise<Float32Array> {
    return this.host.withLayer(twin, position);
  }

  /** Goes on with another learning rate, from 0 to 1e6. */
  async setLearningRate(value: number): Promise<void> {
    await this.host.setLearningRate(value);
    this.experiment = {
      ...this.experiment,
      optimizer: { ...this.experiment.optimizer, learningRate: value },
    };
  }

  /**
   * Goes on with the same parameters, and the optimizer's memory, on another engine. Those of burn are downloaded first,
   * of which `onDownload` hears; training may go on meanwhile. Rejects where the engine cannot run, with the reason.
   */
  setEngine(name: EngineName, onDownload?: OnDownload): Promise<EngineInfo> {
    return this.host.setEngine(name, onDownload && Comlink.proxy(onDownload));
  }

  /** Times an engine at this experiment in a worker of its own, so that training goes on meanwhile. */
  async timeEngine(name: EngineName): Promise<EngineTiming> {
    // Read here, not after the wait for the worker: `configure` may come in between.
    const json = JSON.stringify(this.experiment);
    return this.aside(async (host) => {
      await host.configure(json);
      return host.timeEngine(name);
    });
  }

  /** Ends the worker that `timeEngine` and `verify` use, after its last answer; training does not need its memory. */
  async endTiming(): Promise<void> {
    this.ending = true;
    if (this.asked === 0) await this.endSpare();
  }

  /** A worker that is terminated leaves whoever still waits for it waiting for ever. */
  private async endSpare(): Promise<void> {
    const { spare } = this;
    this.spare = undefined;
    this.ending = false;
    await spare?.then(({ worker }) => worker.terminate()).catch(() => undefined);
  }

  private async aside<T>(call: (host: Comlink.Remote<SessionHost>) => Promise<T>): Promise<T> {
    this.asked++;
    try {
      this.spare ??= startHost();
      const { host } = await this.spare;
      return await call(host);
    } finally {
      this.asked--;
      if (this.asked === 0 && this.ending) void this.endSpare();
    }
  }

  /**
   * The excess risk (a classifier's loss) over a plane through parameter space, which training does not wait for.
   * Undefined if a newer request for that twin, or another experiment, overtook this one. Rejects if an option is not
   * allowed or if there is no such plane.
   *
   * @example
   * ```js
   * import { createSession } from "identity-lab";
   *
   * const session = await createSession({ seed: 7 });
   * await session.step(200);
   * const picture = await session.landscape(0, { size: 33, plane: { kind: "trajectory" } });
   * console.log(picture.size, picture.values.length); // → 33 1089
   *
   * // A run of gradient descent hardly leaves the plane of its two principal components.
   * console.log(picture.variance > 0.9); // → true
   * // Sixteen cells were computed again in float64.
   * console.log(picture.checked.cells, picture.checked.worst < 1e-4); // → 16 true
   * session.dispose();
   * ```
   */
  landscape(twin: number, { onProgress, ...options }: LandscapeOptions = {}): Promise<Landscape | undefined> {
    return this.surveyor.landscape(twin, options, onProgress && Comlink.proxy(onProgress));
  }

  /** The excess risk along both directions of a plane, through the iterate; undefined as for a landscape. */
  slices(twin: number, options: LandscapeOptions = {}): Promise<Slices | undefined> {
    return this.surveyor.slices(twin, options);
  }

  /**
   * Excess risk and gradient norm at (a, b) of the plane of the twin's newest landscape, and the distance from the start.
   * Undefined before the first landscape of an experiment, as for the three methods that follow.
   */
  read(twin: number, a: number, b: number): Promise<Reading | undefined> {
    return this.surveyor.read(twin, a, b);
  }

  /** The parameters at (a, b) of that plane. */
  point(twin: number, a: number, b: number): Promise<Float32Array | undefined> {
    return this.surveyor.point(twin, a, b);
  }

  /** The vectors of that plane. */
  vectors(twin: number): Promise<PlaneVectors | undefined> {
    return this.surveyor.vectors(twin);
  }

  /**
   * Theorem 2.2 at the points kept of a twin's run: ‖∇f‖² beside its lower bounds. Undefined if another experiment
   * came in between. Rejects for classifiers, of which the theorem says nothing.
   *
   * @example
   * ```js
   * import { createSession } from "identity-lab";
   *
   * const session = await createSession({ seed: 7 });
   * await session.step(200);
   * const { gradientSquared, bound } = await session.certificates(0);
   * console.log(gradientSquared.every((value, i) => !(value < bound[i]))); // → true
   * session.dispose();
   * ```
   */
  certificates(twin: number): Promise<Certificates | undefined> {
    return this.surveyor.certificates(twin);
  }

  /** The same at parameters of one's own, whether a network stands there or not. */
  certify(parametrization: Parametrization, parameters: Float32Array): Promise<Certificates> {
    return this.surveyor.certify(parametrization, parameters);
  }

  /** `count` random networks of the ball of radius τ, by their numbers: excess risk and ‖∇f‖² of each. */
  ball(
    parametrization: Parametrization,
    tau: number,
    from: number,
    count: number,
  ): Promise<BallSample | undefined> {
    return this.surveyor.ball(parametrization, tau, from, count);
  }

  /** The parameters of one of those networks. */
  ballPoint(parametrization: Parametrization, tau: number, number: number): Promise<Float32Array> {
    return this.surveyor.ballPoint(parametrization, tau, number);
  }

  /** σ_min(Σ) of the experiment. */
  smallestCovariance(): Promise<number> {
    return this.surveyor.smallestCovariance();
  }

  /** The parameters of the optimum that Theorem 2.1 constructs; refused where det R ≤ 0. */
  optimum(parametrization: Parametrization): Promise<Float32Array> {
    return this.surveyor.optimum(parametrization);
  }

  /** Theorem 2.1 at every depth up to `most`, at most 256; refused where det R ≤ 0. */
  depths(most: number): Promise<DepthBounds> {
    return this.surveyor.depths(most);
  }

  /** Keeps where a twin stands, for planes through it in this run and later ones; returns the last eight kept. */
  keep(twin: number): Promise<KeptPoint[]> {
    return this.host.keep(twin);
  }

  /** What stands at (a, b) of the plane of the newest landscape, and the critical point nearest to it. */
  probe(twin: number, a: number, b: number): Promise<Probe | undefined> {
    return this.surveyor.probe(twin, a, b);
  }

  /** Expected milliseconds of a landscape of that size, 0 while nothing is known. */
  estimateLandscape(size: number): Promise<number> {
    return this.surveyor.estimate(size);
  }

  /** Singular values of the layers; for a classifier those of its blocks' Jacobians at an input. */
  spectra(twin: number, input?: Float32Array): Promise<Spectra> {
    return this.host.spectra(twin, input);
  }

  /** The points that a classifier learns, and those held out; refused for linear networks. */
  points(): Promise<SplitPoints> {
    return this.host.points();
  }

  /**
   * How a classifier does, and what it makes of a plane of inputs and of its points; refused for linear networks.
   *
   * @example
   * ```js
   * import { createSession } from "identity-lab";
   *
   * const session = await createSession({
   *   network: { kind: "relu", width: 8, blocks: 4 },
   *   data: { kind: "set", set: "moons", points: 200, heldOut: 0.25 },
   *   optimizer: { kind: "adam", learningRate: 0.01 },
   *   twins: [{ parametrization: "identity", start: { kind: "fixup" } }],
   * });
   * await session.step(300);
   * const axis = Float32Array.from({ length: 20 }, (_, i) => (i - 10) / 5);
   * const { evaluation, logits, hidden } = await session.classifier(0, { x: axis, y: axis, points: 100 });
   * console.log(evaluation.accuracy > 0.95, evaluation.heldOutAccuracy > 0.9); // → true true
   * console.log(logits.length, hidden.layers); // → 800 5
   * session.dispose();
   * ```
   */
  classifier(twin: number, request: ClassifierRequest): Promise<ClassifierState> {
    return this.host.classifier(twin, request);
  }

  /** The parameters of a twin. Linear: layers × width × width, A_j of an identity network, W_j of a standard one. */
  parameters(twin: number): Promise<Float32Array> {
    return this.host.parameters(twin);
  }

  /** Runs a file of reference values (its name, its text) on an engine, in a worker of its own; see the repository. */
  async verify(file: string, text: string, engine: EngineName): Promise<VerifyResult[]> {
    return this.aside((host) => host.verify(file, text, engine));
  }

  /** Where the session and its helpers run: in workers wherever the browser allows it; see {@link Place}. */
  async places(): Promise<Places> {
    return {
      session: this.hosted.place,
      surveyor: this.surveyed.place,
      pool: await this.surveyor.poolPlace(),
    };
  }

  /** Ends the session and frees its memory; calls that are still waiting are never answered. */
  dispose(): void {
    void this.endSpare();
    this.hosted.worker.terminate();
    this.surveyed.worker.terminate();
  }
}
