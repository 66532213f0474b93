import { describe, expect, it } from "vitest";
import { branchRatio, branchReading, leftOut, median } from "../src/branches";
import { cellReading, confusionSentence, frequentConfusions, rowSums, tallyReading } from "../src/confusion";
import { branchDepth } from "../src/draw/branches";
import { cellStrength, confusionAt, confusionLayout, textOn } from "../src/draw/confusion";
import { endLabels, errorAxis, errorReading, nearestRecord, spread } from "../src/draw/error-curves";
import { filledIn, landscapeReading, lossAxis } from "../src/draw/image-landscape";
import { column, grey, greyRange, largest } from "../src/draw/image-weights";
import { formatPercent, niceBelow } from "../src/draw/scale";
import { galleryReading, imageName, tileAfter } from "../src/gallery";

describe("numbers", () => {
  it("are round below and in percent", () => {
    expect([1, 1.9, 4.99, 5, 0.07, 0.00028].map(niceBelow)).toEqual([1, 1, 2, 5, 0.05, 0.0002]);
    expect(formatPercent(0.0638)).toBe("6.38\u00a0%");
    expect(formatPercent(0)).toBe("0\u00a0%");
  });
});

describe("the gallery", () => {
  it("is walked by arrows, which stay inside", () => {
    const walk = (key: string, from: number) => tileAfter(key, from, 10, 4);
    expect([walk("ArrowRight", 3), walk("ArrowDown", 3), walk("ArrowUp", 7)]).toEqual([4, 7, 3]);
    expect([walk("ArrowLeft", 0), walk("ArrowUp", 2), walk("ArrowDown", 7)]).toEqual([0, 2, 7]);
    expect([walk("Home", 5), walk("End", 5), walk("Tab", 5)]).toEqual([0, 9, undefined]);
  });

  it("says what is wrong, and what is not tested", () => {
    expect(imageName(4, "3", "8")).toBe("image 5: predicted 8, is 3, wrong");
    expect(imageName(4, "3", "3")).toBe("image 5: predicted 3, right");
    expect(imageName(4, "3", undefined)).toBe("image 5: 3, not tested yet");
    expect(galleryReading([1, 2, 3], [1, 5, 3])).toBe("1 of these 3 wrong");
    expect(galleryReading([1, 2, 3], undefined)).toContain("Not tested yet");
  });
});

describe("confusions", () => {
  const tally = {
    classes: 3,
    images: 10,
    wrong: 4,
    loss: 1,
    confusion: Uint32Array.of(3, 1, 0, 0, 2, 0, 3, 0, 1),
    predictions: new Uint16Array(),
  };

  it("are counted by true class, most frequent first", () => {
    expect(rowSums(tally)).toEqual([4, 2, 4]);
    expect(frequentConfusions(tally, 5)).toEqual([
      { truth: 2, predicted: 0, count: 3 },
      { truth: 0, predicted: 1, count: 1 },
    ]);
  });

  it("are read with the names of classes", () => {
    const names = ["cat", "dog", "frog"];
    expect(cellReading(tally, names, 2, 0)).toBe("frog → cat: 3 of 4 images");
    expect(cellReading(tally, names, 1, 1)).toBe("dog → dog: 2 of 2 images, right");
    expect(tallyReading(tally)).toBe("4 of 10 images wrong: 40.0\u00a0%");
    expect(confusionSentence(tally, names)).toBe("Confused most often: frog as cat (3), cat as dog (1).");
    expect(confusionSentence({ ...tally, confusion: new Uint32Array(9) }, names)).toContain("No image");
  });

  it("have colours in which a rare one shows", () => {
    expect([cellStrength(0), cellStrength(1)]).toEqual([0, 1]);
    expect(cellStrength(0.0001)).toBeGreaterThan(0.1);
    // A tenth is one decade of three down.
    expect(cellStrength(0.1)).toBeCloseTo(2 / 3);
    expect([textOn([255, 230, 200]), textOn([8, 119, 189])]).toEqual(["#000000", "#ffffff"]);
  });

  it("fit into the canvas, and the pointer finds them", () => {
    for (const [classes, label] of [
      [10, 8],
      [10, 70],
      [100, 90],
    ] as const) {
      const layout = confusionLayout(360, 360, classes, label, 12);
      const { left, top, cell, every } = layout;
      expect(left + cell * classes).toBeLessThanOrEqual(360);
      expect(top + cell * classes).toBeLessThanOrEqual(360);
      expect(every * cell).toBeGreaterThanOrEqual(12);
      expect(confusionAt(layout, classes, left + 3.5 * cell, top + 7.5 * cell)).toEqual({
        truth: 7,
        predicted: 3,
      });
      expect(confusionAt(layout, classes, left - 1, top + 1)).toBeUndefined();
      expect(confusionAt(layout, classes, left + 1, top + classes * cell + 1)).toBeUndefined();
    }
    // Long names are written upwards, digits are not.
    expect(confusionLayout(360, 360, 10, 70, 12).upright).toBe(true);
    expect(confusionLayout(360, 360, 10, 8, 12).upright).toBe(false);
  });
});

