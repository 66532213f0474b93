import { describe, expect, it } from "vitest";
import {
  BLOCK_BASE,
  BLOCK_HEIGHT,
  clampCamera,
  dragged,
  FIRST_CAMERA,
  keyed,
  sightOf,
  toScreen,
  wheeled,
  zoomed,
} from "../src/draw/camera";
import { contourLevels, linearDomain, logDomain, logPosition } from "../src/draw/scale";
import {
  drapeSegment,
  fractions,
  heightAt,
  heightAtFraction,
  heightOf,
  hiddenFrom,
  place,
  reliefOf,
  type Relief,
} from "../src/draw/surface-height";

const axis = (low: number, high: number, size: number) =>
  Float32Array.from({ length: size }, (_, i) => low + ((high - low) * i) / (size - 1));

/** Heights as a function of the parts of the ranges, as they are. */
function relief(size: number, height: (s: number, t: number) => number): Relief {
  const heights = Float32Array.from({ length: size * size }, (_, i) =>
    height((i % size) / (size - 1), Math.floor(i / size) / (size - 1)),
  );
  return { size, a: [-1, 3], b: [10, 20], heights, domain: { low: 0, high: 1 }, levels: [0.5, 0.1] };
}

describe("heights", () => {
  it("are the places of the colours, and none where a value is not finite", () => {
    const domain = { low: -2, high: 2 };
    expect(heightOf(1, domain, "log")).toBe(0.5);
    expect(heightOf(1e9, domain, "log")).toBe(1);
    expect(heightOf(0, domain, "log")).toBe(0);
    expect(heightOf(-1, domain, "linear")).toBe(0.25);
    for (const value of [Number.NaN, Infinity, -Infinity]) {
      expect(heightOf(value, domain, "log")).toBeNaN();
      expect(heightOf(value, domain, "linear")).toBeNaN();
    }
  });

  it("come with the map's contour levels, and reuse their buffer", () => {
    const data = {
      size: 3,
      a: axis(-1, 1, 3),
      b: axis(0, 1, 3),
      values: Float32Array.of(1e-3, 0.01, 0.1, 0.02, 1, 2, 5, Number.NaN, 50),
    };
    const made = reliefOf(data, "log", logDomain(data.values));
    expect(made.heights[4]).toBeCloseTo(logPosition(1, made.domain!), 6);
    expect(made.heights[7]).toBeNaN();
    const { low, high } = made.domain!;
    const levels = contourLevels(made.domain!);
    expect(levels.length).toBeGreaterThan(2);
    levels.forEach((level, i) => {
      expect(made.levels[0] + i * made.levels[1]).toBeCloseTo((level - low) / (high - low), 9);
    });
    expect(reliefOf(data, "linear", linearDomain(data.values), made).heights).toBe(made.heights);
    const finer = { size: 2, a: axis(0, 1, 2), b: axis(0, 1, 2), values: Float32Array.of(1, 2, 3, 4) };
    expect(reliefOf(finer, "log", logDomain(finer.values), made).heights).toHaveLength(4);
  });

  it("without any value are none", () => {
    const size = 2;
    const values = new Float32Array(4).fill(Number.NaN);
    const made = reliefOf({ size, a: axis(0, 1, 2), b: axis(0, 1, 2), values }, "log", logDomain(values));
    expect(made.domain).toBeUndefined();
    expect(made.heights.every(Number.isNaN)).toBe(true);
  });

  it("between grid points are bilinear, and end at the border", () => {
    const made = relief(5, (s, t) => 0.2 + 0.5 * s - 0.1 * t);
    for (const [a, b] of [
      [-1, 10],
      [3, 20],
      [0.3, 17.7],
    ] as const) {
      const [s, t] = fractions(made, a, b);
      expect(heightAt(made, a, b)).toBeCloseTo(0.2 + 0.5 * s - 0.1 * t, 6);
    }
    const saddle = relief(2, (s, t) => s * t);
    expect(heightAtFraction(saddle, 0.5, 0.5)).toBeCloseTo(0.25, 6);
    expect(heightAt(made, 3.01, 15)).toBeNaN();
    expect(heightAt(made, 0, 9.9)).toBeNaN();
  });

  it("are missing beside a hole", () => {
    const made = relief(5, (s, t) => (s === 0.5 && t === 0.5 ? Number.NaN : 0.3));
    expect(heightAtFraction(made, 0.4, 0.4)).toBeNaN();
    expect(heightAtFraction(made, 0.1, 0.1)).toBeCloseTo(0.3, 6);
  });
});

