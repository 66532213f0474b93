// The words that describe a run. The crate validates; these types only describe.

/**
 * The map R (width × width) that linear networks are to learn.
 *
 * - `random`: U K Vᵀ with random rotations U and V; `negativeDeterminant`: the same with det R < 0.
 * - `positiveDefinite`: symmetric, with log-spaced eigenvalues.
 * - `rotation`: every coordinate plane (1,2), (3,4), … turned by the same angle.
 * - `negativeEigenvalue`: diagonal, log-spaced and positive but for its last entry.
 * - `diagonal` and `matrix`: one's own numbers.
 */
export type TargetSpec =
  | {
      kind: "random" | "positiveDefinite" | "negativeDeterminant";
      /** σ_max / σ_min, from 1 to 1e6; the values between are log-spaced about a geometric mean of 1. */
      condition: number;
    }
  | {
      kind: "rotation";
      /** Angle in degrees, from −360 to 360. */
      degrees: number;
    }
  | {
      kind: "negativeEigenvalue";
      /** The last entry, from −1e6 to 0. */
      eigenvalue: number;
      /** Largest of the other entries over the smallest, from 1 to 1e6. */
      condition: number;
    }
  | {
      kind: "diagonal";
      /** `width` entries, each from −1e6 to 1e6. */
      values: number[];
    }
  | {
      kind: "matrix";
      /** `width` rows of `width` entries, each from −1e6 to 1e6. */
      rows: number[][];
    };

/**
 * What linear networks learn from: y = R x + ξ. `population` minimizes the exact expectation under x ~ N(0, Σ),
 * `sample` the mean over so many points.
 */
export type MapData =
  | {
      kind: "population";
      /** Condition number of Σ, whose trace is the width; 1 means Σ = I. From 1 to 1e6. */
      covariance: number;
      /** Standard deviation of each component of ξ, from 0 to 1000: raises the risk, not the excess risk. */
      noise: number;
    }
  | {
      kind: "sample";
      /** Number of labelled inputs, from 1 to 65,536. */
      points: number;
      /** Condition number of the Σ that inputs are drawn from, from 1 to 1e6. */
      covariance: number;
      /** Standard deviation of each component of ξ, from 0 to 1000. */
      noise: number;
    };

/** A known set of labelled points; all but `sphere` lie in a plane. */
export type SetName = "circles" | "xor" | "spirals" | "moons" | "gaussians" | "sphere";

/** What classifiers learn from: a known set, or points of one's own. */
export type PointData =
  | {
      kind: "set";
      /** Which set. */
      set: SetName;
      /** Number of points, those held out among them; from 2 to 20,000. */
      points: number;
      /** Number of classes, from 2 to 16; circles, xor and moons have 2. */
      classes: number;
      /** Dimension of the inputs: 2, but for the sphere up to 64. */
      dimension: number;
      /** Standard deviation of what is added to every coordinate, from 0 to 1000. */
      noise: number;
      /** Share of the points that is not trained on, from 0 to 0.9. */
      heldOut: number;
    }
  | {
      kind: "points";
      /** Dimension of the inputs, from 1 to 64. */
      dimension: number;
      /** Number of classes, from 2 to 16. */
      classes: number;
      /** Base64 of little-endian float32: point after point. */
      inputs: string;
      /** Class of each point, from 0. */
      labels: number[];
      /** Share of the points that is not trained on, from 0 to 0.9. */
      heldOut: number;
    };

/** What networks learn from: {@link MapData} linear ones, {@link PointData} classifiers. */
export type DataSpec = MapData | PointData;

/** A linear network W_ℓ … W_1, or C W_ℓ … W_1 B between fixed maps. */
export interface LinearSpec {
  kind: "linear";
  /** Dimension d of inputs and outputs, from 1 to 64. */
  width: number;
  /** Number ℓ of layers, from 1 to 256. */
  layers: number;
  /** Width of the layers between fixed maps B and C, up to 64; without it layers are as wide as the input. */
  hidden?: number;
}

