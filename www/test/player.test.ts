import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Frame } from "../src/engine/types";
import { Player } from "../src/player";

describe("the player", () => {
  let step = 0;
  let active = 0;
  let most = 0;
  const frames: number[] = [];
  const errors: unknown[] = [];
  let failAt = Infinity;

  const make = (speed: number) =>
    new Player({
      step: async (count) => {
        most = Math.max(most, ++active);
        await new Promise((resolve) => setTimeout(resolve, 5));
        active--;
        step += count;
        if (step >= failAt) throw new Error("no");
        return { step, milliseconds: count * 0.5 } as Frame;
      },
      speed: () => speed,
      onFrame: (frame) => frames.push(frame.step),
      onRate: () => undefined,
      onError: (error) => errors.push(error),
    });

  beforeEach(() => {
    vi.useFakeTimers();
    step = active = most = 0;
    frames.length = errors.length = 0;
    failAt = Infinity;
  });
  afterEach(() => vi.useRealTimers());

  it("keeps a slow speed with one request at a time", async () => {
    const player = make(10);
    player.play();
    await vi.advanceTimersByTimeAsync(2000);
    expect(most).toBe(1);
    expect(step).toBeGreaterThanOrEqual(19);
    expect(step).toBeLessThanOrEqual(22);
    await player.pause();
  });

  it("keeps two requests under way at full speed", async () => {
    const player = make(Infinity);
    player.play();
    await vi.advanceTimersByTimeAsync(500);
    expect(most).toBe(2);
    expect(step).toBeGreaterThan(500);
    expect(frames).toEqual([...frames].sort((x, y) => x - y));
  });

  it("pauses when what is under way has come back, and asks for no more", async () => {
    const player = make(Infinity);
    player.play();
    await vi.advanceTimersByTimeAsync(102);
    const paused = player.pause();
    await vi.advanceTimersByTimeAsync(20);
    await paused;
    const at = step;
    expect(active).toBe(0);
    await vi.advanceTimersByTimeAsync(500);
    expect(step).toBe(at);
  });

  it("stops at an error and reports it", async () => {
    failAt = 3;
    const player = make(100);
    player.play();
    await vi.advanceTimersByTimeAsync(500);
    expect(errors.length).toBe(1);
    expect(active).toBe(0);
  });
});
