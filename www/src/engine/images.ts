// The public API of images: the paper's convolutional residual networks, trained by burn in a worker of their own.
// No DOM. Shapes and words are the crate's (see crate/images); the crate validates, these types only describe.

/** Blocks of one size: filters of each convolution, and residual blocks of two convolutions each. */
export interface Stage {
  filters: number;
  blocks: number;
}

/** A network of the paper's family. */
export interface ImageNetwork {
  /** Filters of the first convolution, which has no shortcut. */
  stem: number;
  stages: Stage[];
  /** Whether blocks are x + C₂ relu(C₁ x), or only C₂ relu(C₁ x). */
  skips: boolean;
  batchNorm: boolean;
  /** Whether the projection onto the classes is trained too. */
  trainTop: boolean;
  /** σ = 1/(k² c), near the identity, or σ = 1/(k √c). */
  start: "identity" | "fan";
}

export interface ImageTraining {
  batch: number;
  learningRate: number;
  /** Steps at which the learning rate is divided by `dropFactor`. */
  drops: number[];
  dropFactor: number;
  momentum: number;
  weightDecay: number;
  /** Black pixels added on every side before a random crop of the image's own size. */
  crop: number;
  flip: boolean;
  standardize: boolean;
  /** Steps after which the run is over. */
  steps: number;
}

export interface ImageExperiment {
  version: 1;
  seed: number;
  network: ImageNetwork;
  training: ImageTraining;
}

export interface ImagePreset {
  name: string;
  experiment: ImageExperiment;
}

/** Where networks are trained: on the processor by kernels of the crate, on WebGPU by burn. */
export type ImageDevice = "cpu" | "webgpu";

export type Subset = "train" | "test";

/** What is trained and tested on. */
export interface ImageSetInfo {
  name: string;
  /** Names of the classes. */
  classes: string[];
  /** 1 (grey) or 3 (red, green, blue). */
  channels: number;
  height: number;
  width: number;
  /** Number of images of each subset. */
  train: number;
  test: number;
}

/** Some images to be shown, one after the other: RGBA, height × width × 4 bytes each. */
export interface ShownImages {
  subset: Subset;
  indices: Uint32Array;
  width: number;
  height: number;
  pixels: Uint8ClampedArray<ArrayBuffer>;
  labels: Uint16Array;
}

/** What one step found before it changed the weights. */
export interface StepRecord {
  /** From 0. */
  step: number;
  /** Mean cross-entropy of the minibatch, in nats. */
  loss: number;
  /** Share of the minibatch that was classified wrongly. */
  error: number;
  learningRate: number;
}

/** How a network did on some images. */
export interface Tally {
  classes: number;
  images: number;
  wrong: number;
  /** Mean cross-entropy, in nats. */
  loss: number;
  /** classes × classes counts, row-major: the image's class by row, the predicted one by column. */
  confusion: Uint32Array;
  /** The predicted class of each image, in the order of the subset. */
  predictions: Uint16Array;
}

/** One block on a batch of images: ‖C₂ ∗ relu(C₁ ∗ H)‖_F beside ‖P(H)‖_F of its shortcut. */
export interface Branch {
  branch: number;
  shortcut: number;
}

/** Filters of the first convolution: filters × channels × side × side numbers. */
export interface Filters {
  filters: number;
  channels: number;
  side: number;
  values: Float32Array;
}

/** What one image has become after a block: channels × height × width numbers. */
export interface FeatureMaps {
  channels: number;
  height: number;
  width: number;
  values: Float32Array;
}

export interface ImageLandscapeRequest {
  /** θ + a u, or θ + a u + b v, along random directions with each filter scaled to the norm of θ's own. */
  axes: "line" | "plane";
  /** Numbers of a (and of b): odd, 3 to 129. */
  size: number;
  /** a (and b) go from −radius to radius. */
  radius: number;
  seed: number;
  subset: Subset;
  /** Images of the fixed batch, from the subset's first on. */
  images: number;
}

/** f(a, b), the mean cross-entropy of the batch; it fills in, coarse before fine. */
export interface ImageLandscape {
  axes: "line" | "plane";
  /** What was asked for, and the step of the run at which. */
  request: ImageLandscapeRequest;
  step: number;
  coordinates: Float32Array;
  /** Index [row of b · size + column of a]; NaN where it is not computed yet. */
  values: Float32Array;
  done: number;
  cells: number;
}

/** How a run stands. */
export interface RunStatus {
  experiment: ImageExperiment;
  /** Steps made. */
  step: number;
  /** Whether all steps of the experiment have been made. */
  over: boolean;
  /** The step whose loss was no finite number: no further steps are made. */
  divergedAt?: number;
  convolutions: number;
  blocks: number;
  /** Numbers in all tensors of the network. */
  weights: number;
}

/** What a slice of training time brought. */
export interface Advance {
  records: StepRecord[];
  status: RunStatus;
}
