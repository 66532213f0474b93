import { describe, expect, it } from "vitest";
import { plotFrame, toScreen, valueAt } from "../src/draw/landscape";
import { chooseLayers, signedLimit, tile } from "../src/draw/matrices";
import { spectrumColumn, spectrumDecades, spectrumLayout } from "../src/draw/spectrum";
import { entryProblem, formatRows, parseList, parseRows } from "../src/matrix-text";

describe("layer matrices", () => {
  it("show first and last of many layers, each once", () => {
    const shown = chooseLayers(256, 32);
    expect(shown).toHaveLength(32);
    expect(new Set(shown).size).toBe(32);
    expect([shown[0], shown[31]]).toEqual([0, 255]);
    expect(chooseLayers(3, 32)).toEqual([0, 1, 2]);
  });

  it("tile without overlap inside the canvas", () => {
    for (const count of [1, 5, 16, 32]) {
      const { columns, rows, side, pitch } = tile(count, 400, 80);
      expect(columns * rows).toBeGreaterThanOrEqual(count);
      expect((columns - 1) * pitch + side).toBeLessThanOrEqual(400);
      expect((rows - 1) * pitch + side).toBeLessThanOrEqual(80);
      expect(side).toBeGreaterThan(5);
    }
  });

  it("round the limit up, and ignore what is not finite", () => {
    expect(signedLimit(Float32Array.of(0.03, -0.07, Number.NaN, Infinity))).toBeCloseTo(0.1);
    expect(signedLimit(new Float32Array(4))).toBe(1);
  });
});

describe("singular values", () => {
  it("keep the axis within reason", () => {
    const data = (values: number[]) => ({
      width: 1,
      layers: Float32Array.from(values),
      product: Float32Array.of(1),
      target: Float32Array.of(1),
    });
    expect(spectrumDecades(data([1]))).toEqual([-1, 1]);
    expect(spectrumDecades(data([0, 1e-30, 50]))).toEqual([-4, 2]);
    expect(spectrumDecades(data([1e20]))).toEqual([-1, 6]);
  });

  it("know what is under the pointer", () => {
    const layout = spectrumLayout(400, 100, true);
    expect(spectrumColumn(layout.left + 1, 16, layout)).toEqual({ layer: 0 });
    expect(spectrumColumn(layout.productX, 16, layout)).toBe("product");
    expect(spectrumColumn(layout.targetX!, 16, layout)).toBe("target");
    expect(spectrumColumn(0, 16, layout)).toBeUndefined();
    // A classifier has no target, and its blocks have the room.
    const without = spectrumLayout(400, 100, false);
    expect(without.layersWidth).toBeGreaterThan(layout.layersWidth);
    expect(spectrumColumn(layout.targetX!, 16, without)).toBe("product");
    expect(spectrumColumn(without.left + without.layersWidth - 1, 16, without)).toEqual({ layer: 15 });
  });
});

describe("the landscape's screen", () => {
  const data = {
    size: 3,
    a: Float32Array.of(-1, 0, 1),
    b: Float32Array.of(0, 5, 10),
    values: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9),
    trajectory: new Float32Array(0),
  };
  const frame = plotFrame(300, 300);

  it("reads back the value that is drawn at a place", () => {
    for (const [ia, ib] of [
      [0, 0],
      [2, 0],
      [1, 2],
    ] as const) {
      const [x, y] = toScreen(data, frame, data.a[ia]!, data.b[ib]!);
      expect(valueAt(data, frame, x, y)).toEqual({
        a: data.a[ia],
        b: data.b[ib],
        value: data.values[ib * 3 + ia],
      });
    }
    expect(valueAt(data, frame, 0, 0)).toBeUndefined();
  });

  it("has b upwards", () => {
    expect(toScreen(data, frame, 0, 10)[1]).toBeLessThan(toScreen(data, frame, 0, 0)[1]);
  });
});

describe("typed matrices", () => {
  it("come back as they were written", () => {
    const rows = [
      [1, -0.5],
      [2e-3, 4],
    ];
    expect(parseRows(formatRows(rows))).toEqual(rows);
    expect(parseRows("1, 2; 3, 4")).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(parseRows("[[1 2]\n[−3 4]]")).toEqual([
      [1, 2],
      [-3, 4],
    ]);
  });

  it("name the entry that is no number", () => {
    expect(
      entryProblem({
        kind: "matrix",
        rows: [
          [1, 2],
          [3, "x"],
        ],
      }),
    ).toMatch(/^target\.rows\[1\]\[1\]: .*"x"$/);
    expect(entryProblem({ kind: "diagonal", values: [1, "NaN"] })).toMatch(/^target\.values\[1\]/);
    expect(entryProblem({ kind: "diagonal", values: [1, 2] })).toBeUndefined();
    expect(entryProblem({ kind: "random", condition: 1 })).toBeUndefined();
  });

  it("keep what is no number, for the crate to name", () => {
    expect(parseList("1, x 3;NaN")).toEqual([1, "x", 3, "NaN"]);
  });
});
