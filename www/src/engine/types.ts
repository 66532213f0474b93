// The words that the page, the worker and the crate share. The crate validates; these types only describe.
import type { Checked } from "./trust";

export type TargetSpec =
  | { kind: "random" | "positiveDefinite" | "negativeDeterminant"; condition: number }
  | { kind: "rotation"; degrees: number }
  | { kind: "negativeEigenvalue"; eigenvalue: number; condition: number }
  | { kind: "diagonal"; values: number[] }
  | { kind: "matrix"; rows: number[][] };

/** What linear networks learn from. */
export type MapData =
  | { kind: "population"; covariance: number; noise: number }
  | { kind: "sample"; points: number; covariance: number; noise: number };

export type SetName = "circles" | "xor" | "spirals" | "moons" | "gaussians" | "sphere";

/** What classifiers learn from: a known set, or points of one's own. */
export type PointData =
  | {
      kind: "set";
      set: SetName;
      points: number;
      classes: number;
      dimension: number;
      noise: number;
      heldOut: number;
    }
  | {
      kind: "points";
      dimension: number;
      classes: number;
      /** Base64 of little-endian float32: point after point. */
      inputs: string;
      labels: number[];
      heldOut: number;
    };

export type DataSpec = MapData | PointData;

export interface LinearSpec {
  kind: "linear";
  width: number;
  layers: number;
  /** Width of the layers between fixed maps B and C; without it layers are as wide as the input. */
  hidden?: number;
}

/** A classifier: h₀ = A₀ x, blocks h + α V relu(U h + s), logits B h. */
export interface ReluSpec {
  kind: "relu";
  width: number;
  blocks: number;
  loss: "crossEntropy" | "squared";
  trainEnds: boolean;
}

export type NetworkSpec = LinearSpec | ReluSpec;

/** Width of what is trained: that of the input, or of the layers between fixed maps. */
export function widthOf(network: { width: number; hidden?: number }): number {
  return network.hidden ?? network.width;
}

/** Whether a network's layers stand between fixed maps. */
export function hasFixedMaps(network: NetworkSpec): boolean {
  return network.kind === "linear" && network.hidden !== undefined;
}

/** Whether the networks of an experiment are classifiers; what it leaves out is linear. */
export function isClassifier({ network }: { network?: unknown }): boolean {
  return (network as NetworkSpec | undefined)?.kind === "relu";
}

/** Number of layers or blocks. */
export function depthOf(network: NetworkSpec): number {
  return network.kind === "linear" ? network.layers : network.blocks;
}

export type OptimizerSpec =
  | { kind: "gradientDescent"; learningRate: number }
  | { kind: "momentum"; learningRate: number; momentum: number }
  | { kind: "adam"; learningRate: number; beta1: number; beta2: number; epsilon: number };

export type StartSpec =
  | { kind: "identity" | "zeroAsymmetric" | "fixup" | "reZero" }
  | { kind: "nearIdentity" | "gaussian" | "xavier" | "he" | "orthogonal" | "skipInit"; scale: number }
  /** Base64 of little-endian float32; `gains` says whether the α of a classifier's blocks are trained. */
  | { kind: "given"; parameters: string; gains?: boolean };

export type Parametrization = "identity" | "standard";

export interface TwinSpec {
  parametrization: Parametrization;
  start: StartSpec;
}

/** The one description of a run; every field present, as the crate returns it. */
export interface Experiment {
  version: number;
  seed: number;
  network: NetworkSpec;
  target: TargetSpec;
  data: DataSpec;
  optimizer: OptimizerSpec;
  batch: number | null;
  twins: TwinSpec[];
}

/** Minibatches of linear networks are computed by burn alone, on the CPU or on WebGPU. */
export function needsBurn({ batch, network }: ExperimentInput): boolean {
  return !isClassifier({ network }) && batch !== null && batch !== undefined;
}

/** What a caller may pass: any part of an experiment; the crate fills the rest with defaults. */
export type ExperimentInput = { [Field in keyof Experiment]?: unknown };

export interface Preset {
  id: string;
  title: string;
  commentary: string;
  experiment: Experiment;
}

export const ENGINES = ["cpu", "webgpu", "burn", "burn-webgpu"] as const;
export type EngineName = (typeof ENGINES)[number];

