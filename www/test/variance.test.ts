import { describe, expect, it } from "vitest";
import { blockAt, drawVariance, varianceDecades } from "../src/draw/variance";
import { varianceReading, varianceWords } from "../src/variance";

describe("variances of blocks in words", () => {
  it("counts blocks above 1/depth where there are skips", () => {
    const { reference, sentence } = varianceWords([0.3, 0.25, 0.1, 0], true);
    expect(reference).toBe(0.25);
    expect(sentence).toContain("1/depth = 0.250");
    expect(sentence).toContain("Now 1 of 4 is above.");
  });

  it("multiplies gains where there are none, and says where all is lost", () => {
    const { reference, sentence } = varianceWords([0.5, 0.5, 2], false);
    expect(reference).toBe(1);
    expect(sentence).toContain("now: 0.500 times");
    expect(varianceWords([0.5, 0, Number.NaN], false).sentence).toContain("all points coincide");
  });

  it("reads one block", () => {
    expect(varianceReading([0.3], 0, true)).toBe("block 1: 0.300 of the skip’s variance");
    expect(varianceReading([1, 2], 1, false)).toBe("block 2: 2.00 times");
    expect(varianceReading([Number.NaN], 0, true)).toContain("no variance is left");
    expect(varianceReading([], 3, true)).toBe("");
  });
});

describe("the chart of variances", () => {
  it("has room about the line and all values, within bounds", () => {
    expect(varianceDecades({ ratios: [0, Number.NaN], reference: 1 / 16 })).toEqual([-2, 0]);
    expect(varianceDecades({ ratios: [3e-5, 20], reference: 0.1 })).toEqual([-5, 2]);
    expect(varianceDecades({ ratios: [1e-20, 1e20, Infinity], reference: 1 })).toEqual([-8, 4]);
    expect(varianceDecades({ ratios: [0.9, 1.1], reference: 1 })).toEqual([-1, 1]);
  });

  it("draws one dot a block where it belongs, nothing for what is no number", () => {
    const dots: [number, number][] = [];
    const lines: number[] = [];
    let corners = 0;
    const pen = {
      arc: (x: number, y: number) => dots.push([x, y]),
      moveTo: (_: number, y: number) => lines.push(y),
      lineTo: () => (corners += 1),
      beginPath: () => {},
      stroke: () => {},
      fill: () => {},
      fillText: () => {},
      setLineDash: () => {},
    } as unknown as CanvasRenderingContext2D;
    const ink = { font: "", line: "", muted: "", text: "", identity: "", standard: "" };
    const plot = { ratios: [0.1, 1, Number.NaN, 0], reference: 0.1 };
    expect(varianceDecades(plot)).toEqual([-2, 0]);
    drawVariance(pen, 444, 128, plot, undefined, "", ink as never);
    // From 8 below the top to 20 above the bottom, two decades; a block has a hundred pixels after the first 40.
    expect(dots).toEqual([
      [90, 58],
      [190, 8],
    ]);
    // The zero stands on the lower edge.
    expect(lines.at(-1)).toBe(108 - 5);
    expect(corners).toBeGreaterThan(0);
  });

  it("knows the block under the pointer", () => {
    expect([39, 41, 239, 241, 439, 441].map((x) => blockAt(x, 444, 4))).toEqual([
      undefined,
      0,
      1,
      2,
      3,
      undefined,
    ]);
  });
});
