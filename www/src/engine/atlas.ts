// The public API of maps: `trainAtlas(spec)` trains every cell of a map in workers of its own. No DOM.
import { describeAdapter } from "./adapter";
import { coarseToFine, nextCount, show, spans, take, type Block, type Span } from "./atlas-deal";
import { gpu, judge, pool, start, type Member, type Speed, type Team } from "./atlas-teams";
import { carryErrors } from "./comlink-errors";
import { asLabError, isClassifier, type Experiment, type ExperimentInput, type TwinSpec } from "./types";
import { whyOf } from "../said";
import { word } from "../words";

/** What an axis changes; see `Quantity` of the crate. */
export type Quantity =
  | "learningRate"
  | "startScale"
  | "depth"
  | "width"
  | "noise"
  | "condition"
  | "rotationAngle"
  | "seed"
  | "alongU"
  | "alongV";

/** A plane of starts, for axes along it; see `StartPlane` of the crate. */
export type StartPlane =
  /** Two entries of W_1 … W_ℓ, by their places in the flat layout; all others are those of the networks' own starts. */
  | { kind: "coordinates"; first: number; second: number }
  /** θ = origin + a·u + b·v for each network: base64 of little-endian float32. */
  | { kind: "given"; twins: { origin: string; u: string; v: string }[] };

export interface AxisSpec {
  quantity: Quantity;
  scale: "log" | "linear";
  /** Where the first cell begins and the last one ends. */
  low: number;
  high: number;
}

export interface AtlasSpec {
  /** What the cells have in common; what it leaves out takes its defaults. */
  experiment: ExperimentInput;
  x: AxisSpec;
  y: AxisSpec;
  /** 1 to 512. */
  columns: number;
  rows: number;
  budget: {
    /** Most steps of a run, 1 to 100,000. */
    steps: number;
    /** The part of its first excess risk that a network is to come down to; of classifiers, of the zero network's loss. */
    threshold: number;
    /** Runs end there; final values are then those of that step. */
    stopAtThreshold: boolean;
  };
  plane?: StartPlane;
  /**
   * Whether cells are also asked where they ended. `threshold` is then a part of the zero network's excess risk, the
   * same for all starts.
   */
  basins?: boolean;
  /** What every cell trains in place of the experiment's twins, each network as an experiment of its own; at most 8. */
  networks?: TwinSpec[];
}

/** What became of a twin's networks, index `iy * columns + ix`; NaN where there is nothing, or not yet. */
export interface Outcomes {
  /** Excess risk, or a classifier's loss, at the last step made. */
  excess: Float32Array;
  /** First step at which that was at most what the threshold stands for. */
  steps: Float32Array;
  /** Step at which the run was stopped as diverged. */
  divergedAt: Float32Array;
  /**
   * Only for basins: at which optimum the run ended, with bit j − 1 set where det W_j < 0 (of more than 24 layers, bits
   * count modulo 24); −1: stalled at a saddle, −2: still descending.
   */
  end?: Float32Array;
  /** Only of classifiers: the share of the points trained on that are right at the last step made. */
  accuracy?: Float32Array;
}

export interface Atlas {
  spec: AtlasSpec;
  /** Values of the columns and rows. */
  x: Float64Array;
  y: Float64Array;
  twins: Outcomes[];
  /** How many cells across what a cell shows: 1 its own network's outcome, 0 nothing yet. */
  grain: Uint16Array;
  /** Networks trained, of how many. Cells of one rounded depth count once. */
  trained: number;
  networks: number;
  /** Steps that all networks have made together. */
  networkSteps: number;
  milliseconds: number;
  /** What trained all of it, in how many workers. */
  engine: Team["engine"];
  workers: number;
  /** Why that is not the engine asked for. */
  notice?: string | undefined;
}

export interface AtlasOptions {
  /** Ends the work and its workers at once. */
  signal?: AbortSignal;
  /** Hears of the map as it grows: the same arrays, filled further. */
  onProgress?: (atlas: Atlas) => void;
  /** How many workers train on the processor; by default one a core, at most 8. */
  workers?: number;
  /**
   * What trains: the processor (default), the GPU, or "auto": the processor begins, and where a GPU that is no
   * software turns out to be clearly faster on the map itself, that trains all of it.
   */
  engine?: "cpu" | "webgpu" | "auto" | undefined;
}

