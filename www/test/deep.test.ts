import { describe, expect, it } from "vitest";
import { readMaps, writeMaps } from "../src/atlas-address";
import { FIRST_DEEP, specOf } from "../src/atlas-form";
import {
  bands,
  bandText,
  DEEP_STARTS,
  DEPTHS,
  reach,
  reaching,
  reachText,
  SMALL_EXPERIMENT,
} from "../src/deep";
import { axisValue } from "../src/draw/axis";
import { deepAt, deepFrame, spreadOut, type DeepCurve } from "../src/draw/deep";
import type { Outcomes } from "../src/engine/atlas";
import { mapCsv, mapFile } from "../src/export/map-file";
import { mapDrawing } from "../src/export/map-figure";
import { mapExport } from "../src/export/map-save";
import { drawnSvg } from "../src/export/svg";
import type { Atlas } from "../src/engine/atlas";

const N = Number.NaN;

/** Three depths, rows of seeds. */
function outcomes(accuracy: number[], excess = accuracy, diverged = accuracy.map(() => N)): Outcomes {
  return {
    excess: Float32Array.from(excess),
    steps: new Float32Array(accuracy.length).fill(N),
    divergedAt: Float32Array.from(diverged),
    accuracy: Float32Array.from(accuracy),
  };
}
const own = (count: number) => new Uint16Array(count).fill(1);

describe("what is asked for", () => {
  it("trains every start at depths that reach both ends", () => {
    const spec = specOf(FIRST_DEEP, { ...SMALL_EXPERIMENT, seed: 9 });
    expect(spec.experiment).toBe(SMALL_EXPERIMENT);
    expect(spec.networks).toEqual(DEEP_STARTS.map(({ twin }) => twin));
    expect([spec.columns, spec.rows]).toEqual([DEPTHS, 8]);
    const depth = (i: number) => Math.round(axisValue(spec.x, (i + 0.5) / DEPTHS));
    expect([0, 6, 12].map(depth)).toEqual([10, 100, 1000]);
    expect(reaching({ quantity: "depth", scale: "linear", low: 2, high: 8 }, 4)).toMatchObject({
      low: 1,
      high: 9,
    });
    const lab = { ...SMALL_EXPERIMENT, seed: 5, network: { ...SMALL_EXPERIMENT.network, width: 9 } };
    expect(specOf({ ...FIRST_DEEP, on: "lab" }, lab)).toMatchObject({ experiment: lab, y: { low: 4.5 } });
  });

  it("says little in the address, and comes back whole", () => {
    const back = (form: typeof FIRST_DEEP) => readMaps(writeMaps({ open: true, form }))!.form;
    expect([...writeMaps({ open: true, form: FIRST_DEEP })]).toEqual([
      ["maps", "open"],
      ["maps.view", "deep"],
    ]);
    expect(back(FIRST_DEEP)).toEqual(FIRST_DEEP);
    const other = { ...FIRST_DEEP, on: "lab", height: "loss", seeds: 16, steps: "50" } as const;
    expect(back({ ...other, x: { ...FIRST_DEEP.x, high: "64" } })).toEqual({
      ...other,
      x: { ...FIRST_DEEP.x, high: "64" },
    });
  });
});

