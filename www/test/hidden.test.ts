import { describe, expect, it } from "vitest";
import { framesOf, tileAt, tiles, tilesHeight } from "../src/draw/hidden";

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
      [2, true],
      [3, true],
    ]);
    // Seven where six fit are no row of six and one more.
    expect(tiles(7, 383, 56).filter(({ y }) => y === 0)).toHaveLength(4);
  });

  it("are found where they are drawn", () => {
    const shown = tiles(33, 190, 56);
    for (const tile of shown) expect(tileAt(shown, { x: tile.x + 3, y: tile.y + 3 })).toBe(tile);
    expect(tileAt(shown, { x: 3, y: shown[0]!.side + 3 })).toBeUndefined();
  });
});

describe("frames of hidden points", () => {
  /** Four points a layer, at the corners of a square of that half side about a place. */
  const squares = (...sizes: readonly [half: number, at: number][]) => ({
    points: 4,
    places: Float32Array.from(
      sizes.flatMap(([half, at]) =>
        [-1, -1, 1, -1, 1, 1, -1, 1].map((side, i) => side * half + (i % 2 === 0 ? at : 0)),
      ),
    ),
  });
  const frames = (...sizes: readonly [number, number][]) =>
    framesOf(
      squares(...sizes),
      sizes.map((_, i) => i),
    );

  it("are one, where layers are about as wide as each other", () => {
    const [one, two] = frames([1, 0], [1.5, 0.5]);
    expect(one).toEqual(two);
    expect(one!.magnified).toBe(1);
    expect(one!.low[0]).toBeLessThan(-1);
    expect(one!.low[0] + one!.span).toBeGreaterThan(2);
  });

  it("are magnified by powers of two about what would be dots, which then fill half of them", () => {
    const all = frames([1, 0], [0.1, 5], [10, 0]);
    expect(all.map(({ magnified }) => magnified)).toEqual([8, 64, 1]);
    for (const [i, { low, span }] of all.entries()) {
      const [half, at] = [
        [1, 0],
        [0.1, 5],
        [10, 0],
      ][i]!;
      expect(low[0]).toBeLessThan(at! - half!);
      expect(low[0] + span).toBeGreaterThan(at! + half!);
      expect(low[0] + span / 2).toBeCloseTo(at!, 4);
      expect((2 * half!) / span).toBeGreaterThan(0.5);
    }
  });

  it("leave a dot what has collapsed, and stand what is not finite", () => {
    const all = frames([1, 0], [0, 2], [Number.NaN, 0], [0, 0]);
    expect(all.map(({ magnified }) => magnified)).toEqual([1, 64, 64, 64]);
    for (const { low, span } of all) expect([...low, span].every(Number.isFinite) && span > 0).toBe(true);
    expect(frames([0, 1], [0, 1])).toEqual(
      frames([0, 1], [0, 1]).map(() => ({ low: [0.4, -0.6], span: 1.2, magnified: 1 })),
    );
  });
});
