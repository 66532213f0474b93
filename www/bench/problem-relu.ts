// The ReLU problem that every engine solves, and its float64 answer in plain loops: two spirals, labelled.
import { generator } from "./problem";

export const width = 16;
export const blocks = 8;
export const points = 256;
export const classes = 2;
export const learningRate = 0.05;
export const side = 64;

const normal = generator(20170426);
const normals = (count: number, scale: number) => Float32Array.from({ length: count }, () => scale * normal());

export const inputs = Float32Array.from({ length: 2 * points }, (_, i) => {
  const point = i >> 1;
  const radius = ((point >> 1) + 0.5) / (points / 2);
  const angle = Math.PI * (3 * radius + (point % 2));
  return radius * (i % 2 ? Math.sin(angle) : Math.cos(angle));
});
export const labels = Array.from({ length: points }, (_, i) => i % 2);
/** points × classes, 1 at the label. */
export const oneHot = Float32Array.from({ length: points * classes }, (_, i) => Number(labels[i >> 1] === i % 2));

/** A network's parameters, matrices row-major; there is no α: the lab's stays at 1. */
export interface Parameters {
  /** width × 2 */
  input: Float32Array;
  /** width × width, width, width × width of each block */
  u: Float32Array[];
  s: Float32Array[];
  v: Float32Array[];
  /** classes × width */
  output: Float32Array;
}

function draw(scale: number, branch: number): Parameters {
  const each = (count: number, size: number) => Array.from({ length: blocks }, () => normals(count, size));
  return {
    input: normals(2 * width, scale),
    u: each(width * width, scale / Math.sqrt(width)),
    s: each(width, branch),
    v: each(width * width, branch / Math.sqrt(width)),
    output: normals(classes * width, scale / Math.sqrt(width)),
  };
}

export const start = draw(1, 0.3);
export const plane = { origin: start, u: draw(0.3, 0.3), v: draw(0.3, 0.3) };
export const axis = Float32Array.from({ length: side }, (_, i) => -1 + (2 * i) / (side - 1));

/** In the lab's order, with `alpha` in the place of every α. */
export const flat = ({ input, u, s, v, output }: Parameters, alpha: number): Float32Array =>
  Float32Array.from([...input, ...u.flatMap((u, j) => [...u, ...s[j]!, ...v[j]!, alpha]), ...output]);

type Doubles = { [Part in keyof Parameters]: Parameters[Part] extends Float32Array ? Float64Array : Float64Array[] };

function doubles(make: (part: (of: Parameters) => Float32Array) => Float64Array): Doubles {
  const each = (name: "u" | "s" | "v") => Array.from({ length: blocks }, (_, j) => make((of) => of[name][j]!));
  return {
    input: make((of) => of.input),
    u: each("u"),
    s: each("s"),
    v: each("v"),
    output: make((of) => of.output),
  };
}

/** [rows × columns] · x, or its transpose · x. */
const times = (a: Float64Array, x: ArrayLike<number>) =>
  Float64Array.from({ length: a.length / x.length }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < x.length; j++) sum += a[i * x.length + j]! * x[j]!;
    return sum;
  });
const back = (a: Float64Array, y: ArrayLike<number>) =>
  Float64Array.from({ length: a.length / y.length }, (_, j) => {
    let sum = 0;
    for (let i = 0; i < y.length; i++) sum += a[(i * a.length) / y.length + j]! * y[i]!;
    return sum;
  });

/** Mean cross-entropy; each point's part of the gradient is taken off the parameters `next` if there are any. */
function meanLoss(at: Doubles, next?: Doubles): number {
  const descend = (to: Float64Array, y: ArrayLike<number>, x: ArrayLike<number>) => {
    for (let i = 0; i < y.length; i++)
      for (let j = 0; j < x.length; j++) to[i * x.length + j]! -= (learningRate / points) * y[i]! * x[j]!;
  };
  let total = 0;
  for (let point = 0; point < points; point++) {
    const x = inputs.subarray(2 * point, 2 * point + 2);
    const hidden = [times(at.input, x)];
    const active: Float64Array[] = [];
    for (let j = 0; j < blocks; j++) {
      const h = hidden[j]!;
      const z = times(at.u[j]!, h).map((value, i) => Math.max(value + at.s[j]![i]!, 0));
      active.push(z);
      hidden.push(times(at.v[j]!, z).map((value, i) => value + h[i]!));
    }
    const powers = times(at.output, hidden[blocks]!).map(Math.exp);
    const sum = powers.reduce((all, power) => all + power, 0);
    total -= Math.log(powers[labels[point]!]! / sum);
    if (!next) continue;
    const byLogits = powers.map((power, c) => power / sum - Number(c === labels[point]));
    descend(next.output, byLogits, hidden[blocks]!);
    let g = back(at.output, byLogits);
    for (let j = blocks - 1; j >= 0; j--) {
      const d = back(at.v[j]!, g).map((value, i) => (active[j]![i]! > 0 ? value : 0));
      descend(next.v[j]!, g, active[j]!);
      descend(next.u[j]!, d, hidden[j]!);
      descend(next.s[j]!, d, [1]);
      const through = back(at.u[j]!, d);
      g = g.map((value, i) => value + through[i]!);
    }
    descend(next.input, g, x);
  }
  return total / points;
}

/** The loss after `count` steps of gradient descent. */
export function referenceLoss(count: number): number {
  let at = doubles((part) => Float64Array.from(part(start)));
  for (let step = 0; step < count; step++) {
    const next = structuredClone(at);
    meanLoss(at, next);
    at = next;
  }
  return meanLoss(at);
}

/** The loss at origin + a u + b v. */
export function referencePoint(a: number, b: number): number {
  const { origin, u, v } = plane;
  return meanLoss(
    doubles((part) => Float64Array.from(part(origin), (value, i) => value + a * part(u)[i]! + b * part(v)[i]!)),
  );
}