interface Training extends Pick<AtlasOptions, "signal" | "onProgress"> {
  notice?: string | undefined;
  /** Hears of every block of cells trained. */
  onBlock?: ((speed: Speed) => void) | undefined;
}

const PROGRESS_MILLISECONDS = 80;

/** What comes back of each network. */
const NUMBERS = 5;

carryErrors();

/**
 * Trains every network of a map, coarse to fine. Resolves with the finished map, or undefined if it was aborted;
 * rejects with a `LabError` that names the field of a map that cannot be. Where a GPU fails, the processor trains
 * the map from its beginning, and the map says so.
 */
export async function trainAtlas(spec: AtlasSpec, options: AtlasOptions = {}): Promise<Atlas | undefined> {
  const { signal, onProgress, engine = "cpu" } = options;
  const processor = pool(options.workers ?? Math.min(navigator.hardwareConcurrency || 2, 8));
  const classifier = isClassifier(spec.experiment);
  // Where a run ended is judged in float64, on the processor.
  if (engine === "cpu" || spec.basins || spec.networks || classifier) {
    const notice = classifier && engine === "webgpu" ? word("atlas.onlyProcessor") : undefined;
    return train(processor, spec, { signal, onProgress, notice });
  }
  try {
    if (engine === "webgpu") return await train(gpu, spec, { signal, onProgress });
    return await race(processor, spec, { signal, onProgress });
  } catch (error) {
    // A map that cannot be is none anywhere.
    if (asLabError(error).field !== undefined) throw error;
    const notice = word("atlas.processorTrained", { problem: whyOf(error) });
    return train(processor, spec, { signal, onProgress, notice });
  }
}

/** The processor begins; a GPU that proves to be clearly faster meanwhile takes over. */
async function race(
  processor: Team,
  spec: AtlasSpec,
  { signal, onProgress }: Training,
): Promise<Atlas | undefined> {
  const stops = { cpu: new AbortController(), webgpu: new AbortController() };
  const stop = () => Object.values(stops).forEach((controller) => controller.abort());
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted) stop();
  let winner: Team["engine"] | undefined;
  const blocks: Speed[] = [];
  const pooled: Speed = { cells: 0, milliseconds: 0 };
  const decide = () => {
    winner ??= judge(blocks, pooled);
    if (winner) stops[winner === "cpu" ? "webgpu" : "cpu"].abort();
  };
  const challenger: Training = {
    signal: stops.webgpu.signal,
    onProgress: (atlas) => winner === "webgpu" && onProgress?.(atlas),
    onBlock: (speed) => {
      blocks.push(speed);
      decide();
    },
  };
  const challenge = describeAdapter().then(({ problem, fallbackAdapter }) =>
    // Software that pretends to be a GPU would only take the processor's time.
    problem || fallbackAdapter ? undefined : train(gpu, spec, challenger),
  );
  // A GPU that fails while nothing depends on it is none.
  challenge.catch(() => undefined);
  try {
    const finished = await train(processor, spec, {
      signal: stops.cpu.signal,
      onProgress: (atlas) => winner !== "webgpu" && onProgress?.(atlas),
      onBlock: ({ cells, milliseconds }) => {
        pooled.cells += cells;
        pooled.milliseconds += milliseconds / processor.size;
      },
    });
    return finished || signal?.aborted ? finished : await challenge;
  } finally {
    stop();
    signal?.removeEventListener("abort", stop);
  }
}

/** All of a map by one team. */
async function train(team: Team, spec: AtlasSpec, training: Training): Promise<Atlas | undefined> {
  const { signal } = training;
  const json = JSON.stringify(spec);
  const begin = performance.now();
  // A worker that is terminated never answers what it was asked.
  const aborted = new Promise<undefined>((resolve) => {
    if (signal?.aborted) resolve(undefined);
    signal?.addEventListener("abort", () => resolve(undefined), { once: true });
  });
  // The first member alone reads the map: what is wrong with it is said once.
  const first = await start(team, json);
  const members = [first];
  let closed = false;
  try {
    const work = new Work(spec, first, team, begin, training);
    const others = Array.from({ length: team.size - 1 }, async () => {
      const member = await start(team, json);
      // The map may have ended meanwhile, in one way or another.
      if (closed) member.worker.terminate();
      else {
        members.push(member);
        await work.serve(member);
      }
    });
    const done = Promise.all([work.serve(first), ...others]).then(() => work.atlas);
    const atlas = await Promise.race([done, aborted]);
    return signal?.aborted ? undefined : atlas;
  } finally {
    closed = true;
    members.forEach(({ worker }) => worker.terminate());
  }
}

