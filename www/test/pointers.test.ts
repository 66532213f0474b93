import { describe, expect, it } from "vitest";
import { rangesPinched } from "../src/draw/atlas";
import { axisPosition } from "../src/draw/axis";
import { cellAfter } from "../src/elements/cell-keys";
import { Pointers, spread } from "../src/elements/pointers";

describe("fingers on a picture", () => {
  it("hold it by their middle, and are as far apart as they are", () => {
    const pointers = new Pointers();
    expect(pointers.grip).toEqual({ x: 0, y: 0, apart: 0 });
    pointers.press(3, { x: 10, y: 20 });
    expect(pointers.grip).toEqual({ x: 10, y: 20, apart: 0 });
    pointers.press(8, { x: 16, y: 28 });
    const before = pointers.grip;
    expect(before).toEqual({ x: 13, y: 24, apart: 10 });
    expect(pointers.move(8, { x: 22, y: 36 })).toBe(true);
    expect(spread(before, pointers.grip)).toBe(2);
    expect(pointers.move(5, { x: 0, y: 0 })).toBe(false);
    expect([pointers.release(3), pointers.release(3), pointers.count]).toEqual([true, false, 1]);
    // What was held by two fingers is not pulled by one.
    expect(spread(before, pointers.grip)).toBe(1);
    pointers.press(9, { x: 22, y: 36 });
    expect(pointers.grip.apart).toBe(1);
  });

  it("pull the axes along: what was under each stays under it", () => {
    const frame = { left: 50, top: 10, width: 400, height: 200 };
    const axes = {
      x: { scale: "log", low: 1e-4, high: 1 },
      y: { scale: "linear", low: 10, high: 50 },
    } as const;
    // Fingers on one line, so that both pull by the same factor.
    const from = { x: 150, y: 60, apart: 80 };
    const to = { x: 250, y: 90, apart: 160 };
    const found = rangesPinched(frame, axes, from, to);
    for (const aside of [-40, 0, 40]) {
      const value = 1e-4 * 1e4 ** ((from.x + aside - frame.left) / frame.width);
      const now = axisPosition({ scale: "log", low: found.x[0], high: found.x[1] }, value);
      expect(frame.left + now * frame.width).toBeCloseTo(to.x + 2 * aside, 9);
    }
    const height = (50 - 10) * (1 - (from.y - frame.top) / frame.height) + 10;
    const up = axisPosition({ scale: "linear", low: found.y[0], high: found.y[1] }, height);
    expect(frame.top + (1 - up) * frame.height).toBeCloseTo(to.y, 9);
    expect(found.y[1] - found.y[0]).toBeCloseTo(20, 9);
  });
});

describe("arrow keys", () => {
  const key = (name: string, shiftKey = false) => ({ key: name, shiftKey });

  it("go from cell to cell, eight with Shift, and not beyond the edge", () => {
    expect(cellAfter(key("ArrowLeft"), [3, 2], 16, 12)).toEqual([2, 2]);
    expect(cellAfter(key("ArrowUp"), [3, 2], 16, 12)).toEqual([3, 3]);
    expect(cellAfter(key("ArrowDown", true), [3, 2], 16, 12)).toEqual([3, 0]);
    expect(cellAfter(key("ArrowRight", true), [3, 2], 16, 12)).toEqual([11, 2]);
    expect(cellAfter(key("ArrowRight"), undefined, 16, 12)).toEqual([9, 6]);
  });

  it("leave to the page what is not theirs", () => {
    expect(cellAfter(key("Enter"), [3, 2], 16, 12)).toBeUndefined();
    // Curves have columns alone.
    expect(cellAfter(key("ArrowUp"), [3, 0], 24, 1)).toBeUndefined();
    expect(cellAfter(key("ArrowLeft"), [3, 0], 24, 1)).toEqual([2, 0]);
    expect(cellAfter(key("ArrowLeft"), undefined, 1, 1)).toBeUndefined();
  });
});
