// Training networks of a constructed network's shape: on which points, for how long, and what is too much. No DOM.
import type { BuildReport, LabelledPoints } from "./engine/expressivity";
import type { ExperimentInput } from "./engine/types";
import { formatCount, formatValue } from "./draw/scale";
import { dataOf } from "./points";
import { word } from "./words";

/** Steps and learning rates to choose from. */
export const BUDGETS: readonly number[] = [500, 2000, 10_000];
export const RATES: readonly number[] = [0.001, 0.003, 0.01];

export interface FitBudget {
  steps: number;
  learningRate: number;
}

/** Multiply-adds that are spent at most: some minutes of one core. */
const MOST_WORK = 1e12;
const GOLDEN_RATIO = (1 + Math.sqrt(5)) / 2;
const SHARES = [1 / 8, 1 / 4, 1 / 2, 1];

/** Parameters that are trained: kd + ℓ(2k² + k) + rk; every α stays 1, and B takes the place of the last block. */
export function trainedParameters({ dimension, classes, width, blocks }: BuildReport): number {
  return width * dimension + blocks * (2 * width ** 2 + width) + classes * width;
}

/**
 * So many of the points, spread through their order without a period: sets put their classes by turns, so that every
 * fourth point would be of one class. Points that few are chosen from are among those that more are chosen from.
 */
function thinned(points: LabelledPoints, count: number): LabelledPoints {
  const { dimension, inputs, labels } = points;
  const place = (i: number) => (i * GOLDEN_RATIO) % 1;
  const chosen = Array.from(labels.keys())
    .sort((i, j) => place(i) - place(j))
    .slice(0, count)
    .sort((i, j) => i - j);
  return {
    ...points,
    inputs: Float32Array.from(
      chosen.flatMap((i) => [...inputs.subarray(i * dimension, (i + 1) * dimension)]),
    ),
    labels: Uint16Array.from(chosen, (i) => labels[i]!),
  };
}

/** An eighth of the points to all of them; parts in which not even two classes are left are passed over. */
export function growingParts(points: LabelledPoints): LabelledPoints[] {
  const counts = new Set(SHARES.map((share) => Math.round(share * points.labels.length)));
  return [...counts]
    .filter((count) => count >= 2)
    .map((count) => thinned(points, count))
    .filter(({ labels }) => labels.some((label) => label !== labels[0]));
}

/** Multiply-adds of all steps: two networks, forwards and twice as much backwards. */
function workOf(report: BuildReport, given: readonly number[], { steps }: FitBudget): number {
  const points = given.reduce((sum, count) => sum + count, 0);
  return 6 * steps * points * trainedParameters(report);
}

/** Why that is too much to be trained here; undefined where it is not. The crate has bounds of its own for shapes. */
export function tooMuch(
  report: BuildReport,
  given: readonly number[],
  budget: FitBudget,
): string | undefined {
  const work = workOf(report, given, budget);
  if (work <= MOST_WORK) return undefined;
  return word("fit.tooMuch", {
    steps: formatCount(budget.steps),
    parameters: formatCount(trainedParameters(report)),
    points: formatCount(Math.max(...given)),
    work: formatValue(work),
    most: formatValue(MOST_WORK),
  });
}

/** The identity start, and He-drawn plain blocks for comparison, both of the constructed network's width and depth. */
export function fitExperiment(
  { width, blocks }: BuildReport,
  points: LabelledPoints,
  { learningRate }: FitBudget,
  seed: number,
): ExperimentInput {
  return {
    network: { kind: "relu", width, blocks, loss: "crossEntropy", trainEnds: true },
    data: dataOf(points, 0),
    optimizer: { kind: "adam", learningRate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    batch: null,
    seed,
    twins: [
      { parametrization: "identity", start: { kind: "identity" } },
      { parametrization: "standard", start: { kind: "he", scale: 1 } },
    ],
  };
}
