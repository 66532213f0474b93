// Arrow keys among the cells of a map, or the columns of its curves.

/** (column, row) from the lower left. */
export type Cell = readonly [number, number];

/** Cells that an arrow passes while Shift is held. */
const FAR = 8;

const WAYS: Record<string, Cell> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowDown: [0, -1],
  ArrowUp: [0, 1],
};

/** The cell that a key leads to from the cursor, or from the middle; undefined where it leads along no side. */
export function cellAfter(
  { key, shiftKey }: Pick<KeyboardEvent, "key" | "shiftKey">,
  cursor: Cell | undefined,
  columns: number,
  rows: number,
): Cell | undefined {
  const way = WAYS[key];
  // A side of one cell leads nowhere: the page may have that key.
  if (!way || (way[0] ? columns : rows) < 2) return undefined;
  const [ix, iy] = cursor ?? [Math.floor(columns / 2), Math.floor(rows / 2)];
  const by = shiftKey ? FAR : 1;
  const within = (value: number, count: number) => Math.min(count - 1, Math.max(0, value));
  return [within(ix + by * way[0], columns), within(iy + by * way[1], rows)];
}
