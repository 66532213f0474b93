// What a classifier makes of the plane, under its points.
import { bitmap, type Ink, type Pen } from "./canvas";
import { CLASSES, classColour, drawMark, type Theme } from "./classes";
import { rgb } from "./color";

/** The part of the plane that is shown. */
export interface PlaneRange {
  x: readonly [number, number];
  y: readonly [number, number];
}

export interface DecisionPicture extends PlaneRange {
  columns: number;
  rows: number;
  classes: number;
  /** Index [(iy · columns + ix) · classes + class], y upwards. */
  logits: Float32Array;
}

export interface Marks {
  inputs: Float32Array;
  labels: Uint16Array;
  /** Held out: drawn hollow. */
  hollow: boolean;
}

/** A square about all points, with room around them. */
export function rangeOf(inputs: Float32Array): PlaneRange {
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  inputs.forEach((value, i) => {
    low[i % 2] = Math.min(low[i % 2]!, value);
    high[i % 2] = Math.max(high[i % 2]!, value);
  });
  const half = 0.58 * Math.max(high[0]! - low[0]!, high[1]! - low[1]!) || 1;
  const around = (axis: 0 | 1): [number, number] => {
    const middle = Number.isFinite(low[axis]!) ? (low[axis]! + high[axis]!) / 2 : 0;
    return [middle - half, middle + half];
  };
  return { x: around(0), y: around(1) };
}

/** `count` values from the first to the last of a range, in float32. */
export function gridOf([low, high]: readonly [number, number], count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));
}

/** The most likely class of some logits and its probability; class −1 where they are not finite. */
export function verdict(logits: ArrayLike<number>, from: number, classes: number): [number, number] {
  let best = 0;
  let sum = 0;
  for (let i = 1; i < classes; i++) if (logits[from + i]! > logits[from + best]!) best = i;
  for (let i = 0; i < classes; i++) sum += Math.exp(logits[from + i]! - logits[from + best]!);
  return Number.isFinite(sum) ? [best, 1 / sum] : [-1, 0];
}

/** The background: the colour of the class, the paler the less sure. */
export function decisionBitmap(picture: DecisionPicture, surface: string, theme: Theme): HTMLCanvasElement {
  const { columns, rows, classes, logits } = picture;
  const paper = rgb(surface);
  const colours = CLASSES.slice(0, classes).map((look) => rgb(look[theme]));
  const pixels = new Uint32Array(columns * rows);
  for (let iy = 0; iy < rows; iy++) {
    for (let ix = 0; ix < columns; ix++) {
      const [best, probability] = verdict(logits, (iy * columns + ix) * classes, classes);
      const colour = colours[best];
      const sure = (probability - 1 / classes) / (1 - 1 / classes);
      const weight = colour ? 0.06 + 0.4 * Math.max(0, sure) : 0;
      const part = (i: 0 | 1 | 2) => Math.round(paper[i] + weight * ((colour ?? paper)[i] - paper[i]));
      // y is drawn upwards.
      pixels[(rows - 1 - iy) * columns + ix] =
        ((255 << 24) | (part(2) << 16) | (part(1) << 8) | part(0)) >>> 0;
    }
  }
  return bitmap(pixels, columns, rows);
}

/** Where an input stands in a picture of that side, in units of the picture. */
export function placeOf({ x, y }: PlaneRange, side: number, at: readonly [number, number]): [number, number] {
  return [((at[0] - x[0]) / (x[1] - x[0])) * side, (1 - (at[1] - y[0]) / (y[1] - y[0])) * side];
}

/** The input at a place. */
export function inputAt({ x, y }: PlaneRange, side: number, px: number, py: number): [number, number] {
  return [x[0] + (px / side) * (x[1] - x[0]), y[0] + (1 - py / side) * (y[1] - y[0])];
}

/** More points than this are drawn as dots, which are faster and overlap less. */
const MOST_MARKS = 600;

export function drawDecision(
  pen: Pen,
  side: number,
  range: PlaneRange,
  background: HTMLCanvasElement | undefined,
  marks: readonly Marks[],
  chosen: readonly [number, number] | undefined,
  ink: Ink,
  theme: Theme,
): void {
  if (background) {
    pen.imageSmoothingEnabled = true;
    pen.imageSmoothingQuality = "high";
    pen.drawImage(background, 0, 0, side, side);
  }
  const count = marks.reduce((sum, { labels }) => sum + labels.length, 0);
  const radius =
    count > MOST_MARKS ? Math.max(1, 2.4 - count / 12_000) : Math.max(2.6, Math.min(4.5, side / 90));
  for (const { inputs, labels, hollow } of marks) {
    for (let i = 0; i < labels.length; i++) {
      const [x, y] = placeOf(range, side, [inputs[2 * i]!, inputs[2 * i + 1]!]);
      const colour = classColour(labels[i]!, theme);
      if (count > MOST_MARKS) {
        pen.fillStyle = colour;
        pen.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
      } else if (hollow) {
        pen.beginPath();
        pen.arc(x, y, radius, 0, 2 * Math.PI);
        pen.strokeStyle = colour;
        pen.lineWidth = 1.5;
        pen.stroke();
      } else drawMark(pen, labels[i]!, x, y, radius, colour, ink.surface);
    }
  }
  if (chosen) {
    const [x, y] = placeOf(range, side, chosen);
    pen.lineWidth = 2;
    pen.strokeStyle = ink.text;
    pen.beginPath();
    pen.arc(x, y, 7, 0, 2 * Math.PI);
    pen.stroke();
  }
}
