// Where a run stood on a plane at one of its earlier steps.

/** The place at a step, between the points of the path that are kept; undefined before the first and after the last. */
export function placeAtStep(
  { steps, trajectory }: { steps: Float64Array; trajectory: Float32Array },
  step: number,
): [number, number] | undefined {
  const last = steps.length - 1;
  if (last < 0 || step < steps[0]! || step > steps[last]!) return undefined;
  let [low, high] = [0, last];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (steps[middle]! <= step) low = middle;
    else high = middle;
  }
  const span = steps[high]! - steps[low]!;
  const t = span > 0 ? (step - steps[low]!) / span : 1;
  const at = (axis: 0 | 1) =>
    trajectory[2 * low + axis]! + t * (trajectory[2 * high + axis]! - trajectory[2 * low + axis]!);
  return [at(0), at(1)];
}
