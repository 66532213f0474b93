import { describe, expect, it } from "vitest";
import {
  axisTitle,
  cellName,
  FIRST_FORM,
  ranged,
  specOf,
  standingOn,
  type AtlasForm,
} from "../src/atlas-form";
import {
  basinSettings,
  ColourBook,
  countEnds,
  DESCENDING,
  directionNames,
  endText,
  entryName,
  EXAMPLES,
  laidStarts,
  layersAt,
  patternName,
  placeOn,
  planeOf,
  samePlane,
  STALLED,
  usualEntries,
} from "../src/basins";
import { BASIN_COLOURS, basinGradient, basinPixel } from "../src/draw/basins";
import type { Atlas } from "../src/engine/atlas";
import { fromBase64, toBase64 } from "../src/engine/base64";
import type { Experiment, PlaneVectors, TwinSpec } from "../src/engine/types";
import { givenStart } from "../src/starts";

const n = Number.NaN;

function experimentOf(width: number, layers: number, twins: TwinSpec[]): Experiment {
  return {
    seed: 1,
    network: { kind: "linear", width, layers },
    target: { kind: "diagonal", values: [1] },
    optimizer: { kind: "gradientDescent", learningRate: 0.02 },
    twins,
  } as unknown as Experiment;
}

const standard = (...values: number[]): TwinSpec => ({
  parametrization: "standard",
  start: givenStart(Float32Array.from(values)),
});
const pair: TwinSpec[] = [
  { parametrization: "identity", start: { kind: "identity" } },
  { parametrization: "standard", start: { kind: "zeroAsymmetric" } },
];

const form: AtlasForm = {
  ...FIRST_FORM,
  view: "basins",
  ...basinSettings({ kind: "linear", width: 1, layers: 2 }),
  size: 2,
};

describe("names", () => {
  it("writes patterns as rows of signs, and of many layers the negative ones", () => {
    expect([0, 3].map((pattern) => patternName(pattern, 2))).toEqual(["++", "−−"]);
    // Bit 0 is the first layer, which is applied first.
    expect(patternName(0b001, 3)).toBe("−++");
    expect(patternName(0b110, 3)).toBe("+−−");
    expect(patternName(2 ** 23 + 1, 24)).toBe("− at 1, 24");
    expect(patternName(0, 12)).toBe("all +");
    expect(patternName(2 ** 24 - 1, 40)).toMatch(/^− at 1, 2, .* 24 \(mod 24\)$/);
    expect(patternName(0, 40)).toMatch(/mod 24/);
  });

  it("names entries of layer maps, layer by layer and row by row", () => {
    expect([0, 1, 11].map((index) => entryName(index, { width: 1 }))).toEqual(["w₁", "w₂", "w₁₂"]);
    expect([0, 1, 2, 3, 11].map((index) => entryName(index, { width: 2 }))).toEqual([
      "W₁[1,1]",
      "W₁[1,2]",
      "W₁[2,1]",
      "W₁[2,2]",
      "W₃[2,2]",
    ]);
    expect(usualEntries({ kind: "linear", width: 2, layers: 3 })).toMatchObject({ first: 3, second: 11 });
    expect(usualEntries({ kind: "linear", width: 2, layers: 1 })).toMatchObject({ first: 0, second: 1 });
    const between = { kind: "linear", width: 1, layers: 3, hidden: 2 } as const;
    expect(usualEntries(between)).toMatchObject({ first: 3, second: 11 });
    expect(entryName(11, between)).toBe("W₃[2,2]");
  });

  it("names the axes of a plane after what lies along them", () => {
    const spec = specOf(form, experimentOf(1, 2, [standard(1, 1)]));
    expect([spec.x, spec.y].map((axis) => axisTitle(spec, axis, "label"))).toEqual(["w₁", "w₂"]);
    const atlas = { spec, x: Float64Array.of(-1, 1), y: Float64Array.of(0.5, 1.5) };
    expect(cellName(atlas, [0, 1])).toBe("w₁ = −1.00, w₂ = 1.50");
    const rate = { ...spec, x: { quantity: "learningRate", scale: "log", low: 0.01, high: 1 } as const };
    expect(axisTitle(rate, rate.x, "label")).toBe("learning rate η");
  });
});

