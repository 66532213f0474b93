// Which cells of a finished picture are computed again in float64, and what that shows.

/** Cells of every finished picture that are checked. */
export const CHECKED_CELLS = 16;

export interface Cell {
  ia: number;
  ib: number;
}

/** Cells spread over the picture, one in each sixteenth of it, elsewhere for every seed. */
export function cellsToCheck(size: number, seed: number): Cell[] {
  const side = Math.sqrt(CHECKED_CELLS);
  return Array.from({ length: CHECKED_CELLS }, (_, i) => {
    // A multiplicative hash: the cells need only differ from picture to picture.
    const noise = Math.imul((seed * CHECKED_CELLS + i + 1) | 0, 0x9e3779b1) >>> 0;
    const place = (tile: number, fraction: number) =>
      Math.min(size - 1, Math.floor(((tile + fraction) / side) * size));
    return {
      ia: place(i % side, (noise & 0xffff) / 0x10000),
      ib: place(Math.floor(i / side), (noise >>> 16) / 0x10000),
    };
  });
}

/** What a check of some cells in float64 found. */
export interface Checked {
  /** How many were checked. */
  cells: number;
  /** Largest |found − exact| / exact; a cell far below the others counts relative to 1e-9 of the largest. */
  worst: number;
}

/** Compares cells with their float64 values; a value that is not finite where the exact one is counts as infinite. */
export function largestError(
  values: Float32Array,
  size: number,
  cells: readonly Cell[],
  exact: readonly number[],
): Checked {
  // What float32 cannot hold is hatched in the picture, not wrong.
  const judged = cells.filter((_, i) => exact[i]! < 3.4e38);
  const scale = Math.max(...exact.filter((value) => value < 3.4e38), 0);
  let worst = 0;
  cells.forEach(({ ia, ib }, i) => {
    if (!(exact[i]! < 3.4e38)) return;
    const error = Math.abs(values[ib * size + ia]! - exact[i]!) / Math.max(exact[i]!, 1e-9 * scale);
    worst = Math.max(worst, Number.isFinite(error) ? error : Infinity);
  });
  return { cells: judged.length, worst };
}