describe("what hides behind the surface", () => {
  // A wall across the middle; the eye in front of it, then high above.
  const wall = relief(65, (_, t) => (Math.abs(t - 0.5) < 0.05 ? 1 : 0.1));
  const front = sightOf({ azimuth: 0, elevation: 15, distance: 1 }, 400, 300).eye;
  const above = sightOf({ azimuth: 0, elevation: 85, distance: 1 }, 400, 300).eye;

  it("is hidden behind a ridge, from its side", () => {
    expect(hiddenFrom(wall, front, 0.5, 0.7, 0.1)).toBe(true);
    expect(hiddenFrom(wall, front, 0.5, 0.2, 0.1)).toBe(false);
    expect(hiddenFrom(wall, front, 0.5, 0.5, 1)).toBe(false);
    const behind = sightOf({ azimuth: 180, elevation: 15, distance: 1 }, 400, 300).eye;
    expect(hiddenFrom(wall, behind, 0.5, 0.7, 0.1)).toBe(false);
    expect(hiddenFrom(wall, behind, 0.5, 0.2, 0.1)).toBe(true);
  });

  it("shows from above", () => {
    expect(hiddenFrom(wall, above, 0.5, 0.7, 0.1)).toBe(false);
  });

  it("is never hidden by the slope that it lies on, nor by a hole", () => {
    const slope = relief(65, (_, t) => 0.9 * t);
    for (let t = 0.02; t < 1; t += 0.03) expect(hiddenFrom(slope, front, 0.5, t, 0.9 * t)).toBe(false);
    const hole = relief(65, (_, t) => (Math.abs(t - 0.5) < 0.05 ? Number.NaN : 0.1));
    expect(hiddenFrom(hole, front, 0.5, 0.7, 0.1)).toBe(false);
  });
});

describe("a path on the surface", () => {
  const hills = relief(33, (s) => 0.5 + 0.4 * Math.sin(20 * s));

  it("follows the ground between far points", () => {
    const into: number[] = [];
    drapeSegment(hills, [0.1, 0.5], [0.9, 0.5], into);
    expect(into.length / 3).toBeGreaterThan(15);
    for (let i = 0; i < into.length; i += 3) {
      expect(into[i + 2]).toBeCloseTo(heightAtFraction(hills, into[i]!, into[i + 1]!), 6);
    }
    expect([into[0], into[into.length - 3]]).toEqual([0.1, 0.9]);
    // A continued line does not repeat its joint.
    const before = into.length;
    drapeSegment(hills, [0.9, 0.5], [0.9, 0.52], into);
    expect(into.length).toBe(before + 3);
  });

  it("is cut at the border, however far it goes", () => {
    const into: number[] = [];
    drapeSegment(hills, [0.5, 0.5], [1e12, 0.5], into);
    const finite = into.filter((_, i) => i % 3 === 0).filter((s) => !Number.isNaN(s));
    expect(Math.max(...finite)).toBeCloseTo(1, 4);
    expect(into.length).toBeLessThan(200);
    expect(into[into.length - 1]).toBeNaN();
    const outside: number[] = [];
    drapeSegment(hills, [1.2, 0], [1.4, 1], outside);
    drapeSegment(hills, [1.2, 0], [1.2, 1], outside);
    expect(outside.every(Number.isNaN)).toBe(true);
    const lost: number[] = [];
    drapeSegment(hills, [0.5, 0.5], [Number.NaN, 0.5], lost);
    expect(lost.every(Number.isNaN)).toBe(true);
  });
});

