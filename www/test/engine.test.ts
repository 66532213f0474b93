import { describe, expect, it } from "vitest";
import { explainChoice, fastest, formatMilliseconds } from "../src/engine/fastest";
import { CALL_MILLISECONDS, Pace } from "../src/engine/pace";
import { Dealer, type RowsMember } from "../src/engine/pool";
import { project } from "../src/engine/projection";
import { Newest, SerialQueue } from "../src/engine/queue";
import { axis, blocks, place, rowsFor } from "../src/engine/rows";
import { liveSize } from "../src/watcher";

describe("dealing rows", () => {
  it.each([
    [33, 4],
    [65, 7],
    [129, 200],
    [1, 1],
    [17, 0.3],
  ])("covers each of %i rows once, in blocks of %f", (size, rows) => {
    const seen = new Array<number>(size).fill(0);
    for (const { from, to } of blocks(size, rows)) for (let i = from; i < to; i++) seen[i]!++;
    expect(seen.every((count) => count === 1)).toBe(true);
  });

  it("begins in the middle", () => {
    expect(blocks(9, 3).map(({ from }) => from)).toEqual([3, 0, 6]);
  });

  it("sizes a block by what rows cost", () => {
    expect(rowsFor(40, 4, 160, 129)).toBe(1);
    expect(rowsFor(40, 4, 20, 129)).toBe(8);
    expect(rowsFor(40, 4, 0, 129)).toBe(16);
    expect(rowsFor(40, 1, 1e9, 129)).toBe(1);
  });

  it("refuses a part of the wrong size", () => {
    const whole = new Float32Array(9);
    place(whole, 3, { from: 1, to: 2 }, Float32Array.of(1, 2, 3));
    expect([...whole]).toEqual([0, 0, 0, 1, 2, 3, 0, 0, 0]);
    expect(() => place(whole, 3, { from: 0, to: 2 }, Float32Array.of(1))).toThrow(/2 rows/);
  });

  it("includes both ends of an axis", () => {
    expect([...axis([-1, 1], 5)]).toEqual([-1, -0.5, 0, 0.5, 1]);
    expect([...axis([-1, 1], 1)]).toEqual([0]);
  });
});

describe("the pool", () => {
  const [a, b] = [axis([0, 1], 9), axis([0, 1], 9)];
  const member = (delay: number, log: number[] = []): RowsMember => ({
    rows: async (_twin, _plane, columns, rows) => {
      await new Promise((resolve) => setTimeout(resolve, delay));
      log.push(rows.length);
      const values = Float32Array.from({ length: columns.length * rows.length }, (_, i) => {
        return columns[i % columns.length]! + 10 * rows[Math.floor(i / columns.length)]!;
      });
      return { values, milliseconds: delay };
    },
  });

  it("puts every block where it belongs, whoever is faster", async () => {
    const [slow, quick]: number[][] = [[], []];
    const dealer = new Dealer([member(9, slow), member(1, quick)]);
    const progress: number[] = [];
    const onProgress = (done: number) => progress.push(done);
    const values = await dealer.draw({ twin: 0, plane: 1, a, b, isNewest: () => true, onProgress });
    values!.forEach((value, i) => expect(value).toBeCloseTo(a[i % 9]! + 10 * b[Math.floor(i / 9)]!, 5));
    expect(progress[progress.length - 1]).toBe(1);
    expect(quick!.length).toBeGreaterThan(slow!.length);
    expect(dealer.estimate(100)).toBeGreaterThan(0);
  });

  it("leaves a member idle in the background", async () => {
    const [one, two]: number[][] = [[], []];
    const dealer = new Dealer([member(1, one), member(1, two)]);
    await dealer.draw({ twin: 0, plane: 1, a, b, background: true, isNewest: () => true });
    expect(two).toEqual([]);
    expect(
      await new Dealer([member(0)]).draw({ twin: 0, plane: 1, a, b, background: true, isNewest: () => true }),
    ).toHaveLength(81);
  });

  it("stops when a newer request has come, and delivers nothing", async () => {
    const newest = new Newest();
    const log: number[] = [];
    const dealer = new Dealer([member(2, log)]);
    const first = dealer.draw({ twin: 0, plane: 1, a, b, isNewest: newest.begin(0) });
    const second = dealer.draw({ twin: 0, plane: 2, a, b, isNewest: newest.begin(0) });
    expect(await first).toBeUndefined();
    expect(await second).toHaveLength(81);
    const rows = log.reduce((sum, count) => sum + count, 0);
    expect(rows).toBeLessThan(2 * 9);
  });

  it("delivers nothing where a member's plane has been replaced", async () => {
    const gone: RowsMember = { rows: () => Promise.resolve(undefined) };
    expect(await new Dealer([gone]).draw({ twin: 0, plane: 1, a, b, isNewest: () => true })).toBeUndefined();
  });
});

