// How classes look: a colour, light and dark, and a shape each, so that nobody needs the colour to tell them apart.
import type { Pen } from "./canvas";

export type Theme = "light" | "dark";

export type Shape = "circle" | "square" | "triangle" | "diamond" | "plus" | "cross" | "downTriangle" | "star";

export interface ClassLook {
  light: string;
  dark: string;
  shape: Shape;
  /** The second eight have the shapes of the first, hollow. */
  filled: boolean;
}

const SHAPES: readonly Shape[] = [
  "circle",
  "square",
  "triangle",
  "diamond",
  "plus",
  "cross",
  "downTriangle",
  "star",
];

/**
 * Each next colour was chosen to be as far as possible from those before it to normal eyes and to those that
 * lack one kind of cone, at a contrast of 3 or more on the surface it is drawn on.
 */
const COLOURS: readonly (readonly [light: string, dark: string])[] = [
  ["#0a6fc2", "#5aa9f5"],
  ["#d95a00", "#ff8a3c"],
  ["#22a17d", "#45fd8f"],
  ["#9b1262", "#fed4f2"],
  ["#452d0a", "#85744c"],
  ["#a179f5", "#767ab5"],
  ["#2c5c0a", "#9fc09e"],
  ["#2315a6", "#6453fc"],
  ["#97618a", "#c889ae"],
  ["#5f4792", "#ceb6de"],
  ["#671742", "#f7226f"],
  ["#cd6eb8", "#bc5696"],
  ["#5339e3", "#927efc"],
  ["#c80540", "#fb6879"],
  ["#4e1b79", "#9249d7"],
  ["#ba22bb", "#e67de3"],
];

/** The looks of classes 0 to 15. */
export const CLASSES: readonly ClassLook[] = COLOURS.map(([light, dark], i) => ({
  light,
  dark,
  shape: SHAPES[i % SHAPES.length]!,
  filled: i < SHAPES.length,
}));

/** The colour of a class under a theme. */
export function classColour(index: number, theme: Theme): string {
  return CLASSES[index % CLASSES.length]![theme];
}

/** The theme that the page is in. */
export function currentTheme(): Theme {
  return document.documentElement.dataset["theme"] === "dark" ? "dark" : "light";
}

const polygon = (corners: number, from: number, radius: (i: number) => number) =>
  Array.from({ length: corners }, (_, i) => {
    const angle = from + (2 * Math.PI * i) / corners;
    return [radius(i) * Math.cos(angle), radius(i) * Math.sin(angle)] as const;
  });
/** Arms of half-width w and length l. */
const plus = (w: number, l: number) =>
  [
    [w, -l],
    [w, -w],
    [l, -w],
    [l, w],
    [w, w],
    [w, l],
    [-w, l],
    [-w, w],
    [-l, w],
    [-l, -w],
    [-w, -w],
    [-w, -l],
  ] as const;
const turned = (corners: readonly (readonly [number, number])[]) =>
  corners.map(([x, y]) => [(x - y) * Math.SQRT1_2, (x + y) * Math.SQRT1_2] as const);

/** Corners, y downwards, of about the area of the circle of radius 1; the circle has none. */
const OUTLINES: Record<Shape, readonly (readonly [number, number])[]> = {
  circle: [],
  square: polygon(4, Math.PI / 4, () => 1.25),
  triangle: polygon(3, -Math.PI / 2, () => 1.4),
  diamond: polygon(4, 0, () => 1.35),
  plus: plus(0.42, 1.3),
  cross: turned(plus(0.42, 1.3)),
  downTriangle: polygon(3, Math.PI / 2, () => 1.4),
  star: polygon(10, -Math.PI / 2, (i) => (i % 2 === 0 ? 1.5 : 0.66)),
};

/** The corners of a class's mark of that radius round the origin, y downwards; none for a circle. */
export function markCorners(index: number, radius: number): readonly (readonly [number, number])[] {
  const { shape } = CLASSES[index % CLASSES.length]!;
  return OUTLINES[shape].map(([x, y]) => [x * radius, y * radius] as const);
}

/** Draws the mark of a class; `edge`, the colour of what it lies on, sets it off against its neighbours. */
export function drawMark(
  pen: Pen,
  index: number,
  x: number,
  y: number,
  radius: number,
  colour: string,
  edge: string,
): void {
  const corners = markCorners(index, radius);
  const { filled } = CLASSES[index % CLASSES.length]!;
  pen.beginPath();
  if (corners.length === 0) pen.arc(x, y, radius, 0, 2 * Math.PI);
  else {
    const [first] = corners;
    pen.moveTo(x + first![0], y + first![1]);
    for (const [dx, dy] of corners.slice(1)) pen.lineTo(x + dx, y + dy);
    pen.lineTo(x + first![0], y + first![1]);
  }
  pen.lineJoin = "round";
  pen.strokeStyle = edge;
  pen.lineWidth = Math.max(1.5, radius * 0.7);
  if (filled) {
    pen.lineWidth = Math.max(1, radius * 0.3);
    pen.stroke();
    pen.fillStyle = colour;
    pen.fill();
    return;
  }
  pen.stroke();
  pen.fillStyle = edge;
  pen.fill();
  pen.strokeStyle = colour;
  pen.lineWidth = Math.max(1.25, radius * 0.4);
  pen.stroke();
}
