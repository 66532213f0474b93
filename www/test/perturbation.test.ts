import { describe, expect, it } from "vitest";
import { LEAST, MOST, percentOf, PLACES, sizeAt } from "../src/perturbation";

describe("the size of a perturbation", () => {
  it("runs over the slider in equal factors, two digits each", () => {
    const sizes = Array.from({ length: PLACES + 1 }, (_, place) => sizeAt(place));
    expect([sizes[0], sizes[40], sizes[PLACES]]).toEqual([LEAST, 0.01, MOST]);
    sizes.slice(1).forEach((size, i) => {
      expect(size / sizes[i]!).toBeGreaterThan(1.2);
      expect(size / sizes[i]!).toBeLessThan(1.32);
      expect(Number(size.toPrecision(2))).toBe(size);
    });
  });

  it("is read as a percentage without the noise of binary fractions", () => {
    expect([1e-6, 0.0032, 0.29, 1].map(percentOf)).toEqual(["0.0001 %", "0.32 %", "29 %", "100 %"]);
  });
});
