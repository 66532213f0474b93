// The public API of Theorem 3.2: `buildNetwork(data, spec)` builds a ReLU network that fits any labelled points, in
// a worker of its own. No DOM.
import { carryErrors } from "./comlink-errors";
import type { ExpressivityHost } from "./expressivity-host";
import { abortion, started, type Hosted } from "./hosted";
import { compiledModule } from "./loader";
import type { LabelledPoints } from "./types";

export type { LabelledPoints } from "./types";

export type PointSet = "circles" | "xor" | "spirals" | "moons" | "gaussians" | "sphere";

/** Points to be drawn: 2 to 20,000 of 2 to 16 classes; sets but the sphere lie in the plane. */
export interface DrawnPoints {
  set: PointSet;
  points: number;
  classes: number;
  dimension: number;
  /** Standard deviation on every coordinate. */
  noise: number;
  seed: number;
}

export interface BuildSpec {
  /** Width k of the hidden layers, 2 to 512. */
  width: number;
  seed?: number;
  /** Whether points x become (x, 1)/‖(x, 1)‖ first: of unit length, as the theorem asks. */
  onSphere?: boolean;
  /** The paper's own construction, with one threshold a block. */
  printed?: boolean;
  /** Whether the network is measured in float32 too. */
  single?: boolean;
}

/** How well a network fits its points. */
export interface Fit {
  /** Points whose own class has the largest logit. */
  fitted: number;
  /** Least difference of a point's own logit and the largest of the others. */
  margin: number;
  /** Largest |logit − one-hot label|. */
  error: number;
  /** How often a block had an active unit at a point that another block is to move. */
  strays: number;
  /** Points that were moved by their own block. */
  moved: number;
}

export interface BuildReport {
  points: number;
  /** Points that differ: each is fitted once. */
  distinct: number;
  /** Of what the network reads. */
  dimension: number;
  classes: number;
  width: number;
  /** Residual blocks before the last. */
  blocks: number;
  layers: number;
  promisedLayers: number;
  /** Counted, and by the formula. */
  parameters: number;
  promised: number;
  /** The least part of ‖z‖² by which a point's own inner product exceeds those of others. */
  leastGap: number;
  /** Blocks in which one threshold is enough, of the printed construction. */
  separated?: number;
  double?: Fit;
  single?: Fit;
}

/** Where hidden points begin, where they go and when. */
export interface HiddenPoints {
  /** A₀ x of the distinct points, one after the other. */
  start: Float32Array;
  /** One vector a class. */
  surrogates: Float32Array;
  /** For each distinct point the block, counted from 0, that moves it to its surrogate. */
  movers: Uint32Array;
  /** For each point its place among the distinct ones. */
  places: Uint32Array;
  /** The first two principal axes of the distinct points, and the share of their variance that both hold. */
  first: Float32Array;
  second: Float32Array;
  share: number;
}

/** A network with noise on its parameters. */
export interface Perturbed {
  /** In the order of the network's own. */
  parameters: Float32Array;
  /** Points whose own class still has the largest logit, in float32. */
  fitted: number;
}

/** A network that stands; its worker answers until it is closed. */
export interface BuiltNetwork {
  points: LabelledPoints;
  spec: BuildSpec;
  report: BuildReport;
  /** Undefined for the printed construction, which moves other points too. */
  hidden: HiddenPoints | undefined;
  milliseconds: number;
  /** The points as the network reads them: those given, or what `onSphere` made of them. */
  reads(): Promise<LabelledPoints>;
  /** The same with Gaussian noise of that part of each matrix's Frobenius norm, 0 to 10; one seed is one direction. */
  perturbed(relative: number, seed: number): Promise<Perturbed>;
  /** A₀ (k × d), each block's U (k × k), s and V, then the last block's U (r × k), s and V (r × r), row-major. */
  parameters(): Promise<Float64Array>;
  /** The class with the largest logit at each of some inputs; 65535 where two are equal. */
  classify(inputs: Float32Array): Promise<Uint16Array>;
  close(): void;
}

export interface BuildOptions {
  /** Ends the work and its worker at once. */
  signal?: AbortSignal;
  /** Hears of the part that is done, from 0 to 1. */
  onProgress?: (part: number) => void;
}

/** How long a worker goes on before it says how far it is. */
const SLICE_MILLISECONDS = 40;

carryErrors();

async function startHost(): Promise<Hosted<ExpressivityHost>> {
  const compiled = await compiledModule("points");
  const worker = new Worker(new URL("./expressivity-worker.ts", import.meta.url), {
    type: "module",
    name: "expressivity",
  });
  return started<ExpressivityHost>(worker, (host) => host.start(compiled));
}

async function build(
  { host }: Pick<Hosted<ExpressivityHost>, "host">,
  points: LabelledPoints,
  spec: BuildSpec,
  { signal, onProgress }: BuildOptions,
): Promise<BuildReport> {
  await host.begin(points, spec);
  for (;;) {
    const { done, progress } = await host.advance(SLICE_MILLISECONDS);
    if (signal?.aborted) break;
    onProgress?.(progress);
    if (done) break;
  }
  return host.report();
}

/**
 * Builds a network and measures it. Resolves with undefined if it was aborted; rejects with a `LabError` that says
 * why points cannot be fitted.
 */
export async function buildNetwork(
  data: LabelledPoints | DrawnPoints,
  spec: BuildSpec,
  options: BuildOptions = {},
): Promise<BuiltNetwork | undefined> {
  const begin = performance.now();
  const { worker, host } = await startHost();
  const close = () => worker.terminate();
  const work = async (): Promise<BuiltNetwork> => {
    const points = "set" in data ? await host.draw(data) : data;
    const report = await build({ host }, points, spec, options);
    const milliseconds = performance.now() - begin;
    const hidden = spec.printed ? undefined : await host.hidden();
    return {
      points,
      spec,
      report,
      hidden,
      milliseconds,
      reads: () => host.reads(),
      perturbed: (relative, seed) => host.perturbed(relative, seed),
      parameters: () => host.parameters(),
      classify: (inputs) => host.classify(inputs),
      close,
    };
  };
  try {
    const built = await Promise.race([work(), abortion(options.signal)]);
    if (built && !options.signal?.aborted) return built;
  } catch (error) {
    close();
    throw error;
  }
  close();
  return undefined;
}

/** Builds one network after another, in one worker, and tells of each. Resolves when all stand or it is aborted. */
export async function buildEach(
  list: readonly { data: LabelledPoints | DrawnPoints; spec: BuildSpec }[],
  onBuilt: (report: BuildReport, index: number) => void,
  { signal, onProgress }: BuildOptions = {},
): Promise<void> {
  const { worker, host } = await startHost();
  const work = async () => {
    for (const [index, { data, spec }] of list.entries()) {
      const points = "set" in data ? await host.draw(data) : data;
      const part = (progress: number) => onProgress?.((index + progress) / list.length);
      const report = await build({ host }, points, spec, { ...(signal && { signal }), onProgress: part });
      if (signal?.aborted) return;
      onBuilt(report, index);
    }
  };
  try {
    await Promise.race([work(), abortion(signal)]);
  } finally {
    worker.terminate();
  }
}