/** The experiment of a cell, to be run by itself. */
export async function cellExperiment(spec: AtlasSpec, ix: number, iy: number): Promise<Experiment> {
  const { host, worker } = await start(pool(1), JSON.stringify(spec));
  try {
    return JSON.parse(await host.experiment(ix, iy)) as Experiment;
  } finally {
    worker.terminate();
  }
}

/** A map while it is trained. */
class Work {
  readonly atlas: Atlas;
  private readonly x: Span[];
  private readonly y: Span[];
  private readonly blocks: Iterator<Block>;
  private dealt = 0;
  private said = 0;

  constructor(
    spec: AtlasSpec,
    { x, y }: { x: Float64Array; y: Float64Array },
    private readonly team: Team,
    private readonly begin: number,
    private readonly training: Training,
  ) {
    const { columns, rows } = spec;
    // What the experiment leaves out has two twins.
    const twins = (spec.networks ?? (spec.experiment.twins as TwinSpec[] | undefined))?.length ?? 2;
    this.x = spans(x);
    this.y = spans(y);
    this.blocks = coarseToFine(this.x.length, this.y.length);
    const nothing = () => new Float32Array(columns * rows).fill(Number.NaN);
    this.atlas = {
      spec,
      x,
      y,
      twins: Array.from({ length: twins }, () => ({
        excess: nothing(),
        steps: nothing(),
        divergedAt: nothing(),
        ...(spec.basins && { end: nothing() }),
        ...(isClassifier(spec.experiment) && { accuracy: nothing() }),
      })),
      grain: new Uint16Array(columns * rows),
      trained: 0,
      networks: this.x.length * this.y.length * twins,
      networkSteps: 0,
      milliseconds: 0,
      engine: team.engine,
      workers: team.size,
      notice: training.notice,
    };
  }

  private get cells(): number {
    return this.x.length * this.y.length;
  }

  /** Has one member train blocks until none is left. */
  async serve({ host }: Member): Promise<void> {
    const { atlas, begin } = this;
    const { signal, onProgress, onBlock } = this.training;
    let count = this.team.dealing.first;
    for (;;) {
      const blocks = take(this.blocks, count);
      if (blocks.length === 0 || signal?.aborted) return;
      this.dealt += blocks.length;
      const cells = blocks.map(({ i, j }) => this.y[j]!.from * atlas.spec.columns + this.x[i]!.from);
      const { values, milliseconds } = await host.cells(Uint32Array.from(cells));
      if (signal?.aborted) return;
      blocks.forEach((block, index) => this.put(block, values, index));
      onBlock?.({ cells: blocks.length, milliseconds });
      // Whoever listens may have had enough.
      if (signal?.aborted) return;
      const now = performance.now();
      atlas.milliseconds = now - begin;
      if (now - this.said > PROGRESS_MILLISECONDS || atlas.trained === atlas.networks) {
        this.said = now;
        onProgress?.({ ...atlas });
      }
      count = nextCount(blocks.length, milliseconds, this.cells - this.dealt, this.team.dealing);
    }
  }

  private put(block: Block, values: Float32Array, index: number): void {
    const { twins, grain, spec } = this.atlas;
    const at = index * NUMBERS * twins.length;
    show(block, this.x, this.y, spec.columns, grain, (cell) =>
      twins.forEach(({ excess, steps, divergedAt, end, accuracy }, twin) => {
        const from = at + NUMBERS * twin;
        excess[cell] = values[from]!;
        steps[cell] = values[from + 1]!;
        divergedAt[cell] = values[from + 2]!;
        if (end) end[cell] = values[from + 3]!;
        if (accuracy) accuracy[cell] = values[from + 4]!;
      }),
    );
    for (let twin = 0; twin < twins.length; twin++) {
      const [, reached, divergedAt] = values.subarray(at + NUMBERS * twin);
      const { steps, stopAtThreshold } = spec.budget;
      const threshold = stopAtThreshold && !Number.isNaN(reached) ? reached! : steps;
      this.atlas.networkSteps += Number.isNaN(divergedAt) ? threshold : divergedAt!;
      this.atlas.trained++;
    }
  }
}
