import { describe, expect, it } from "vitest";
import {
  axisOf,
  FIRST_CLASSIFIERS,
  FIRST_FORM,
  outcomeText,
  QUANTITIES,
  ranged,
  seedsFrom,
  specOf,
  spreadText,
  standingOn,
  zoomed,
} from "../src/atlas-form";
import { atlasDomain, atlasPixels, cellAt, rangesBetween, type AtlasValues } from "../src/draw/atlas";
import { axisPosition, axisTicks, axisValue, tickLabel } from "../src/draw/axis";
import { columnAt, spreads } from "../src/draw/sweep";
import type { Atlas } from "../src/engine/atlas";
import { coarseToFine, nextCount, show, spans, take } from "../src/engine/atlas-deal";
import { gpu, judge, pool } from "../src/engine/atlas-teams";
import type { Experiment } from "../src/engine/types";

describe("dealing a map", () => {
  it.each([
    [64, 64],
    [1, 1],
    [5, 512],
    [33, 7],
    [512, 3],
  ])("trains each of %i × %i networks once, coarse to fine", (columns, rows) => {
    const blocks = [...coarseToFine(columns, rows)];
    expect(new Set(blocks.map(({ i, j }) => j * columns + i)).size).toBe(columns * rows);
    expect(blocks).toHaveLength(columns * rows);
    const strides = blocks.map(({ stride }) => stride);
    expect(strides).toEqual([...strides].sort((x, y) => y - x));
    expect(blocks.filter(({ stride }) => stride === strides[0]).length).toBeLessThanOrEqual(64);
  });

  it("shows something everywhere after the first blocks, and each cell's own network in the end", () => {
    const [columns, rows] = [20, 12];
    const x = spans(Float64Array.from({ length: columns }, (_, i) => i));
    const y = spans(Float64Array.of(1, 1, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9));
    expect(y[0]).toEqual({ from: 0, to: 3 });
    const blocks = [...coarseToFine(x.length, y.length)];
    const grain = new Uint16Array(columns * rows);
    const shown = new Array<string>(columns * rows);
    const put = (block: (typeof blocks)[number]) =>
      show(block, x, y, columns, grain, (cell) => (shown[cell] = `${block.i} ${block.j}`));
    blocks.filter(({ stride }) => stride === blocks[0]!.stride).forEach(put);
    expect(grain.includes(0)).toBe(false);
    expect(Math.max(...grain)).toBe(blocks[0]!.stride);
    // Blocks of a coarser grid may come in late: they must not cover what is finer.
    blocks.reverse().forEach(put);
    expect(grain.every((cells) => cells === 1)).toBe(true);
    shown.forEach((text, cell) => {
      const iy = Math.floor(cell / columns);
      const j = y.findIndex(({ from, to }) => from <= iy && iy < to);
      expect(text).toBe(`${cell % columns} ${j}`);
    });
  });

  it("sizes blocks by what networks cost, and leaves none for nobody", () => {
    const { dealing } = pool(2);
    expect(nextCount(4, 50, 1000, dealing)).toBe(4);
    expect(nextCount(4, 400, 1000, dealing)).toBe(1);
    expect(nextCount(4, 1, 1000, dealing)).toBe(16);
    expect(nextCount(100, 5, 40, dealing)).toBe(10);
    // A GPU by itself takes all that is left.
    expect(nextCount(64, 10, 200, gpu.dealing)).toBe(200);
    const blocks = coarseToFine(2, 2);
    expect([take(blocks, 3).length, take(blocks, 3).length, take(blocks, 3).length]).toEqual([3, 1, 0]);
  });
});

describe("choosing between the processor and a GPU", () => {
  const pool = { cells: 200, milliseconds: 100 };
  const compiling = { cells: 64, milliseconds: 900 };

  it("does not judge a GPU by what compiles its kernels, nor by a short block that is slow", () => {
    expect(judge([compiling], pool)).toBeUndefined();
    expect(judge([compiling, { cells: 64, milliseconds: 40 }], pool)).toBeUndefined();
    expect(
      judge([compiling, { cells: 256, milliseconds: 40 }], { cells: 0, milliseconds: 0 }),
    ).toBeUndefined();
  });

  it("takes the GPU where it was measured to be clearly faster, and the processor everywhere else", () => {
    expect(judge([compiling, { cells: 256, milliseconds: 40 }], pool)).toBe("webgpu");
    expect(judge([compiling, { cells: 220, milliseconds: 100 }], pool)).toBe("cpu");
    expect(judge([compiling, { cells: 20, milliseconds: 400 }], pool)).toBe("cpu");
  });
});

