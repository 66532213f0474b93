import { describe, expect, it } from "vitest";
import { CLASSES } from "../src/draw/classes";
import { decisionPixels, UNDECIDED } from "../src/draw/marks";
import { placeOf } from "../src/draw/hidden-plane";
import type { HiddenPoints } from "../src/engine/expressivity";
import {
  defaultWidth,
  drawnOf,
  FIRST_FORM,
  seedOf,
  SETS,
  sweepWidths,
  twoClasses,
  widthOf,
} from "../src/expressivity-form";
import { extentOf, hiddenPath, positionsAt } from "../src/hidden-path";

describe("what is asked for", () => {
  it("takes ⌈log₂ n⌉ where no width is typed, as the crate does", () => {
    expect([1, 2, 4, 5, 8, 9, 2000, 20_000].map(defaultWidth)).toEqual([2, 2, 2, 3, 3, 4, 11, 15]);
    expect(defaultWidth(Number.NaN)).toBe(2);
    expect(widthOf(FIRST_FORM, 200)).toBe(8);
    expect(widthOf({ ...FIRST_FORM, width: " 12 " }, 200)).toBe(12);
    for (const width of ["1", "2.5", "513", "wide"]) {
      expect(() => widthOf({ ...FIRST_FORM, width }, 200)).toThrow(
        `width: allowed is a whole number from 2 to 512; got ${width}`,
      );
    }
  });

  it("refuses seeds that the crate would read as others", () => {
    expect(seedOf({ ...FIRST_FORM, seed: "4294967295" })).toBe(4294967295);
    for (const seed of ["-1", "0.5", "4294967296", ""]) {
      expect(() => seedOf({ ...FIRST_FORM, seed })).toThrow("seed: allowed is a whole number");
    }
  });

  it("knows which sets have two classes and which lie in the plane", () => {
    expect(drawnOf({ ...FIRST_FORM, set: "moons", classes: "7" })).toMatchObject({
      classes: 2,
      dimension: 2,
    });
    expect(drawnOf({ ...FIRST_FORM, set: "sphere", classes: "7", noise: "0,5" })).toMatchObject({
      classes: 7,
      dimension: 50,
      noise: 0.5,
    });
    expect(Object.keys(SETS).filter((set) => twoClasses(set as keyof typeof SETS))).toEqual(["moons", "xor"]);
  });

  it("sweeps no further than there are points, nor longer than a minute", () => {
    expect(sweepWidths(2000)).toEqual([2, 3, 4, 6, 8, 11, 16, 23, 32, 45, 64, 91, 128, 181, 256, 400]);
    expect(sweepWidths(20)).toEqual([2, 3, 4, 6, 8, 11, 16]);
    const many = sweepWidths(20_000);
    expect(many.length).toBeGreaterThan(1);
    expect(many.at(-1)).toBeLessThan(32);
  });
});

/** Three points in three dimensions, two to a block; the second is given twice. */
const hidden: HiddenPoints = {
  start: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9),
  surrogates: Float32Array.of(0, 0.5, 1, -1, -2, -3),
  movers: Uint32Array.of(1, 0, 0),
  places: Uint32Array.of(0, 1, 1, 2),
  first: Float32Array.of(0, 1, 0),
  second: Float32Array.of(0.5, 0, 0.5),
  share: 1,
};
const points = { labels: Uint16Array.of(1, 0, 0, 1), classes: 2 };

describe("hidden points on their way", () => {
  it("moves the points of one block, and no others, from their place to the surrogate of their class", () => {
    const path = hiddenPath(hidden, points, 2, "principal");
    expect([...path.from]).toEqual([2, 2, 5, 5, 8, 8]);
    expect([...path.goals]).toEqual([0.5, 0.5, -2, -2]);
    expect([...path.labels]).toEqual([1, 0, 1]);
    expect([...positionsAt(path, 0)]).toEqual([2, 2, 5, 5, 8, 8]);
    expect([...positionsAt(path, 0.5)]).toEqual([2, 2, 2.75, 2.75, 3, 3]);
    expect([...positionsAt(path, 1)]).toEqual([2, 2, 0.5, 0.5, -2, -2]);
    expect([...positionsAt(path, 2)]).toEqual([-2, -2, 0.5, 0.5, -2, -2]);
    const { x, y, half } = extentOf(path);
    expect([x, y]).toEqual([3, 3]);
    expect(half).toBeGreaterThan(5);
  });

  it("looks along two coordinates too", () => {
    const path = hiddenPath(hidden, points, 2, [2, 0]);
    expect([...path.from]).toEqual([3, 1, 6, 4, 9, 7]);
    expect([...path.goals]).toEqual([1, 0, -3, -1]);
  });
});

describe("pictures", () => {
  it("has a square window, upright, within the canvas", () => {
    const place = placeOf(400, 300, { x: 1, y: -1, half: 2 });
    expect(place.up(1) - place.up(-3)).toBeCloseTo(-place.side, 9);
    expect(place.across(3) - place.across(-1)).toBeCloseTo(place.side, 9);
    expect(place.left).toBeGreaterThan(0);
    expect(place.left + place.side).toBeLessThanOrEqual(400);
    expect(place.up(1)).toBeCloseTo(place.top, 9);
  });

  it("draws rows from below, and nothing where no class is ahead", () => {
    const pixels = decisionPixels(Uint16Array.of(0, 1, UNDECIDED, 0), 2, 2, "light");
    expect(pixels[0]).toBe(0);
    expect(pixels[1]).toBe(pixels[2]);
    expect(pixels[3]).not.toBe(pixels[2]);
    expect(pixels[2]! >>> 24).toBeGreaterThan(0);
  });

  it("gives no two of sixteen classes the same colour and shape", () => {
    const looks = CLASSES.map(({ light, shape, filled }) => `${light} ${shape} ${filled}`);
    expect(new Set(looks).size).toBe(16);
    expect(CLASSES[0]!.shape).not.toBe(CLASSES[1]!.shape);
  });
});
