// Dealing the rows of a picture, and putting what comes back in its place.

/** size points from low to high, both ends included. */
export function axis([low, high]: readonly [number, number], size: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) =>
    size === 1 ? (low + high) / 2 : low + ((high - low) * i) / (size - 1),
  );
}

export interface Block {
  from: number;
  to: number;
}

/** Rows 0…size−1 cut into consecutive blocks of at most `rows`, middle first: the iterate is there. */
export function blocks(size: number, rows: number): Block[] {
  const step = Math.max(1, Math.floor(rows));
  const list: Block[] = [];
  for (let from = 0; from < size; from += step) list.push({ from, to: Math.min(size, from + step) });
  const middle = (size - 1) / 2;
  const off = (block: Block) => Math.abs((block.from + block.to - 1) / 2 - middle);
  return list.sort((x, y) => off(x) - off(y) || x.from - y.from);
}

/** Rows a block should have so that it takes about `target` milliseconds, from what the last one took. */
export function rowsFor(target: number, rows: number, milliseconds: number, size: number): number {
  const fitting = milliseconds > 0 ? (rows * target) / milliseconds : rows * 4;
  return Math.max(1, Math.min(size, Math.floor(Math.min(fitting, rows * 4))));
}

/** Copies the rows of a block to their place in the whole picture. */
export function place(whole: Float32Array, size: number, block: Block, part: Float32Array): void {
  if (part.length !== (block.to - block.from) * size) {
    throw new RangeError(
      `a block of ${block.to - block.from} rows of ${size} came back as ${part.length} values`,
    );
  }
  whole.set(part, block.from * size);
}