describe("axes", () => {
  it("puts equal factors at equal distances where they are logarithmic", () => {
    const axis = { scale: "log", low: 1e-4, high: 1 } as const;
    expect(axisPosition(axis, 1e-2)).toBeCloseTo(0.5, 12);
    expect(axisValue(axis, 0.25)).toBeCloseTo(1e-3, 12);
    expect(axisTicks(axis, 4)).toEqual([1e-4, 1e-3, 1e-2, 1e-1, 1]);
    expect(axisTicks({ scale: "log", low: 1, high: 64 }, 10)).toEqual([1, 2, 5, 10, 20, 50]);
    expect(axisTicks({ scale: "log", low: 1e-9, high: 1e9 }, 6)).toHaveLength(7);
    // Less than a decade: round numbers.
    expect(axisTicks({ scale: "log", low: 0.21, high: 0.29 }, 4)).toEqual([0.22, 0.24, 0.26, 0.28]);
    expect(axisTicks({ scale: "linear", low: 0, high: 180 }, 4)).toEqual([0, 50, 100, 150]);
  });

  it("writes ticks short", () => {
    expect([0.01, 1e-4, 2e-5, 50, 1e6, -90].map(tickLabel)).toEqual([
      "0.01",
      "10⁻⁴",
      "2·10⁻⁵",
      "50",
      "10⁶",
      "−90",
    ]);
  });

  it("zooms about a place, and no further than there are numbers", () => {
    const axis = axisOf(FIRST_FORM.x);
    const [low, high] = zoomed(axis, 0.5, 0.5);
    expect([low, high].map((v) => Number(v.toPrecision(6)))).toEqual([1e-3, 1e-1]);
    expect(ranged(FIRST_FORM.x, [1e-3, 1e9])).toMatchObject({ low: "0.001", high: "1000000" });
    expect(ranged(FIRST_FORM.x, [-1, 1])).toMatchObject({ low: "1e-9", high: "1" });
    expect(ranged(FIRST_FORM.y, [7.1, 7.3])).toMatchObject({ low: "6.7", high: "7.7" });
    expect(ranged(FIRST_FORM.y, [255.9, 300])).toMatchObject({ low: "255", high: "256" });
    expect(ranged(FIRST_FORM.x, [0.00405351, 0.0523541])).toMatchObject({ low: "0.004054", high: "0.05235" });
    expect(ranged(FIRST_FORM.x, [0.5, 0.50001234])).toMatchObject({ low: "0.5", high: "0.50001234" });
    const frame = { left: 10, top: 0, width: 100, height: 100 };
    const ranges = rangesBetween(
      frame,
      { x: axis, y: { scale: "linear", low: 0, high: 10 } },
      { x: 60, y: 20 },
      { x: 35, y: 70 },
    );
    expect(ranges.x.map((v) => Number(v.toPrecision(6)))).toEqual([1e-3, 1e-2]);
    expect(ranges.y[0]).toBeCloseTo(3, 12);
    expect(ranges.y[1]).toBeCloseTo(8, 12);
  });

  it("finds the cell under the pointer, from the lower left", () => {
    const frame = { left: 50, top: 10, width: 100, height: 80 };
    expect(cellAt(frame, 10, 4, 51, 89)).toEqual([0, 0]);
    expect(cellAt(frame, 10, 4, 149, 11)).toEqual([9, 3]);
    expect(cellAt(frame, 10, 4, 49, 50)).toBeUndefined();
  });
});

const experiment = {
  seed: 1,
  network: { kind: "linear", width: 8, layers: 16 },
  target: { kind: "random", condition: 10 },
  optimizer: { kind: "gradientDescent", learningRate: 0.002 },
  twins: [
    { parametrization: "identity", start: { kind: "identity" } },
    { parametrization: "standard", start: { kind: "xavier", scale: 1 } },
  ],
} as unknown as Experiment;

describe("curves over seeds", () => {
  it("takes the experiment's seed and those after it", () => {
    const form = { ...FIRST_FORM, view: "curves", seeds: 4 } as const;
    const { y, rows, budget } = specOf(form, { ...experiment, seed: 7 });
    expect(y).toEqual({ quantity: "seed", scale: "linear", low: 6.5, high: 10.5 });
    expect(rows).toBe(4);
    expect(budget.stopAtThreshold).toBe(true);
    expect(seedsFrom(0, 4)).toMatchObject({ low: 0, high: 3.5 });
  });

  it("ranks networks that never learned last", () => {
    const n = Number.NaN;
    const column = (steps: number[], grain = 1) =>
      spreads(
        { steps: Float32Array.from(steps), excess: new Float32Array(), divergedAt: new Float32Array() },
        new Uint16Array(steps.length).fill(grain),
        1,
        steps.length,
      )[0];
    expect(column([40, 10, n, 20])).toEqual({ low: 20, median: 40, high: Infinity, reached: 3, seeds: 4 });
    expect(column([n, n, 7])).toMatchObject({ median: Infinity, reached: 1 });
    expect(column([1, 2], 4)).toBeUndefined();
    expect(spreadText(column([40, 10, n, 20])!)).toBe(
      "median 40 steps, quartiles 20 and never, 3 of 4 seeds learned",
    );
    expect(spreadText(column([n, n, 7])!)).toBe("1 of 3 seeds learned");
  });

  it("finds the value nearest to the pointer", () => {
    const axis = { scale: "log", low: 1, high: 100 } as const;
    const at = (x: number) => columnAt({ width: 264, height: 200 }, axis, [1, 10, 100], { x, y: 50 });
    expect([54, 100, 110, 240, 20].map(at)).toEqual([0, 0, 1, 2, undefined]);
  });
});

