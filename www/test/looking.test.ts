import { describe, expect, it } from "vitest";
import { differenceOf } from "../src/draw/difference";
import { placeAtStep } from "../src/draw/history-place";
import { slicesDomain } from "../src/draw/slices";
import { converted, KeptPoints, MOST_KEPT } from "../src/engine/kept";
import { axesOf, checkOptions, movedTo, type LaidPlane } from "../src/engine/laid-plane";
import { twinNames } from "../src/twin-names";
import type { TwinSpec } from "../src/engine/types";
import { NewestCall } from "../src/engine/newest-call";

/** u = (2, 0, 0), v = (1, 1, 0), origin 0; the start is (0, 0, 3), which the plane does not hold. */
const plane = {
  shadow: {
    trajectory: Float32Array.of(0, 0, 1, 1),
    startDistance: 3,
    metric: [4, 2, 2],
    a: [-1, 3],
    b: [-2, 2],
  },
} as unknown as LaidPlane;

describe("a plane that has been laid", () => {
  it("knows how far a place is from the start, off the plane or not", () => {
    // θ = 1·u + 2·v = (4, 2, 0): from (0, 0, 3) that is √(16 + 4 + 9).
    expect(movedTo(plane, 1, 2)).toBeCloseTo(Math.sqrt(29), 12);
    expect(movedTo(plane, 0, 0)).toBe(3);
  });

  it("shows the part that a view asks for, at its own or at a given scale", () => {
    const ends = (axis: Float32Array) => [axis[0], axis[axis.length - 1]];
    expect(ends(axesOf(plane, { size: 9 }).a)).toEqual([-1, 3]);
    const near = axesOf(plane, { size: 9, view: { zoom: 2, a: 0.5, b: -1 } });
    expect([ends(near.a), ends(near.b)]).toEqual([
      [1, 3],
      [-3, -1],
    ]);
    expect(ends(axesOf(plane, { size: 9, half: 4 }).a)).toEqual([-3, 5]);
  });

  it.each([
    [{ size: 0 }, /size: .*2 to 1024/],
    [{ size: 1e6 }, /size/],
    [{ size: 2.5 }, /size/],
    [{ half: 0 }, /half/],
    [{ half: Number.NaN }, /half/],
    [{ view: { zoom: 0, a: 0, b: 0 } }, /zoom/],
    [{ view: { zoom: 1, a: Infinity, b: 0 } }, /view/],
  ])("refuses %j in a sentence", (options, sentence) => {
    expect(() => checkOptions(options)).toThrow(sentence);
  });

  it("refuses a range that float32 cannot tell apart or hold", () => {
    const at = (view: { zoom: number; a: number; b: number }, half?: number) => () =>
      axesOf(plane, { size: 9, view, ...(half ? { half } : {}) });
    expect(at({ zoom: 1e6, a: 1e6, b: 0 }, 1)).toThrow(/float32/);
    expect(at({ zoom: 1e-3, a: 0, b: 0 }, 1e37)).toThrow(/float32/);
  });
});

describe("kept points", () => {
  it("are the same layer maps in the other parametrization", () => {
    const identity = Float32Array.of(0.5, 1, 2, 0.25, 0, 0, 0, 0);
    const standard = converted(identity, "identity", "standard", 2);
    expect([...standard]).toEqual([1.5, 1, 2, 1.25, 1, 0, 0, 1]);
    expect(converted(standard, "standard", "identity", 2)).toEqual(identity);
    expect(converted(identity, "identity", "identity", 2)).toEqual(identity);
  });

  it("are found by name where the shape fits, and are bounded", () => {
    const kept = new KeptPoints();
    const point = {
      kind: "linear",
      parametrization: "standard",
      width: 1,
      layers: 1,
      seed: 3,
      step: 7,
    } as const;
    const network = { kind: "linear", width: 1, layers: 1 } as const;
    for (let i = 0; i < MOST_KEPT + 2; i++) kept.keep(point, Float32Array.of(i));
    expect(kept.list().length).toBe(MOST_KEPT);
    expect(kept.list()[0]).toEqual({ ...point, name: "kept3" });
    expect(kept.find("kept3", "identity", network, 1)).toEqual(Float32Array.of(1));
    expect(kept.find("kept3", "identity", { ...network, width: 2 }, 4)).toBeUndefined();
    expect(kept.find("kept1", "identity", network, 1)).toBeUndefined();
  });

  it("between fixed maps are as wide as the layers there", () => {
    const kept = new KeptPoints();
    const wide = { parametrization: "identity", width: 2, layers: 1, seed: 3, step: 7 } as const;
    kept.keep({ kind: "linear", ...wide }, Float32Array.of(0, 1, 2, 3));
    const network = { kind: "linear", width: 1, layers: 1, hidden: 2 } as const;
    expect(kept.find("kept1", "standard", network, 4)).toEqual(Float32Array.of(1, 1, 2, 4));
    expect(kept.find("kept1", "standard", { ...network, hidden: 3 }, 9)).toBeUndefined();
  });
});

