import { contours } from "d3-contour";
import type { ColourScale } from "./scale";

/** A polyline in grid coordinates: 0…size−1, the second coordinate along b. */
export type Line = [number, number][];

/**
 * Level lines of the values, or of their log10. Polygons come closed along the border of the grid; those edges are no level
 * lines and are cut out.
 */
export function levelLines(
  values: Float32Array,
  size: number,
  levels: readonly number[],
  scale: ColourScale = "log",
): Line[] {
  const heights = scale === "linear" ? [...values] : Array.from(values, logHeight);
  const generator = contours().size([size, size]).smooth(true);
  const lines: Line[] = [];
  for (const level of levels) {
    for (const polygon of generator.contour(heights, level).coordinates) {
      for (const ring of polygon) cutAtBorder(ring as Line, size, lines);
    }
  }
  return lines;
}

/** log10, with a height beyond every level for what has none. */
function logHeight(value: number): number {
  if (value > 0 && value < Infinity) return Math.log10(value);
  if (Number.isNaN(value)) return Number.NaN;
  return value > 0 ? 300 : -300;
}

function cutAtBorder(ring: Line, size: number, lines: Line[]): void {
  let line: Line = [];
  const end = () => {
    if (line.length > 1) lines.push(line);
    line = [];
  };
  for (const [x, y] of ring) {
    // Values stand at the middle of cells, so the outermost value is at ½ and 0 is already outside.
    if (x <= 0 || y <= 0 || x >= size || y >= size) end();
    else line.push([x - 0.5, y - 0.5]);
  }
  end();
}
