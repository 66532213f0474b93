// How labelled points are drawn: a colour and a shape for each class.
import { rgb } from "./color";

/** Told apart with any colour vision, on light and on dark; beyond these, shapes differ too. */
const COLOURS = [
  "#0877bd",
  "#e0601a",
  "#0d9b76",
  "#c267a6",
  "#e0a100",
  "#45aee0",
  "#8a8f3c",
  "#8c3f7d",
] as const;

export const classColour = (label: number): string => COLOURS[label % COLOURS.length]!;

type Shape = "circle" | "square" | "triangle" | "diamond";
const SHAPES: readonly Shape[] = ["circle", "square", "triangle", "diamond"];

/** Neighbouring classes differ in shape, and so do classes of one colour. */
export const classShape = (label: number): Shape =>
  SHAPES[(label + Math.floor(label / COLOURS.length)) % SHAPES.length]!;

/** A point of a class; the path is filled or stroked by the caller. */
export function markPath(
  pen: Pick<CanvasRenderingContext2D, "moveTo" | "lineTo" | "arc" | "rect" | "closePath">,
  label: number,
  x: number,
  y: number,
  radius: number,
): void {
  switch (classShape(label)) {
    case "circle":
      pen.moveTo(x + radius, y);
      pen.arc(x, y, radius, 0, 2 * Math.PI);
      break;
    case "square":
      pen.rect(x - 0.9 * radius, y - 0.9 * radius, 1.8 * radius, 1.8 * radius);
      break;
    case "triangle":
      pen.moveTo(x, y - 1.25 * radius);
      pen.lineTo(x + 1.15 * radius, y + 0.85 * radius);
      pen.lineTo(x - 1.15 * radius, y + 0.85 * radius);
      pen.closePath();
      break;
    case "diamond":
      pen.moveTo(x, y - 1.3 * radius);
      pen.lineTo(x + 1.2 * radius, y);
      pen.lineTo(x, y + 1.3 * radius);
      pen.lineTo(x - 1.2 * radius, y);
      pen.closePath();
      break;
  }
}

/** The size of a point's mark: smaller the more there are. */
export const markRadius = (count: number): number => (count > 5000 ? 1.2 : count > 1000 ? 2 : 3.2);

/** All points of each class in one path; x and y are places on the screen, one pair a point. */
export function drawMarks(
  pen: CanvasRenderingContext2D,
  places: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
  radius: number,
  edge: string,
): void {
  for (let label = 0; label < classes; label++) {
    pen.beginPath();
    for (let i = 0; i < labels.length; i++) {
      if (labels[i] !== label) continue;
      const [x, y] = [places[2 * i]!, places[2 * i + 1]!];
      // Shapes of a pixel or two cannot be told apart, and arcs take time.
      if (radius < 1.5) pen.rect(x - radius, y - radius, 2 * radius, 2 * radius);
      else markPath(pen, label, x, y, radius);
    }
    pen.fillStyle = classColour(label);
    pen.fill();
    if (radius > 2) {
      pen.strokeStyle = edge;
      pen.lineWidth = 0.75;
      pen.stroke();
    }
  }
}

/** What no class is ahead at. */
export const UNDECIDED = 65535;

/** Pixels of the classes that a network decides for, half transparent; rows from the top, as pictures have them. */
export function decisionPixels(
  classes: Uint16Array,
  columns: number,
  rows: number,
): Uint32Array<ArrayBuffer> {
  const packed = COLOURS.map((colour) => {
    const [r, g, b] = rgb(colour);
    return ((96 << 24) | (b << 16) | (g << 8) | r) >>> 0;
  });
  const pixels = new Uint32Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const label = classes[row * columns + column]!;
      pixels[(rows - 1 - row) * columns + column] = label === UNDECIDED ? 0 : packed[label % packed.length]!;
    }
  }
  return pixels;
}
