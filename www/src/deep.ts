// How deep can each start train? What is asked, and what the runs say. No DOM.
import type { AxisSpec, Outcomes } from "./engine/atlas";
import type { Experiment, TwinSpec } from "./engine/types";
import { formatCount, formatShare, formatValue } from "./draw/scale";
import { word } from "./words";

/** What the height of the curves is. */
export const HEIGHTS = ["right", "loss"] as const;
export type Height = (typeof HEIGHTS)[number];

/** A network has trained when that share of its points is right: as float32, as shares are. */
export const TRAINED = Math.fround(0.9);

/** Depths of a curve: with these, 10 to 1,000 has all of 10, 100 and 1,000. */
export const DEPTHS = 13;

interface DeepStart {
  title: string;
  twin: TwinSpec;
}

/** From the identity outwards. All but the last have skips; none normalizes. */
export const DEEP_STARTS: readonly DeepStart[] = [
  { title: word("start.identity"), twin: { parametrization: "identity", start: { kind: "identity" } } },
  { title: word("start.fixup"), twin: { parametrization: "identity", start: { kind: "fixup" } } },
  {
    title: word("start.skipInit"),
    twin: { parametrization: "identity", start: { kind: "skipInit", scale: 0 } },
  },
  { title: word("start.reZero"), twin: { parametrization: "identity", start: { kind: "reZero" } } },
  { title: word("atlas.heSkips"), twin: { parametrization: "identity", start: { kind: "he", scale: 1 } } },
  { title: word("atlas.heNoSkips"), twin: { parametrization: "standard", start: { kind: "he", scale: 1 } } },
];

/** Small enough for a good picture in half a minute on two cores. */
export const SMALL_EXPERIMENT: Experiment = {
  version: 1,
  seed: 1,
  network: { kind: "relu", width: 4, blocks: 10, loss: "crossEntropy", trainEnds: true },
  target: { kind: "random", condition: 10 },
  data: { kind: "set", set: "moons", points: 64, classes: 2, dimension: 2, noise: 0.05, heldOut: 0 },
  optimizer: { kind: "adam", learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  batch: null,
  twins: [DEEP_STARTS[0]!.twin, DEEP_STARTS[5]!.twin],
};

/** The axis whose first and last of `count` values are the ends of that one: cells reach half a step beyond. */
export function reaching({ quantity, scale, low, high }: AxisSpec, count: number): AxisSpec {
  if (scale === "linear") {
    const half = (high - low) / (2 * (count - 1));
    return { quantity, scale, low: low - half, high: high + half };
  }
  const half = (high / low) ** (1 / (2 * (count - 1)));
  return { quantity, scale, low: low / half, high: high * half };
}

/** Over the seeds of one depth. */
export interface Band {
  low: number;
  median: number;
  high: number;
  /** The median share of points that are right. */
  right: number;
  /** How many of the seeds' networks have trained, of how many. */
  learned: number;
  seeds: number;
}

/** The quartiles at each depth that has networks of its own; a diverged network's loss is infinite. */
export function bands(
  { excess, divergedAt, accuracy }: Outcomes,
  grain: Uint16Array,
  columns: number,
  height: Height,
): (Band | undefined)[] {
  return Array.from({ length: columns }, (_, column) => {
    const [values, shares]: [number[], number[]] = [[], []];
    for (let cell = column; cell < grain.length; cell += columns) {
      // What is shown for a neighbour is no other seed's.
      if (grain[cell] !== 1) continue;
      const right = accuracy?.[cell] ?? Number.NaN;
      const loss = Number.isNaN(divergedAt[cell]) ? excess[cell]! : Infinity;
      values.push(height === "right" ? right : loss);
      shares.push(right);
    }
    if (values.length === 0) return undefined;
    for (const list of [values, shares]) list.sort((x, y) => x - y);
    return {
      low: quantile(values, 0.25),
      median: quantile(values, 0.5),
      high: quantile(values, 0.75),
      right: quantile(shares, 0.5),
      learned: shares.filter((share) => share >= TRAINED).length,
      seeds: values.length,
    };
  });
}

function quantile(sorted: readonly number[], part: number): number {
  const at = part * (sorted.length - 1);
  const [below, t] = [Math.floor(at), at % 1];
  // Nothing times infinity would be no number.
  return t === 0 ? sorted[below]! : sorted[below]! * (1 - t) + sorted[below + 1]! * t;
}

/** How deep a start trains. */
export interface Reach {
  /** The greatest depth tried at which the median over seeds has trained; 0: none. */
  depth: number;
  /** The next one tried, at which it has not; undefined where none was. */
  fails?: number;
}

export function reach(found: readonly (Band | undefined)[], depths: ArrayLike<number>): Reach | undefined {
  let result: Reach | undefined;
  for (const [column, band] of found.entries()) {
    if (!band) continue;
    const depth = depths[column]!;
    if (band.right >= TRAINED) result = { depth };
    else if (result?.fails === undefined) result = { depth: result?.depth ?? 0, fails: depth };
  }
  return result;
}

/** "≥ 1,000", "32" or "< 10". */
export function reachText(found: Reach | undefined): string {
  if (!found) return "…";
  if (found.fails === undefined) return `≥ ${formatCount(found.depth)}`;
  return found.depth > 0 ? formatCount(found.depth) : `< ${formatCount(found.fails)}`;
}

/** What became of the networks of one depth, as a sentence without its subject. */
export function bandText(band: Band | undefined, height: Height): string {
  if (!band) return word("atlas.untrained");
  const { low, median, high, learned, seeds } = band;
  const number = (value: number) =>
    height === "right"
      ? formatShare(value)
      : value < Infinity
        ? formatValue(value)
        : word("landscape.diverged");
  return word(height === "right" ? "atlas.bandRight" : "atlas.bandLoss", {
    median: number(median),
    low: number(low),
    high: number(high),
    learned,
    seeds,
  });
}
