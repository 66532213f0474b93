// Level lines of values on a square grid, by marching squares. A landscape that is live has them drawn anew with every
// picture: on 65² points 0.9 ms, where the polygons of a library, whose edges along the border had to be cut out again,
// took 3.0 (medians of 30, in turn); on 257² points 5 and 22.
import type { ColourScale } from "./scale";

/** A polyline in grid coordinates: x₀, y₀, x₁, y₁, …, from 0 to size − 1, y along b. */
export type Line = readonly number[];

/** What has no logarithm is lower than any positive float32. */
const LOWEST = -46;

/**
 * Level lines of the values, or of their log10. Values are taken to be linear along the grid's edges. Around what is not
 * finite there are none, nor are there rings narrower than the grid.
 */
export function levelLines(
  values: Float32Array,
  size: number,
  levels: readonly number[],
  scale: ColourScale = "log",
): Line[] {
  const heights = scale === "linear" ? values : values.map(logHeight);
  const pairs = joinedEdges(heights, size, levels);
  const tracer = new Tracer(heights, size);
  return levels.flatMap((level, k) => tracer.lines(level, pairs[k]!));
}

function logHeight(value: number): number {
  return value > 0 ? Math.log10(value) : Number.isNaN(value) || value === -Infinity ? Number.NaN : LOWEST;
}

/**
 * Pairs of grid edges that each level joins, one cell at a time. Edge 2i goes from point i to the next in its row, edge
 * 2i + 1 to the next in its column. `levels` rise.
 */
function joinedEdges(heights: Float32Array, size: number, levels: readonly number[]): number[][] {
  const pairs = levels.map((): number[] => []);
  const ranks = ranksOf(heights, levels);
  for (let row = 0; row + 1 < size; row++) {
    for (let i = row * size; i < row * size + size - 1; i++) {
      const p = ranks[i]!;
      const q = ranks[i + 1]!;
      const r = ranks[i + size]!;
      const s = ranks[i + size + 1]!;
      if (p === q && q === r && r === s) continue;
      const highest = Math.max(p, q, r, s);
      if (highest === UNKNOWN) continue;
      for (let k = Math.min(p, q, r, s); k < highest; k++) {
        const above = (p > k ? 1 : 0) + (q > k ? 2 : 0) + (r > k ? 4 : 0) + (s > k ? 8 : 0);
        const to = pairs[k]!;
        const bottom = 2 * i;
        const left = bottom + 1;
        const right = bottom + 3;
        const top = bottom + 2 * size;
        if (above === 1 || above === 14) to.push(bottom, left);
        else if (above === 2 || above === 13) to.push(bottom, right);
        else if (above === 4 || above === 11) to.push(left, top);
        else if (above === 8 || above === 7) to.push(right, top);
        else if (above === 3 || above === 12) to.push(left, right);
        else if (above === 5 || above === 10) to.push(bottom, top);
        else {
          // Opposite corners: the mean decides which of them are connected.
          const mean = (heights[i]! + heights[i + 1]! + heights[i + size]! + heights[i + size + 1]!) / 4;
          if ((above === 9) === mean >= levels[k]!) to.push(bottom, right, left, top);
          else to.push(bottom, left, right, top);
        }
      }
    }
  }
  return pairs;
}

const UNKNOWN = 0xffff;

/** How many levels each height reaches: a level crosses a cell whose corners reach different numbers of them. */
function ranksOf(heights: Float32Array, levels: readonly number[]): Uint16Array {
  const ranks = new Uint16Array(heights.length);
  for (let i = 0; i < heights.length; i++) {
    const height = heights[i]!;
    let rank = 0;
    if (Number.isFinite(height)) while (rank < levels.length && levels[rank]! <= height) rank++;
    else rank = UNKNOWN;
    ranks[i] = rank;
  }
  return ranks;
}

const NONE = -1;

/**
 * How wide a ring is on the mean, in steps of the grid: its area by half its length. A valley narrower than the grid is
 * cut into a row of rings, one wherever it meets a point, whose width is below 0.6 where a ring along it has 1.
 */
function meanWidth(ring: Line): number {
  let area = 0;
  let length = 0;
  for (let k = 0; k + 3 < ring.length; k += 2) {
    const [x, y, toX, toY] = [ring[k]!, ring[k + 1]!, ring[k + 2]!, ring[k + 3]!];
    area += (x * toY - toX * y) / 2;
    length += Math.hypot(toX - x, toY - y);
  }
  return Math.abs(area) / (length / 2);
}

/** Chains pairs of edges to lines. */
class Tracer {
  /** Both edges that an edge is joined with, or NONE. */
  private readonly joined: Int32Array;

  constructor(
    private readonly heights: Float32Array,
    private readonly size: number,
  ) {
    this.joined = new Int32Array(4 * size * size).fill(NONE);
  }

  lines(level: number, pairs: readonly number[]): Line[] {
    const { joined } = this;
    for (let k = 0; k < pairs.length; k++) {
      const at = 2 * pairs[k]!;
      joined[joined[at] === NONE ? at : at + 1] = pairs[k ^ 1]!;
    }
    const found: Line[] = [];
    // Lines with ends first: what is left then are rings.
    for (const rings of [false, true]) {
      for (const edge of pairs) {
        if (joined[2 * edge] === NONE || (!rings && joined[2 * edge + 1] !== NONE)) continue;
        const line = this.follow(edge, level);
        if (!rings || meanWidth(line) >= 1) found.push(line);
      }
    }
    return found;
  }

  /** The line that begins at this edge, which is taken apart on the way. */
  private follow(first: number, level: number): Line {
    const { joined } = this;
    const points: number[] = [];
    let before = NONE;
    let edge = first;
    while (edge !== NONE) {
      this.place(edge, level, points);
      const one = joined[2 * edge]!;
      const other = joined[2 * edge + 1]!;
      joined[2 * edge] = joined[2 * edge + 1] = NONE;
      const next = one !== before ? one : other;
      // A ring comes back to where it began, which has been taken apart.
      if (next === first) this.place(first, level, points);
      before = edge;
      edge = next === first ? NONE : next;
    }
    return points;
  }

  /** Where the level crosses an edge. */
  private place(edge: number, level: number, points: number[]): void {
    const { heights, size } = this;
    const i = edge >> 1;
    const along = (edge & 1) === 0;
    const from = heights[i]!;
    const part = (level - from) / (heights[along ? i + 1 : i + size]! - from);
    points.push((i % size) + (along ? part : 0), Math.floor(i / size) + (along ? 0 : part));
  }
}
