import { describe, expect, it } from "vitest";
import { labParameters, tooLarge, type Shape } from "../src/lab-network";

const relu = (values: number[]) => values.map((v) => Math.max(0, v));
const times = (matrix: ArrayLike<number>, at: number, rows: number, columns: number, x: number[]) =>
  Array.from({ length: rows }, (_, i) =>
    x.reduce((sum, v, j) => sum + matrix[at + i * columns + j]! * (j < columns ? v : 0), 0),
  );
const plus = (x: number[], y: number[]) => x.map((v, i) => v + y[i]!);

/** The network of the theorem as it is written down: Pad(h) + V relu(U h + s) after the blocks. */
function written(built: number[], { dimension: d, width: k, classes: r, blocks }: Shape, x: number[]) {
  let at = 0;
  const next = (count: number) => (at += count) - count;
  let h = times(built, next(k * d), k, d, x);
  for (let b = 0; b < blocks - 1; b++) {
    const a = relu(plus(times(built, next(k * k), k, k, h), built.slice(next(k), at)));
    h = plus(h, times(built, next(k * k), k, k, a));
  }
  const a = relu(plus(times(built, next(r * k), r, k, h), built.slice(next(r), at)));
  const last = times(built, next(r * r), r, r, a);
  return last.map((v, c) => v + (h[c] ?? 0));
}

/** The lab's own network. */
function trained(flat: Float32Array, { dimension: d, width, classes: r, blocks }: Shape, x: number[]) {
  const k = width + r;
  let at = 0;
  const next = (count: number) => (at += count) - count;
  let h = times(flat, next(k * d), k, d, x);
  for (let b = 0; b < blocks; b++) {
    const a = relu(plus(times(flat, next(k * k), k, k, h), [...flat.slice(next(k), at)]));
    const branch = times(flat, next(k * k), k, k, a);
    const alpha = flat[next(1)]!;
    h = h.map((v, i) => v + alpha * branch[i]!);
  }
  const logits = times(flat, next(r * k), r, k, h);
  expect(at).toBe(flat.length);
  return logits;
}

describe("a built network in the lab", () => {
  it("is the same function, with more classes than units and with fewer", () => {
    for (const shape of [
      { dimension: 2, width: 3, classes: 2, blocks: 4 },
      { dimension: 3, width: 2, classes: 4, blocks: 1 },
    ]) {
      const { dimension: d, width: k, classes: r, blocks } = shape;
      const count = k * d + (blocks - 1) * (2 * k * k + k) + r * k + r + r * r;
      const built = Array.from({ length: count }, (_, i) => Math.sin(7 * i + 1));
      const flat = labParameters(built, shape);
      for (let p = 0; p < 5; p++) {
        const x = Array.from({ length: d }, (_, i) => Math.cos(3 * p + i));
        const [found, wanted] = [trained(flat, shape, x), written(built, shape, x)];
        found.forEach((value, i) => expect(value).toBeCloseTo(wanted[i]!, 4));
      }
    }
  });

  it("says when it is too large to be trained", () => {
    expect(tooLarge({ dimension: 2, width: 8, classes: 2, blocks: 26 })).toBeUndefined();
    expect(tooLarge({ dimension: 2, width: 60, classes: 10, blocks: 3 })).toContain("width + classes = 70");
    expect(tooLarge({ dimension: 2, width: 2, classes: 2, blocks: 2000 })).toContain("up to 1024 blocks");
  });
});
