// The pad on which points are drawn.
import type { Point } from "../points";
import type { Ink, Pen } from "./canvas";
import { classColour, drawMark, type Theme } from "./classes";
import { formatValue } from "./scale";

const MARGIN = 4;
/** Radius of a mark in units of the picture; smaller where there are many. */
const markRadius = (count: number) => (count > 2000 ? 2.5 : count > 400 ? 3.5 : 5);

export interface PadLook {
  ink: Ink;
  theme: Theme;
  /** Half the side, in the points' units. */
  half: number;
  /** Where the keyboard puts the next point. */
  cursor?: { x: number; y: number; label: number } | undefined;
  /** Where and how wide the eraser is, in units of the picture. */
  eraser?: { x: number; y: number; radius: number } | undefined;
}

/** From the points' units to those of a pad of that side, y upwards. */
export function toPad(side: number, half: number, x: number, y: number): [number, number] {
  const scale = (side - 2 * MARGIN) / (2 * half);
  return [side / 2 + x * scale, side / 2 - y * scale];
}

/** The other way. */
export function fromPad(side: number, half: number, px: number, py: number): [number, number] {
  const scale = (side - 2 * MARGIN) / (2 * half);
  return [(px - side / 2) / scale, (side / 2 - py) / scale];
}

export function drawPad(pen: Pen, side: number, points: readonly Point[], look: PadLook): void {
  const { ink, half, theme, cursor, eraser } = look;
  const middle = side / 2;
  pen.fillStyle = ink.surface;
  pen.fillRect(0, 0, side, side);
  pen.strokeStyle = ink.line;
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(MARGIN, middle);
  pen.lineTo(side - MARGIN, middle);
  pen.moveTo(middle, MARGIN);
  pen.lineTo(middle, side - MARGIN);
  pen.stroke();
  pen.font = ink.font;
  pen.fillStyle = ink.muted;
  pen.textBaseline = "bottom";
  pen.textAlign = "right";
  pen.fillText(formatValue(half), side - MARGIN - 3, middle - 2);
  pen.textAlign = "left";
  pen.fillText(formatValue(-half), MARGIN + 3, middle - 2);
  pen.textBaseline = "top";
  pen.fillText(formatValue(half), middle + 4, MARGIN + 2);
  pen.textBaseline = "bottom";
  pen.fillText(formatValue(-half), middle + 4, side - MARGIN - 1);
  const radius = markRadius(points.length);
  for (const { x, y, label } of points) {
    const [px, py] = toPad(side, half, x, y);
    drawMark(pen, label, px, py, radius, classColour(label, theme), ink.surface);
  }
  pen.lineWidth = 1.5;
  pen.strokeStyle = ink.text;
  if (eraser) {
    pen.beginPath();
    pen.arc(eraser.x, eraser.y, eraser.radius, 0, 2 * Math.PI);
    pen.stroke();
  }
  if (cursor) {
    const [x, y] = toPad(side, half, cursor.x, cursor.y);
    drawMark(pen, cursor.label, x, y, 3, classColour(cursor.label, theme), ink.surface);
    pen.strokeStyle = ink.text;
    pen.lineWidth = 1.5;
    pen.beginPath();
    for (const [dx, dy] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ] as const) {
      pen.moveTo(x + 7 * dx, y + 7 * dy);
      pen.lineTo(x + 14 * dx, y + 14 * dy);
    }
    pen.stroke();
  }
}