describe("what is asked for", () => {
  it("asks for basins of runs that end where they have learned, with the plane of the form", () => {
    const spec = specOf(form, experimentOf(1, 2, [standard(1, 1)]));
    expect(spec).toMatchObject({
      basins: true,
      plane: { kind: "coordinates", first: 0, second: 1 },
      x: { quantity: "alongU", scale: "linear" },
      budget: { stopAtThreshold: true },
    });
    const other: AtlasForm = {
      ...form,
      x: FIRST_FORM.x,
      y: { quantity: "seed", scale: "linear", low: "0", high: "64" },
    };
    expect(specOf(other, experimentOf(1, 2, pair))).not.toHaveProperty("plane");
    const maps = specOf({ ...form, view: "map", x: FIRST_FORM.x, y: FIRST_FORM.y }, experimentOf(1, 2, pair));
    expect(maps).not.toHaveProperty("plane");
    expect(maps).not.toHaveProperty("basins");
  });

  it("zooms in until the numbers of a range cannot be told apart", () => {
    expect(ranged(form.x, [0.999999, 1.000001])).toMatchObject({ low: "0.999999", high: "1.000001" });
    expect(ranged(form.x, [-5e6, 3])).toMatchObject({ low: "-1000000", high: "3" });
  });

  it("begins with pictures whose starts lie on them, stalled or not", () => {
    expect(EXAMPLES.map(({ id }) => id)).toEqual(["two", "three", "negative"]);
    for (const { experiment, form: part } of EXAMPLES) {
      const whole = experiment as unknown as Experiment;
      const spec = specOf({ ...form, ...part }, whole);
      for (const [i, twin] of whole.twins.entries()) {
        const place = placeOn(spec.plane, whole, i);
        expect(standingOn(spec, whole, twin, place)).toEqual(place);
      }
    }
    const negative = EXAMPLES[2]!.experiment as unknown as Experiment;
    const plane = planeOf(EXAMPLES[2]!.form.starts!);
    expect([0, 1].map((i) => placeOn(plane, negative, i))).toEqual([
      [1, 1],
      [1, 0],
    ]);
  });
});

describe("planes of starts", () => {
  it("keeps every bit of a number as base64", () => {
    const values = Float32Array.of(0.1, -0, 3e38, 1e-45);
    expect(fromBase64(toBase64(values))).toEqual(values);
  });

  it("finds where starts lie on two entries, in both parametrizations", () => {
    const plane = { kind: "coordinates", first: 0, second: 7 } as const;
    // W₂ of the zero-asymmetric start is 0; the identity network stores W − I.
    expect([0, 1].map((i) => placeOn(plane, experimentOf(2, 2, pair), i))).toEqual([
      [1, 1],
      [1, 0],
    ]);
    const given: TwinSpec[] = [
      { parametrization: "identity", start: givenStart(Float32Array.of(-0.5, 2, 0, 0, 0, 0, 0, 0.25)) },
      { parametrization: "standard", start: { kind: "xavier", scale: 1 } },
    ];
    expect(placeOn(plane, experimentOf(2, 2, given), 0)).toEqual([0.5, 1.25]);
    expect(placeOn({ ...plane, second: 1 }, experimentOf(2, 2, given), 0)).toEqual([0.5, 2]);
    expect(placeOn(plane, experimentOf(2, 2, given), 1)).toBeUndefined();
  });

  it("takes over what the landscapes show, and finds starts on it", () => {
    const vectors: PlaneVectors = {
      plane: 1,
      parametrization: "standard",
      origin: Float32Array.of(1, 1, 0),
      u: Float32Array.of(2, 0, 0),
      v: Float32Array.of(1, 1, 0),
    };
    const laid = laidStarts(
      [vectors, vectors],
      [
        { a: Float32Array.of(-1, 0, 1), b: Float32Array.of(-2, 2) },
        { a: Float32Array.of(0, 3), b: Float32Array.of(-1, 1) },
      ],
      ["along", "across"],
    );
    expect(laid.ranges).toEqual([
      [-1, 3],
      [-2, 2],
    ]);
    const plane = planeOf({ kind: "lab", laid });
    expect(plane).toBe(laid.plane);
    expect(directionNames(plane, { width: 1 })).toEqual(["along", "across"]);
    expect(samePlane(plane, { ...plane })).toBe(false);
    expect(
      samePlane({ kind: "coordinates", first: 0, second: 1 }, { kind: "coordinates", first: 0, second: 1 }),
    ).toBe(true);
    // (1, 1, 0) + ½ (2, 0, 0) − 3 (1, 1, 0).
    const place = placeOn(plane, experimentOf(1, 3, [standard(-1, -2, 0)]), 0)!;
    expect(place.map((x) => Number(x.toFixed(9)))).toEqual([0.5, -3]);
    expect(placeOn(plane, experimentOf(1, 3, [standard(-1, -2, 1)]), 0)).toBeUndefined();
    expect(placeOn(plane, experimentOf(1, 2, [standard(-1, -2)]), 0)).toBeUndefined();
  });
});