/** The reference: never picked for speed, and fetched only when it is asked for. */
export const isBurn = (engine: EngineName): boolean => engine === "burn" || engine === "burn-webgpu";

/** Whether it needs an adapter. */
export const onGpu = (engine: EngineName): boolean => engine === "webgpu" || engine === "burn-webgpu";
export type EngineChoice = "auto" | EngineName;

export interface EngineInfo {
  name: EngineName;
  /** For example the adapter's name. */
  description: string;
  /** A software adapter: it works, slowly. */
  fallbackAdapter: boolean;
}

export interface History {
  steps: Float64Array;
  excess: Float32Array;
  gradientNorm: Float32Array;
}

export interface TwinFrame {
  parametrization: Parametrization;
  status: "running" | "diverged";
  divergedAt: number | null | undefined;
  excess: number;
  gradientNorm: number;
  /** max_j ‖W_j − I‖₂ */
  largestResidualNorm?: number;
  history: History;
  /** Where the iterate stands in the plane of the newest landscape of this twin. */
  point?: PlanePoint;
}

export interface Frame {
  step: number;
  /** As it now is: going back to an earlier step brings back the one of then. */
  learningRate: number;
  engine: EngineName;
  /** Something a person should know, such as a lost WebGPU device. */
  notice: string | null | undefined;
  twins: TwinFrame[];
  /** Milliseconds that the worker spent on this call. */
  milliseconds: number;
}

export interface Spectra {
  /** Of a layer; the product between fixed maps is that of the whole network, as wide as the target. */
  width: number;
  /** layers × width, descending within a layer. */
  layers: Float32Array;
  product: Float32Array;
  target: Float32Array;
  /** Eigenvalues as pairs of real and imaginary part. */
  productEigenvalues: Float32Array;
  targetEigenvalues: Float32Array;
  productMatrix: Float32Array;
  targetMatrix: Float32Array;
  /** max_j ‖W_j − I‖₂ */
  largestResidualNorm?: number;
}

/** Labelled points, wherever they come from. */
export interface LabelledPoints {
  dimension: number;
  classes: number;
  /** One point after the other. */
  inputs: Float32Array;
  /** Numbers below `classes`. */
  labels: Uint16Array;
}

/** The points of a classifier, some of them held out. */
export interface SplitPoints extends LabelledPoints {
  heldOutInputs: Float32Array;
  heldOutLabels: Uint16Array;
}

/** How a classifier does: shares of points with the right class, and mean losses. */
export interface Evaluation {
  accuracy: number;
  loss: number;
  heldOutAccuracy?: number | null;
  heldOutLoss?: number | null;
}

/** What is asked of a classifier: a plane of inputs, unless they have another dimension than two, and how many
 * of its points to follow through the layers. */
export interface ClassifierRequest {
  x?: Float32Array;
  y?: Float32Array;
  points: number;
}

export interface ClassifierState {
  step: number;
  evaluation: Evaluation;
  /** Index [(iy · x.length + ix) · classes + class]. */
  logits?: Float32Array | undefined;
  hidden: Hidden;
}

/** Points before the first block and after each, on two axes that all layers share. */
export interface Hidden {
  /** One more than blocks. */
  layers: number;
  points: number;
  /** layers × points × 2. */
  places: Float32Array;
  /** Share of the variance that the two axes hold. */
  captured: number;
  /** Mean ‖h_j − h_{j−1}‖² / mean ‖h_{j−1}‖² of every block. */
  moved: Float64Array;
  /**
   * Var(branch) / Var(skip) of every block over the points; without skip connections Var(h_j) / Var(h_{j−1}). NaN where
   * no variance is left to compare with.
   */
  ratios: Float64Array;
}

/** Theorem 2.1 for a target: what the layers of the constructed optimum measure at every depth, and the bounds. */
export interface DepthBounds {
  /** γ = max(|log σ_max(R)|, |log σ_min(R)|). */
  gamma: number;
  depth: Float64Array;
  /** ‖A_i‖₂ of the construction, the same for every layer. */
  measured: Float64Array;
  /** (e^{γ/ℓ} − 1) + 2 sin(π/2ℓ). */
  sharp: Float64Array;
  /** (4π + 3γ)/ℓ, promised for ℓ ≥ 3γ. */
  promised: Float64Array;
  /** 2(√π + √(3γ))²/ℓ, as the paper prints it. */
  printed: Float64Array;
  /** ‖P(A*) − R‖_F / ‖R‖_F at the run's own depth. */
  error: number;
}

