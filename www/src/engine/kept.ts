// Points of runs that are kept when the run goes on or ends, for planes through them.
import type { KeptPoint, Parametrization } from "./types";

/** More are not kept: the oldest goes. At the largest shape one takes 4 MiB. */
export const MOST_KEPT = 8;

interface Held extends KeptPoint {
  values: Float32Array;
}

export class KeptPoints {
  private held: Held[] = [];
  private count = 0;

  keep(point: Omit<KeptPoint, "name">, values: Float32Array): void {
    this.held.push({ ...point, name: `kept${++this.count}`, values });
    this.held.splice(0, this.held.length - MOST_KEPT);
  }

  list(): KeptPoint[] {
    return this.held.map(({ values: _, ...point }) => point);
  }

  /** The parameters of a kept point as a network of that kind has them; undefined where none fits. */
  find(name: string, parametrization: Parametrization, width: number, layers: number) {
    const found = this.held.find((point) => point.name === name);
    if (!found || found.width !== width || found.layers !== layers) return undefined;
    return converted(found.values, found.parametrization, parametrization, width);
  }
}

/** The same layer maps in another parametrization: W = I + A. */
export function converted(
  values: Float32Array,
  from: Parametrization,
  to: Parametrization,
  width: number,
): Float32Array {
  const result = values.slice();
  if (from === to) return result;
  const one = to === "standard" ? 1 : -1;
  const size = width * width;
  for (let layer = 0; layer < result.length; layer += size) {
    for (let i = 0; i < size; i += width + 1) result[layer + i]! += one;
  }
  return result;
}