describe("error curves", () => {
  const run = (name: string, records: { step: number; train: number; test?: number }[]) => ({
    name,
    color: "",
    records,
  });
  const one = run("identity", [
    { step: 10, train: 0.5, test: 0.6 },
    { step: 20, train: 0, test: 0.03 },
    { step: 30, train: 0.1 },
  ]);
  const other = run("plain", [{ step: 20, train: 0.3, test: 0.4 }]);

  it("have an axis with round ends, on which an error of 0 has half an image's place", () => {
    expect(errorAxis({ runs: [one], scale: "log", least: 0.003 })).toEqual({
      scale: "log",
      low: 0.2,
      high: 100,
    });
    expect(errorAxis({ runs: [other], scale: "log", least: 0.003 })).toEqual({
      scale: "log",
      low: 5,
      high: 50,
    });
    expect(errorAxis({ runs: [one], scale: "linear", least: 0.003 }).low).toBe(0);
    expect(errorAxis({ runs: [], scale: "log", least: 0.003 })).toEqual({ scale: "log", low: 1, high: 100 });
  });

  it("are labelled with their last values, one run both ways, several by their tests", () => {
    const texts = (...runs: (typeof one)[]) =>
      endLabels(runs).map(({ text, step }) => [text.replace("\u00a0", " "), step]);
    expect(texts(one, run("later", []))).toEqual([
      ["test 3.00 %", 20],
      ["train 10.0 %", 30],
    ]);
    expect(texts(one, other)).toEqual([
      ["identity 3.00 %", 20],
      ["plain 40.0 %", 20],
    ]);
  });

  it("keep labels apart, in order and inside", () => {
    expect(spread([50, 10, 52], 12, 0, 100)).toEqual([50, 10, 62]);
    expect(spread([95, 97, 99], 12, 0, 100)).toEqual([76, 88, 100]);
    expect(spread([-5, 2], 12, 0, 100)).toEqual([0, 12]);
  });

  it("are read at the nearest record, others as they were by then", () => {
    expect([0, 16, 99].map((step) => nearestRecord(one.records, step))).toEqual([0, 1, 2]);
    expect(nearestRecord([], 3)).toBeUndefined();
    const reading = (...args: Parameters<typeof errorReading>) =>
      errorReading(...args).replaceAll("\u00a0", " ");
    expect(reading([one], 30)).toBe("step 30: test 3.00 %, train 10.0 %");
    expect(reading([one, other], 30)).toBe(
      "step 30; identity: test 3.00 %, train 10.0 %; plain: test 40.0 %",
    );
    expect(reading([one, other], 10)).toBe("step 10; identity: test 60.0 %, train 50.0 %");
  });
});

describe("weights and maps", () => {
  it("share one range, about a middle grey where there are both signs", () => {
    expect(largest(Float32Array.of(1, -3, Number.NaN, Infinity))).toBe(3);
    expect(greyRange(Float32Array.of(-1, 4))).toEqual({ low: -4, high: 4 });
    expect(greyRange(Float32Array.of(0, 4))).toEqual({ low: 0, high: 4 });
    expect(greyRange(new Float32Array(3))).toEqual({ low: 0, high: 1 });
    const range = { low: -2, high: 2 };
    expect([-2, 0, 2, 9, Number.NaN].map((value) => grey(value, range))).toEqual([0, 128, 255, 255, 0]);
  });

  it("stand below each other, of three channels in their colours", () => {
    const range = { low: 0, high: 255 };
    const bytes = (pixels: Uint32Array<ArrayBuffer>) => [...new Uint8Array(pixels.buffer)];
    const values = Float32Array.from({ length: 12 }, (_, i) => i);
    expect(bytes(column(values, 2, 3, 2, range))).toEqual([
      ...[0, 2, 4, 255],
      ...[1, 3, 5, 255],
      ...[6, 8, 10, 255],
      ...[7, 9, 11, 255],
    ]);
    expect(bytes(column(values.subarray(2), 1, 1, 2, range))).toEqual([2, 2, 2, 255, 3, 3, 3, 255]);
  });
});

