// Points in a square window of the plane: inputs over a network's decision, and hidden points on their way.
import type { Ink } from "./canvas";
import { classColour, type Theme } from "./classes";
import { drawMarks, markPath, markRadius } from "./marks";
import { ticks } from "./scale";

/** The square about (x, y) with that half side. */
export interface Window {
  x: number;
  y: number;
  half: number;
}

const MARGIN = { left: 52, right: 8, top: 8, bottom: 36 };

/** Where the window is on the screen: the largest square that fits. */
export interface Place {
  left: number;
  top: number;
  side: number;
  across: (x: number) => number;
  up: (y: number) => number;
}

export function placeOf(width: number, height: number, { x, y, half }: Window): Place {
  const room = [width - MARGIN.left - MARGIN.right, height - MARGIN.top - MARGIN.bottom] as const;
  const side = Math.max(1, Math.min(...room));
  const left = MARGIN.left + (room[0] - side) / 2;
  const top = MARGIN.top + (room[1] - side) / 2;
  return {
    left,
    top,
    side,
    across: (value) => left + ((value - x + half) / (2 * half)) * side,
    up: (value) => top + (1 - (value - y + half) / (2 * half)) * side,
  };
}

export function drawFrame(
  pen: CanvasRenderingContext2D,
  place: Place,
  { x, y, half }: Window,
  labels: readonly [string, string],
  ink: Ink,
): void {
  const { left, top, side, across, up } = place;
  pen.font = ink.font;
  pen.lineWidth = 1;
  pen.fillStyle = ink.muted;
  pen.strokeStyle = ink.line;
  const count = Math.max(2, side / 70);
  pen.textAlign = "center";
  pen.textBaseline = "top";
  for (const tick of ticks(x - half, x + half, count)) {
    pen.fillText(String(tick).replace("-", "−"), across(tick), top + side + 5);
    pen.fillRect(Math.round(across(tick)), top + side, 1, 3);
  }
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  for (const tick of ticks(y - half, y + half, count)) {
    pen.fillText(String(tick).replace("-", "−"), left - 5, up(tick));
    pen.fillRect(left - 3, Math.round(up(tick)), 3, 1);
  }
  pen.strokeRect(Math.round(left) + 0.5, Math.round(top) + 0.5, Math.round(side), Math.round(side));
  pen.textAlign = "center";
  pen.textBaseline = "top";
  pen.fillText(labels[0], left + side / 2, top + side + 20);
  pen.save();
  pen.translate(left - MARGIN.left + 1, top + side / 2);
  pen.rotate(-Math.PI / 2);
  pen.fillText(labels[1], 0, 0);
  pen.restore();
}

/** Pairs of coordinates as places on the screen. */
export function onScreen(place: Place, pairs: ArrayLike<number>): Float64Array {
  return Float64Array.from(pairs, (value, i) => (i % 2 === 0 ? place.across(value) : place.up(value)));
}

export interface Moving {
  /** Which points. */
  indices: readonly number[];
  /** Where they come from: x and y of all points. */
  from: ArrayLike<number>;
}

/** Hidden points, the goals of their classes, and the way of those that moved with the last block. */
export function drawHidden(
  pen: CanvasRenderingContext2D,
  place: Place,
  positions: ArrayLike<number>,
  labels: ArrayLike<number>,
  goals: ArrayLike<number>,
  moving: Moving,
  ink: Ink,
  theme: Theme,
): void {
  const classes = goals.length / 2;
  const places = onScreen(place, positions);
  const [from, ends] = [onScreen(place, moving.from), onScreen(place, goals)];
  const radius = markRadius(labels.length);
  pen.save();
  pen.beginPath();
  pen.rect(place.left, place.top, place.side, place.side);
  pen.clip();
  pen.lineWidth = 1;
  pen.globalAlpha = 0.65;
  for (const i of moving.indices) {
    pen.strokeStyle = classColour(labels[i]!, theme);
    pen.beginPath();
    pen.moveTo(from[2 * i]!, from[2 * i + 1]!);
    pen.lineTo(places[2 * i]!, places[2 * i + 1]!);
    pen.stroke();
    pen.beginPath();
    markPath(pen, labels[i]!, from[2 * i]!, from[2 * i + 1]!, radius + 1);
    pen.stroke();
  }
  pen.globalAlpha = 1;
  drawMarks(pen, places, labels, classes, radius, ink.surface, theme);
  // Those that move stay visible among many.
  for (const i of moving.indices) {
    pen.beginPath();
    markPath(pen, labels[i]!, places[2 * i]!, places[2 * i + 1]!, Math.max(3, radius + 0.5));
    pen.fillStyle = classColour(labels[i]!, theme);
    pen.fill();
    pen.strokeStyle = ink.text;
    pen.lineWidth = 1;
    pen.stroke();
  }
  for (let label = 0; label < classes; label++) {
    pen.beginPath();
    markPath(pen, label, ends[2 * label]!, ends[2 * label + 1]!, 8);
    pen.strokeStyle = ink.surface;
    pen.lineWidth = 4.5;
    pen.stroke();
    pen.strokeStyle = classColour(label, theme);
    pen.lineWidth = 2.25;
    pen.stroke();
  }
  pen.restore();
}
