import { describe, expect, it } from "vitest";
import { placeOnWay } from "../src/draw/way-place";
import { between, walked } from "../src/way";

describe("the way to the constructed optimum", () => {
  it("is exact at both ends, and straight", () => {
    const ends = { start: Float32Array.of(0.1, -3, 1e30), optimum: Float32Array.of(0.7, 5, 0.7) };
    expect(between(ends, 0)).toEqual(ends.start);
    expect(between(ends, 1)).toEqual(ends.optimum);
    expect(between(ends, 0.25)[1]).toBe(-1);
  });

  it("is walked in six seconds, from wherever one stands, and not beyond", () => {
    expect([0, 3000, 6000, 9000].map((ms) => walked(0, ms, false))).toEqual([0, 0.5, 1, 1]);
    expect(walked(0.8, 600, false)).toBeCloseTo(0.9, 12);
    expect(walked(0.8, 3000, false)).toBe(1);
  });

  it("is ten still pictures with reduced motion", () => {
    const parts = Array.from({ length: 601 }, (_, i) => walked(0, 10 * i, true));
    expect([...new Set(parts)]).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
    expect(walked(0.25, 0, true)).toBe(0.25);
  });

  it("is straight on every plane that knows both of its ends", () => {
    const plane = {
      trajectory: Float32Array.of(1, -2, 9, 9),
      steps: Float64Array.of(0, 5),
      optimum: [5, 2, 0.3] as const,
    };
    expect([0, 0.25, 1].map((way) => placeOnWay(plane, way))).toEqual([
      [1, -2],
      [2, -1],
      [5, 2],
    ]);
    expect(placeOnWay({ ...plane, optimum: undefined }, 0.5)).toBeUndefined();
    // Where the first point kept is no start.
    expect(placeOnWay({ ...plane, steps: Float64Array.of(3, 5) }, 0.5)).toBeUndefined();
  });
});
