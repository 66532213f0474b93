// The one problem that every engine solves, and its float64 answer in plain loops.

export const width = 16;
export const layers = 32;
export const points = 256;
export const learningRate = 0.002;
export const side = 128;

/** Steps after which losses are compared, before anything is timed. */
export const checkedSteps = 3;
export const tolerance = 1e-3;

const square = width * width;

/** Multiply-adds of a gradient step: three products of square matrices a layer. */
export const stepMultiplyAdds = 3 * layers * width ** 3;
/** Multiply-adds of a point of the landscape: one product a layer. */
export const pointMultiplyAdds = layers * width ** 3;

export function generator(seed: number): () => number {
  // mulberry32, then Box–Muller: the numbers need only be the same for everyone.
  let state = seed;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

const normal = generator(20161114);

/** Near enough to the identity for det R > 0, far enough to leave something to learn. */
export const target = Float32Array.from(
  { length: square },
  (_, i) => (i % (width + 1) === 0 ? 1 : 0) + (0.4 * normal()) / Math.sqrt(width),
);

/** Inputs with XXᵀ/n = I exactly: then the risk on the data and the risk from the statistics are one number. */
export const inputs = (() => {
  const x = Array.from({ length: width }, () => Float64Array.from({ length: points }, normal));
  for (const [i, row] of x.entries()) {
    for (const earlier of x.slice(0, i)) {
      const overlap = row.reduce((sum, value, k) => sum + value * earlier[k]!, 0) / points;
      row.forEach((value, k) => (row[k] = value - overlap * earlier[k]!));
    }
    const norm = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0) / points);
    row.forEach((value, k) => (row[k] = value / norm));
  }
  return Float32Array.from(x.flatMap((row) => [...row]));
})();

export const labels = Float32Array.from(multiply(target, inputs, width, points));

function unitDirection(): Float32Array {
  const raw = Float64Array.from({ length: layers * square }, normal);
  const norm = Math.hypot(...raw);
  return Float32Array.from(raw, (value) => value / norm);
}

export interface Plane {
  origin: Float32Array;
  u: Float32Array;
  v: Float32Array;
}

/** The plane of the landscape: through A = 0, spanned by two random unit directions, ±2 each way. */
export const plane: Plane = {
  origin: new Float32Array(layers * square),
  u: unitDirection(),
  v: unitDirection(),
};
export const axis = Float32Array.from({ length: side }, (_, i) => -2 + (4 * i) / (side - 1));

/** (rows × width) · (width × columns) in float64. */
function multiply(a: ArrayLike<number>, b: ArrayLike<number>, rows: number, columns: number): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < width; k++)
      for (let j = 0; j < columns; j++) out[i * columns + j]! += a[i * width + k]! * b[k * columns + j]!;
  return out;
}

const transpose = (a: ArrayLike<number>) =>
  Float64Array.from({ length: square }, (_, i) => a[(i % width) * width + Math.floor(i / width)]!);

/** I + A_j */
const layerMap = (parameters: ArrayLike<number>, j: number): Float64Array =>
  Float64Array.from(
    { length: square },
    (_, i) => parameters[j * square + i]! + (i % (width + 1) === 0 ? 1 : 0),
  );

/** Excess risk ‖P − R‖² (Σ = I) and the products on the way: prefixes[j] = W_j … W_1, prefixes[0] = I. */
function forward(parameters: ArrayLike<number>) {
  const prefixes: Float64Array[] = [layerMap(new Float64Array(square), 0)];
  for (let j = 0; j < layers; j++)
    prefixes.push(multiply(layerMap(parameters, j), prefixes[j]!, width, width));
  const residual = prefixes[layers]!.map((value, i) => value - target[i]!);
  return { prefixes, residual, loss: residual.reduce((sum, value) => sum + value * value, 0) };
}

/** The loss after `count` steps of gradient descent from A = 0. */
export function referenceLoss(count: number): number {
  const parameters = new Float64Array(layers * square);
  for (let step = 0; step < count; step++) {
    const { prefixes, residual } = forward(parameters);
    let back: Float64Array = residual.map((value) => 2 * value);
    for (let j = layers - 1; j >= 0; j--) {
      const gradient = multiply(back, transpose(prefixes[j]!), width, width);
      back = multiply(transpose(layerMap(parameters, j)), back, width, width);
      gradient.forEach((value, i) => (parameters[j * square + i]! -= learningRate * value));
    }
  }
  return forward(parameters).loss;
}

/** The loss at origin + a u + b v. */
export function referencePoint(a: number, b: number): number {
  const { origin, u, v } = plane;
  return forward(Float64Array.from(origin, (value, i) => value + a * u[i]! + b * v[i]!)).loss;
}
