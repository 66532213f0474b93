// Variances of blocks against depth, on a logarithmic height axis.
import type { Ink, Pen } from "./canvas";
import { powerOfTen } from "./scale";
import { word } from "../words";

/** Decades beyond which a value is drawn as a mark on the edge. */
const FLOOR = -8;
const CEILING = 4;

export interface VariancePlot {
  /** One a block; 0 and what is not finite have no place on the axis. */
  ratios: ArrayLike<number>;
  /** The dashed line. */
  reference: number;
}

/** Whole decades about all positive values and the line. */
export function varianceDecades({ ratios, reference }: VariancePlot): [number, number] {
  let [low, high] = [Math.log10(reference), Math.log10(reference)];
  for (let i = 0; i < ratios.length; i++) {
    const log = Math.log10(ratios[i]!);
    if (!Number.isFinite(log)) continue;
    [low, high] = [Math.min(low, log), Math.max(high, log)];
  }
  // The line does not lie on an edge.
  const bottom = Math.max(FLOOR, Math.min(Math.floor(low), Math.ceil(Math.log10(reference) - 1)));
  return [bottom, Math.min(CEILING, Math.max(bottom + 2, Math.ceil(high), 0))];
}

export const LEFT = 40;
export const RIGHT = 4;
export const TOP = 8;
export const BOTTOM = 20;

/** The block at a screen column. */
export function blockAt(x: number, width: number, blocks: number): number | undefined {
  const at = Math.floor(((x - LEFT) / (width - LEFT - RIGHT)) * blocks);
  return at >= 0 && at < blocks ? at : undefined;
}

export function drawVariance(
  pen: Pen,
  width: number,
  height: number,
  plot: VariancePlot,
  marked: number | undefined,
  colour: string,
  ink: Ink,
): void {
  const { ratios, reference } = plot;
  const [low, high] = varianceDecades(plot);
  const [right, bottom] = [width - RIGHT, height - BOTTOM];
  const up = (value: number) => bottom - ((Math.log10(value) - low) / (high - low)) * (bottom - TOP);
  pen.font = ink.font;
  pen.lineWidth = 1;
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  const every = Math.ceil((high - low) / Math.max(1, (bottom - TOP) / 22));
  for (let decade = low; decade <= high; decade++) {
    if ((decade - low) % every !== 0) continue;
    const y = Math.round(up(10 ** decade)) + 0.5;
    pen.strokeStyle = ink.line;
    line(pen, LEFT, y, right, y);
    pen.fillStyle = ink.muted;
    pen.fillText(decade === 0 ? "1" : powerOfTen(decade), LEFT - 6, y);
  }
  pen.strokeStyle = ink.text;
  pen.setLineDash([5, 4]);
  const y = Math.round(up(reference)) + 0.5;
  line(pen, LEFT, y, right, y);
  pen.setLineDash([]);

  const blocks = ratios.length;
  const pitch = (right - LEFT) / Math.max(1, blocks);
  const across = (block: number) => LEFT + (block + 0.5) * pitch;
  if (marked !== undefined) {
    pen.strokeStyle = ink.muted;
    const x = Math.round(across(marked)) + 0.5;
    line(pen, x, TOP, x, bottom);
  }
  const radius = Math.max(1.25, Math.min(3, pitch * 0.35));
  pen.fillStyle = colour;
  for (let i = 0; i < blocks; i++) dot(pen, across(i), up(ratios[i]!), radius, TOP, bottom);
  pen.fillStyle = ink.muted;
  pen.textBaseline = "top";
  pen.textAlign = "left";
  pen.fillText(word("variance.block", { block: 1 }), LEFT, bottom + 6);
  pen.textAlign = "right";
  if (blocks > 1) pen.fillText(String(blocks), right, bottom + 6);
}

export function line(pen: Pen, x: number, y: number, toX: number, toY: number): void {
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(toX, toY);
  pen.stroke();
}

/** What lies beyond the axis is a triangle on its edge: shown, and shown as beyond. What is no number is not shown. */
export function dot(
  pen: Pen,
  x: number,
  y: number,
  radius: number,
  top: number,
  bottom: number,
  hollow = false,
): void {
  if (Number.isNaN(y)) return;
  pen.beginPath();
  if (y > bottom + 0.5 || y < top - 0.5) {
    const [edge, inward] = y > bottom ? [bottom, -5] : [top, 5];
    pen.moveTo(x - radius, edge + inward);
    pen.lineTo(x + radius, edge + inward);
    pen.lineTo(x, edge);
    if (hollow) pen.lineTo(x - radius, edge + inward);
  } else pen.arc(x, y, radius, 0, 2 * Math.PI);
  if (hollow) pen.stroke();
  else pen.fill();
}