describe("an earlier step", () => {
  const path = { steps: Float64Array.of(0, 10, 30), trajectory: Float32Array.of(0, 0, 1, 2, 5, -2) };
  it.each([
    [0, [0, 0]],
    [5, [0.5, 1]],
    [10, [1, 2]],
    [20, [3, 0]],
    [30, [5, -2]],
    [31, undefined],
    [-1, undefined],
  ])("%i stands between the points that are kept", (step, place) => {
    expect(placeAtStep(path, step)).toEqual(place);
  });
});

describe("two pictures in one", () => {
  const picture = (values: number[]) => ({
    size: 2,
    a: Float32Array.of(1, 3),
    b: Float32Array.of(-1, 1),
    values: Float32Array.from(values),
  });

  it("are compared by how many times lower one lies", () => {
    const found = differenceOf(picture([1, 10, 100, 5]), picture([10, 10, 1, 0]))!;
    expect([...found.logs]).toEqual([-1, 0, 2, Number.NaN]);
    expect([...found.a]).toEqual([-1, 1]);
    expect(found.firstLower).toBeCloseTo(1 / 3, 12);
    expect(found.limit).toBe(1);
  });

  it("must be of one size", () => {
    expect(differenceOf(picture([1, 1, 1, 1]), { ...picture([1]), size: 1 })).toBeUndefined();
  });
});

describe("slices", () => {
  const lines = {
    at: [0, 0] as const,
    a: Float32Array.of(0, 1),
    alongA: Float32Array.of(0, 0.02),
    b: Float32Array.of(0, 1),
    alongB: Float32Array.of(3, Infinity),
  };
  it("cover whole decades of what has a logarithm, up to the ceiling", () => {
    expect(slicesDomain(lines, "log", Infinity)).toEqual({ low: -2, high: 1 });
    expect(slicesDomain(lines, "log", 0.5)).toEqual({ low: -2, high: 0 });
    expect(
      slicesDomain({ ...lines, alongA: new Float32Array(2), alongB: new Float32Array(2) }, "log", 1),
    ).toBe(undefined);
  });
});

describe("questions of which only the newest matters", () => {
  it("skips those that were overtaken, and always answers the last", async () => {
    const asked: number[] = [];
    const answers: (() => void)[] = [];
    const call = new NewestCall<number>((n) => {
      asked.push(n);
      return new Promise((resolve) => answers.push(resolve));
    });
    // Promises that have been kept are heard of before the next macrotask.
    const answer = async () => {
      answers.shift()!();
      await new Promise((resolve) => setTimeout(resolve));
    };
    for (const n of [1, 2, 3, 4]) call.ask(n);
    expect(asked).toEqual([1]);
    await answer();
    expect(asked).toEqual([1, 4]);
    await answer();
    call.ask(5);
    expect(asked).toEqual([1, 4, 5]);
  });
});

describe("the two networks", () => {
  const twin = (parametrization: "identity" | "standard", kind: string) =>
    ({ parametrization, start: { kind } }) as unknown as TwinSpec;
  it("are called by their layers, or by their starts where the layers are the same", () => {
    expect(twinNames([twin("identity", "identity"), twin("standard", "he")])).toEqual([
      { name: "identity", colour: "identity" },
      { name: "standard", colour: "standard" },
    ]);
    expect(twinNames([twin("standard", "orthogonal"), twin("standard", "gaussian")])).toEqual([
      { name: "orthogonal start", colour: "identity" },
      { name: "Gaussian start", colour: "standard" },
    ]);
    expect(twinNames([twin("identity", "he"), twin("identity", "he")]).map(({ name }) => name)).toEqual([
      "first",
      "second",
    ]);
    expect(twinNames([twin("standard", "he")])).toEqual([{ name: "standard", colour: "standard" }]);
  });
});
