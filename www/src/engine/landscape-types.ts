// The words for planes through parameter space and what is seen on them.
import type { NetworkSpec, Parametrization } from "./experiment-types";
import type { Checked } from "./trust";

/**
 * How a plane through parameter space is chosen. θ* is the optimum that Theorem 2.1 constructs.
 *
 * - `startCurrent`: from the start to the iterate, and a random direction orthogonal to that.
 * - `trajectory`: the two principal components of the run, through the iterate.
 * - `gradient`: along −∇f at the iterate, and a random direction orthogonal to that.
 * - `optimum`: through the start, θ* and the iterate; refused where there is no θ*.
 * - `random`: two Gaussian directions at the iterate.
 * - `hessian`: two eigenvectors of the Hessian at the iterate.
 * - `points`: through three points. `coordinates`: along two of the parameters.
 */
export type PlaneSpec =
  | { kind: "startCurrent" | "trajectory" | "gradient" | "optimum" }
  | {
      kind: "random";
      /** What each filter (a row), or each layer, of the directions is rescaled to: the norm that it has in θ. */
      normalization?: "none" | "filter" | "layer";
    }
  | {
      kind: "hessian";
      /** The two largest curvatures ("top"), or the largest and the most negative ("both"). */
      ends?: "top" | "both";
    }
  | {
      kind: "points";
      /** "start", "iterate", "optimum", "other" (the other twin), or names of kept points. */
      points: [string, string, string];
    }
  | {
      kind: "coordinates";
      /** Index of a parameter, from 0. */
      first: number;
      /** Index of another. */
      second: number;
    };

/** A named place of a plane. */
export interface Mark {
  /** What stands there. */
  label: string;
  /** Its coordinate along the first direction. */
  a: number;
  /** Its coordinate along the second direction. */
  b: number;
}

/** What a plane holds of what it was chosen by: of the run's variance, or of the Hessian H. */
export type Captured =
  | {
      kind: "variance";
      /** From 0 to 1. */
      share: number;
    }
  | {
      kind: "curvature";
      /** Of ‖H‖²_F, from 0 to 1. */
      share: number;
      /** Eigenvalue along the first direction. */
      first: number;
      /** Eigenvalue along the second direction. */
      second: number;
      /** Whether the whole Hessian was made; otherwise the share is an estimate. */
      exact: boolean;
      /** Largest ‖H v − λ v‖ / |λ₁| of the two. */
      residual: number;
    };

/**
 * Where a plane lies, as a member of the pool finds it.
 * @internal
 */
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

/**
 * A run in a plane's coordinates.
 * @internal
 */
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

/** A place of a plane. */
export interface PlanePoint {
  /** Number of the plane; see {@link Landscape.plane}. */
  plane: number;
  /** Coordinate along the first direction. */
  a: number;
  /** Coordinate along the second direction. */
  b: number;
}

/** A picture of the excess risk over a plane; the plane's own vectors stay in the worker. */
export interface Landscape {
  /** Whose plane it is, from 0. */
  twin: number;
  /** Number of the plane; a refinement of the same plane has the same number. */
  plane: number;
  /** How it was chosen. */
  spec: PlaneSpec;
  /** Points a side. */
  size: number;
  /** `size` coordinates along the first direction. */
  a: Float32Array;
  /** `size` coordinates along the second direction. */
  b: Float32Array;
  /** values[ib * size + ia] */
  values: Float32Array;
  /** What the two axes are. */
  labels: [string, string];
  /** What the plane holds of what it was chosen by; undefined where that has no share. */
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
  /** The step at which the plane was laid. */
  step: number;
  /** From the question to the answer. */
  milliseconds: number;
}

/** The vectors of a plane, flat: θ = origin + a·u + b·v. */
export interface PlaneVectors {
  /** Number of the plane; see {@link Landscape.plane}. */
  plane: number;
  /** What the parameters mean. */
  parametrization: Parametrization;
  /** θ at a = b = 0. */
  origin: Float32Array;
  /** The first direction. */
  u: Float32Array;
  /** The second direction. */
  v: Float32Array;
}

