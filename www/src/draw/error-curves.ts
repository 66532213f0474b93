// The paper's figure: error against steps, on minibatches (thin, dashed) and on the test set (solid).
import type { NumberAxis } from "./axis";
import type { Ink, Pen } from "./canvas";
import { drawNumberGrid, gridX, gridY, type NumberGrid } from "./number-grid";
import { formatCount, formatPercent, niceBelow, niceStep, type ColourScale } from "./scale";
import { word } from "../words";

/** Shares from 0 to 1. */
export interface ErrorPoint {
  step: number;
  /** Mean error of the minibatches since the last test. */
  train: number;
  /** Error on the test set, where it was tested. */
  test?: number;
}

export interface ErrorRun {
  name: string;
  color: string;
  records: readonly ErrorPoint[];
}

export interface ErrorPlot {
  /** The run itself first; those it is compared with are drawn under it. */
  runs: readonly ErrorRun[];
  /** The budget. */
  steps: number;
  drops: readonly number[];
  dropFactor: number;
  scale: ColourScale;
  /** Half an image's share: where 0 stands on a logarithmic axis. */
  least: number;
}

/** Of errors in percent; ends are round. */
export function errorAxis({ runs, scale, least }: Pick<ErrorPlot, "runs" | "scale" | "least">): NumberAxis {
  let [low, high] = [Infinity, least];
  for (const { records } of runs) {
    for (const { train, test } of records) {
      for (const share of [train, test]) {
        if (share === undefined || !Number.isFinite(share)) continue;
        [low, high] = [Math.min(low, Math.max(least, share)), Math.max(high, share)];
      }
    }
  }
  if (low > high) return { scale, low: scale === "log" ? 1 : 0, high: 100 };
  const top = Math.min(100, niceStep(100 * high));
  if (scale === "linear") return { scale, low: 0, high: top };
  // At least one power of ten, or a plateau would look like a cliff.
  return { scale, low: niceBelow(Math.min(100 * low, top / 10)), high: top };
}

export interface EndLabel {
  text: string;
  step: number;
  share: number;
  color: string;
}

/** What is written at the ends of the lines: only tests where several runs are compared. */
export function endLabels(runs: readonly ErrorRun[]): EndLabel[] {
  const alone = isAlone(runs);
  return runs.flatMap(({ name, color, records }) => {
    const last = records[records.length - 1];
    const test = lastTest(records);
    const label = (what: string, step: number, share: number): EndLabel => {
      return { text: `${what} ${formatPercent(share)}`.trimStart(), step, share, color };
    };
    return [
      ...(test ? [label(alone ? word("errors.test") : name, test.step, test.test!)] : []),
      ...(last && (alone || !test)
        ? [label(alone ? word("errors.train") : word("errors.trainOf", { name }), last.step, last.train)]
        : []),
    ];
  });
}

function isAlone(runs: readonly ErrorRun[]): boolean {
  return runs.filter(({ records }) => records.length > 0).length === 1;
}

function lastTest(records: readonly ErrorPoint[]): ErrorPoint | undefined {
  return records.findLast(({ test }) => test !== undefined);
}

/** Heights at least `gap` apart between top and bottom, each near its own, in their order. */
export function spread(heights: readonly number[], gap: number, top: number, bottom: number): number[] {
  const order = heights.map((_, i) => i).sort((i, j) => heights[i]! - heights[j]!);
  const placed = [...heights];
  order.forEach((i, rank) => {
    const above = rank > 0 ? placed[order[rank - 1]!]! + gap : top;
    placed[i] = Math.max(placed[i]!, above);
  });
  order.reverse().forEach((i, rank) => {
    const below = rank > 0 ? placed[order[rank - 1]!]! - gap : bottom;
    placed[i] = Math.min(placed[i]!, below);
  });
  return placed;
}

/** The record whose step is nearest. */
export function nearestRecord(records: readonly ErrorPoint[], step: number): number | undefined {
  let best: number | undefined;
  records.forEach((record, i) => {
    if (best === undefined || Math.abs(record.step - step) < Math.abs(records[best]!.step - step)) best = i;
  });
  return best;
}

/** All runs at the step of the record: others with their last test until then. */
export function errorReading(runs: readonly ErrorRun[], step: number): string {
  const said = runs.flatMap(({ name, records }, i) => {
    const before = records.filter((record) => record.step <= step);
    const last = before[before.length - 1];
    const test = lastTest(before)?.test;
    const parts = [
      ...(test === undefined ? [] : [`${word("errors.test")} ${formatPercent(test)}`]),
      ...(last && i === 0 ? [`${word("errors.train")} ${formatPercent(last.train)}`] : []),
    ];
    if (parts.length === 0) return [];
    return [`${runs.length > 1 && name ? `${name}: ` : ""}${parts.join(", ")}`];
  });
  return `${word("run.step", { step: formatCount(step) })}${runs.length > 1 ? "; " : ": "}${said.join("; ")}`;
}

/** Room for the labels at the right, in parts of the width. */
const MOST_LABEL = 0.36;
/** Room for half the last number below, in pixels. */
const LEAST_MARGIN = 26;