/** Theorem 2.2 along a run: ‖∇f‖² and its lower bounds at the points kept of it. */
export interface Certificates {
  steps: Float64Array;
  gradientSquared: Float64Array;
  excess: Float64Array;
  /** max_j ‖W_j − I‖₂. */
  tau: Float64Array;
  /** 4ℓ(1−τ)^{2(ℓ−1)} σ_min(Σ) (f − C); NaN where τ ≥ 1, of which the theorem says nothing. */
  bound: Float64Array;
  /** 4 σ_min(Σ) (f − C) Σ_i Π_{j≠i} σ_min(W_j)². */
  sharp: Float64Array;
  /** The form that the paper prints; NaN where τ ≥ 1. */
  printed: Float64Array;
}

/** Random networks of the ball |||A||| ≤ τ. */
export interface BallSample {
  /** Number of the first of them. */
  from: number;
  excess: Float64Array;
  gradientSquared: Float64Array;
}

/** How a plane through parameter space is chosen. */
export type PlaneSpec =
  | { kind: "startCurrent" | "trajectory" | "gradient" | "optimum" }
  | { kind: "random"; normalization?: "none" | "filter" | "layer" }
  | { kind: "hessian"; ends?: "top" | "both" }
  | { kind: "points"; points: [string, string, string] }
  | { kind: "coordinates"; first: number; second: number };

/** A named place of a plane. */
export interface Mark {
  label: string;
  a: number;
  b: number;
}

/** What a plane holds of what it was chosen by. */
export type Captured =
  | { kind: "variance"; share: number }
  | { kind: "curvature"; share: number; first: number; second: number; exact: boolean; residual: number };

export interface Directions {
  origin: Float32Array;
  u: Float32Array;
  v: Float32Array;
  labels: [string, string];
  /** What part shows something: its middle along u and half its side; absent where the run's extent does. */
  middle: number;
  half?: number | null;
  captured?: Captured | null;
  /** (a, b) of the constructed optimum and its distance from the plane. */
  optimum?: [number, number, number] | null;
  /** The points that the plane was laid through. */
  marks: Mark[];
}

/** A run in a plane's coordinates. */
export interface Shadow {
  parametrization: Parametrization;
  trajectory: Float32Array;
  /** The step of each point of the trajectory. */
  steps: Float64Array;
  /** Distance of the start from the plane. */
  startDistance: number;
  /** ⟨u, u⟩, ⟨u, v⟩ and ⟨v, v⟩. */
  metric: [number, number, number];
  planeDistance: number;
  iterateDistance: number;
  distance: number;
  variance: number;
  a: [number, number];
  b: [number, number];
}

export interface PlanePoint {
  plane: number;
  a: number;
  b: number;
}

/** A picture of the excess risk over a plane; the plane's own vectors stay in the worker. */
export interface Landscape {
  twin: number;
  /** Number of the plane; a refinement of the same plane has the same number. */
  plane: number;
  spec: PlaneSpec;
  size: number;
  a: Float32Array;
  b: Float32Array;
  /** values[ib * size + ia] */
  values: Float32Array;
  /** What the two axes are. */
  labels: [string, string];
  captured: Captured | undefined;
  /** (a, b) of the constructed optimum and its distance from the plane, where there is one. */
  optimum: [number, number, number] | undefined;
  /** The points that the plane was laid through. */
  marks: readonly Mark[];
  /** Half the side of the range that was suggested, whatever part of it is shown. */
  half: number;
  /** (a, b) of the run's points, oldest first, the iterate last. */
  trajectory: Float32Array;
  /** The step of each of those points. */
  steps: Float64Array;
  /** Largest distance of a trajectory point from the plane. */
  planeDistance: number;
  /** Distance of the iterate from the plane. */
  iterateDistance: number;
  /** ‖iterate − start‖ */
  distance: number;
  /** Share of the trajectory's variance that lies in the plane. */
  variance: number;
  /** Excess risk, in float64, where the iterate falls on the plane. */
  inPlane: number;
  /** What the float64 check of some cells found; undefined where it would have taken too long. */
  checked: Checked | undefined;
  /** What evaluated the grid. */
  engine: "cpu" | "webgpu";
  /** Excess risk beyond which a run counts as diverged. */
  divergence: number;
  step: number;
  milliseconds: number;
}

