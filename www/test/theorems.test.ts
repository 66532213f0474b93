import { describe, expect, it } from "vitest";
import { ballBound, joined, tightest } from "../src/theorems";

const sample = (from: number, pairs: [number, number][]) => ({
  from,
  excess: Float64Array.from(pairs, ([excess]) => excess),
  gradientSquared: Float64Array.from(pairs, ([, gradient]) => gradient),
});

describe("Theorem 2.2 over a sample", () => {
  it("has a line whose slope is the constant", () => {
    // 4 · 3 · 0.5⁴ · 2 · 5
    expect(ballBound(5, 0.5, 3, 2)).toBeCloseTo(7.5, 12);
  });

  it("finds the nearest network, and those below the line", () => {
    const bound = (excess: number) => ballBound(excess, 0.5, 3, 2);
    const found = tightest(
      sample(100, [
        [1, 3 * bound(1)],
        [2, 1.5 * bound(2)],
        [0, 0],
        [4, 9 * bound(4)],
      ]),
      0.5,
      3,
      2,
    )!;
    expect([found.number, found.below]).toEqual([101, 0]);
    expect(found.ratio).toBeCloseTo(1.5, 12);
    expect(tightest(sample(0, [[1, 0.5 * bound(1)]]), 0.5, 3, 2)).toMatchObject({ number: 0, below: 1 });
    expect(tightest(sample(0, [[0, 0]]), 0.5, 3, 2)).toBeUndefined();
  });

  it("goes on where it was", () => {
    const whole = joined(joined(undefined, sample(7, [[1, 2]])), sample(8, [[3, 4]]));
    expect([whole.from, ...whole.excess, ...whole.gradientSquared]).toEqual([7, 1, 3, 2, 4]);
  });
});
