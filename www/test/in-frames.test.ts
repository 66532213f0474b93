import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { inFrames } from "../src/in-frames";

let now = 0;
let frames: (() => void)[] = [];
let log: string[] = [];

/** Work that takes so many milliseconds, and something else. */
const work = (name: string, milliseconds: number, also?: () => void) => () => {
  log.push(name);
  now += milliseconds;
  also?.();
};

/** What is done in the next frame; undefined where none was asked for. */
function frame(): string[] | undefined {
  log = [];
  const callbacks = frames.splice(0);
  if (callbacks.length === 0) return undefined;
  callbacks.forEach((callback) => callback());
  return log;
}

describe("work in frames", () => {
  beforeEach(() => {
    now = 0;
    frames = [];
    vi.stubGlobal("requestAnimationFrame", (callback: () => void) => frames.push(callback));
    vi.stubGlobal("performance", { now: () => now });
  });
  afterEach(() => vi.unstubAllGlobals());

  it("shares a frame as long as there is time", () => {
    const owners = [{}, {}, {}, {}];
    ["a", "b", "c", "d"].forEach((name, i) => inFrames(owners[i]!, work(name, 4)));
    expect(frames).toHaveLength(1);
    expect(frame()).toEqual(["a", "b"]);
    expect(frame()).toEqual(["c", "d"]);
    expect(frame()).toBeUndefined();
  });

  it("does one thing a frame, however long it takes", () => {
    inFrames({}, work("long", 100));
    inFrames({}, work("other", 1));
    expect(frame()).toEqual(["long"]);
    expect(frame()).toEqual(["other"]);
  });

  it("does the latest of what one asks for, where the first of it stood", () => {
    const [one, two] = [{}, {}];
    inFrames(one, work("old", 1));
    inFrames(two, work("two", 1));
    inFrames(one, work("new", 1));
    expect(frame()).toEqual(["new", "two"]);
  });

  it("leaves what asks for itself again to the next frame, behind the others", () => {
    const [again, other] = [{}, {}];
    inFrames(
      again,
      work("first", 1, () => inFrames(again, work("second", 1))),
    );
    inFrames(other, work("other", 1));
    expect(frame()).toEqual(["first", "other"]);
    expect(frame()).toEqual(["second"]);
    expect(frame()).toBeUndefined();
  });

  it("does the later work of one that is asked anew in the same frame", () => {
    const later = {};
    inFrames(
      {},
      work("first", 1, () => inFrames(later, work("new", 1))),
    );
    inFrames(later, work("old", 1));
    expect(frame()).toEqual(["first", "new"]);
    expect(frame()).toBeUndefined();
  });

  it("goes on after work that fails", () => {
    inFrames({}, () => {
      throw new Error("no picture");
    });
    inFrames({}, work("other", 1));
    expect(frame).toThrow("no picture");
    expect(frame()).toEqual(["other"]);
  });
});
