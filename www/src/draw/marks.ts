// Many labelled points at once, and what a network decides over a plane, in the looks of the classes.
import { CLASSES, classColour, markCorners, type Theme } from "./classes";
import { rgb } from "./color";

/** The outline of a class's mark; the path is filled or stroked by the caller. */
export function markPath(
  pen: Pick<CanvasRenderingContext2D, "moveTo" | "lineTo" | "arc" | "closePath">,
  label: number,
  x: number,
  y: number,
  radius: number,
): void {
  const corners = markCorners(label, radius);
  if (corners.length === 0) {
    pen.moveTo(x + radius, y);
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    return;
  }
  corners.forEach(([dx, dy], i) => (i === 0 ? pen.moveTo(x + dx, y + dy) : pen.lineTo(x + dx, y + dy)));
  pen.closePath();
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
  theme: Theme,
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
    pen.fillStyle = classColour(label, theme);
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
  theme: Theme,
): Uint32Array<ArrayBuffer> {
  const packed = CLASSES.map((look) => {
    const [r, g, b] = rgb(look[theme]);
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
