// Layer matrices as small signed heatmaps.
import { bitmap } from "./canvas";
import { signedPixel } from "./color";
import { niceStep } from "./scale";

/** At most `most` of `count` layers, evenly spread, first and last always among them. */
export function chooseLayers(count: number, most: number): number[] {
  if (count <= most) return Array.from({ length: count }, (_, i) => i);
  if (most <= 1) return [0];
  return Array.from({ length: most }, (_, i) => Math.round((i * (count - 1)) / (most - 1)));
}

/** The colour limit of a set of matrices: largest magnitude, rounded up so that it holds still. */
export function signedLimit(values: Float32Array): number {
  let most = 0;
  for (const value of values) {
    const size = Math.abs(value);
    if (size > most && size < Infinity) most = size;
  }
  return niceStep(most) || 1;
}

export interface Tiling {
  columns: number;
  rows: number;
  /** Side of a tile, and from tile to tile. */
  side: number;
  pitch: number;
}

/** The largest square tiles that let `count` of them fit into width × height. */
export function tile(count: number, width: number, height: number, gap = 4): Tiling {
  let best: Tiling = { columns: Math.max(1, count), rows: 1, side: 0, pitch: 0 };
  for (let columns = 1; columns <= Math.max(1, count); columns++) {
    const rows = Math.ceil(count / columns);
    const side = Math.floor(
      Math.min((width - gap * (columns - 1)) / columns, (height - gap * (rows - 1)) / rows),
    );
    if (side > best.side) best = { columns, rows, side, pitch: side + gap };
  }
  return best;
}

export function matrixBitmap(values: Float32Array, side: number, limit: number): HTMLCanvasElement {
  const pixels = new Uint32Array(side * side);
  for (let i = 0; i < pixels.length; i++) pixels[i] = signedPixel(values[i]!, limit);
  return bitmap(pixels, side, side);
}

export function drawMatrices(
  context: CanvasRenderingContext2D,
  parameters: Float32Array,
  width: number,
  layers: readonly number[],
  tiling: Tiling,
  limit: number,
): void {
  context.imageSmoothingEnabled = false;
  // One bitmap, layers below each other: a canvas for every tile costs more than its pixels.
  const size = width * width;
  const pixels = new Uint32Array(layers.length * size);
  layers.forEach((layer, tileIndex) => {
    for (let i = 0; i < size; i++)
      pixels[tileIndex * size + i] = signedPixel(parameters[layer * size + i]!, limit);
  });
  const column = bitmap(pixels, width, layers.length * width);
  layers.forEach((_, i) => {
    const [x, y] = [(i % tiling.columns) * tiling.pitch, Math.floor(i / tiling.columns) * tiling.pitch];
    context.drawImage(column, 0, i * width, width, width, x, y, tiling.side, tiling.side);
  });
}
