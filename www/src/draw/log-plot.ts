// Curves and clouds of points on a logarithmic height axis.
import type { Ink } from "./canvas";
import { decades, formatCount, powerOfTen, ticks } from "./scale";

export interface Curve {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  stroke: string;
  dash?: readonly number[];
  width?: number;
}

export interface Cloud {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  fill: string;
  /** Half the side of a point, in pixels. */
  size: number;
}

export interface LogPlot {
  curves: readonly Curve[];
  clouds: readonly Cloud[];
  /** Whether the other axis is logarithmic too. */
  logX: boolean;
  xLabel: string;
  yLabel: string;
  /** A place on the other axis worth a line, such as the present depth. */
  at?: number | undefined;
}

type Range = [number, number];

/** What is shown at most below the highest value, in decades. */
const DECADES = 12;

function log(value: number): number {
  return value > 0 && value < Infinity ? Math.log10(value) : Number.NaN;
}

function rangeOf(lists: readonly ArrayLike<number>[], place: (value: number) => number): Range | undefined {
  let [low, high] = [Infinity, -Infinity];
  for (const list of lists) {
    for (let i = 0; i < list.length; i++) {
      const at = place(list[i]!);
      if (Number.isNaN(at)) continue;
      low = Math.min(low, at);
      high = Math.max(high, at);
    }
  }
  return low <= high ? [low, high] : undefined;
}

export function drawLogPlot(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  plot: LogPlot,
  ink: Ink,
): void {
  const all = [...plot.curves, ...plot.clouds];
  const placeX = plot.logX ? log : (value: number) => value;
  const xs = rangeOf(
    all.map(({ x }) => x),
    placeX,
  );
  const ys = rangeOf(
    all.map(({ y }) => y),
    log,
  );
  if (!xs || !ys) return;
  const high = Math.ceil(ys[1] + 1e-9);
  const low = Math.max(Math.floor(ys[0]), high - DECADES);
  context.font = ink.font;
  // Letters are larger on a projector, and then need more room.
  const em = Number.parseFloat(ink.font);
  const [top, right, bottom] = [8, width - 12, height - Math.ceil(2 * em + 14)];
  const levels = decades({ low, high }, (bottom - top) / 24);
  const labels = levels.map(powerOfTen);
  const widest = Math.max(...labels.map((label) => context.measureText(label).width));
  const left = Math.max(48, Math.ceil(widest + 1.3 * em + 9));
  const across = (value: number) => left + ((placeX(value) - xs[0]) / (xs[1] - xs[0] || 1)) * (right - left);
  const up = (value: number) => bottom - ((log(value) - low) / (high - low || 1)) * (bottom - top);

  context.lineWidth = 1;
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const [i, decade] of levels.entries()) {
    const y = Math.round(up(10 ** decade)) + 0.5;
    context.strokeStyle = ink.line;
    context.beginPath();
    context.moveTo(left, y);
    context.lineTo(right, y);
    context.stroke();
    context.fillStyle = ink.muted;
    context.fillText(labels[i]!, left - 5, y);
  }
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const tick of ticksOf(xs, plot.logX, (right - left) / 64)) {
    const x = across(tick);
    context.fillText(
      plot.logX && tick < 1 ? powerOfTen(Math.round(Math.log10(tick))) : formatCount(tick),
      x,
      bottom + 5,
    );
    context.fillRect(Math.round(x), bottom, 1, 4);
  }
  context.fillText(plot.xLabel, (left + right) / 2, bottom + 8 + em);
  context.save();
  context.translate(2, (top + bottom) / 2);
  context.rotate(-Math.PI / 2);
  context.fillText(plot.yLabel, 0, 0);
  context.restore();

  context.save();
  context.beginPath();
  context.rect(left, top, right - left, bottom - top);
  context.clip();
  for (const { x, y, fill, size } of plot.clouds) {
    context.fillStyle = fill;
    context.globalAlpha = 0.4;
    for (let i = 0; i < x.length; i++) {
      const [px, py] = [across(x[i]!), up(y[i]!)];
      if (!Number.isNaN(px + py)) context.fillRect(px - size, py - size, 2 * size, 2 * size);
    }
    context.globalAlpha = 1;
  }
  for (const { x, y, stroke, dash = [], width: breadth = 2 } of plot.curves) {
    context.strokeStyle = stroke;
    context.lineWidth = breadth;
    context.setLineDash([...dash]);
    context.beginPath();
    let open = false;
    for (let i = 0; i < x.length; i++) {
      const [px, py] = [across(x[i]!), up(y[i]!)];
      if (Number.isNaN(px + py)) open = false;
      else if (open) context.lineTo(px, py);
      else {
        context.moveTo(px, py);
        open = true;
      }
    }
    context.stroke();
  }
  context.setLineDash([]);
  if (plot.at !== undefined) {
    context.strokeStyle = ink.muted;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(across(plot.at), top);
    context.lineTo(across(plot.at), bottom);
    context.stroke();
  }
  context.restore();
}

/** Whole powers of ten on a logarithmic axis, round numbers on a linear one. */
function ticksOf([low, high]: Range, isLog: boolean, count: number): number[] {
  if (!isLog) return ticks(low, high, count);
  const first = Math.ceil(low - 1e-9);
  const last = Math.floor(high + 1e-9);
  const every = Math.max(1, Math.ceil((last - first + 1) / Math.max(1, count)));
  const list: number[] = [];
  for (let k = first; k <= last; k += every) list.push(10 ** k);
  return list;
}