/** The vectors of a plane, flat: θ = origin + a·u + b·v. */
export interface PlaneVectors {
  /** Number of the plane; see {@link Landscape.plane}. */
  plane: number;
  parametrization: Parametrization;
  origin: Float32Array;
  u: Float32Array;
  v: Float32Array;
}

/** The excess risk along both directions of a plane, through the iterate's place on it. */
export interface Slices {
  twin: number;
  plane: number;
  spec: PlaneSpec;
  labels: [string, string];
  captured: Captured | undefined;
  /** (a, b) of the place that both lines cross. */
  at: [number, number];
  /** Coordinates along each direction, and the excess risk there. */
  a: Float32Array;
  alongA: Float32Array;
  b: Float32Array;
  alongB: Float32Array;
  iterateDistance: number;
  distance: number;
  variance: number;
  half: number;
  divergence: number;
  step: number;
  milliseconds: number;
}

/** What is to be known of a place in a plane at once, in float64. */
export interface Reading {
  a: number;
  b: number;
  excess: number;
  gradientNorm: number;
  /** Distance from where the run started. */
  moved: number;
}

/** A point of a run that was kept, for planes through it. */
export interface KeptPoint {
  kind: NetworkSpec["kind"];
  /** What {@link PlaneSpec} calls it. */
  name: string;
  parametrization: Parametrization;
  width: number;
  layers: number;
  seed: number;
  step: number;
}

/** What stands at a point of a plane, in float64, and the critical point nearest to it. */
export interface Probe {
  a: number;
  b: number;
  excess: number;
  gradientNorm: number;
  critical: {
    /** Whether the gradient vanished within the work allowed. */
    converged: boolean;
    excess: number;
    gradientNorm: number;
    /** How far from the point probed. */
    distance: number;
    /** Extreme curvatures. */
    least: number;
    largest: number;
    /** Number of negative curvatures, where all were computed. */
    index?: number | null;
    /** Rank of the product of the layer maps: full exactly at the global minima. */
    /** Of the product of layer maps; classifiers have none. */
    rank?: number | null;
    width: number;
  };
}

/** What part of the suggested range is shown: pans are in halves of that range. */
export interface View {
  zoom: number;
  a: number;
  b: number;
}

/** The view that shows the suggested range and nothing else. */
export const WHOLE: View = { zoom: 1, a: 0, b: 0 };

export interface LandscapeOptions {
  size?: number;
  /** Draw over the newest plane again instead of a new one at the present iterate. */
  refine?: boolean;
  /** Leave a core free: something else, such as training, is running meanwhile. */
  background?: boolean;
  plane?: PlaneSpec;
  view?: View;
  /** Half the side of the whole range, in place of the suggested one: to give two planes the same scale. */
  half?: number;
  onProgress?: (done: number) => void;
}

export interface EngineTiming {
  engine: EngineName;
  /** Median milliseconds a step of this experiment; undefined while unknown or where it cannot run. */
  milliseconds?: number;
  description?: string;
  fallbackAdapter?: boolean;
  problem?: string;
}

export interface VerifyResult {
  file: string;
  /** `f64` is the reference mathematics itself. */
  engine: EngineName | "f64";
  cases: number;
  passes: number;
  largestError: number;
  tolerance?: number;
  problem?: string;
}

/** An error with a sentence for people and, where one is to blame, the field. */
export class LabError extends Error {
  constructor(
    message: string,
    readonly field?: string,
    /** The engine's memory is gone: a new session is needed. */
    readonly fatal = false,
  ) {
    super(message);
    this.name = "LabError";
  }
}

export function asLabError(error: unknown): LabError {
  if (error instanceof LabError) return error;
  if (error instanceof WebAssembly.RuntimeError) {
    return new LabError(
      `The engine stopped unexpectedly (${error.message}); training starts again from step 0.`,
      undefined,
      true,
    );
  }
  if (error instanceof Error) {
    // After a panic the session stays borrowed and refuses every further call.
    if (/^internal error|recursive use of an object/.test(error.message)) {
      return new LabError(`${error.message} Training starts again from step 0.`, undefined, true);
    }
    const field = (error as { field?: unknown }).field;
    return new LabError(error.message, typeof field === "string" ? field : undefined);
  }
  return new LabError(String(error));
}
