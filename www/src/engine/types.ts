// The words that the page, the worker and the crate share. The crate validates; these types only describe.
import type { Experiment, Parametrization } from "./experiment-types";
import type { PlanePoint } from "./landscape-types";

export * from "./experiment-types";
export * from "./landscape-types";

/** Everything that can train. */
export const ENGINES = ["cpu", "webgpu", "burn", "burn-webgpu"] as const;

/**
 * What trains: `cpu` everywhere, `webgpu` where there is an adapter, `burn` and `burn-webgpu` as the reference for
 * every gradient, on the processor and on WebGPU; these two are fetched when they are asked for.
 */
export type EngineName = (typeof ENGINES)[number];

/** The reference: never picked for speed, and fetched only when it is asked for. */
export const isBurn = (engine: EngineName): boolean => engine === "burn" || engine === "burn-webgpu";

/** Whether it needs an adapter. */
export const onGpu = (engine: EngineName): boolean => engine === "webgpu" || engine === "burn-webgpu";

/** An engine, or "auto" for the one that works everywhere. */
export type EngineChoice = "auto" | EngineName;

/** The engine that a run is on. */
export interface EngineInfo {
  /** Which of {@link ENGINES}. */
  name: EngineName;
  /** For example the adapter's name. */
  description: string;
  /** A software adapter: it works, slowly. */
  fallbackAdapter: boolean;
}

/** The curves of a run: all of it in at most 2,048 points. */
export interface History {
  /** Steps, from 0. */
  steps: Float64Array;
  /** The excess risk, or a classifier's loss, at each of them. */
  excess: Float32Array;
  /** ‖∇f‖ at each of them. */
  gradientNorm: Float32Array;
}

/** One network at the step of a frame. */
export interface TwinFrame {
  /** What its parameters mean. */
  parametrization: Parametrization;
  /** A run that diverged makes no further steps. */
  status: "running" | "diverged";
  /** The step at which it did. */
  divergedAt: number | null | undefined;
  /**
   * tr((P − R) Σ (P − R)ᵀ) of the product P of the layers: the risk above that of the best linear map. For a
   * classifier its mean loss over the points that it learns.
   */
  excess: number;
  /** ‖∇f‖. */
  gradientNorm: number;
  /** max_j ‖W_j − I‖₂ */
  largestResidualNorm?: number;
  /** From step 0 to this one. */
  history: History;
  /** Where the iterate stands in the plane of the newest landscape of this twin. */
  point?: PlanePoint;
}

/** A run at one step. */
export interface Frame {
  /** Steps made since the start. */
  step: number;
  /** As it now is: going back to an earlier step brings back the one of then. */
  learningRate: number;
  /** What computed it. */
  engine: EngineName;
  /** Something a person should know, such as a lost WebGPU device. */
  notice: string | null | undefined;
  /** The networks, in the order of {@link Experiment.twins}. */
  twins: TwinFrame[];
  /** Milliseconds that the worker spent on this call. */
  milliseconds: number;
}

/** Singular values and eigenvalues of a network and of what it is to learn. Matrices stand row by row. */
export interface Spectra {
  /** Of a layer; the product between fixed maps is that of the whole network, as wide as the target. */
  width: number;
  /** Singular values, layers × width, descending within a layer. */
  layers: Float32Array;
  /** Singular values of the product of all layers, descending. */
  product: Float32Array;
  /** Singular values of the target, descending. */
  target: Float32Array;
  /** Eigenvalues as pairs of real and imaginary part. */
  productEigenvalues: Float32Array;
  /** Those of the target. */
  targetEigenvalues: Float32Array;
  /** The product itself. */
  productMatrix: Float32Array;
  /** The target itself. */
  targetMatrix: Float32Array;
  /** max_j ‖W_j − I‖₂ */
  largestResidualNorm?: number;
}

/** Labelled points, wherever they come from. */
export interface LabelledPoints {
  /** Of a point. */
  dimension: number;
  /** Number of classes. */
  classes: number;
  /** One point after the other. */
  inputs: Float32Array;
  /** Numbers below `classes`. */
  labels: Uint16Array;
}

