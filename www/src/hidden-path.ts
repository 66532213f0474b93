// Where hidden points stand on a picture after any number of blocks. No DOM.
import type { HiddenPoints, LabelledPoints } from "./engine/expressivity";

/** Along which two directions hidden points are looked at: their principal axes, or two of their coordinates. */
export type HiddenView = "principal" | readonly [number, number];

/** Two coordinates of every distinct point before any block, of every surrogate, and when each point moves. */
export interface HiddenPath {
  /** x and y, one pair a point. */
  from: Float64Array;
  /** x and y of each class's surrogate. */
  goals: Float64Array;
  labels: Uint16Array;
  /** The block, counted from 0, that moves each point. */
  movers: Uint32Array;
  blocks: number;
}

export function hiddenPath(
  hidden: HiddenPoints,
  { labels, classes }: Pick<LabelledPoints, "labels" | "classes">,
  blocks: number,
  view: HiddenView,
): HiddenPath {
  const width = hidden.first.length;
  const unit = (at: number) => Float32Array.from({ length: width }, (_, c) => (c === at ? 1 : 0));
  const [first, second] =
    view === "principal" ? [hidden.first, hidden.second] : [unit(view[0]), unit(view[1])];
  const look = (vectors: Float32Array, count: number) => {
    const pairs = new Float64Array(2 * count);
    for (let i = 0; i < count; i++) {
      for (let c = 0; c < width; c++) {
        const value = vectors[i * width + c]!;
        pairs[2 * i]! += value * first[c]!;
        pairs[2 * i + 1]! += value * second[c]!;
      }
    }
    return pairs;
  };
  const { movers } = hidden;
  const own = new Uint16Array(movers.length);
  hidden.places.forEach((place, i) => (own[place] = labels[i]!));
  return {
    from: look(hidden.start, movers.length),
    goals: look(hidden.surrogates, classes),
    labels: own,
    movers,
    blocks,
  };
}

/**
 * x and y of every point after `at` blocks; a fraction is that part of the next block's jump. Only points of one
 * block move between two whole numbers.
 */
export function positionsAt({ from, goals, labels, movers }: HiddenPath, at: number): Float64Array {
  const positions = from.slice();
  for (let i = 0; i < movers.length; i++) {
    const part = Math.min(1, at - movers[i]!);
    if (part <= 0) continue;
    for (let c = 0; c < 2; c++) {
      const goal = goals[2 * labels[i]! + c]!;
      positions[2 * i + c] = part === 1 ? goal : from[2 * i + c]! + part * (goal - from[2 * i + c]!);
    }
  }
  return positions;
}

/** What a square of that half side about the middle holds. */
export function extentOf({ from, goals }: HiddenPath): { x: number; y: number; half: number } {
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  for (const pairs of [from, goals]) {
    pairs.forEach((value, i) => {
      low[i % 2] = Math.min(low[i % 2]!, value);
      high[i % 2] = Math.max(high[i % 2]!, value);
    });
  }
  const half = Math.max(high[0]! - low[0]!, high[1]! - low[1]!) / 2 || 1;
  return { x: (low[0]! + high[0]!) / 2, y: (low[1]! + high[1]!) / 2, half: 1.06 * half };
}