describe("what the runs say", () => {
  it("has quartiles over the seeds that have networks of their own", () => {
    const found = bands(outcomes([1, 0.5, N, 0.9, 0.5, N, 0.95, 0.98, N]), own(9), 3, "right");
    expect(found[0]).toMatchObject({ learned: 3, seeds: 3 });
    expect(found[1]!.median).toBeCloseTo(0.5);
    expect([found[1]!.low, found[1]!.high]).toEqual([0.5, expect.closeTo(0.74)]);
    const coarse = Uint16Array.of(1, 4, 4, 1, 0, 0, 1, 1, 0);
    expect(
      bands(outcomes([1, 0, 0, 1, 0, 0, 1, 0.5, 0]), coarse, 3, "right").map((band) => band?.seeds),
    ).toEqual([3, 1, undefined]);
  });

  it("puts the loss of diverged networks above all others", () => {
    const found = bands(outcomes([1, 0, 0], [0.1, 1e9, 2], [N, 7, N]), own(3), 1, "loss")[0]!;
    expect([found.median, found.high]).toEqual([2, Infinity]);
    expect(bandText(found, "loss")).toBe(
      "median 2.00 loss, quartiles 1.05 and diverged, 1 of 3 seeds trained",
    );
    const all = bands(outcomes([0, 0], [1, 1], [3, 3]), own(2), 1, "loss")[0]!;
    expect([all.low, all.median]).toEqual([Infinity, Infinity]);
  });

  it("finds the greatest depth that trains", () => {
    const at = (...right: (number | undefined)[]) =>
      reach(
        right.map((value) => (value === undefined ? undefined : { right: value })) as never,
        [10, 100, 1000],
      );
    const texts = [
      at(1, 1, 0.9),
      at(1, 0.89, 0.2),
      at(0.3, 0.3, 0),
      at(0.8, 1, 0.5),
      at(1, undefined, 0),
      at(),
    ];
    expect(texts.map(reachText)).toEqual(["≥ 1\u202f000", "10", "< 10", "100", "10", "…"]);
  });
});

describe("the picture", () => {
  it("keeps names apart, in the order of the curves' ends", () => {
    const places = spreadOut([10, 11, 12, 200], 30, 12, 190);
    expect(places).toEqual([12, 42, 72, 190]);
    expect(spreadOut([180, 170], 30, 0, 190)).toEqual([190, 160]);
  });

  it("finds the depth and the curve nearest to the pointer", () => {
    const band = (median: number) => ({ low: median, median, high: median });
    const curves = [
      [1, 1],
      [1, 0],
    ].map((values): DeepCurve => ({ title: "", reach: "", colour: "", bands: values.map(band) }));
    const size = { width: 400, height: 300 };
    const frame = deepFrame(size.width, size.height);
    const style = { x: { scale: "log", low: 10, high: 1000 }, depths: [20, 500], height: "right" } as const;
    const right = frame.left + 0.9 * frame.width;
    expect(deepAt(size, curves, style, { x: right, y: 20 })).toEqual([1, 0]);
    expect(deepAt(size, curves, style, { x: right, y: 240 })).toEqual([1, 1]);
    expect(deepAt(size, curves, style, { x: frame.left + frame.width + 60, y: 20 })).toBeUndefined();
  });
});

describe("a saved picture of starts", () => {
  const columns = 2;
  const spec = { ...specOf(FIRST_DEEP, SMALL_EXPERIMENT), columns, rows: 1 };
  const atlas = {
    spec,
    x: Float64Array.of(10, 1000),
    y: Float64Array.of(1),
    twins: DEEP_STARTS.map((_, i) => outcomes([1, i < 4 ? 1 : 0.5], [0.01, i < 4 ? 0.001 : 0.7])),
    grain: own(columns),
    trained: 12,
    networks: 12,
    engine: "cpu",
  } as unknown as Atlas;

  it("names the start of every network", () => {
    expect(mapFile({ atlas, view: "deep" }).twins.map(({ start }) => start)).toEqual([
      "identity",
      "fixup",
      "skipInit",
      "reZero",
      "he",
      "he",
    ]);
    const lines = mapCsv({ atlas, view: "deep" }).split("\n");
    expect(lines).toContain("depth,seed,network,parametrization,start,loss,steps,divergedAt,accuracy");
    expect(lines.filter((line) => /^\d/.test(line))).toHaveLength(12);
    expect(mapExport({ atlas, view: "deep" }).name).toBe("identity-lab-starts-depth");
  });

  it.each(["right", "loss"] as const)("draws them by %s", (height) => {
    const text = drawnSvg(mapDrawing({ atlas, view: "deep", height }), "{}");
    for (const { title } of DEEP_STARTS) expect(text).toContain(title);
    expect(text).toContain("≥ 1\u202f000");
    expect(text).not.toContain("NaN");
    expect(text).toContain("ReLU networks on 64 points (moons)");
  });
});
