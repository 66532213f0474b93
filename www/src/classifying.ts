// What is shown of classifiers: the plane as they see it, their points in every layer, how many are right.
import { gridOf, rangeOf, type DecisionPicture, type PlaneRange } from "./draw/decision";
import type { Evaluation, Hidden, LabelledPoints, LabSession, SplitPoints } from "./engine";

export interface ClassifierPicture {
  step: number;
  evaluation: Evaluation;
  /** Only for inputs of two dimensions. */
  decision: DecisionPicture | undefined;
  hidden: Hidden;
}

/** Side of the grid of inputs while the run goes on, and at rest. */
const LIVE = 49;
const STILL = 129;
/** Points that are followed through the layers. */
const FOLLOWED = 400;

/** The part of the plane to show; undefined where the inputs have another dimension. */
export function inputRange(points: SplitPoints | undefined): PlaneRange | undefined {
  if (points?.dimension !== 2) return undefined;
  return rangeOf(together(points).inputs);
}

function joined<T extends Float32Array | Uint16Array>(array: new (length: number) => T, x: T, y: T): T {
  const result = new array(x.length + y.length);
  result.set(x);
  result.set(y, x.length);
  return result;
}

/** Those held out among the others. */
export function together(points: SplitPoints): LabelledPoints {
  const { dimension, classes, inputs, labels, heldOutInputs, heldOutLabels } = points;
  return {
    dimension,
    classes,
    inputs: joined(Float32Array, inputs, heldOutInputs),
    labels: joined(Uint16Array, labels, heldOutLabels),
  };
}

export async function classify(
  session: LabSession,
  twin: number,
  points: SplitPoints,
  range: PlaneRange | undefined,
  still: boolean,
): Promise<ClassifierPicture> {
  const side = still ? STILL : LIVE;
  const grid = range && { x: gridOf(range.x, side), y: gridOf(range.y, side) };
  const { step, evaluation, logits, hidden } = await session.classifier(twin, { ...grid, points: FOLLOWED });
  const decision = range &&
    logits && { ...range, columns: side, rows: side, classes: points.classes, logits };
  return { step, evaluation, hidden, decision };
}

export function samePoints(x: SplitPoints | undefined, y: SplitPoints | undefined): boolean {
  if (x?.inputs.length !== y?.inputs.length) return false;
  return x?.inputs.every((value, i) => value === y?.inputs[i]) ?? true;
}