/** Where the plot stands beside labels of that breadth. */
export function errorGrid(plot: ErrorPlot, width: number, height: number, label: number): NumberGrid {
  const margin = Math.max(LEAST_MARGIN, Math.min(MOST_LABEL * width, label + 12));
  const frame = {
    left: 48,
    top: 8,
    width: Math.max(1, width - 48 - margin),
    height: Math.max(1, height - 46),
  };
  const last = Math.max(1, plot.steps, ...plot.runs.map(({ records }) => records.at(-1)?.step ?? 0));
  return {
    frame,
    x: { scale: "linear", low: 0, high: last },
    y: errorAxis(plot),
    names: [word("runs.steps"), word("errors.percent")],
  };
}

/** Draws all; returns where, for what is under the pointer. */
export function drawErrorCurves(
  pen: Pen,
  width: number,
  height: number,
  plot: ErrorPlot,
  marked: number | undefined,
  ink: Ink,
): NumberGrid {
  const labels = endLabels(plot.runs);
  pen.font = ink.font;
  const breadth = Math.max(0, ...labels.map(({ text }) => pen.measureText(text).width));
  const grid = errorGrid(plot, width, height, breadth);
  drawNumberGrid(pen, grid, ink, true);
  drawDrops(pen, grid, plot, ink);
  const across = (step: number) => gridX(grid, step);
  const up = (share: number) =>
    gridY(grid, 100 * (plot.scale === "log" ? Math.max(plot.least, share) : share));
  const { left, top, width: breadthOfFrame, height: heightOfFrame } = grid.frame;
  if (marked !== undefined) {
    pen.strokeStyle = ink.muted;
    vertical(pen, across(marked), top, top + heightOfFrame);
  }
  for (const { color, records } of [...plot.runs].reverse()) {
    pen.strokeStyle = pen.fillStyle = color;
    curve(pen, records, 1.25, [3, 3], across, ({ train }) => up(train));
    const tested = records.filter(({ test }) => test !== undefined);
    curve(pen, tested, 2.25, [], across, ({ test }) => up(test!));
    const at = marked === undefined ? tested.slice(-1) : tested.filter(({ step }) => step === marked);
    for (const { step, test } of at) {
      pen.beginPath();
      pen.arc(across(step), up(test!), 3, 0, 2 * Math.PI);
      pen.fill();
    }
  }
  const size = Number.parseFloat(ink.font);
  const heights = spread(
    labels.map(({ share }) => up(share)),
    1.25 * size,
    top + size / 2,
    top + heightOfFrame - size / 2,
  );
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  pen.lineWidth = 1;
  const right = left + breadthOfFrame;
  const alone = isAlone(plot.runs);
  labels.forEach(({ text, step, share, color }, i) => {
    const [x, y] = [across(step), heights[i]!];
    pen.strokeStyle = pen.fillStyle = color;
    // A line that ends early has its label beside its end, unless other runs go on there.
    const at = alone ? x : right;
    if (x < at) {
      pen.globalAlpha = 0.5;
      pen.beginPath();
      pen.moveTo(x + 5, up(share));
      pen.lineTo(at + 5, y);
      pen.stroke();
      pen.globalAlpha = 1;
    }
    pen.fillText(text, at + 7, y, width - right - 8);
  });
  return grid;
}

function drawDrops(pen: Pen, grid: NumberGrid, { drops, dropFactor }: ErrorPlot, ink: Ink): void {
  const { left, top, width, height } = grid.frame;
  const shown = drops.filter((step) => step > 0 && step <= grid.x.high).sort((a, b) => a - b);
  pen.strokeStyle = ink.muted;
  pen.setLineDash([4, 4]);
  for (const step of shown) vertical(pen, gridX(grid, step), top, top + height);
  pen.setLineDash([]);
  const [first] = shown;
  if (first === undefined) return;
  // On the side with more room, at the top, where no error is so late.
  const x = gridX(grid, first);
  const before = x - left > width / 2;
  pen.textAlign = before ? "right" : "left";
  pen.textBaseline = "top";
  // A rim of the surface's colour keeps it readable over the next drop's line.
  pen.lineWidth = 4;
  pen.lineJoin = "round";
  pen.strokeStyle = ink.surface;
  pen.fillStyle = ink.muted;
  const text = word("errors.drop", { factor: dropFactor });
  pen.strokeText(text, x + (before ? -5 : 5), top + 2);
  pen.fillText(text, x + (before ? -5 : 5), top + 2);
}

function vertical(pen: Pen, x: number, top: number, bottom: number): void {
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(Math.round(x) + 0.5, top);
  pen.lineTo(Math.round(x) + 0.5, bottom);
  pen.stroke();
}

function curve(
  pen: Pen,
  records: readonly ErrorPoint[],
  breadth: number,
  dash: number[],
  across: (step: number) => number,
  height: (record: ErrorPoint) => number,
): void {
  pen.lineWidth = breadth;
  pen.lineJoin = "round";
  pen.setLineDash(dash);
  pen.beginPath();
  for (const record of records) pen.lineTo(across(record.step), height(record));
  pen.stroke();
  pen.setLineDash([]);
}
