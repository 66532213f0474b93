// How many points two constructions fit, against the width of their networks.
import { axisPosition, axisTicks, tickLabel, type NumberAxis } from "./axis";
import type { Ink } from "./canvas";
import { drawAxisNames, plotFrame } from "./landscape";
import { word } from "../words";

/** Points fitted at one width; undefined while that construction has yet to be tried. */
export interface WidthTrial {
  width: number;
  corrected?: number;
  printed?: number;
  /** Blocks in which one threshold was enough, of how many. */
  separated?: number;
  blocks: number;
}

export const SWEEP_DASH: readonly number[] = [6, 4];

export function drawWidthSweep(
  pen: CanvasRenderingContext2D,
  width: number,
  height: number,
  trials: readonly WidthTrial[],
  { points, at, ink, danger }: { points: number; at: number; ink: Ink; danger: string },
): void {
  if (trials.length === 0) return;
  const frame = plotFrame(width, height);
  const [right, bottom] = [frame.left + frame.width, frame.top + frame.height];
  const widths = trials.map((trial) => trial.width);
  const x: NumberAxis = {
    scale: "log",
    low: Math.min(...widths) / 1.15,
    high: Math.max(...widths, Math.min(...widths) + 1) * 1.15,
  };
  const across = (value: number) => frame.left + axisPosition(x, value) * frame.width;
  const up = (fitted: number) => bottom - (0.02 + (0.95 * fitted) / points) * frame.height;

  pen.font = ink.font;
  pen.lineWidth = 1;
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  for (const part of [0, 0.25, 0.5, 0.75, 1]) {
    const y = Math.round(up(part * points)) + 0.5;
    pen.strokeStyle = ink.line;
    pen.beginPath();
    pen.moveTo(frame.left, y);
    pen.lineTo(right, y);
    pen.stroke();
    pen.fillStyle = ink.muted;
    pen.fillText(`${100 * part} %`, frame.left - 7, y);
  }
  pen.textAlign = "center";
  pen.textBaseline = "top";
  for (const tick of axisTicks(x, frame.width / 26)) {
    pen.fillStyle = ink.muted;
    pen.fillText(tickLabel(tick), across(tick), bottom + 6);
    pen.fillRect(Math.round(across(tick)), bottom, 1, 4);
  }
  pen.strokeStyle = ink.muted;
  pen.setLineDash([2, 3]);
  pen.beginPath();
  pen.moveTo(across(at), frame.top);
  pen.lineTo(across(at), bottom);
  pen.stroke();
  pen.setLineDash([]);
  const line = (pick: "corrected" | "printed", colour: string, dash: readonly number[]) => {
    const known = trials.filter((trial) => trial[pick] !== undefined);
    pen.strokeStyle = colour;
    pen.fillStyle = colour;
    pen.lineWidth = 2.25;
    pen.lineJoin = "round";
    pen.setLineDash([...dash]);
    pen.beginPath();
    for (const trial of known) pen.lineTo(across(trial.width), up(trial[pick]!));
    pen.stroke();
    pen.setLineDash([]);
    for (const trial of known) {
      pen.beginPath();
      if (pick === "corrected") pen.arc(across(trial.width), up(trial[pick]!), 3, 0, 2 * Math.PI);
      else pen.rect(across(trial.width) - 3, up(trial[pick]!) - 3, 6, 6);
      pen.fill();
    }
  };
  line("printed", danger, SWEEP_DASH);
  line("corrected", ink.identity, []);
  pen.fillStyle = ink.text;
  drawAxisNames(pen, frame, word("atlas.widthLabel"), word("built.fittedAxis"));
}