describe("the picture", () => {
  const atlas = {
    spec: specOf(form, experimentOf(1, 2, [standard(1, 1)])),
    x: Float64Array.of(-1, 1),
    y: Float64Array.of(-1, 1),
    grain: Uint16Array.of(1, 1, 2, 1, 1, 0),
    twins: [
      {
        excess: Float32Array.of(0.01, 1, 0.01, 0.5, 1e30, n),
        steps: Float32Array.of(12, n, 30, n, n, n),
        divergedAt: Float32Array.of(n, n, n, n, 7, n),
        end: Float32Array.of(3, STALLED, 3, DESCENDING, n, n),
      },
    ],
  } as unknown as Atlas;

  it("counts what became of the cells that are known", () => {
    expect(countEnds(atlas)).toEqual({
      patterns: [{ pattern: 3, cells: [2], all: 2 }],
      stalled: [1],
      descending: [1],
      diverged: [1],
      known: 5,
    });
  });

  it("says of a cell where its run ended", () => {
    expect([0, 1, 2, 3, 4, 5].map((cell) => endText(atlas, atlas.twins[0]!, cell, 2))).toEqual([
      "optimum −− after 12 steps",
      "stalled at a saddle, excess 1.00",
      "nearby: optimum −− after 30 steps",
      "still descending after 1\u202f000 steps, excess 0.500",
      "diverged at step 7",
      "not trained yet",
    ]);
    expect(layersAt(atlas, 3)).toBe(2);
    const depths = {
      ...atlas,
      spec: { ...atlas.spec, y: { quantity: "depth", scale: "linear", low: 1, high: 9 } as const },
      y: Float64Array.of(3, 7),
    };
    expect(layersAt(depths, 3)).toBe(7);
  });

  it("keeps colours of optima, gives the first to the most frequent, and sums up the rest", () => {
    const book = new ColourBook(3);
    const count = (pattern: number, all: number) => ({ pattern, cells: [all], all });
    book.learn([count(5, 9)]);
    book.learn([count(5, 90), count(0, 50), count(3, 9), count(6, 8)]);
    expect([5, 0, 3, 6].map((pattern) => book.place(pattern))).toEqual([0, 1, 2, undefined]);
  });

  it("colours by optimum, lighter the fewer the steps, and leaves what is unknown open", () => {
    const book = new ColourBook(BASIN_COLOURS);
    book.learn([0, 3, 5, 6].map((pattern) => ({ pattern, cells: [1], all: 1 })));
    const domain = { low: 0, high: 2 };
    const light = (pixel: number) => (pixel & 255) + ((pixel >> 8) & 255) + ((pixel >> 16) & 255);
    for (const end of [0, 3, 5, 6, 9]) {
      const ramp = [0, 3, 10, 100].map((steps) => light(basinPixel(end, steps, book, domain)));
      expect(ramp).toEqual([...ramp].sort((x, y) => y - x));
      expect(ramp[0]! - ramp[3]!).toBeGreaterThan(100);
    }
    const all = [0, 3, 5, 6, 9, STALLED, DESCENDING].map((end) => basinPixel(end, 10, book, domain));
    expect(new Set(all).size).toBe(7);
    expect(basinPixel(n, 10, book, domain)).toBe(0);
    expect(basinGradient(0)).not.toBe(basinGradient(undefined));
  });
});
