// The run behind a figure: a session of its own, pulled and looked at. No DOM.
import { canonical } from "../canonical";
import { classify, inputRange, samePoints, type ClassifierPicture } from "../classifying";
import type { PlaneRange } from "../draw/decision";
import {
  asLabError,
  WHOLE,
  createSession,
  type Certificates,
  type DepthBounds,
  type Experiment,
  type ExperimentInput,
  type Frame,
  type Landscape,
  type LandscapeOptions,
  type LabSession,
  type PlaneSpec,
  type Spectra,
  type SplitPoints,
} from "../engine";
import type { Speed } from "../engine/pace";
import { Player } from "../player";
import { replaced } from "../replaced";
import { whyOf } from "../said";
import { sampleBall } from "../sample-ball";
import { DEPTHS, type BallState } from "../theorems";
import { experimentFrom, readHash } from "../url";
import { FINEST_LIVE, Watcher } from "../watcher";
import { counts, type Part } from "./parts";

/** All that a figure shows. */
export interface FigureState {
  experiment: Experiment | undefined;
  frame: Frame | undefined;
  /** The frame that charts show: they are drawn less often. */
  charted: Frame | undefined;
  playing: boolean;
  landscapes: readonly (Landscape | undefined)[];
  spectra: readonly (Spectra | undefined)[];
  parameters: readonly (Float32Array | undefined)[];
  points: SplitPoints | undefined;
  /** The part of the plane that they take. */
  range: PlaneRange | undefined;
  classifiers: readonly (ClassifierPicture | undefined)[];
  bounds: DepthBounds | undefined;
  /** Why Theorem 2.1 has nothing to say. */
  refused: string;
  certificates: readonly (Certificates | undefined)[];
  ball: BallState | undefined;
  sampling: boolean;
  /** What went wrong, as a sentence. */
  problem: string;
  /** Counts runs. */
  run: number;
}

export interface FigureOptions {
  /** As in the page's address: `network.layers=32&target.kind=rotation`. */
  fields: string;
  parts: ReadonlySet<Part>;
  plane: PlaneSpec;
  /** Half the side of the landscapes' range, where it is not to be the one that the plane suggests. */
  half: number | undefined;
  speed: Speed;
  /** The step at which the run rests. */
  until: number;
  changed(): void;
}

/** Certificates are asked for at most this often. */
const CERTIFY_MILLISECONDS = 500;

/** A chart of all steps is not for every animation frame of a run. */
const CHART_MILLISECONDS = 50;

const NOTHING = {
  frame: undefined,
  charted: undefined,
  landscapes: [],
  spectra: [],
  parameters: [],
  points: undefined,
  range: undefined,
  classifiers: [],
  bounds: undefined,
  refused: "",
  certificates: [],
  ball: undefined,
  sampling: false,
  problem: "",
} as const;

export class FigureRun {
  state: FigureState = { ...NOTHING, experiment: undefined, playing: false, run: 0 };
  /** The state's problem as elements show it. */
  why = "";
  /** What the crate fills in for an empty experiment. */
  private defaults!: Experiment;
  private session: LabSession | undefined;
  private chartedAt = 0;
  private certified: { step: number; run: number } | undefined;
  private certifying: ReturnType<typeof setTimeout> | undefined;

  private readonly player = new Player({
    step: (count) => this.session!.step(Math.max(0, Math.min(count, this.left))),
    speed: () => this.options.speed,
    onFrame: (frame) => this.showFrame(frame),
    onRate: () => undefined,
    onError: (error) => this.fail(error),
  });

  private readonly watcher = new Watcher({
    landscape: (twin, options) => this.session!.landscape(twin, { ...this.looking, ...options }),
    slices: (twin, options) => this.session!.slices(twin, options),
    sliced: () => false,
    finest: () => FINEST_LIVE.map,
    estimate: (size) => this.session!.estimateLandscape(size),
    spectra: (twin) => this.session!.spectra(twin),
    parameters: (twin) => this.session!.parameters(twin),
    classifiers: () => this.state.points !== undefined,
    classify: (twin, still) => this.classify(twin, still),
    exclusive: () => false,
    playing: () => this.state.playing,
    step: () => this.state.frame?.step ?? 0,
    twins: () => this.state.frame?.twins.length ?? 0,
    pictured: () => this.options.parts.has("landscapes"),
    counted: () => counts(this.options.parts),
    onLandscape: (picture) =>
      this.change({ landscapes: replaced(this.state.landscapes, picture.twin, picture) }),
    onSlices: () => undefined,
    onSpectra: (twin, spectra) => this.change({ spectra: replaced(this.state.spectra, twin, spectra) }),
    onParameters: (twin, values) =>
      this.change({ parameters: replaced(this.state.parameters, twin, values) }),
    onPlaneError: () => ({ kind: "startCurrent" }),
    onError: (error) => this.fail(error),
  });

  constructor(private readonly options: FigureOptions) {}

  /** Starts a session with the figure's experiment, at step 0. */
  open(): Promise<void> {
    return this.attempt(async () => {
      this.session = await createSession({}, { engine: "cpu" });
      this.defaults = this.session.experiment;
      await this.configure(this.over(this.defaults, this.options.fields));
    });
  }

  get ready(): boolean {
    return this.session !== undefined && this.state.experiment !== undefined;
  }

  /** Whether the run on show has these values already. */
  holds(fields: string): boolean {
    const { experiment } = this.state;
    return experiment !== undefined && canonical(this.over(experiment, fields)) === canonical(experiment);
  }

