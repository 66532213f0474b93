// The size of each block's branch beside its shortcut's, by depth, on a logarithmic axis.
import type { Ink, Pen } from "./canvas";
import { powerOfTen } from "./scale";
import { BOTTOM, dot, LEFT, line, RIGHT, TOP } from "./variance";
import { word } from "../words";

/** Decades of the axis; what lies beyond is a mark on its edge. */
const FLOOR = -4;
const CEILING = 1;

/** Of ‖branch‖/‖shortcut‖ = 1. */
const AS_LARGE = word("branches.asLarge");

/** How far down from the top of the plot a ratio stands, 0 to 1 on the axis. */
export function branchDepth(ratio: number): number {
  return (CEILING - Math.log10(ratio)) / (CEILING - FLOOR);
}

export function drawBranches(
  pen: Pen,
  width: number,
  height: number,
  ratios: readonly number[],
  start: readonly number[],
  marked: number | undefined,
  ink: Ink,
): void {
  const [right, bottom] = [width - RIGHT, height - BOTTOM];
  const down = (ratio: number) => TOP + branchDepth(ratio) * (bottom - TOP);
  pen.font = ink.font;
  pen.lineWidth = 1;
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  for (let decade = FLOOR; decade <= CEILING; decade++) {
    const y = Math.round(down(10 ** decade)) + 0.5;
    pen.strokeStyle = decade === 0 ? ink.text : ink.line;
    pen.setLineDash(decade === 0 ? [5, 4] : []);
    line(pen, LEFT, y, right, y);
    pen.fillStyle = ink.muted;
    pen.fillText(decade === 0 ? "1" : decade === 1 ? "10" : powerOfTen(decade), LEFT - 6, y);
  }
  pen.setLineDash([]);

  const blocks = Math.max(ratios.length, start.length);
  const pitch = (right - LEFT) / Math.max(1, blocks);
  const across = (block: number) => LEFT + (block + 0.5) * pitch;
  if (marked !== undefined) {
    pen.strokeStyle = ink.muted;
    const x = Math.round(across(marked)) + 0.5;
    line(pen, x, TOP, x, bottom);
  }
  const radius = Math.max(1.5, Math.min(4.5, pitch * 0.35));
  const within = (y: number) => Math.min(bottom, Math.max(TOP, y));
  pen.strokeStyle = ink.identity;
  pen.fillStyle = ink.identity;
  pen.globalAlpha = 0.45;
  ratios.forEach((ratio, i) => {
    const [from, to] = [down(start[i] ?? Number.NaN), down(ratio)];
    // A stem from the start to now shows what training has done.
    if (!Number.isNaN(from + to)) line(pen, across(i), within(from), across(i), within(to));
  });
  pen.globalAlpha = 1;
  // A rim of the surface's colour keeps it readable over stems; dots lie above it.
  pen.textAlign = "right";
  pen.textBaseline = "bottom";
  pen.lineWidth = 4;
  pen.lineJoin = "round";
  pen.strokeStyle = ink.surface;
  pen.strokeText(AS_LARGE, right, down(1) - 4);
  pen.fillStyle = ink.text;
  pen.fillText(AS_LARGE, right, down(1) - 4);
  pen.strokeStyle = ink.identity;
  pen.lineWidth = 1.5;
  start.forEach((ratio, i) => {
    const y = down(ratio);
    pen.fillStyle = ink.surface;
    dot(pen, across(i), y, radius, TOP, bottom);
    dot(pen, across(i), y, radius, TOP, bottom, true);
  });
  pen.fillStyle = ink.identity;
  ratios.forEach((ratio, i) => dot(pen, across(i), down(ratio), radius, TOP, bottom));
  pen.fillStyle = ink.muted;
  pen.textBaseline = "top";
  pen.textAlign = "left";
  pen.fillText(word("variance.block", { block: 1 }), LEFT, bottom + 6);
  pen.textAlign = "right";
  if (blocks > 1) pen.fillText(String(blocks), right, bottom + 6);
}
