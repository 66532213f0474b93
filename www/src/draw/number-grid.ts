// The axes of a plot of curves: level lines with their numbers, ticks below, names.
import { axisPosition, axisTicks, tickLabel, type NumberAxis } from "./axis";
import type { Ink, Pen } from "./canvas";
import { drawAxisNames, type Frame2D } from "./landscape";
import { formatCount } from "./scale";

export interface NumberGrid {
  frame: Frame2D;
  x: NumberAxis;
  y: NumberAxis;
  names: readonly [below: string, beside: string];
}

export function gridX({ frame, x }: NumberGrid, value: number): number {
  return frame.left + axisPosition(x, value) * frame.width;
}

export function gridY({ frame, y }: NumberGrid, value: number): number {
  return frame.top + (1 - axisPosition(y, value)) * frame.height;
}

/** `whole` numbers below are counts, such as steps. */
export function drawNumberGrid(pen: Pen, grid: NumberGrid, ink: Ink, whole = false): void {
  const { frame, x, y, names } = grid;
  const [right, bottom] = [frame.left + frame.width, frame.top + frame.height];
  pen.font = ink.font;
  pen.lineWidth = 1;
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  pen.strokeStyle = ink.line;
  pen.fillStyle = ink.muted;
  for (const tick of axisTicks(y, frame.height / (y.scale === "log" ? 19 : 32))) {
    const at = Math.round(gridY(grid, tick)) + 0.5;
    pen.beginPath();
    pen.moveTo(frame.left, at);
    pen.lineTo(right, at);
    pen.stroke();
    pen.fillText(tickLabel(tick), frame.left - 6, at);
  }
  pen.textAlign = "center";
  pen.textBaseline = "top";
  for (const tick of axisTicks(x, frame.width / 64)) {
    if (whole && !Number.isInteger(tick)) continue;
    const at = gridX(grid, tick);
    pen.fillText(whole ? formatCount(tick) : tickLabel(tick), at, bottom + 6);
    pen.fillRect(Math.round(at), bottom, 1, 4);
  }
  drawAxisNames(pen, frame, ...names);
}
