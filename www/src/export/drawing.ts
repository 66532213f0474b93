// A figure for print, whatever it shows: its size, its words, and how it is drawn.
import type { Ink, Pen } from "../draw/canvas";
import { SEQUENTIAL_GRADIENT } from "../draw/color";

export interface Drawing {
  /** Begins every id of an SVG, so that several figures can stand in one document. */
  name: string;
  title: string;
  width: number;
  height: number;
  draw: (pen: Pen) => void;
}

// Names without quotes, and of fonts that programs other than browsers have too.
export const FAMILY = "Helvetica, Arial, Liberation Sans, sans-serif";

/** The light theme of the page. */
export const INK: Ink = {
  text: "#16191d",
  muted: "#565d68",
  line: "#dcddd8",
  surface: "#ffffff",
  identity: "#0b6e66",
  standard: "#a1278c",
  font: `12px ${FAMILY}`,
};

/** A white sheet with its title. */
export function drawSheet(
  pen: Pen,
  { title, width, height }: Omit<Drawing, "name" | "draw">,
  left: number,
): void {
  pen.fillStyle = INK.surface;
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = INK.text;
  pen.textAlign = "left";
  pen.textBaseline = "alphabetic";
  pen.font = `600 17px ${FAMILY}`;
  pen.fillText(title, left, 29);
}

/** The colours of the scale from left to right, with what stands at both ends. */
export function drawColours(
  pen: Pen,
  [low, high]: readonly [string, string],
  bar: { x: number; baseline: number; breadth: number },
): void {
  const { x, baseline, breadth } = bar;
  pen.fillStyle = INK.text;
  pen.textAlign = "right";
  pen.fillText(low, x - 6, baseline);
  pen.textAlign = "left";
  pen.fillText(high, x + breadth + 6, baseline);
  drawBar(pen, SEQUENTIAL_GRADIENT.match(/#[0-9a-f]{6}/gi) ?? [], bar);
}

/** Colours that go over into each other. */
export function drawBar(
  pen: Pen,
  stops: readonly string[],
  { x, baseline, breadth }: { x: number; baseline: number; breadth: number },
): void {
  const gradient = pen.createLinearGradient(x, 0, x + breadth, 0);
  stops.forEach((stop, i) => gradient.addColorStop(i / (stops.length - 1), stop));
  pen.fillStyle = gradient;
  pen.fillRect(x, baseline - 10, breadth, BAR);
}

/** How thick the colours lie. */
export const BAR = 12;
