// A confusion matrix: the true class by row, the predicted one by column, colours logarithmic so that rare ones show.
import type { Tally } from "../engine/images";
import { classNames, rowSums } from "../confusion";
import type { Ink, Pen } from "./canvas";
import { NEGATIVE, POSITIVE, rgb } from "./color";
import { formatCount } from "./scale";
import { word } from "../words";

/** Shares of a row down to this have colours of their own, logarithmically. */
export const LEAST_SHARE = 0.001;
/** What any image at all makes of a cell's colour. */
const FAINTEST = 0.15;

export const RIGHT_COLOUR = POSITIVE;
export const WRONG_COLOUR = NEGATIVE;

/** How strong a cell's colour is: 0 without an image, 1 where the whole row is. */
export function cellStrength(share: number): number {
  if (!(share > 0)) return 0;
  return Math.max(FAINTEST, 1 - Math.log10(share) / Math.log10(LEAST_SHARE));
}

type Rgb = readonly [number, number, number];

/** The colour over the surface, that strong. */
function blend(surface: Rgb, colour: Rgb, strength: number): Rgb {
  const part = (i: 0 | 1 | 2) => Math.round(surface[i] + (colour[i] - surface[i]) * strength);
  return [part(0), part(1), part(2)];
}

/** Relative luminance as WCAG has it. */
function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((byte) => {
    const part = byte / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Black or white, whichever reads better on the colour. */
export function textOn(colour: Rgb): string {
  const light = luminance(colour);
  return 1.05 / (light + 0.05) > (light + 0.05) / 0.05 ? "#ffffff" : "#000000";
}

export interface ConfusionLayout {
  left: number;
  top: number;
  /** Side of a cell. */
  cell: number;
  /** Whether the names of columns are written upwards. */
  upright: boolean;
  /** Every how manieth class is named. */
  every: number;
  /** Room for a name. */
  label: number;
}

/** Where the matrix stands: names of classes, `label` wide at most, and of the axes beside and above it. */
export function confusionLayout(
  width: number,
  height: number,
  classes: number,
  label: number,
  line: number,
): ConfusionLayout {
  const name = Math.min(label, 0.22 * width);
  const axis = 1.5 * line;
  const left = axis + name + 6;
  const across = (width - left - 1) / classes;
  const upright = name > across - 4;
  const top = axis + (upright ? name : line) + 6;
  const cell = Math.max(1, Math.min(across, (height - top - 1) / classes));
  const every = Math.ceil((1.1 * line) / cell);
  // What is left over is shared between both sides.
  return { left: left + (width - left - 1 - cell * classes) / 2, top, cell, upright, every, label: name };
}

/** The cell (true class, predicted class) under a place. */
export function confusionAt(
  { left, top, cell }: ConfusionLayout,
  classes: number,
  x: number,
  y: number,
): { truth: number; predicted: number } | undefined {
  const [predicted, truth] = [Math.floor((x - left) / cell), Math.floor((y - top) / cell)];
  const inside = (index: number) => index >= 0 && index < classes;
  return inside(truth) && inside(predicted) ? { truth, predicted } : undefined;
}

/** Draws all; returns where, for what is under the pointer. */
export function drawConfusion(
  pen: Pen,
  width: number,
  height: number,
  tally: Tally,
  named: readonly string[],
  cursor: { truth: number; predicted: number } | undefined,
  ink: Ink,
): ConfusionLayout {
  const { classes, confusion } = tally;
  const names = classNames(classes, named);
  pen.font = ink.font;
  const label = Math.max(...names.map((name) => pen.measureText(name).width));
  const size = Number.parseFloat(ink.font);
  const layout = confusionLayout(width, height, classes, label, size);
  const { left, top, cell } = layout;
  const sums = rowSums(tally);
  const surface = rgb(ink.surface);
  const side = cell * classes;
  const gap = cell >= 12 ? 1 : 0;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.lineWidth = 1;
  confusion.forEach((count, i) => {
    const [row, column] = [Math.floor(i / classes), i % classes];
    const [x, y] = [left + column * cell, top + row * cell];
    if (count > 0) {
      const right = row === column;
      const strength = cellStrength(count / sums[row]!);
      const colour = blend(surface, rgb(right ? RIGHT_COLOUR : WRONG_COLOUR), strength);
      pen.fillStyle = `rgb(${colour.join(" ")})`;
      pen.fillRect(x, y, cell - gap, cell - gap);
      const text = formatCount(count);
      if (cell >= 1.5 * size && cell >= 0.62 * size * text.length + 3) {
        pen.fillStyle = textOn(colour);
        pen.fillText(text, x + (cell - gap) / 2, y + cell / 2);
      }
    }
    if (row === column && gap > 0) {
      pen.strokeStyle = ink.text;
      pen.strokeRect(x + 0.5, y + 0.5, cell - gap - 1, cell - gap - 1);
    }
  });
  pen.strokeStyle = ink.line;
  pen.strokeRect(left - 0.5, top - 0.5, side + 1, side + 1);
  drawNames(pen, layout, classes, names, ink);
  if (cursor) {
    const least = Math.max(cell, 6);
    const middle = (index: number, from: number) => from + (index + 0.5) * cell - least / 2;
    pen.strokeStyle = ink.text;
    pen.lineWidth = 2.5;
    pen.strokeRect(middle(cursor.predicted, left) - 1, middle(cursor.truth, top) - 1, least + 1, least + 1);
  }
  return layout;
}

function drawNames(
  pen: Pen,
  { left, top, cell, upright, every, label }: ConfusionLayout,
  classes: number,
  names: readonly string[],
  ink: Ink,
): void {
  pen.fillStyle = ink.muted;
  for (let i = 0; i < classes; i += every) {
    const name = names[i]!;
    const middle = (i + 0.5) * cell;
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    pen.fillText(name, left - 5, top + middle, label);
    pen.save();
    pen.translate(left + middle, top - 5);
    if (upright) {
      pen.rotate(-Math.PI / 2);
      pen.textAlign = "left";
    } else {
      pen.textAlign = "center";
      pen.textBaseline = "bottom";
    }
    pen.fillText(name, 0, 0, label);
    pen.restore();
  }
  pen.fillStyle = ink.text;
  pen.textAlign = "center";
  pen.textBaseline = "top";
  pen.fillText(word("confusion.predicted"), left + (cell * classes) / 2, 0);
  pen.save();
  pen.translate(left - label - 8, top + (cell * classes) / 2);
  pen.rotate(-Math.PI / 2);
  pen.textBaseline = "bottom";
  pen.fillText(word("confusion.true"), 0, 0);
  pen.restore();
}
