// A plane that has been laid through a run, and what part of it a view shows.
import { axis } from "./rows";
import { LabError, type Directions, type LandscapeOptions, type PlaneSpec, type Shadow } from "./types";

export interface LaidPlane {
  id: number;
  spec: PlaneSpec;
  directions: Directions;
  shadow: Shadow;
  step: number;
  /** Excess risk beyond which the run counts as diverged. */
  divergence: number;
}

/** Sides of a picture that are drawn. */
const SIZES = [2, 1024] as const;
const ZOOMS = [1e-3, 1e6] as const;

/** Refuses what no picture can be made of. */
export function checkOptions({ size = 65, view, half }: LandscapeOptions): void {
  if (!Number.isInteger(size) || size < SIZES[0] || size > SIZES[1]) {
    throw new LabError(`size: allowed is a whole number from 2 to 1024; got ${size}.`, "size");
  }
  if (half !== undefined && !(half > 0 && half <= 1e30)) {
    throw new LabError(`half: allowed is a number above 0 and up to 1e30; got ${half}.`, "half");
  }
  if (!view) return;
  const { zoom, a, b } = view;
  if (!(zoom >= ZOOMS[0] && zoom <= ZOOMS[1])) {
    throw new LabError(`zoom: allowed is a number from 0.001 to 1e6; got ${zoom}.`, "zoom");
  }
  if (!(Math.abs(a) <= 1e6 && Math.abs(b) <= 1e6)) {
    throw new LabError(`view: it lies beyond 1e6 times the range of the picture.`, "view");
  }
}

/** Half the side of the range that the plane suggests. */
export function suggestedHalf({ a, b }: Shadow): number {
  return Math.max(a[1] - a[0], b[1] - b[0]) / 2;
}

/** Both axes of the part of a plane that the options ask for. */
export function axesOf(plane: LaidPlane, { size = 65, view, half }: LandscapeOptions) {
  const { zoom = 1, a: panA = 0, b: panB = 0 } = view ?? {};
  const { shadow } = plane;
  return { a: seen(shadow.a, half, zoom, panA, size), b: seen(shadow.b, half, zoom, panB, size) };
}

/** The axis that a view shows of a range: pans are in halves of that range. */
function seen(
  [low, high]: readonly [number, number],
  wanted: number | undefined,
  zoom: number,
  pan: number,
  size: number,
): Float32Array {
  const half = wanted ?? (high - low) / 2;
  const centre = (low + high) / 2 + pan * half;
  const found = axis([centre - half / zoom, centre + half / zoom], size);
  if (!(found[0]! > -Infinity && found[size - 1]! < Infinity && found[0]! < found[1]!)) {
    throw new LabError("view: the range shown cannot be told apart in float32; zoom out.", "view");
  }
  return found;
}

/** Where the iterate stands on the plane. */
export function iterateOf({ shadow: { trajectory } }: LaidPlane): [number, number] {
  return [trajectory[trajectory.length - 2]!, trajectory[trajectory.length - 1]!];
}

/** Distance of a place of the plane from where the run started. */
export function movedTo({ shadow }: LaidPlane, a: number, b: number): number {
  const { trajectory, startDistance, metric } = shadow;
  const [uu, uv, vv] = metric;
  const [da, db] = [a - trajectory[0]!, b - trajectory[1]!];
  return Math.sqrt(startDistance ** 2 + da * da * uu + 2 * da * db * uv + db * db * vv);
}
