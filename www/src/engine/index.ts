// The public JS API: `createSession(experiment)` trains, evaluates and measures in a worker. No DOM.
import * as Comlink from "comlink";
import { carryErrors } from "./comlink-errors";
import type { OnDownload } from "./download-progress";
import { started, type Hosted } from "./hosted";
import { compiledModule } from "./loader";
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
  PlaneVectors,
  Preset,
  Probe,
  Reading,
  Slices,
  Spectra,
  VerifyResult,
} from "./types";
import type { Surveyor } from "./surveyor";
import type { SessionHost } from "./worker";

export * from "./types";

export interface SessionOptions {
  /** "auto" begins on the CPU and lets `chooseEngine` decide. */
  engine?: EngineChoice;
}

carryErrors();

async function startHost(): Promise<Hosted<SessionHost>> {
  const compiled = await compiledModule("core");
  return started<SessionHost>(
    new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "session" }),
    (host) => host.start(compiled),
  );
}

/** The surveyor of a session, which talks to it directly. */
async function startSurveyor({ host: session }: Hosted<SessionHost>): Promise<Hosted<Surveyor>> {
  const compiled = await compiledModule("core");
  const { port1, port2 } = new MessageChannel();
  await session.survey(Comlink.transfer(port1, [port1]));
  return started<Surveyor>(
    new Worker(new URL("./survey-worker.ts", import.meta.url), { type: "module", name: "survey" }),
    (host) => host.start(compiled, Comlink.transfer(port2, [port2])),
  );
}

/** Starts a session; the experiment is validated, and what it leaves out takes its defaults. */
export async function createSession(
  experiment: ExperimentInput = {},
  { engine = "auto" }: SessionOptions = {},
): Promise<LabSession> {
  const hosted = await startHost();
  const surveying = startSurveyor(hosted);
  try {
    const session = new LabSession(hosted, await surveying);
    await session.configure(experiment);
    if (engine !== "auto" && engine !== "cpu") await session.setEngine(engine);
    return session;
  } catch (error) {
    hosted.worker.terminate();
    void surveying.then(({ worker }) => worker.terminate()).catch(() => undefined);
    throw error;
  }
}

export class LabSession {
  /** The experiment that runs, every default filled in. */
  experiment!: Experiment;
  /** The newest frame. */
  frame!: Frame;
  /** The worker beside the run's, in which engines are timed and checked. */
  private spare: Promise<Hosted<SessionHost>> | undefined;
  /** How many calls it has not answered yet. */
  private asked = 0;
  /** Whether it ends once it has answered them. */
  private ending = false;

  constructor(
    private readonly hosted: Hosted<SessionHost>,
    private readonly surveyed: Hosted<Surveyor>,
  ) {}

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

  /** Trains `count` steps on every twin; 0 asks for a frame only. */
  async step(count = 1): Promise<Frame> {
    this.frame = await this.host.step(count);
    return this.frame;
  }

  /** Goes back to an earlier step, the same bits as then; what came after is forgotten. */
  async rewind(step: number): Promise<Frame> {
    this.frame = await this.host.rewind(step);
    const { learningRate } = this.frame;
    this.experiment = { ...this.experiment, optimizer: { ...this.experiment.optimizer, learningRate } };
    return this.frame;
  }

  /** Where a twin started. */
  startOf(twin: number): Promise<Float32Array> {
    return this.host.startOf(twin);
  }

  /** Parameters of a twin with one more layer after the first `position`: A = 0, or a random W. */
  withLayer(twin: number, position: number): Promise<Float32Array> {
    return this.host.withLayer(twin, position);
  }

  async setLearningRate(value: number): Promise<void> {
    await this.host.setLearningRate(value);
    this.experiment = {
      ...this.experiment,
      optimizer: { ...this.experiment.optimizer, learningRate: value },
    };
  }

  /** Goes on with the same parameters on another engine. */
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

  /** The excess risk over a plane through the start and the iterate; undefined if a newer request overtook it. */
  landscape(twin: number, { onProgress, ...options }: LandscapeOptions = {}): Promise<Landscape | undefined> {
    return this.surveyor.landscape(twin, options, onProgress && Comlink.proxy(onProgress));
  }

  /** The excess risk along both directions of a plane, through the iterate; undefined as for a landscape. */
  slices(twin: number, options: LandscapeOptions = {}): Promise<Slices | undefined> {
    return this.surveyor.slices(twin, options);
  }

  /** Excess risk and gradient norm at (a, b) of the plane last shown, and its distance from the start. */
  read(twin: number, a: number, b: number): Promise<Reading | undefined> {
    return this.surveyor.read(twin, a, b);
  }

  /** The parameters at (a, b) of the plane last shown. */
  point(twin: number, a: number, b: number): Promise<Float32Array | undefined> {
    return this.surveyor.point(twin, a, b);
  }

  /** The vectors of the plane last shown. */
  vectors(twin: number): Promise<PlaneVectors | undefined> {
    return this.surveyor.vectors(twin);
  }

  /** Theorem 2.2 at the points kept of a twin's run: ‖∇f‖² beside its lower bounds. */
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

  /** Theorem 2.1 at every depth up to `most`. */
  depths(most: number): Promise<DepthBounds> {
    return this.surveyor.depths(most);
  }

  /** Keeps where a twin stands, for planes through it in this run and later ones; returns all that are kept. */
  keep(twin: number): Promise<KeptPoint[]> {
    return this.host.keep(twin);
  }

  /** What stands at (a, b) of the plane last shown, and the critical point nearest to it. */
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

  /** The points that a classifier learns, and those held out. */
  points(): Promise<SplitPoints> {
    return this.host.points();
  }

  /** How a classifier does, and what it makes of a plane of inputs and of its points. */
  classifier(twin: number, request: ClassifierRequest): Promise<ClassifierState> {
    return this.host.classifier(twin, request);
  }

  /** layers × width × width: A_j of the identity twin, W_j of the standard one. */
  parameters(twin: number): Promise<Float32Array> {
    return this.host.parameters(twin);
  }

  /** Runs a file of reference values on an engine, in a worker of its own. */
  async verify(file: string, text: string, engine: EngineName): Promise<VerifyResult[]> {
    return this.aside((host) => host.verify(file, text, engine));
  }

  dispose(): void {
    void this.endSpare();
    this.hosted.worker.terminate();
    this.surveyed.worker.terminate();
  }
}