describe("branches", () => {
  it("have a ratio where it is finite, and a median", () => {
    expect(branchRatio({ branch: 1, shortcut: 4 })).toBe(0.25);
    expect(branchRatio({ branch: 1, shortcut: 0 })).toBeNaN();
    expect(median([3, Number.NaN, 1, 2])).toBe(2);
    expect(median([4, 1])).toBe(2.5);
    expect(median([Number.NaN])).toBeUndefined();
  });

  it("stand on a logarithmic axis from 10 down to 10⁻⁴", () => {
    expect([10, 1, 1e-4].map(branchDepth)).toEqual([0, 0.2, 1]);
    expect(branchDepth(0)).toBe(Infinity);
  });

  it("are read all together or one by one", () => {
    expect(branchReading([0.1, 0.3], [0.01, 0.01], undefined)).toBe("median 0.200, at the start 0.0100");
    expect(branchReading([0.1, 0.3], [], 1)).toBe("block 2: 0.300");
    expect(branchReading([], [], undefined)).toBe("");
    expect(leftOut([1, Number.NaN])).toBe("Block 2 has no finite ratio and is left out.");
    expect(leftOut([Number.NaN, 1, Number.NaN])).toContain("Blocks 1, 3 have");
    expect(leftOut([0, 1])).toBe("");
  });
});

describe("the landscape of a network", () => {
  const NONE = Number.NaN;

  it("takes coarse cells for those that are not computed", () => {
    const size = 5;
    const values = new Float32Array(size * size).fill(NONE);
    // Every 4th row and column, and one cell of the next grain.
    [0, 4, 20, 24].forEach((cell, i) => (values[cell] = i + 1));
    values[12] = 9;
    const filled = filledIn(values, size);
    expect(filled.some(Number.isNaN)).toBe(false);
    expect([filled[0], filled[24], filled[1 + size]]).toEqual([1, 4, 9]);
    // Row 0, column 2 is half way between 0 and 4: the later one.
    expect([filled[2], filled[3], filled[12]]).toEqual([2, 2, 9]);
    expect(Number.isNaN(filledIn(Float32Array.of(NONE, NONE, NONE, NONE), 2)[3]!)).toBe(true);
  });

  it("reads a place", () => {
    const plane = {
      axes: "plane" as const,
      request: { axes: "plane" as const, size: 3, radius: 1, seed: 1, subset: "test" as const, images: 8 },
      step: 0,
      coordinates: Float32Array.of(-0.5, 0, 0.5),
      values: Float32Array.of(1, 2, 1.83, 4, 5, 6, 7, NONE, 9),
      done: 8,
      cells: 9,
    };
    expect(landscapeReading(plane, 2, 0)).toBe("a = 0.5, b = −0.5: loss 1.83");
    expect(landscapeReading(plane, 1, 2)).toBe("a = 0, b = 0.5: not computed yet");
    expect(landscapeReading({ ...plane, done: 9 }, 1, 2)).toContain("not finite");
    expect(landscapeReading({ ...plane, axes: "line", values: Float32Array.of(3, 1, 2) }, 2, 0)).toBe(
      "a = 0.5: loss 2.00",
    );
  });

  it("has a linear axis where losses are alike, a logarithmic one where they differ much", () => {
    expect(lossAxis(Float32Array.of(1, NONE, 4))).toEqual({ scale: "linear", low: 0, high: 5 });
    expect(lossAxis(Float32Array.of(0.03, 4, Infinity))).toMatchObject({ scale: "log", high: 5 });
    expect(lossAxis(Float32Array.of(NONE))).toBeUndefined();
  });
});
