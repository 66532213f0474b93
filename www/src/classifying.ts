// What the page shows of classifiers: the plane as they see it, their points in every layer, how many are right.
import { gridOf, rangeOf, type DecisionPicture, type PlaneRange } from "./draw/decision";
import type { Evaluation, Hidden, SplitPoints, LabSession } from "./engine";

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
  const all = new Float32Array(points.inputs.length + points.heldOutInputs.length);
  all.set(points.inputs);
  all.set(points.heldOutInputs, points.inputs.length);
  return rangeOf(all);
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