describe("what is asked for", () => {
  it("ends runs at the threshold only where steps are shown", () => {
    expect(specOf(FIRST_FORM, experiment).budget).toEqual({
      steps: 200,
      threshold: 0.01,
      stopAtThreshold: false,
    });
    expect(specOf({ ...FIRST_FORM, colour: "steps" }, experiment).budget.stopAtThreshold).toBe(true);
    expect(specOf({ ...FIRST_FORM, x: { ...FIRST_FORM.x, low: "abc" } }, experiment).x.low).toBeNaN();
    expect(axisOf({ ...FIRST_FORM.x, low: "0,5" }).low).toBe(0.5);
  });

  it("knows where the lab's own experiment stands", () => {
    const spec = specOf(FIRST_FORM, experiment);
    expect(standingOn(spec, experiment, experiment.twins[0])).toEqual([0.002, 16]);
    const scaled = {
      ...spec,
      y: { quantity: "startScale", ...QUANTITIES.startScale.usual, low: 0.1, high: 3 } as const,
    };
    expect(standingOn(scaled, experiment, experiment.twins[0])).toBeUndefined();
    expect(standingOn(scaled, experiment, experiment.twins[1])).toEqual([0.002, 1]);
  });
});

describe("the picture", () => {
  const n = Number.NaN;
  const values: AtlasValues = {
    excess: Float32Array.of(2e-4, 1, 1e20, 10),
    steps: Float32Array.of(20, n, n, 40),
    divergedAt: Float32Array.of(n, n, 7, n),
  };

  it("leaves diverged networks out of the colours and hatches them", () => {
    const domain = atlasDomain([values], "excess")!;
    expect(domain.high).toBeLessThanOrEqual(1);
    const wild = {
      ...values,
      excess: Float32Array.of(1, 1e20, 1e21, 1e22),
      divergedAt: Float32Array.of(n, 1, 1, 1),
    };
    expect(atlasDomain([wild], "excess")!.high).toBeLessThan(1);
    const { pixels, holes } = atlasPixels(values, Uint16Array.of(1, 1, 1, 0), 2, 2, "excess", domain);
    // The first row of values is the lowest.
    expect(holes).toEqual([[0.5, 0.5, 1]]);
    expect(pixels[2]).not.toBe(pixels[3]);
    expect([pixels[0], pixels[1]]).toEqual([0, 0]);
  });

  it("gives networks that never came to the threshold a colour of their own", () => {
    const domain = atlasDomain([values], "steps")!;
    expect(domain.low).toBeGreaterThanOrEqual(0);
    const { pixels } = atlasPixels(values, Uint16Array.of(1, 1, 1, 1), 2, 2, "steps", domain);
    expect(pixels[3]!.toString(16)).toBe("ff463f3b");
    expect(pixels[2]).not.toBe(pixels[1]);
  });

  it("says of a cell what became of its network", () => {
    const atlas = {
      spec: specOf(FIRST_FORM, experiment),
      twins: [values],
      grain: Uint16Array.of(1, 4, 1, 0),
    } as unknown as Atlas;
    expect([0, 1, 2, 3].map((cell) => outcomeText(atlas, 0, cell))).toEqual([
      "excess 2.00·10⁻⁴ after 200 steps, 1 % of its start after 20",
      "nearby: excess 1.00 after 200 steps, never down to 1 % of its start",
      "diverged at step 7",
      "not trained yet",
    ]);
  });

  it("says of a classifier its loss and how many points are right", () => {
    const network = { kind: "relu", width: 4, blocks: 3 };
    const atlas = {
      spec: specOf(FIRST_CLASSIFIERS, { ...experiment, network } as unknown as Experiment),
      twins: [{ ...values, accuracy: Float32Array.of(1, 0.875, 0, 0.5) }],
      grain: Uint16Array.of(1, 1, 1, 0),
    } as unknown as Atlas;
    expect([0, 1, 2].map((cell) => outcomeText(atlas, 0, cell))).toEqual([
      "loss 2.00·10⁻⁴ after 200 steps, 100 % right, 10 % of the zero network's loss after 20",
      "loss 1.00 after 200 steps, 88 % right, never down to 10 % of the zero network's loss",
      "diverged at step 7",
    ]);
    const depth = { quantity: "depth", scale: "log", low: "1", high: "64" } as const;
    expect([false, true].map((classifier) => ranged(depth, [10, 5000], classifier).high)).toEqual([
      "256",
      "1024",
    ]);
  });
});
