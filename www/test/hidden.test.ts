import { describe, expect, it } from "vitest";
import { tileAt, tiles, tilesHeight } from "../src/draw/hidden";

describe("tiles of hidden points", () => {
  it("stand in one row where that has room for enough of them", () => {
    const shown = tiles(33, 600, 56);
    expect(shown.length).toBeGreaterThanOrEqual(9);
    expect(new Set(shown.map(({ y }) => y))).toEqual(new Set([0]));
    expect([shown[0]!.layer, shown.at(-1)!.layer]).toEqual([0, 32]);
  });

  it("take more rows where it has not, and keep within the width and clear of each other", () => {
    for (const width of [120, 190, 280, 330]) {
      const shown = tiles(33, width, 56);
      expect(new Set(shown.map(({ y }) => y)).size).toBeGreaterThan(1);
      shown.forEach((one, i) => {
        expect(one.x + one.side).toBeLessThanOrEqual(width + 1e-9);
        expect(one.y + one.side).toBeLessThan(tilesHeight(shown));
        for (const other of shown.slice(i + 1))
          expect(other.x >= one.x + one.side || other.y >= one.y + one.side).toBe(true);
      });
    }
  });

  it("are no more than there are layers", () => {
    expect(tiles(3, 190, 56).map(({ layer }) => layer)).toEqual([0, 1, 2]);
    expect(tiles(4, 190, 56).map(({ layer, y }) => [layer, y > 0])).toEqual([
      [0, false],
      [1, false],
      [2, false],
      [3, true],
    ]);
  });

  it("are found where they are drawn", () => {
    const shown = tiles(33, 190, 56);
    for (const tile of shown) expect(tileAt(shown, { x: tile.x + 3, y: tile.y + 3 })).toBe(tile);
    expect(tileAt(shown, { x: 3, y: shown[0]!.side + 3 })).toBeUndefined();
  });
});
