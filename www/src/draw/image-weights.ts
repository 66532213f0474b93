// Filters and feature maps as small grey or coloured images.
import type { FeatureMaps, Filters } from "../engine/images";
import { bitmap } from "./canvas";
import { tile } from "./matrices";

/** The largest magnitude that is a number. */
export function largest(values: Float32Array): number {
  let most = 0;
  for (const value of values) {
    const size = Math.abs(value);
    if (size > most && size < Infinity) most = size;
  }
  return most;
}

/** What black and white stand for: both signs about a middle grey, or from 0 on where nothing is negative. */
export interface GreyRange {
  low: number;
  high: number;
}

export function greyRange(values: Float32Array): GreyRange {
  const high = largest(values) || 1;
  return { low: values.some((value) => value < 0) ? -high : 0, high };
}

/** Brightness, 0 to 255; what is no number is black. */
export function grey(value: number, { low, high }: GreyRange): number {
  const t = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return Number.isNaN(t) ? 0 : Math.round(255 * t);
}

/**
 * Images below each other, of one channel (grey) or three (red, green, blue): one bitmap, as a canvas for every image
 * costs more than its pixels.
 */
export function column(
  values: Float32Array,
  count: number,
  channels: number,
  area: number,
  range: GreyRange,
): Uint32Array<ArrayBuffer> {
  const bytes = new Uint8Array(4 * count * area);
  for (let i = 0; i < count * area; i++) {
    const first = Math.floor(i / area) * channels * area + (i % area);
    for (let c = 0; c < 3; c++) {
      bytes[4 * i + c] = grey(values[channels === 3 ? first + c * area : first]!, range);
    }
    bytes[4 * i + 3] = 255;
  }
  return new Uint32Array(bytes.buffer);
}

/** Draws the filters as large as they fit; a weight of 0 is middle grey. */
export function drawFilters(
  pen: CanvasRenderingContext2D,
  width: number,
  height: number,
  { filters, channels, side, values }: Filters,
): void {
  const { columns, side: breadth, pitch } = tile(filters, width, height);
  const most = largest(values) || 1;
  const pixels = column(values, filters, channels, side * side, { low: -most, high: most });
  const images = bitmap(pixels, side, filters * side);
  pen.imageSmoothingEnabled = false;
  for (let i = 0; i < filters; i++) {
    const [x, y] = [(i % columns) * pitch, Math.floor(i / columns) * pitch];
    pen.drawImage(images, 0, i * side, side, side, x, y, breadth, breadth);
  }
}

/** Maps of a block that are shown. */
export const MOST_MAPS = 16;

/** Draws the first maps of a block beside each other. */
export function drawFeatureMaps(
  pen: CanvasRenderingContext2D,
  pitch: number,
  side: number,
  { channels, height, width, values }: FeatureMaps,
): void {
  const shown = Math.min(MOST_MAPS, channels);
  const pixels = column(values, shown, 1, height * width, greyRange(values));
  const images = bitmap(pixels, width, shown * height);
  pen.imageSmoothingEnabled = false;
  for (let i = 0; i < shown; i++) {
    pen.drawImage(images, 0, i * height, width, height, i * pitch, 0, side, side);
  }
}
