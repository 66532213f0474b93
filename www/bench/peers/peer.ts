// What a peer has to offer: the workloads, each in several forms of the same mathematics.
import type { ImageWork } from "../problem-images";

/**
 * data: the activations of all 256 samples, layer by layer.
 * chain: the product of the layers, one 16×16 product after the other, against R.
 * tree: the same product by pairs, so that few batched products replace many small ones.
 */
export type TrainingForm = "data" | "chain" | "tree";

/** data and chain: one point a call. batch: one row of 128 points a call, on the chain. */
export type LandscapeForm = "data" | "chain" | "batch";

export interface Training {
  /** Trains that many steps, waits for the device once, returns the loss before the last update. */
  run(steps: number): Promise<number>;
  dispose(): void;
}

export interface Landscape {
  /** The losses at those points of the plane, in one call of the peer. */
  losses(a: Float32Array, b: number): Promise<ArrayLike<number>>;
  dispose(): void;
}

/** Networks of one shape, from A = 0, towards one target under Σ = I, each with a rate of its own. */
export interface FleetWork {
  networks: number;
  width: number;
  layers: number;
  target: Float32Array;
  rates: Float32Array;
}

export interface Fleet {
  /** Trains all from their start for that many steps and returns the loss of each. */
  run(steps: number): Promise<ArrayLike<number>>;
  dispose(): void;
}

export interface Peer {
  /** Many networks at once, in every form tried. */
  fleets: Record<string, (work: FleetWork) => Fleet>;
  training(form: TrainingForm): Training;
  landscape(form: LandscapeForm): Landscape;
  /** Convolutional residual networks on a minibatch of images, in every form tried. */
  images: Record<string, (work: ImageWork) => Training>;
  /** ReLU networks: training in whatever forms the peer has, and the landscape a point a call. */
  relu: { training: Record<string, () => Training>; landscape: Record<string, () => Landscape> };
}