/** The points of a classifier, some of them held out. */
export interface SplitPoints extends LabelledPoints {
  /** Points that are not trained on, one after the other. */
  heldOutInputs: Float32Array;
  /** Their classes. */
  heldOutLabels: Uint16Array;
}

/** How a classifier does: shares of points with the right class, and mean losses. */
export interface Evaluation {
  /** Share of the points trained on that is right, from 0 to 1. */
  accuracy: number;
  /** Mean loss over them. */
  loss: number;
  /** The same share of the points held out, where there are any. */
  heldOutAccuracy?: number | null;
  /** Mean loss over those. */
  heldOutLoss?: number | null;
}

/** What is asked of a classifier. */
export interface ClassifierRequest {
  /** With `y`, a grid over the plane of inputs, where these have two dimensions. */
  x?: Float32Array;
  /** The grid's other coordinates. */
  y?: Float32Array;
  /** How many of its points to follow through the layers. */
  points: number;
}

/** A classifier at one step. */
export interface ClassifierState {
  /** Steps made since the start. */
  step: number;
  /** How it does. */
  evaluation: Evaluation;
  /** Index [(iy · x.length + ix) · classes + class]. */
  logits?: Float32Array | undefined;
  /** What becomes of its points. */
  hidden: Hidden;
}

/** Points before the first block and after each, on two axes that all layers share. */
export interface Hidden {
  /** One more than blocks. */
  layers: number;
  /** How many points were followed. */
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
  /** ℓ, from 1. */
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
  /** The step of each point. */
  steps: Float64Array;
  /** ‖∇f‖². */
  gradientSquared: Float64Array;
  /** f − C: the excess risk. */
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
  /** The excess risk of each. */
  excess: Float64Array;
  /** ‖∇f‖² of each. */
  gradientSquared: Float64Array;
}

/** How long a step takes on an engine. */
export interface EngineTiming {
  /** Which was timed. */
  engine: EngineName;
  /** Median milliseconds a step of this experiment; undefined while unknown or where it cannot run. */
  milliseconds?: number;
  /** For example the adapter's name. */
  description?: string;
  /** A software adapter: it works, slowly. */
  fallbackAdapter?: boolean;
  /** Why it cannot run here, as a sentence. */
  problem?: string;
}

/** What a file of reference values shows of an engine. */
export interface VerifyResult {
  /** Its name. */
  file: string;
  /** `f64` is the reference mathematics itself. */
  engine: EngineName | "f64";
  /** How many values it holds. */
  cases: number;
  /** How many of them are within the tolerance. */
  passes: number;
  /** The largest error, measured as the tolerance is. */
  largestError: number;
  /** What is allowed. */
  tolerance?: number;
  /** Why the file could not be checked, as a sentence. */
  problem?: string;
}

/**
 * Where a part of a session runs. "worker": in a module worker, loaded from a file of the package. "blobWorker":
 * browsers refuse a worker whose file comes from another origin than the page, but one that imports that file may be
 * allowed. "inline": in the thread that asked, which each call holds up as long as it takes.
 */
export type Place = "worker" | "blobWorker" | "inline";

/** Where the parts of a session run. */
export interface Places {
  /** What trains. */
  session: Place;
  /** What lays planes and deals the rows of landscapes. */
  surveyor: Place;
  /** What evaluates these; undefined before the first landscape. */
  pool: Place | undefined;
}

/** An error with a sentence for people (`message`). Whatever a session refuses, it refuses with one of these. */
export class LabError extends Error {
  constructor(
    message: string,
    /** The field of the experiment or the option that is to blame, such as "network.width". */
    readonly field?: string,
    /** The engine's memory is gone: a new session is needed. */
    readonly fatal = false,
  ) {
    super(message);
    this.name = "LabError";
  }
}

/**
 * Whatever was thrown, as a {@link LabError}.
 * @internal
 */
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
