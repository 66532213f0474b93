// Points fitted against points given: two trained networks, and the diagonal on which a constructed one stands.
import type { Ink } from "./canvas";
import { drawAxisNames, plotFrame } from "./landscape";
import { formatCount, ticks } from "./scale";
import { word } from "../words";

export interface FitSweep {
  /** Rising. */
  given: readonly number[];
  /** For each of them the points fitted, identity start and plain blocks. */
  fitted: readonly (readonly number[])[];
  /** Both axes end there. */
  most: number;
}

export const FIT_DASH: readonly number[] = [6, 4];

export function drawFitSweep(
  pen: CanvasRenderingContext2D,
  width: number,
  height: number,
  { given, fitted, most }: FitSweep,
  ink: Ink,
): void {
  const frame = plotFrame(width, height);
  const [right, bottom] = [frame.left + frame.width, frame.top + frame.height];
  const across = (value: number) => frame.left + (value / (1.05 * most)) * frame.width;
  const up = (value: number) => bottom - (value / (1.05 * most)) * frame.height;
  pen.font = ink.font;
  pen.lineWidth = 1;
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  for (const tick of ticks(0, most, frame.height / 36)) {
    const y = Math.round(up(tick)) + 0.5;
    pen.strokeStyle = ink.line;
    pen.beginPath();
    pen.moveTo(frame.left, y);
    pen.lineTo(right, y);
    pen.stroke();
    pen.fillStyle = ink.muted;
    pen.fillText(formatCount(tick), frame.left - 7, y);
  }
  pen.textAlign = "center";
  pen.textBaseline = "top";
  for (const tick of ticks(0, most, frame.width / 64)) {
    pen.fillText(formatCount(tick), across(tick), bottom + 6);
    pen.fillRect(Math.round(across(tick)), bottom, 1, 4);
  }
  pen.strokeStyle = ink.text;
  pen.lineWidth = 1.5;
  pen.setLineDash([2, 3]);
  pen.beginPath();
  pen.moveTo(across(0), up(0));
  pen.lineTo(across(most), up(most));
  pen.stroke();
  pen.lineWidth = 2.25;
  pen.lineJoin = "round";
  for (const [network, colour, dash] of [
    [1, ink.standard, FIT_DASH],
    [0, ink.identity, []],
  ] as const) {
    pen.strokeStyle = colour;
    pen.fillStyle = colour;
    pen.setLineDash([...dash]);
    pen.beginPath();
    given.forEach((count, i) => pen.lineTo(across(count), up(fitted[i]![network]!)));
    pen.stroke();
    pen.setLineDash([]);
    given.forEach((count, i) => {
      const [x, y] = [across(count), up(fitted[i]![network]!)];
      pen.beginPath();
      if (network === 0) pen.arc(x, y, 3.5, 0, 2 * Math.PI);
      else pen.rect(x - 3, y - 3, 6, 6);
      pen.fill();
    });
  }
  pen.fillStyle = ink.text;
  drawAxisNames(pen, frame, word("fit.given"), word("built.fittedAxis"));
}
