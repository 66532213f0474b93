// Two landscapes of one size, compared cell by cell.
import { bitmap, type Ink } from "./canvas";
import { twinPixel } from "./color";
import { drawAxes, plotFrame, type LandscapeData } from "./landscape";
import { niceStep } from "./scale";
import { word } from "../words";

export interface Difference {
  size: number;
  /** Offsets from the middle of each picture. */
  a: Float32Array;
  b: Float32Array;
  /** log10(first / second); NaN where one of them has no logarithm. */
  logs: Float32Array;
  /** Decades at the ends of the colours. */
  limit: number;
  /** Share of the cells where the first is lower. */
  firstLower: number;
}

type Compared = Pick<LandscapeData, "size" | "a" | "b" | "values">;

/** undefined where the pictures are not of one size. */
export function differenceOf(first: Compared, second: Compared): Difference | undefined {
  if (first.size !== second.size) return undefined;
  const logs = first.values.map((value, i) => {
    const other = second.values[i]!;
    return value > 0 && other > 0 ? Math.log10(value) - Math.log10(other) : Number.NaN;
  });
  const sizes = logs.filter(Number.isFinite).map(Math.abs).sort();
  const most = sizes[Math.floor((sizes.length - 1) * 0.95)] ?? 1;
  return {
    size: first.size,
    a: centred(first.a),
    b: centred(first.b),
    logs,
    limit: Math.min(6, niceStep(most) || 1),
    firstLower: logs.filter((log) => log < 0).length / Math.max(1, sizes.length),
  };
}

function centred(axis: Float32Array): Float32Array {
  const middle = (axis[0]! + axis[axis.length - 1]!) / 2;
  return axis.map((value) => value - middle);
}

export function drawDifference(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  difference: Difference,
  ink: Ink,
): void {
  const frame = plotFrame(width, height);
  const { size, logs, limit } = difference;
  const pixels = new Uint32Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let x = 0; x < size; x++) {
      pixels[(size - 1 - row) * size + x] = twinPixel(logs[row * size + x]!, limit);
    }
  }
  context.imageSmoothingEnabled = true;
  context.drawImage(bitmap(pixels, size, size), frame.left, frame.top, frame.width, frame.height);
  drawAxes(context, difference, frame, {
    ink,
    aLabel: word("difference.first"),
    bLabel: word("difference.second"),
  });
}
