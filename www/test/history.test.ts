import { describe, expect, it } from "vitest";
import { logRange, logTable, valueBefore } from "../src/draw/history";

const series = (steps: number[], values: number[]) => ({
  steps: Float64Array.from(steps),
  values: Float32Array.from(values),
});

describe("histories on a logarithmic axis", () => {
  it("join two runs of different steps without inventing values", () => {
    const table = logTable([series([0, 2], [1, 100]), series([0, 1, 2], [10, 10, 1000])]);
    expect(table.steps).toEqual([0, 1, 2]);
    expect(table.logs).toEqual([
      [0, undefined, 2],
      [1, 1, 3],
    ]);
    expect(table.zeros || table.infinite).toBe(false);
  });

  it("leave a gap for zero and for what is not finite, and say which", () => {
    const table = logTable([series([0, 1, 2], [1, 0, 1])]);
    expect(table.logs).toEqual([[0, null, 0]]);
    expect([table.zeros, table.infinite]).toEqual([true, false]);
    expect(logTable([series([0], [Infinity])])).toMatchObject({ zeros: false, infinite: true });
  });

  it("cover whole decades, never an empty range", () => {
    expect(logRange([[-1.5, undefined, 2.2], [null]])).toEqual([-2, 3]);
    expect(logRange([[1]])).toEqual([0, 2]);
    expect(logRange([[null]])).toEqual([-1, 1]);
  });

  it("read the last value that is not later", () => {
    const s = series([0, 10, 20], [5, 6, 7]);
    expect([-1, 0, 9.9, 10, 99].map((step) => valueBefore(s, step))).toEqual([undefined, 5, 5, 6, 7]);
  });
});