  /** Starts the experiment anew, with these fields changed; one that is refused leaves the run as it was. */
  async set(fields: string): Promise<void> {
    const { experiment } = this.state;
    if (experiment) await this.attempt(() => this.configure(this.over(experiment, fields)));
  }

  /** The figure as it was first. */
  async reset(): Promise<void> {
    if (this.session) await this.attempt(() => this.configure(this.over(this.defaults, this.options.fields)));
  }

  play(): void {
    if (!this.ready || this.state.playing || this.left === 0) return;
    this.change({ playing: true });
    this.player.play();
    this.watcher.nudge();
  }

  pause(): void {
    this.change({ playing: false, charted: this.state.frame });
    void this.player.pause().then(() => this.watcher.nudge());
  }

  async step(): Promise<void> {
    if (!this.session) return;
    const { session } = this;
    this.change({ playing: false });
    await this.player.pause();
    await this.attempt(async () => {
      this.showFrame(await session.step(1));
      this.watcher.nudge();
    });
  }

  /** Random networks of the ball of radius τ, a piece at a time, until there are enough or none are wanted. */
  async sample(tau: number | null): Promise<void> {
    const { session, state } = this;
    if (!session) return;
    if (tau === null || state.sampling) return this.change({ sampling: false });
    const { run } = state;
    this.change({ sampling: true, ball: undefined });
    const wanted = () => this.state.sampling && this.state.run === run;
    try {
      await sampleBall(session, tau, wanted, (ball) => this.change({ ball }));
    } catch (error) {
      this.fail(error);
    } finally {
      if (this.state.run === run) this.change({ sampling: false });
    }
  }

  dispose(): void {
    clearTimeout(this.certifying);
    this.watcher.stop();
    void this.player.pause();
    this.session?.dispose();
    this.session = undefined;
  }

  private get looking(): LandscapeOptions {
    const { plane, half } = this.options;
    return { plane, view: WHOLE, ...(half === undefined ? {} : { half }) };
  }

  private get left(): number {
    return Math.max(0, this.options.until - (this.state.frame?.step ?? 0));
  }

  private change(part: Partial<FigureState>): void {
    this.state = { ...this.state, ...part };
    this.options.changed();
  }

  private over(base: Experiment, fields: string): ExperimentInput {
    return experimentFrom(readHash(fields).fields, base);
  }

  /** What goes wrong is said in the figure. */
  private async attempt(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    this.why = whyOf(error);
    this.change({ problem: asLabError(error).message, playing: false });
  }

  private async configure(next: ExperimentInput): Promise<void> {
    const { session } = this;
    if (!session) return;
    const { playing } = this.state;
    const run = this.state.run + 1;
    this.state = { ...this.state, playing: false, run };
    await this.player.pause();
    if (run !== this.state.run) return;
    this.watcher.stop();
    try {
      const frame = await session.configure(next);
      const points = session.experiment.network.kind === "relu" ? await session.points() : undefined;
      if (run !== this.state.run) return;
      this.certified = undefined;
      const kept = samePoints(points, this.state.points) ? this.state.points : points;
      this.change({ ...NOTHING, points: kept, range: inputRange(kept), experiment: session.experiment });
      this.showFrame(frame);
      void this.firstTheorem(session);
    } finally {
      if (run === this.state.run) this.watcher.restart();
    }
    if (playing && run === this.state.run) this.play();
  }

  private showFrame(frame: Frame): void {
    this.change({ frame, charted: this.chartable(frame) });
    this.certify();
    const over = frame.twins.every(({ status }) => status === "diverged") || this.left === 0;
    if (over && this.state.playing) this.pause();
  }

  private chartable(frame: Frame): Frame | undefined {
    const now = performance.now();
    if (this.state.playing && now < this.chartedAt + CHART_MILLISECONDS) return this.state.charted;
    this.chartedAt = now;
    return frame;
  }

  private async classify(twin: number, still: boolean): Promise<void> {
    const { session, state } = this;
    if (!session || !state.points) return;
    const picture = await classify(session, twin, state.points, state.range, still);
    if (state.run === this.state.run)
      this.change({ classifiers: replaced(this.state.classifiers, twin, picture) });
  }

  /** Theorem 2.1 for the run's target, where it is shown or asked for. */
  private async firstTheorem(session: LabSession): Promise<void> {
    const { parts } = this.options;
    if (!parts.has("near") && !parts.has("ball")) return;
    const { run } = this.state;
    try {
      const bounds = await session.depths(DEPTHS);
      if (run === this.state.run) this.change({ bounds });
    } catch (error) {
      if (run === this.state.run) this.change({ refused: asLabError(error).message });
    }
  }

  /** Theorem 2.2 at the points kept of the run, now and then. */
  private certify(): void {
    const { session } = this;
    if (!this.options.parts.has("certificate") || !session || this.certifying !== undefined) return;
    const { run, experiment, frame } = this.state;
    if (this.certified?.run === run && this.certified.step === frame?.step) return;
    this.certified = { run, step: frame?.step ?? 0 };
    this.certifying = setTimeout(() => {
      void (async () => {
        for (const [twin, spec] of (experiment?.twins ?? []).entries()) {
          if (spec.parametrization !== "identity") continue;
          const found = await session.certificates(twin);
          if (run === this.state.run)
            this.change({ certificates: replaced(this.state.certificates, twin, found) });
        }
      })()
        // A run that has just been replaced; the next one asks again.
        .catch(() => undefined)
        .finally(() => {
          this.certifying = undefined;
          this.certify();
        });
    }, CERTIFY_MILLISECONDS);
  }
}
