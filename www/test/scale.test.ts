import { describe, expect, it } from "vitest";
import { sequentialPixel, signedPixel } from "../src/draw/color";
import { levelLines, type Line } from "../src/draw/contours";
import {
  contourLevels,
  formatCount,
  formatValue,
  logDomain,
  logPosition,
  niceStep,
  powerOfTen,
  ticks,
} from "../src/draw/scale";

describe("logarithmic colours", () => {
  it("cover the values, rounded outwards", () => {
    const { low, high } = logDomain(Float32Array.of(0.02, 1, 50, 50, 50))!;
    expect(low).toBeLessThanOrEqual(Math.log10(0.02));
    expect(high).toBeGreaterThanOrEqual(Math.log10(50));
    expect(high - low).toBeLessThan(5);
  });

  it("are not ruled by one far corner, nor by one deep point", () => {
    const values = new Float32Array(100).fill(1);
    values[0] = 1e30;
    values[1] = 1e-20;
    const { low, high } = logDomain(values)!;
    expect(high).toBeLessThan(2);
    expect(low).toBeGreaterThan(-8);
  });

  it("need a positive value", () => {
    expect(logDomain(Float32Array.of(0, Number.NaN, Infinity, -1))).toBeUndefined();
  });

  it("place zero at the bottom and refuse what is not finite", () => {
    const domain = { low: -2, high: 2 };
    expect(logPosition(1, domain)).toBe(0.5);
    expect(logPosition(0, domain)).toBe(0);
    expect(logPosition(1e9, domain)).toBe(1);
    expect(logPosition(Number.NaN, domain)).toBeNaN();
    expect(logPosition(Infinity, domain)).toBeNaN();
  });

  it("map signs to orange, white and blue", () => {
    const hex = (pixel: number) =>
      [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255]
        .map((c) => c.toString(16).padStart(2, "0"))
        .join("");
    expect(hex(signedPixel(-2, 1))).toBe("f59322");
    expect(hex(signedPixel(0, 1))).toBe("e8eaeb");
    expect(hex(signedPixel(1, 1))).toBe("0877bd");
    expect(signedPixel(Number.NaN, 1)).toBe(0);
    expect(sequentialPixel(Number.NaN)).toBe(0);
    expect(hex(sequentialPixel(1))).toBe("440154");
  });
});

const points = (line: Line) =>
  Array.from({ length: line.length / 2 }, (_, i): [number, number] => [line[2 * i]!, line[2 * i + 1]!]);

const closed = (line: [number, number][]) => `${line[0]}` === `${line[line.length - 1]}`;

