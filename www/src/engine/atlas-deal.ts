// In which order the cells of a map are trained, how many at a time, and where what comes back is shown.

/** Neighbouring columns (or rows) of one value: where depths are rounded, several cells are one network. */
export interface Span {
  from: number;
  to: number;
}

/** A network to be trained, in spans, and how many spans its outcome stands for until finer ones come. */
export interface Block {
  i: number;
  j: number;
  stride: number;
}

/** The first picture has about this many blocks a side. */
const COARSEST = 8;

/** How blocks of cells are dealt to the members of a team. */
export interface Dealing {
  /** Cells of a member's first block. */
  first: number;
  /** How long a block should take. */
  milliseconds: number;
  /** Most cells of a block. */
  most: number;
  /** A block has at most half of what is left, shared by so many. */
  members: number;
}

/** Where the same value stands in neighbouring cells. */
export function spans(values: ArrayLike<number>): Span[] {
  const list: Span[] = [];
  for (let at = 0; at < values.length; at++) {
    const last = list[list.length - 1];
    if (last && values[last.from] === values[at]) last.to = at + 1;
    else list.push({ from: at, to: at + 1 });
  }
  return list;
}

/** Every (i, j) once: a coarse grid first, then what halves its distances, row by row. */
export function* coarseToFine(columns: number, rows: number): Generator<Block> {
  const coarsest = 2 ** Math.max(0, Math.ceil(Math.log2(Math.max(columns, rows) / COARSEST)));
  for (let stride = coarsest; stride >= 1; stride /= 2) {
    const known = stride === coarsest ? Infinity : 2 * stride;
    for (let j = 0; j < rows; j += stride) {
      for (let i = 0; i < columns; i += stride) {
        const before = known < Infinity && i % known === 0 && j % known === 0;
        if (!before) yield { i, j, stride };
      }
    }
  }
}

/** Takes up to `count` of what is left. */
export function take(blocks: Iterator<Block>, count: number): Block[] {
  const list: Block[] = [];
  while (list.length < count) {
    const next = blocks.next();
    if (next.done) break;
    list.push(next.value);
  }
  return list;
}

/** Cells of the next block dealt, after one of `count` that took so long, when `left` are left. */
export function nextCount(count: number, milliseconds: number, left: number, dealing: Dealing): number {
  const fitting = milliseconds > 0 ? (count * dealing.milliseconds) / milliseconds : 4 * count;
  const fair = Math.ceil(left / (2 * dealing.members));
  return Math.max(1, Math.min(dealing.most, fair, Math.floor(Math.min(fitting, 4 * count))));
}

/**
 * Calls `write` for every cell that shows a block's outcome from now on, and notes in `grain` how coarse that is:
 * 1 for a cell's own network, 0 where nothing has come yet.
 */
export function show(
  { i, j, stride }: Block,
  x: readonly Span[],
  y: readonly Span[],
  columns: number,
  grain: Uint16Array,
  write: (cell: number) => void,
): void {
  const end = (list: readonly Span[], from: number) => list[Math.min(list.length, from + stride) - 1]!.to;
  for (let iy = y[j]!.from; iy < end(y, j); iy++) {
    for (let ix = x[i]!.from; ix < end(x, i); ix++) {
      const cell = iy * columns + ix;
      const own = ix < x[i]!.to && iy < y[j]!.to;
      const now = own ? 1 : stride;
      if (grain[cell] !== 0 && grain[cell]! < now) continue;
      grain[cell] = now;
      write(cell);
    }
  }
}
