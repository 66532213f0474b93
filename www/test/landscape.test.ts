import { describe, expect, it } from "vitest";
import { describeCritical } from "../src/critical";
import { means } from "../src/draw/landscape";
import { linearDomain, linearPosition } from "../src/draw/scale";
import { project } from "../src/engine/projection";
import { CHECKED_CELLS, cellsToCheck, largestError } from "../src/engine/trust";
import type { PlaneSpec } from "../src/engine/types";
import { planeName, planeNamed } from "../src/plane-name";

describe("the float64 check", () => {
  it.each([9, 17, 65, 129])("takes cells all over %i squared, others next time", (size) => {
    const cells = cellsToCheck(size, 3);
    expect(new Set(cells.map(({ ia, ib }) => ib * size + ia)).size).toBe(CHECKED_CELLS);
    expect(cells.every(({ ia, ib }) => ia >= 0 && ib >= 0 && ia < size && ib < size)).toBe(true);
    const quarters = new Set(cells.map(({ ia, ib }) => `${2 * ia < size} ${2 * ib < size}`));
    expect(quarters.size).toBe(4);
    expect(cellsToCheck(size, 4)).not.toEqual(cells);
  });

  it("finds the one wrong value, and lets pass what float32 cannot hold", () => {
    const cells = cellsToCheck(4, 1);
    const exact = cells.map((_, i) => i + 1);
    const values = new Float32Array(16);
    cells.forEach(({ ia, ib }, i) => (values[ib * 4 + ia] = exact[i]!));
    expect(largestError(values, 4, cells, exact)).toEqual({ cells: 16, worst: 0 });
    values[cells[7]!.ib * 4 + cells[7]!.ia] = 8.8;
    expect(largestError(values, 4, cells, exact).worst).toBeCloseTo(0.1, 6);
    values[cells[7]!.ib * 4 + cells[7]!.ia] = Number.NaN;
    expect(largestError(values, 4, cells, exact).worst).toBe(Infinity);
    expect(largestError(values, 4, cells, exact.with(7, 1e60))).toEqual({ cells: 15, worst: 0 });
  });
});

describe("projection", () => {
  it("solves for directions that are not orthogonal", () => {
    const { a, b } = project(
      Float32Array.of(5, 3, 4),
      new Float32Array(3),
      Float32Array.of(2, 0, 0),
      Float32Array.of(1, 1, 0),
    );
    expect([a, b]).toEqual([1, 3]);
  });
});

describe("the linear colour scale", () => {
  it("begins at the least value and clamps above the percentile", () => {
    const domain = linearDomain(Float32Array.from({ length: 101 }, (_, i) => i))!;
    expect(domain).toEqual({ low: 0, high: 90 });
    expect(linearPosition(45, domain)).toBe(0.5);
    expect(linearPosition(1e9, domain)).toBe(1);
    expect(linearPosition(Number.NaN, domain)).toBeNaN();
    expect(linearDomain(Float32Array.of(Infinity, Number.NaN))).toBeUndefined();
  });
});

describe("planes by name", () => {
  const planes: PlaneSpec[] = [
    { kind: "startCurrent" },
    { kind: "optimum" },
    { kind: "random", normalization: "filter" },
    { kind: "hessian", ends: "both" },
    { kind: "coordinates", first: 3, second: 17 },
  ];
  it.each(planes)("come back: $kind", (plane) => expect(planeNamed(planeName(plane))).toEqual(plane));
  it.each(["cube", "hessian.middle", "coordinates.1.x", "gradient.2", ""])(
    "refuse %j with a sentence",
    (name) => expect(() => planeNamed(name)).toThrow(/plane: allowed are/),
  );
});

describe("critical points in a sentence", () => {
  const critical = {
    converged: true,
    excess: 0,
    gradientNorm: 1e-11,
    distance: 0.4,
    least: 0,
    largest: 35,
    index: 0,
    rank: 8,
    width: 8,
  };
  const sentence = (part: object) =>
    describeCritical({ a: 0, b: 0, excess: 1, gradientNorm: 2, critical: { ...critical, ...part } });

  it("tells minima, saddles, flat points and failures apart", () => {
    expect(sentence({})).toMatch(/^A global minimum, 0\.400 away: the product has full rank/);
    expect(sentence({ excess: 0.25, least: -3, index: 4, rank: 7 })).toMatch(
      /^A saddle.*0\.250: 4 downhill directions.*rank 7 of 8/,
    );
    expect(sentence({ excess: 8, least: 0, largest: 0, rank: 0 })).toMatch(
      /^A flat critical point.*no global minimum/,
    );
    expect(sentence({ converged: false, gradientNorm: 0.1 })).toMatch(
      /^No critical point within reach.*0\.100/,
    );
  });

  it("claims a minimum without a theorem only where nothing can be lower", () => {
    const plain = (part: object, measure: "excess risk" | "loss") =>
      describeCritical(
        { a: 0, b: 0, excess: 1, gradientNorm: 2, critical: { ...critical, rank: null, ...part } },
        measure,
      );
    expect(plain({}, "excess risk")).toMatch(/^A global minimum, 0\.400 away, at excess risk 0/);
    expect(plain({ excess: 0.1 }, "excess risk")).toMatch(
      /^A local minimum or flat point.*excess risk 0\.100/,
    );
    expect(plain({}, "loss")).toMatch(/^A local minimum or flat point.*loss 0/);
    expect(plain({ excess: 2, least: -3, index: 4 }, "loss")).toMatch(/^A saddle.*loss 2.*4 downhill/);
  });
});

describe("what the colours of a map stand for", () => {
  const size = 33;
  const grid = (height: (x: number, y: number) => number) =>
    Float32Array.from({ length: size * size }, (_, i) => height(i % size, Math.floor(i / size)));

  it("makes one valley of one that is narrower than the grid", () => {
    const valley = grid((x, y) => (x - 0.6137 * y - 3.1) ** 2 + 1e-9);
    const floors = (values: Float32Array) =>
      Array.from({ length: size - 2 }, (_, row) =>
        Math.min(...values.subarray((row + 1) * size, (row + 2) * size)),
      );
    const spread = (list: number[]) => Math.max(...list) / Math.min(...list);
    expect(spread(floors(valley))).toBeGreaterThan(1000);
    expect(spread(floors(means(valley, size)))).toBeLessThan(3);
  });

  it("leaves slopes as they are, and is the mean where the height is quadratic", () => {
    const slope = grid((x, y) => 2 * x - 3 * y);
    means(slope, size).forEach((value, i) => expect(value).toBeCloseTo(slope[i]!, 4));
    const bowl = grid((x, y) => x * x + 3 * y * y);
    // (h²/12) Δf with h = 1 and Δf = 2 + 6.
    expect(means(bowl, size)[5 * size + 7]! - bowl[5 * size + 7]!).toBeCloseTo(8 / 12, 4);
  });

  it("keeps what has no value to its place", () => {
    const holed = grid(() => 4);
    holed[5 * size + 5] = Number.NaN;
    holed[9 * size + 9] = Infinity;
    expect(means(holed, size)).toEqual(holed);
  });
});
