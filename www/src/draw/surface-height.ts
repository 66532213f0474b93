// The height field of a landscape, as numbers: what stands how high, and what hides behind what.
import { BLOCK_HEIGHT, type Vector } from "./camera";
import { contourLevels, linearPosition, logPosition, type ColourScale, type Domain } from "./scale";

/** What a relief is made of. */
export interface HeightData {
  size: number;
  a: Float32Array;
  b: Float32Array;
  /** values[ib * size + ia] */
  values: Float32Array;
}

/** A landscape as heights from 0 to 1; NaN where it has none. */
export interface Relief {
  size: number;
  a: readonly [number, number];
  b: readonly [number, number];
  heights: Float32Array;
  /** The values of heights 0 and 1, as the colours have them. */
  domain: Domain | undefined;
  /** Heights of the contour lines: the first one and their distance. */
  levels: readonly [number, number];
}

/** Height of a value, by the same scale as its colour; NaN where it is not finite. */
export function heightOf(value: number, domain: Domain, scale: ColourScale): number {
  if (!Number.isFinite(value)) return Number.NaN;
  return scale === "log" ? logPosition(value, domain) : linearPosition(value, domain);
}

/** `domain` is what the colours cover; `reuse` gives its buffer where the size is the same. */
export function reliefOf(
  { size, a, b, values }: HeightData,
  scale: ColourScale,
  domain: Domain | undefined,
  reuse?: Relief,
): Relief {
  const heights = reuse?.size === size ? reuse.heights : new Float32Array(size * size);
  for (let i = 0; i < heights.length; i++) {
    heights[i] = domain ? heightOf(values[i]!, domain, scale) : Number.NaN;
  }
  return { size, a: ends(a), b: ends(b), heights, domain, levels: domain ? levelsOf(domain) : [0, 1] };
}

/** The map's contour lines are evenly spaced, so two numbers say where they are. */
function levelsOf(domain: Domain): [number, number] {
  const [first = domain.low, second = domain.high] = contourLevels(domain);
  const range = domain.high - domain.low;
  return [(first - domain.low) / range, (second - first) / range || 1];
}

function ends(axis: Float32Array): [number, number] {
  return [axis[0] ?? 0, axis[axis.length - 1] ?? 1];
}

/** Plane coordinates as parts of the ranges shown: 0…1 is inside. */
export function fractions(relief: Pick<Relief, "a" | "b">, a: number, b: number): [number, number] {
  const part = (value: number, [low, high]: readonly [number, number]) => (value - low) / (high - low || 1);
  return [part(a, relief.a), part(b, relief.b)];
}

/** Height between the grid points, bilinear; NaN outside and beside a point without a height. */
export function heightAtFraction({ size, heights }: Relief, s: number, t: number): number {
  if (!(s >= 0 && s <= 1 && t >= 0 && t <= 1)) return Number.NaN;
  const [x, y] = [s * (size - 1), t * (size - 1)];
  const [ix, iy] = [Math.min(size - 2, Math.floor(x)), Math.min(size - 2, Math.floor(y))];
  const [fx, fy] = [x - ix, y - iy];
  const at = iy * size + ix;
  const low = heights[at]! + fx * (heights[at + 1]! - heights[at]!);
  const high = heights[at + size]! + fx * (heights[at + size + 1]! - heights[at + size]!);
  return low + fy * (high - low);
}

export function heightAt(relief: Relief, a: number, b: number): number {
  const [s, t] = fractions(relief, a, b);
  return heightAtFraction(relief, s, t);
}

/** Place in the block of a point of the relief. */
export function place(s: number, t: number, h: number): Vector {
  return [2 * s - 1, h * BLOCK_HEIGHT, 1 - 2 * t];
}

/** A point that stands less than this below the surface counts as on it: the grid is only so fine. */
const SKIN = 0.012;

/** Whether the surface stands between the eye (a place in the block) and the point (s, t, h), which lies on it. */
export function hiddenFrom(relief: Relief, [x, y, z]: Vector, s: number, t: number, h: number): boolean {
  const [ds, dt, dh] = [(x + 1) / 2 - s, (1 - z) / 2 - t, y / BLOCK_HEIGHT - h];
  // Cells that the ray crosses on its way, a step for each.
  const cells = Math.hypot(ds, dt) * (relief.size - 1);
  for (let step = 1; step < cells; step++) {
    const part = step / cells;
    const ray = h + dh * part;
    const [rs, rt] = [s + ds * part, t + dt * part];
    if (ray > 1 || rs < 0 || rs > 1 || rt < 0 || rt > 1) return false;
    if (heightAtFraction(relief, rs, rt) > ray + SKIN) return true;
  }
  return false;
}

/** Pieces of a segment are at most this many cells long, so that they follow the surface. */
const PIECE = 1.5;

/**
 * Lays a segment between two points (s, t) on the surface: appends (s, t, height) triples, without its first point
 * where it continues a line. A triple of NaN parts lines. What lies outside the ranges shown is cut off.
 */
export function drapeSegment(
  relief: Relief,
  [s0, t0]: readonly [number, number],
  [s1, t1]: readonly [number, number],
  into: number[],
): void {
  const [ds, dt] = [s1 - s0, t1 - t0];
  let [from, to] = [0, 1];
  for (const [start, way] of [
    [s0, ds],
    [t0, dt],
  ] as const) {
    if (way === 0) {
      if (!(start >= 0 && start <= 1)) to = -1;
      continue;
    }
    const [one, other] = [-start / way, (1 - start) / way];
    from = Math.max(from, Math.min(one, other));
    to = Math.min(to, Math.max(one, other));
  }
  if (!(to >= from)) {
    into.push(Number.NaN, Number.NaN, Number.NaN);
    return;
  }
  const cells = (to - from) * Math.hypot(ds, dt) * (relief.size - 1);
  const pieces = Math.max(1, Math.ceil(cells / PIECE));
  if (from > 0) into.push(Number.NaN, Number.NaN, Number.NaN);
  const continues = from === 0 && into.length > 0 && !Number.isNaN(into[into.length - 1]!);
  for (let piece = continues ? 1 : 0; piece <= pieces; piece++) {
    const part = from + ((to - from) * piece) / pieces;
    // Rounding must not push a point on the border out.
    const inside = (value: number) => Math.min(1, Math.max(0, value));
    const [s, t] = [inside(s0 + ds * part), inside(t0 + dt * part)];
    const h = heightAtFraction(relief, s, t);
    if (Number.isNaN(h)) into.push(Number.NaN, Number.NaN, Number.NaN);
    else into.push(s, t, h);
  }
  if (to < 1) into.push(Number.NaN, Number.NaN, Number.NaN);
}
