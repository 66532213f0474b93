// A place on the straight way from where a run started to the constructed optimum, as a plane shows it.

/** Projections of a straight line are straight; undefined where the plane knows either end not. */
export function placeOnWay(
  {
    trajectory,
    steps,
    optimum,
  }: {
    trajectory: Float32Array;
    steps: Float64Array;
    optimum?: readonly [number, number, number] | undefined;
  },
  way: number,
): [number, number] | undefined {
  const [a, b] = trajectory;
  if (!optimum || steps[0] !== 0 || a === undefined || b === undefined) return undefined;
  return [a + way * (optimum[0] - a), b + way * (optimum[1] - b)];
}
