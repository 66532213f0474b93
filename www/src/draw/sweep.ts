// Steps to a threshold against one quantity: the median and quartiles over seeds, one band a network.
import { axisPosition, axisTicks, tickLabel, type NumberAxis } from "./axis";
import type { AtlasValues } from "./atlas";
import type { Ink, Pen } from "./canvas";
import { drawAxisNames, plotFrame } from "./landscape";
import { word } from "../words";

/** Over the seeds of one value; Infinity where a network never came there. */
export interface Spread {
  low: number;
  median: number;
  high: number;
  /** How many of the seeds' networks came to the threshold, of how many. */
  reached: number;
  seeds: number;
}

/** The quartiles of each column that has something in every row. */
export function spreads(
  { steps }: AtlasValues,
  grain: Uint16Array,
  columns: number,
  rows: number,
): (Spread | undefined)[] {
  return Array.from({ length: columns }, (_, x) => {
    const found: number[] = [];
    for (let row = 0; row < rows; row++) {
      const cell = row * columns + x;
      // What is shown for a neighbour is no other seed's.
      if (grain[cell] !== 1) continue;
      found.push(Number.isNaN(steps[cell]) ? Infinity : steps[cell]!);
    }
    if (found.length === 0) return undefined;
    found.sort((x, y) => x - y);
    // The nearest rank, since half-way to infinity there is nothing.
    const rank = (part: number) => found[Math.min(found.length - 1, Math.floor(part * found.length))]!;
    return {
      low: rank(0.25),
      median: rank(0.5),
      high: rank(0.75),
      reached: found.filter((count) => count < Infinity).length,
      seeds: found.length,
    };
  });
}

export interface SweepCurve {
  spreads: readonly (Spread | undefined)[];
  colour: string;
  dash: readonly number[];
}

/** How a network's curve looks: in the colour of its layers, the second of one kind dashed. */
export function curveLook(
  twins: readonly { parametrization: string }[],
  i: number,
  ink: Ink,
): Pick<SweepCurve, "colour" | "dash"> {
  const kind = twins[i]?.parametrization;
  return {
    colour: kind === "identity" ? ink.identity : ink.standard,
    dash: i > 0 && kind === twins[0]?.parametrization ? [6, 4] : [],
  };
}

export interface SweepStyle {
  ink: Ink;
  x: NumberAxis;
  /** The value of each column. */
  values: ArrayLike<number>;
  /** Most steps of a run. */
  steps: number;
  xLabel: string;
  yLabel: string;
  /** The column pointed at. */
  cursor?: number | undefined;
}

export function drawSweep(
  pen: Pen,
  width: number,
  height: number,
  curves: readonly SweepCurve[],
  { ink, x, values, steps, xLabel, yLabel, cursor }: SweepStyle,
): void {
  const frame = plotFrame(width, height);
  const [right, bottom] = [frame.left + frame.width, frame.top + frame.height];
  const fewest = Math.min(
    steps / 10,
    ...curves.flatMap(({ spreads }) => spreads.map((spread) => Math.max(1, spread?.low ?? Infinity))),
  );
  const y: NumberAxis = { scale: "log", low: Math.max(1, fewest / 1.3), high: Math.max(2, steps) };
  // What was never reached stands on the upper edge.
  const ceiling = frame.top + 20;
  const up = (count: number) =>
    count > steps ? frame.top + 5 : bottom - axisPosition(y, Math.max(1, count)) * (bottom - ceiling);
  const across = (column: number) => frame.left + axisPosition(x, values[column]!) * frame.width;

  pen.font = ink.font;
  pen.lineWidth = 1;
  pen.textBaseline = "middle";
  pen.textAlign = "right";
  if (curves.some(({ spreads }) => spreads.some((spread) => spread && spread.high > steps))) {
    pen.fillStyle = ink.muted;
    pen.fillText(word("atlas.never"), frame.left - 7, frame.top + 5);
  }
  for (const tick of axisTicks(y, frame.height / 32)) {
    const at = Math.round(up(tick)) + 0.5;
    pen.strokeStyle = ink.line;
    pen.beginPath();
    pen.moveTo(frame.left, at);
    pen.lineTo(right, at);
    pen.stroke();
    pen.fillStyle = ink.muted;
    pen.fillText(tickLabel(tick), frame.left - 7, at);
  }
  pen.textAlign = "center";
  pen.textBaseline = "top";
  for (const tick of axisTicks(x, frame.width / 50)) {
    const at = frame.left + axisPosition(x, tick) * frame.width;
    pen.fillStyle = ink.muted;
    pen.fillText(tickLabel(tick), Math.min(at, right - 8), bottom + 6);
    pen.fillRect(Math.round(at), bottom, 1, 4);
  }
  pen.strokeStyle = ink.muted;
  pen.beginPath();
  pen.moveTo(frame.left, bottom + 0.5);
  pen.lineTo(right, bottom + 0.5);
  pen.stroke();

  for (const { spreads, colour, dash } of curves) {
    const known = spreads.flatMap((spread, column) => (spread ? [{ spread, column }] : []));
    pen.fillStyle = colour;
    pen.strokeStyle = colour;
    pen.globalAlpha = 0.2;
    pen.beginPath();
    for (const { spread, column } of known) pen.lineTo(across(column), up(spread.high));
    for (const { spread, column } of [...known].reverse()) pen.lineTo(across(column), up(spread.low));
    pen.fill();
    pen.globalAlpha = 1;
    pen.lineWidth = 2.25;
    pen.lineJoin = "round";
    pen.setLineDash([...dash]);
    pen.beginPath();
    for (const { spread, column } of known) pen.lineTo(across(column), up(spread.median));
    pen.stroke();
    pen.setLineDash([]);
    for (const { spread, column } of known) {
      pen.beginPath();
      pen.arc(across(column), up(spread.median), spread.median > steps ? 3.5 : 2.5, 0, 2 * Math.PI);
      pen.fillStyle = spread.median > steps ? ink.surface : colour;
      pen.lineWidth = 1.5;
      pen.fill();
      pen.stroke();
    }
  }
  if (cursor !== undefined) {
    pen.strokeStyle = ink.muted;
    pen.lineWidth = 1;
    pen.setLineDash([3, 3]);
    pen.beginPath();
    pen.moveTo(across(cursor), frame.top);
    pen.lineTo(across(cursor), bottom);
    pen.stroke();
    pen.setLineDash([]);
  }
  pen.fillStyle = ink.text;
  drawAxisNames(pen, frame, xLabel, yLabel);
}

/** The column nearest to a screen position, or undefined outside the picture. */
export function columnAt(
  { width, height }: { width: number; height: number },
  x: NumberAxis,
  values: ArrayLike<number>,
  at: { x: number; y: number },
): number | undefined {
  const frame = plotFrame(width, height);
  const t = (at.x - frame.left) / frame.width;
  if (t < -0.02 || t > 1.02) return undefined;
  const off = (column: number) => Math.abs(axisPosition(x, values[column]!) - t);
  let nearest = 0;
  for (let column = 1; column < values.length; column++) if (off(column) < off(nearest)) nearest = column;
  return nearest;
}