/** The excess risk along both directions of a plane, through the iterate's place on it. */
export interface Slices {
  /** Whose plane it is, from 0. */
  twin: number;
  /** Number of the plane; see {@link Landscape.plane}. */
  plane: number;
  /** How it was chosen. */
  spec: PlaneSpec;
  /** What the two axes are. */
  labels: [string, string];
  /** As in {@link Landscape.captured}. */
  captured: Captured | undefined;
  /** (a, b) of the place that both lines cross. */
  at: [number, number];
  /** Coordinates along the first direction. */
  a: Float32Array;
  /** The excess risk there. */
  alongA: Float32Array;
  /** Coordinates along the second direction. */
  b: Float32Array;
  /** The excess risk there. */
  alongB: Float32Array;
  /** Distance of the iterate from the plane. */
  iterateDistance: number;
  /** ‖iterate − start‖ */
  distance: number;
  /** Share of the run's variance that lies in the plane. */
  variance: number;
  /** Half the side of the range that was suggested. */
  half: number;
  /** Excess risk beyond which a run counts as diverged. */
  divergence: number;
  /** The step at which the plane was laid. */
  step: number;
  /** From the question to the answer. */
  milliseconds: number;
}

/** What is to be known of a place in a plane at once, in float64. */
export interface Reading {
  /** Its coordinate along the first direction. */
  a: number;
  /** Its coordinate along the second direction. */
  b: number;
  /** The excess risk, or a classifier's loss. */
  excess: number;
  /** ‖∇f‖. */
  gradientNorm: number;
  /** Distance from where the run started. */
  moved: number;
}

/** A point of a run that was kept, for planes through it. */
export interface KeptPoint {
  kind: NetworkSpec["kind"];
  /** What {@link PlaneSpec} calls it. */
  name: string;
  /** What its parameters mean. */
  parametrization: Parametrization;
  /** Width of what was trained. */
  width: number;
  /** Number of layers or blocks. */
  layers: number;
  /** Seed of its run. */
  seed: number;
  /** The step at which it was kept. */
  step: number;
}

/** What stands at a point of a plane, in float64, and the critical point nearest to it. */
export interface Probe {
  /** Its coordinate along the first direction. */
  a: number;
  /** Its coordinate along the second direction. */
  b: number;
  /** The excess risk, or a classifier's loss. */
  excess: number;
  /** ‖∇f‖. */
  gradientNorm: number;
  /** Where a descent on ‖∇f‖² from there ends. */
  critical: {
    /** Whether the gradient vanished within the work allowed. */
    converged: boolean;
    /** The excess risk, or a classifier's loss. */
    excess: number;
    /** ‖∇f‖. */
    gradientNorm: number;
    /** How far from the point probed. */
    distance: number;
    /** The most negative curvature. */
    least: number;
    /** The largest curvature. */
    largest: number;
    /** Number of negative curvatures, where all were computed. */
    index?: number | null;
    /** Rank of the product of the layer maps: full exactly at the global minima. Classifiers have none. */
    rank?: number | null;
    /** Width of that product. */
    width: number;
  };
}

/** What part of the suggested range is shown: pans are in halves of that range. */
export interface View {
  /** How many times narrower than the suggested range, from 0.001 to 1e6. */
  zoom: number;
  /** How far the middle is moved along the first direction. */
  a: number;
  /** How far the middle is moved along the second direction. */
  b: number;
}

/** The view that shows the suggested range and nothing else. */
export const WHOLE: View = { zoom: 1, a: 0, b: 0 };

/** What to draw of a landscape, and how. */
export interface LandscapeOptions {
  /** Points a side, from 2 to 1024: 65 for a landscape, 129 for slices, where nothing is said. */
  size?: number;
  /** Draw over the newest plane again instead of a new one at the present iterate. */
  refine?: boolean;
  /** Leave a core free: something else, such as training, is running meanwhile. */
  background?: boolean;
  /** How the plane is chosen: "startCurrent" where nothing is said. */
  plane?: PlaneSpec;
  /** What part of it is drawn: the whole suggested range where nothing is said. */
  view?: View;
  /** Half the side of the whole range, in place of the suggested one: to give two planes the same scale. */
  half?: number;
  /** Hears what part of the points is done, from 0 to 1. */
  onProgress?: (done: number) => void;
}