describe("order", () => {
  it("lets only the newest of a key live", () => {
    const newest = new Newest();
    const [first, other] = [newest.begin(0), newest.begin(1)];
    const second = newest.begin(0);
    expect([first(), second(), other()]).toEqual([false, true, true]);
    newest.cancelAll();
    expect([second(), other()]).toEqual([false, false]);
    expect(newest.begin(0)()).toBe(true);
  });

  it("never runs two jobs at once, and survives one that fails", async () => {
    const queue = new SerialQueue();
    let active = 0;
    let most = 0;
    const job = async (fails: boolean) => {
      most = Math.max(most, ++active);
      await new Promise((resolve) => setTimeout(resolve, 1));
      active--;
      if (fails) throw new Error("no");
      return 7;
    };
    const results = await Promise.allSettled(
      [false, true, false].map((fails) => queue.run(() => job(fails))),
    );
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(most).toBe(1);
  });
});

describe("the plane", () => {
  it("gives back the coordinates that a point was made from", () => {
    const origin = Float32Array.of(1, 2, 3, 4);
    const u = Float32Array.of(0.5, 0.5, 0.5, 0.5);
    const v = Float32Array.of(0.5, -0.5, 0.5, -0.5);
    const theta = origin.map((x, i) => x + 3 * u[i]! - 2 * v[i]!);
    const { a, b } = project(theta, origin, u, v);
    expect(a).toBeCloseTo(3, 6);
    expect(b).toBeCloseTo(-2, 6);
  });
});

describe("pace", () => {
  it("keeps a slow speed exactly, whatever the clock's grain", () => {
    const pace = new Pace();
    let steps = 0;
    for (let t = 0; t <= 10_000; t += 15) {
      const count = pace.due(t, 10);
      pace.learn(count, 0.05);
      steps += count;
    }
    expect(steps).toBeGreaterThanOrEqual(99);
    expect(steps).toBeLessThanOrEqual(102);
  });

  it("settles near the wanted length of a call at full speed", () => {
    const pace = new Pace();
    const cost = 0.04;
    let count = 0;
    for (let i = 0; i < 40; i++) {
      count = pace.due(i * 16, Infinity);
      pace.learn(count, count * cost);
    }
    expect(count * cost).toBeGreaterThan(CALL_MILLISECONDS * 0.6);
    expect(count * cost).toBeLessThan(CALL_MILLISECONDS * 1.5);
  });

  it("asks for one step where one is already too long", () => {
    const pace = new Pace();
    for (let i = 0; i < 5; i++) pace.learn(pace.due(i, Infinity), 400);
    expect(pace.due(100, Infinity)).toBe(1);
  });

  it("does not make up for what it could not keep up with", () => {
    const pace = new Pace();
    pace.due(0, 6000);
    pace.learn(1, 100);
    expect(pace.due(5000, 6000)).toBe(1);
    expect(pace.due(5001, 1)).toBeLessThanOrEqual(1);
  });
});

describe("the choice of an engine", () => {
  const cpu = { engine: "cpu", milliseconds: 0.04 } as const;
  it("takes the fastest that ran, never burn", () => {
    expect(fastest([cpu, { engine: "burn", milliseconds: 0.001 }])?.engine).toBe("cpu");
    expect(fastest([cpu, { engine: "webgpu", milliseconds: 0.001 }])?.engine).toBe("webgpu");
    expect(fastest([cpu, { engine: "webgpu", problem: "This browser offers no WebGPU." }])?.engine).toBe(
      "cpu",
    );
    expect(fastest([])).toBeUndefined();
  });

  it("says why", () => {
    expect(explainChoice([cpu, { engine: "webgpu", milliseconds: 4, fallbackAdapter: true }])).toBe(
      "CPU, measured 100× faster a step than WebGPU, which is a software adapter here.",
    );
    expect(explainChoice([cpu, { engine: "webgpu", problem: "This browser offers no WebGPU." }])).toBe(
      "CPU, because this browser offers no WebGPU.",
    );
    expect([0.0414, 7.25, 1500, undefined].map(formatMilliseconds)).toEqual([
      "41.4 µs",
      "7.25 ms",
      "1.5 s",
      "–",
    ]);
  });
});

describe("the size of a live landscape", () => {
  it("is what fits into the time", () => {
    expect(liveSize(0)).toBe(9);
    expect(liveSize(0.001)).toBe(65);
    expect(liveSize(0.1)).toBe(33);
    expect(liveSize(0.5)).toBe(17);
    expect(liveSize(7)).toBe(9);
  });
});