describe("the camera", () => {
  it("stays above the ground and within reach", () => {
    expect(clampCamera({ azimuth: 190, elevation: -40, distance: 9 })).toEqual({
      azimuth: -170,
      elevation: 8,
      distance: 2,
    });
    expect(clampCamera({ azimuth: -541, elevation: 120, distance: 0 }).azimuth).toBe(179);
    expect(keyed({ ...FIRST_CAMERA, azimuth: 0, elevation: 84, distance: 2 }, "ArrowUp")?.elevation).toBe(85);
  });

  it("turns so that the front of the block follows the pointer", () => {
    const frontal = { azimuth: 0, elevation: 40, distance: 1 };
    // From the middle, as the picture stays centred.
    const front = (camera: typeof frontal) => {
      const sight = sightOf(camera, 400, 300);
      const [[x, y], [middleX, middleY]] = [toScreen(sight, 0, 0, 1), toScreen(sight, 0, 0, 0)];
      return [x - middleX, y - middleY] as const;
    };
    const [x, y] = front(frontal);
    expect(front(dragged(frontal, 20, 0, 400))[0]).toBeGreaterThan(x + 5);
    expect(front(dragged(frontal, 0, 20, 400))[1]).toBeGreaterThan(y + 2);
  });

  it("comes nearer with plus, the wheel and a pinch, and goes back with 0", () => {
    expect(keyed(FIRST_CAMERA, "+")!.distance).toBeLessThan(1);
    expect(keyed(FIRST_CAMERA, "-")!.distance).toBeGreaterThan(1);
    expect(wheeled(FIRST_CAMERA, -100).distance).toBeLessThan(1);
    expect(zoomed(FIRST_CAMERA, 2).distance).toBe(0.5);
    expect(keyed(zoomed(FIRST_CAMERA, 2), "0")).toEqual(FIRST_CAMERA);
    expect(keyed(FIRST_CAMERA, "a")).toBeUndefined();
  });

  it("has the whole block in the picture from every side", () => {
    for (const [width, height] of [
      [440, 306],
      [330, 287],
      [900, 300],
    ] as const) {
      for (let azimuth = -180; azimuth < 180; azimuth += 15) {
        for (const elevation of [8, 30, 60, 85]) {
          const sight = sightOf({ azimuth, elevation, distance: 1 }, width, height);
          for (const corner of [0, 1, 2, 3]) {
            for (const h of [-BLOCK_BASE, 1]) {
              const [x, y] = toScreen(sight, ...place(corner & 1, corner >> 1, h));
              expect(x).toBeGreaterThan(50);
              expect(x).toBeLessThan(width - 6);
              expect(y).toBeGreaterThan(2);
              expect(y).toBeLessThan(height - 18);
            }
          }
        }
      }
    }
  });

  it("looks from the eye: a point on the way to it falls on the same pixel", () => {
    const sight = sightOf({ azimuth: 37, elevation: 25, distance: 0.8 }, 400, 300);
    const from = place(0.3, 0.8, 0.4);
    const [x, y] = toScreen(sight, ...from);
    const [nearX, nearY] = toScreen(
      sight,
      ...(from.map((value, i) => value + 0.4 * (sight.eye[i]! - value)) as [number, number, number]),
    );
    expect(nearX).toBeCloseTo(x, 6);
    expect(nearY).toBeCloseTo(y, 6);
  });

  it("has depth grow away from the eye, within what WebGL shows", () => {
    const { matrix: m } = sightOf({ azimuth: 0, elevation: 20, distance: 1 }, 400, 300);
    const depth = (y: number, z: number) =>
      (m[6]! * y + m[10]! * z + m[14]!) / (m[7]! * y + m[11]! * z + m[15]!);
    expect(depth(0, 1)).toBeGreaterThan(-1);
    expect(depth(0, -1)).toBeGreaterThan(depth(0, 1));
    expect(depth(0, -1)).toBeLessThan(1);
    expect(depth(BLOCK_HEIGHT, 0)).toBeLessThan(depth(0, 0));
  });
});
