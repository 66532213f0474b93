import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Spectra } from "../src/engine/types";
import { Watcher, type WatcherHooks } from "../src/watcher";

/** A run of one network whose spectra take `milliseconds(round)`; what is not asked here is not there. */
function watched(milliseconds: (round: number) => number) {
  let step = 0;
  const rounds: number[] = [];
  const begin = Date.now();
  const hooks: Partial<WatcherHooks> = {
    spectra: async () => {
      rounds.push(Date.now() - begin);
      await new Promise((resolve) => setTimeout(resolve, milliseconds(rounds.length - 1)));
      return {} as Spectra;
    },
    parameters: async () => new Float32Array(),
    classifiers: () => false,
    pictured: () => false,
    playing: () => true,
    step: () => step++,
    twins: () => 1,
    onSpectra: () => undefined,
    onParameters: () => undefined,
    onError: (error) => {
      throw error;
    },
  };
  return { watcher: new Watcher(hooks as WatcherHooks), rounds };
}

describe("numbers of a run", () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout", "Date", "performance"] }));
  afterEach(() => vi.useRealTimers());

  it("take at most a share of the time", async () => {
    const { watcher, rounds } = watched(() => 60);
    watcher.restart();
    await vi.advanceTimersByTimeAsync(4000);
    watcher.stop();
    // 60 ms are 15 % of 400.
    expect(rounds.slice(1).map((at, i) => at - rounds[i]!)).toEqual([160, ...Array(9).fill(400)]);
  });

  it("do not stand still because one round of them was slow", async () => {
    const { watcher, rounds } = watched((round) => (round === 0 || round === 5 ? 600 : 5));
    watcher.restart();
    await vi.advanceTimersByTimeAsync(4000);
    watcher.stop();
    const gaps = rounds.slice(1).map((at, i) => at - rounds[i]!);
    expect(gaps.slice(0, 8)).toEqual([700, 105, 105, 105, 105, 700, 105, 105]);
  });
});