/** A classifier: h₀ = A₀ x, blocks h + α V relu(U h + s), logits B h. */
export interface ReluSpec {
  kind: "relu";
  /** Dimension of every hidden layer, from 2 to 64. */
  width: number;
  /** Number of blocks, from 1 to 1,024. */
  blocks: number;
  /** What is minimized, as a mean over points: −log softmax(logits)_y, or ‖logits − e_y‖². */
  loss: "crossEntropy" | "squared";
  /** Whether A₀ and B are trained too. */
  trainEnds: boolean;
}

/** The shape of the networks of an experiment. */
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

/**
 * How parameters θ follow from the gradient g. `gradientDescent`: θ ← θ − η g. `momentum`: m ← β m + g, θ ← θ − η m.
 * `adam`: Kingma and Ba's, with bias correction.
 */
export type OptimizerSpec =
  | {
      kind: "gradientDescent";
      /** η, from 0 to 1e6. */
      learningRate: number;
    }
  | {
      kind: "momentum";
      /** η, from 0 to 1e6. */
      learningRate: number;
      /** β, from 0 to 0.9999. */
      momentum: number;
    }
  | {
      kind: "adam";
      /** η, from 0 to 1e6. */
      learningRate: number;
      /** Decay of the first moment, from 0 to 0.9999. */
      beta1: number;
      /** Decay of the second moment, from 0 to 0.999999. */
      beta2: number;
      /** Added to the root of the second moment, from 1e-16 to 1. */
      epsilon: number;
    };

/**
 * Where training starts. Some starts fix the layer maps W, in both parametrizations the same: `identity` W = I,
 * `nearIdentity` W = I + scale/ℓ · G/√d with a Gaussian G, `orthogonal` W = scale times a random rotation or
 * reflection, `zeroAsymmetric` the last W = 0 and the others I. Others draw the parameters θ: `gaussian` with
 * standard deviation scale, `xavier` with scale/√d, `he` with scale · √(2/d). For classifiers there are `fixup`
 * (V = 0), `skipInit` and `reZero` (α trained, from near 0), but not `zeroAsymmetric`.
 */
export type StartSpec =
  | { kind: "identity" | "zeroAsymmetric" | "fixup" | "reZero" }
  | {
      kind: "nearIdentity" | "gaussian" | "xavier" | "he" | "orthogonal" | "skipInit";
      /** A factor, from 0 to 1000. */
      scale: number;
    }
  | {
      kind: "given";
      /** Base64 of little-endian float32, in the order of {@link LabSession.parameters}. */
      parameters: string;
      /** Whether the α of a classifier's blocks are trained. */
      gains?: boolean;
    };

/** What a layer computes from its parameters: h + A h with θ = A ("identity"), or W h with θ = W ("standard"). */
export type Parametrization = "identity" | "standard";

/** One of the networks that are trained together. */
export interface TwinSpec {
  /** What its parameters mean. */
  parametrization: Parametrization;
  /** Where it starts. */
  start: StartSpec;
}

/** The one description of a run; every field present, as {@link LabSession.normalize} returns it. */
export interface Experiment {
  /** Version of this format: 1. */
  version: number;
  /** Of every random number in the run: a whole number from 0 to 4,294,967,295. */
  seed: number;
  /** Shape of the networks. */
  network: NetworkSpec;
  /** What linear networks are to learn. */
  target: TargetSpec;
  /** What they learn from. */
  data: DataSpec;
  /** How parameters are updated. */
  optimizer: OptimizerSpec;
  /** Points in a minibatch, or null for all of them at every step. */
  batch: number | null;
  /** One or two networks, trained on the same problem step by step together. */
  twins: TwinSpec[];
}

/** Minibatches of linear networks are computed by burn alone, on the CPU or on WebGPU. */
export function needsBurn({ batch, network }: ExperimentInput): boolean {
  return !isClassifier({ network }) && batch !== null && batch !== undefined;
}

/** What a caller may pass: any part of an experiment; the crate fills the rest with defaults. */
export type ExperimentInput = { [Field in keyof Experiment]?: unknown };

/** An experiment that shows something, and what. */
export interface Preset {
  /** A word for addresses. */
  id: string;
  /** A few words for people. */
  title: string;
  /** What to look for. */
  commentary: string;
  /** The experiment itself. */
  experiment: Experiment;
}
