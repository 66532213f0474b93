// Points of runs that are kept when the run goes on or ends, for planes through them.
import { depthOf, widthOf, type KeptPoint, type NetworkSpec, type Parametrization } from "./types";

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
  find(name: string, parametrization: Parametrization, network: NetworkSpec, count: number) {
    const found = this.held.find((point) => point.name === name);
    if (!found || !fits(found, network) || found.values.length !== count) return undefined;
    return as(found.values, found.parametrization, parametrization, network);
  }
}

/** Whether a kept point is of networks of that shape. */
export function fits(point: KeptPoint, network: NetworkSpec): boolean {
  return point.kind === network.kind && point.width === widthOf(network) && point.layers === depthOf(network);
}

/** Parameters as a network of another parametrization has them; classifiers of two kinds share no function. */
export function as(
  values: Float32Array,
  from: Parametrization,
  to: Parametrization,
  network: NetworkSpec,
): Float32Array | undefined {
  if (network.kind === "linear") return converted(values, from, to, widthOf(network));
  return from === to ? values : undefined;
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
