// The public API of maps: `trainAtlas(spec)` trains every cell of a map in workers of its own. No DOM.
import { coarseToFine, nextCount, show, spans, take, type Block, type Span } from "./atlas-deal";
import type { AtlasHost } from "./atlas-host";
import { carryErrors } from "./comlink-errors";
import { started, type Hosted } from "./hosted";
import { compiledModule } from "./loader";
import type { Experiment, ExperimentInput, TwinSpec } from "./types";

/** What an axis changes; see `Quantity` of the crate. */
export type Quantity =
  "learningRate" | "startScale" | "depth" | "condition" | "rotationAngle" | "seed" | "alongU" | "alongV";

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
    /** The part of its first excess risk that a network is to come down to. */
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
}

/** What became of a twin's networks, index `iy * columns + ix`; NaN where there is nothing, or not yet. */
export interface Outcomes {
  /** Excess risk at the last step made. */
  excess: Float32Array;
  /** First step with an excess risk of at most threshold × the first. */
  steps: Float32Array;
  /** Step at which the run was stopped as diverged. */
  divergedAt: Float32Array;
  /**
   * Only for basins: at which optimum the run ended, with bit j − 1 set where det W_j < 0 (of more than 24 layers, bits
   * count modulo 24); −1: stalled at a saddle, −2: still descending.
   */
  end?: Float32Array;
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
}

export interface AtlasOptions {
  /** Ends the work and its workers at once. */
  signal?: AbortSignal;
  /** Hears of the map as it grows: the same arrays, filled further. */
  onProgress?: (atlas: Atlas) => void;
  /** How many workers; by default one a core, at most 8. */
  workers?: number;
}

const PROGRESS_MILLISECONDS = 80;

/** What comes back of each network. */
const NUMBERS = 4;

carryErrors();

async function startMember(json: string): Promise<Hosted<AtlasHost> & { x: Float64Array; y: Float64Array }> {
  const compiled = await compiledModule("core");
  const worker = new Worker(new URL("./atlas-worker.ts", import.meta.url), {
    type: "module",
    name: "atlas",
  });
  let axes: { x: Float64Array; y: Float64Array } | undefined;
  try {
    const hosted = await started<AtlasHost>(
      worker,
      async (host) => (axes = await host.start(compiled, json)),
    );
    return { ...hosted, ...axes! };
  } catch (error) {
    worker.terminate();
    throw error;
  }
}

/**
 * Trains every network of a map, coarse to fine. Resolves with the finished map, or undefined if it was aborted;
 * rejects with a `LabError` that names the field of a map that cannot be.
 */
export async function trainAtlas(
  spec: AtlasSpec,
  { signal, onProgress, workers = Math.min(navigator.hardwareConcurrency || 2, 8) }: AtlasOptions = {},
): Promise<Atlas | undefined> {
  const json = JSON.stringify(spec);
  const begin = performance.now();
  // The first member alone reads the map: what is wrong with it is said once.
  const first = await startMember(json);
  const members = [first];
  let closed = false;
  // A worker that is terminated never answers what it was asked.
  const aborted = new Promise<undefined>((resolve) => {
    if (signal?.aborted) resolve(undefined);
    signal?.addEventListener("abort", () => resolve(undefined), { once: true });
  });
  try {
    const work = new Work(spec, first);
    const serve = (member: Hosted<AtlasHost>) => work.serve(member, workers, begin, signal, onProgress);
    const others = Array.from({ length: workers - 1 }, async () => {
      const member = await startMember(json);
      // The map may have ended meanwhile, in one way or another.
      if (closed) member.worker.terminate();
      else {
        members.push(member);
        await serve(member);
      }
    });
    const done = Promise.all([serve(first), ...others]).then(() => work.atlas);
    const atlas = await Promise.race([done, aborted]);
    return signal?.aborted ? undefined : atlas;
  } finally {
    closed = true;
    members.forEach(({ worker }) => worker.terminate());
  }
}

/** The experiment of a cell, to be run by itself. */
export async function cellExperiment(spec: AtlasSpec, ix: number, iy: number): Promise<Experiment> {
  const { host, worker } = await startMember(JSON.stringify(spec));
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

  constructor(spec: AtlasSpec, { x, y }: { x: Float64Array; y: Float64Array }) {
    const { columns, rows } = spec;
    // What the experiment leaves out has two twins.
    const twins = (spec.experiment.twins as TwinSpec[] | undefined)?.length ?? 2;
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
      })),
      grain: new Uint16Array(columns * rows),
      trained: 0,
      networks: this.x.length * this.y.length * twins,
      networkSteps: 0,
      milliseconds: 0,
    };
  }

  private get cells(): number {
    return this.x.length * this.y.length;
  }

  /** Has one member train blocks until none is left. */
  async serve(
    { host }: Hosted<AtlasHost>,
    members: number,
    begin: number,
    signal: AbortSignal | undefined,
    onProgress: AtlasOptions["onProgress"],
  ): Promise<void> {
    const { atlas } = this;
    let count = 1;
    for (;;) {
      const blocks = take(this.blocks, count);
      if (blocks.length === 0 || signal?.aborted) return;
      this.dealt += blocks.length;
      const cells = blocks.map(({ i, j }) => this.y[j]!.from * atlas.spec.columns + this.x[i]!.from);
      const { values, milliseconds } = await host.cells(Uint32Array.from(cells));
      if (signal?.aborted) return;
      blocks.forEach((block, index) => this.put(block, values, index));
      const now = performance.now();
      atlas.milliseconds = now - begin;
      if (now - this.said > PROGRESS_MILLISECONDS || atlas.trained === atlas.networks) {
        this.said = now;
        onProgress?.({ ...atlas });
      }
      count = nextCount(blocks.length, milliseconds, this.cells - this.dealt, members);
    }
  }

  private put(block: Block, values: Float32Array, index: number): void {
    const { twins, grain, spec } = this.atlas;
    const at = index * NUMBERS * twins.length;
    show(block, this.x, this.y, spec.columns, grain, (cell) =>
      twins.forEach(({ excess, steps, divergedAt, end }, twin) => {
        const from = at + NUMBERS * twin;
        excess[cell] = values[from]!;
        steps[cell] = values[from + 1]!;
        divergedAt[cell] = values[from + 2]!;
        if (end) end[cell] = values[from + 3]!;
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