describe("contours", () => {
  it("lie inside the domain, at round levels", () => {
    const levels = contourLevels({ low: -2, high: 1 });
    expect(levels.length).toBeGreaterThan(5);
    for (const level of levels) expect(level > -2 && level < 1).toBe(true);
  });

  it("follow a circle where the value is a squared distance", () => {
    const size = 41;
    const values = Float32Array.from({ length: size * size }, (_, i) => {
      const [x, y] = [(i % size) - 20, Math.floor(i / size) - 20];
      return x * x + y * y + 1e-6;
    });
    const lines = levelLines(values, size, [2]);
    expect(lines).toHaveLength(1);
    const ring = points(lines[0]!);
    expect(ring[0]).toEqual(ring[ring.length - 1]);
    expect(ring.length).toBeGreaterThan(60);
    for (const [x, y] of ring) expect(Math.hypot(x - 20, y - 20)).toBeCloseTo(10, 1);
    ring
      .slice(1)
      .forEach(([x, y], i) => expect(Math.hypot(x - ring[i]![0], y - ring[i]![1])).toBeLessThan(1.5));
  });

  it("go from border to border, and not along it", () => {
    const size = 9;
    const values = Float32Array.from({ length: size * size }, (_, i) => 10 ** ((i % size) - 4));
    const lines = levelLines(values, size, [0.5, 2.25]);
    expect(lines).toHaveLength(2);
    for (const [i, at] of [4.5, 6.25].entries()) {
      const line = points(lines[i]!);
      expect(line).toHaveLength(size);
      for (const [x] of line) expect(x).toBeCloseTo(at, 5);
      expect(new Set([line[0]![1], line[size - 1]![1]])).toEqual(new Set([0, size - 1]));
    }
  });

  it("of a saddle join the corners that its mean belongs to", () => {
    const values = Float32Array.from([1, 0, 0, 1]);
    // Below the mean, ½, the high corners hang together, and each line cuts off a low one; above it, a high one.
    for (const line of levelLines(values, 2, [0.25], "linear").map(points))
      expect(Math.abs(line[0]![0] - line[0]![1] - (line[1]![0] - line[1]![1]))).toBeCloseTo(0, 6);
    for (const line of levelLines(values, 2, [0.75], "linear").map(points))
      expect(line[0]![0] + line[0]![1]).toBeCloseTo(line[1]![0] + line[1]![1], 6);
  });

  it("make no row of rings of a valley that is narrower than the grid", () => {
    const size = 33;
    const at = (i: number) => -1.5 + (5 * i) / (size - 1);
    const values = Float32Array.from(
      { length: size * size },
      (_, i) => (at(i % size) * at(Math.floor(i / size)) - 2) ** 2,
    );
    const rings = levelLines(values, size, [-1.5, -1, -0.5, 0]).map(points).filter(closed);
    for (const ring of rings) expect(ring.length).toBeGreaterThan(size / 2);
    // What is as wide as the grid stays, however small it is.
    const hollow = Float32Array.from({ length: 25 }, (_, i) =>
      Math.hypot((i % 5) - 2, Math.floor(i / 5) - 2),
    );
    expect(levelLines(hollow, 5, [1.25], "linear").filter((line) => closed(points(line)))).toHaveLength(1);
  });

  it("stop at what is not finite", () => {
    const size = 9;
    const values = Float32Array.from({ length: size * size }, (_, i) => i % size);
    for (const hole of [Number.NaN, Infinity, -Infinity]) {
      values[4 * size + 4] = hole;
      const lines = levelLines(values, size, [3.5, 4.5, 6.5], "linear").map(points);
      // Two lines are cut in two by the hole's cells, the third goes past them.
      expect(lines.map((line) => line.length).sort()).toEqual([4, 4, 4, 4, 9]);
      for (const line of lines) for (const at of line.flat()) expect(Number.isFinite(at)).toBe(true);
    }
  });

  it("take nothing for the lowest height of a logarithm", () => {
    const lines = levelLines(Float32Array.from([0, 1, 0, 1]), 2, [-1]);
    expect(lines).toHaveLength(1);
    for (const [x] of points(lines[0]!)) expect(x).toBeGreaterThan(0.9);
  });
});

describe("numbers", () => {
  it.each([
    [0, "0"],
    [1, "1.00"],
    [-0.05, "−0.0500"],
    [1234.5, "1235"],
    [1.5e-7, "1.50·10⁻⁷"],
    [1e-45, "1.00·10⁻⁴⁵"],
    [Infinity, "∞"],
    [9.9999e-5, "1.00·10⁻⁴"],
    [0.00099996, "0.0010"],
    [-9.9949e-5, "−9.99·10⁻⁵"],
    [9.9996, "10.0"],
    [99.96, "100"],
    [9999.6, "1.00·10⁴"],
    [5e-324, "4.94·10⁻³²⁴"],
    [Number.NaN, "–"],
    [undefined, "–"],
  ])("%s reads %s", (value, text) => expect(formatValue(value)).toBe(text));

  it("writes steps and powers", () => {
    expect(formatCount(1234567)).toBe("1\u202f234\u202f567");
    expect(powerOfTen(-12)).toBe("10⁻¹²");
  });

  it("puts ticks at round numbers inside", () => {
    expect(ticks(-0.7, 1.1, 4)).toEqual([-0.5, 0, 0.5, 1]);
    expect(ticks(0, 0, 4)).toEqual([]);
    expect([0.3, 1, 1.2, 5.1].map(niceStep)).toEqual([0.5, 1, 2, 10]);
  });
});
