// The landscape of one twin: heatmap of log excess risk, contours, the path of training, start and iterate.
import { bitmap, type Ink, type Pen } from "./canvas";
import { sequentialPixel } from "./color";
import { levelLines, type Line } from "./contours";
import {
  contourLevels,
  formatValue,
  linearDomain,
  linearPosition,
  logDomain,
  logPosition,
  ticks,
  type ColourScale,
  type Domain,
} from "./scale";
import type { TwinFrame } from "../engine/types";
import { placeTitle } from "../plane-name";

/** Heights beyond this many times the run's first one share a colour. */
const CEILING = 100;

export function ceilingOf(frame: TwinFrame | undefined): number {
  return CEILING * (frame?.history.excess[0] || Infinity);
}

export interface LandscapeData {
  size: number;
  a: Float32Array;
  b: Float32Array;
  values: Float32Array;
  /** (a, b) pairs, oldest first. */
  trajectory: Float32Array;
  /** (a, b) of the known optimum and its distance from the plane. */
  optimum?: readonly [number, number, number] | undefined;
  /** Named places of the plane. */
  marks?: readonly { label: string; a: number; b: number }[];
  /** Higher cells are hatched: a run that came there would count as diverged. */
  divergence?: number;
}

/** What is worked out once a picture, not once a frame. */
export interface LandscapePicture {
  data: LandscapeData;
  domain: Domain | undefined;
  image: HTMLCanvasElement;
  /** Contours, in grid coordinates. */
  lines: readonly Line[];
  /** Cells without a finite value or beyond divergence, hatched: runs (x, y, how many) in pixels of the image. */
  holes: readonly [number, number, number][];
}

/** What the colours of a picture cover. */
export function domainOf(values: Float32Array, scale: ColourScale, ceiling: number): Domain | undefined {
  return scale === "log" ? logDomain(values, ceiling) : linearDomain(values, ceiling);
}

/**
 * The mean over the part of the picture that a point stands for, f + (h²/12) Δf with the grid's width h: the values
 * themselves make of a valley that is narrower than the grid a row of separate hollows, one wherever it meets a point.
 */
export function means(values: Float32Array, size: number): Float32Array {
  return values.map((value, i) => {
    const x = i % size;
    const inside = i >= size && i + size < values.length;
    const across = x > 0 && x < size - 1 ? bend(values[i - 1]!, value, values[i + 1]!) : 0;
    const along = inside ? bend(values[i - size]!, value, values[i + size]!) : 0;
    return value + (across + along) / 12;
  });
}

/** The second difference; none where a neighbour has no value. */
function bend(before: number, value: number, after: number): number {
  const difference = before - 2 * value + after;
  return Number.isFinite(difference) ? difference : 0;
}

/**
 * `ceiling` is a height above which differences do not matter to the run; `shared` is what the colours cover where
 * another picture has a say in it.
 */
export function prepareLandscape(
  data: LandscapeData,
  scale: ColourScale = "log",
  ceiling = Infinity,
  shared?: Domain,
): LandscapePicture {
  const { size, divergence = Infinity } = data;
  const values = means(data.values, size);
  const domain = shared ?? domainOf(values, scale, ceiling);
  const position = scale === "log" ? logPosition : linearPosition;
  const pixels = new Uint32Array(size * size);
  const holes: [number, number, number][] = [];
  for (let row = 0; row < size; row++) {
    // Screen rows go down, b goes up.
    const y = size - 1 - row;
    for (let x = 0; x < size; x++) {
      const value = values[row * size + x]!;
      if (Number.isFinite(value) && domain) {
        pixels[y * size + x] = sequentialPixel(position(value, domain));
      }
      if (!(Math.abs(data.values[row * size + x]!) <= divergence)) {
        const last = holes[holes.length - 1];
        if (last?.[1] === y && last[0] + last[2] === x) last[2]++;
        else holes.push([x, y, 1]);
      }
    }
  }
  const lines = domain ? levelLines(values, size, contourLevels(domain), scale) : [];
  return { data, domain, image: bitmap(pixels, size, size), lines, holes };
}

export interface Frame2D {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Where the picture stands in a canvas of that size; the rest is for the axes. */
export function plotFrame(width: number, height: number): Frame2D {
  return { left: 54, top: 8, width: Math.max(1, width - 64), height: Math.max(1, height - 46) };
}

function ends(axis: Float32Array): [number, number] {
  return [axis[0] ?? 0, axis[axis.length - 1] ?? 1];
}

/** Screen position of plane coordinates. */
export function toScreen(
  data: Pick<LandscapeData, "a" | "b">,
  frame: Frame2D,
  a: number,
  b: number,
): [number, number] {
  const [aLow, aHigh] = ends(data.a);
  const [bLow, bHigh] = ends(data.b);
  return [
    frame.left + ((a - aLow) / (aHigh - aLow)) * frame.width,
    frame.top + (1 - (b - bLow) / (bHigh - bLow)) * frame.height,
  ];
}

/** How far along a and b a screen position is, each from 0 to 1, or undefined outside. */
function fractionAt(frame: Frame2D, x: number, y: number): [number, number] | undefined {
  const s = (x - frame.left) / frame.width;
  const t = 1 - (y - frame.top) / frame.height;
  return s < 0 || s > 1 || t < 0 || t > 1 ? undefined : [s, t];
}

/** The plane coordinates under a screen position, or undefined outside. */
export function placeAt(
  data: Pick<LandscapeData, "a" | "b">,
  frame: Frame2D,
  x: number,
  y: number,
): { a: number; b: number } | undefined {
  const at = fractionAt(frame, x, y);
  if (!at) return undefined;
  const [aLow, aHigh] = ends(data.a);
  const [bLow, bHigh] = ends(data.b);
  return { a: aLow + at[0] * (aHigh - aLow), b: bLow + at[1] * (bHigh - bLow) };
}

/** The grid value under a screen position, or undefined outside. */
export function valueAt(
  data: LandscapeData,
  frame: Frame2D,
  x: number,
  y: number,
): { a: number; b: number; value: number } | undefined {
  const at = fractionAt(frame, x, y);
  if (!at) return undefined;
  const [ia, ib] = [Math.round(at[0] * (data.size - 1)), Math.round(at[1] * (data.size - 1))];
  return { a: data.a[ia]!, b: data.b[ib]!, value: data.values[ib * data.size + ia]! };
}

export interface LandscapeStyle {
  ink: Ink;
  /** A place of an earlier step, and one where a run may start: each a hollow ring. */
  marker?: readonly [number, number] | undefined;
  ghost?: readonly [number, number] | undefined;
  /** Colour of the twin. */
  colour: string;
  aLabel: string;
  bLabel: string;
}

/** Draws everything; `trail` are (a, b) pairs newer than the picture's own trajectory, the iterate last. */
export function drawLandscape(
  context: Pen,
  width: number,
  height: number,
  picture: LandscapePicture,
  trail: readonly number[],
  style: LandscapeStyle,
): void {
  drawGround(context, width, height, picture, style);
  drawRun(context, width, height, picture, trail, style);
}

/** What stays while a run goes on: colours, contours, axes. */
export function drawGround(
  context: Pen,
  width: number,
  height: number,
  picture: LandscapePicture,
  style: Pick<LandscapeStyle, "ink" | "aLabel" | "bLabel">,
): void {
  const frame = plotFrame(width, height);
  const { data, image } = picture;
  const cell: [number, number] = [frame.width / (data.size - 1), frame.height / (data.size - 1)];
  within(context, frame, () => {
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    // Values stand on grid points, so the outer pixels reach half a cell beyond the frame.
    context.drawImage(
      image,
      frame.left - cell[0] / 2,
      frame.top - cell[1] / 2,
      frame.width + cell[0],
      frame.height + cell[1],
    );
    drawLines(context, picture, frame, cell);
    if (picture.holes.length > 0) hatch(context, picture.holes, frame, cell);
    const optimum = nearOptimum(data);
    if (optimum) drawOptimum(context, data, frame, optimum);
  });
  drawAxes(context, data, frame, style);
}

/** The path and what stands above it. */
export function drawRun(
  context: Pen,
  width: number,
  height: number,
  { data }: LandscapePicture,
  trail: readonly number[],
  style: Pick<LandscapeStyle, "ink" | "colour" | "marker" | "ghost">,
): void {
  const frame = plotFrame(width, height);
  within(context, frame, () => {
    drawPath(context, data, frame, trail, style.colour);
    for (const mark of data.marks ?? []) drawMark(context, data, frame, mark, style.ink.font);
    for (const place of [style.marker, style.ghost]) {
      if (place) hollow(context, toScreen(data, frame, ...place));
    }
  });
}

function within(context: Pen, frame: Frame2D, draw: () => void): void {
  context.save();
  context.beginPath();
  context.rect(frame.left, frame.top, frame.width, frame.height);
  context.clip();
  draw();
  context.restore();
}

function drawLines(context: Pen, { lines }: LandscapePicture, frame: Frame2D, cell: [number, number]): void {
  const bottom = frame.top + frame.height;
  context.beginPath();
  for (const line of lines) {
    for (let i = 0; i < line.length; i += 2) {
      const x = frame.left + line[i]! * cell[0];
      const y = bottom - line[i + 1]! * cell[1];
      if (i === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    }
  }
  context.strokeStyle = "rgb(255 255 255 / 0.38)";
  context.lineWidth = 1;
  context.stroke();
}

/** Hatches runs of cells that have no value. */
export function hatch(
  context: Pen,
  holes: LandscapePicture["holes"],
  frame: Frame2D,
  cell: [number, number],
): void {
  context.save();
  context.beginPath();
  for (const [x, y, run] of holes) {
    context.rect(frame.left + (x - 0.5) * cell[0], frame.top + (y - 0.5) * cell[1], run * cell[0], cell[1]);
  }
  context.clip();
  context.fillStyle = "#6b7280";
  context.fillRect(frame.left, frame.top, frame.width, frame.height);
  context.strokeStyle = "rgb(255 255 255 / 0.5)";
  context.lineWidth = 1;
  context.beginPath();
  for (let x = frame.left - frame.height; x < frame.left + frame.width; x += 7) {
    context.moveTo(x, frame.top + frame.height);
    context.lineTo(x + frame.height, frame.top);
  }
  context.stroke();
  context.restore();
}

/** Further from the plane than this part of its breadth, an optimum's shadow on it would mislead. */
const NEAR = 0.02;

/** Where the plane goes through the known optimum, if it does. */
export function nearOptimum(
  data: Pick<LandscapeData, "a" | "optimum">,
): { a: number; b: number } | undefined {
  const [low, high] = ends(data.a);
  const [a, b, distance] = data.optimum ?? [0, 0, Infinity];
  return distance <= NEAR * (high - low) ? { a, b } : undefined;
}

/** A double ring round the known optimum. */
function drawOptimum(
  context: Pen,
  data: LandscapeData,
  frame: Frame2D,
  { a, b }: { a: number; b: number },
): void {
  const [x, y] = toScreen(data, frame, a, b);
  for (const [radius, lineWidth, stroke] of [
    [11, 4, "rgb(10 14 20 / 0.75)"],
    [11, 2, "#ffffff"],
  ] as const) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.lineWidth = lineWidth;
    context.strokeStyle = stroke;
    context.stroke();
  }
}

/** A named place: a small ring with its name beside it. */
function drawMark(
  context: Pen,
  data: LandscapeData,
  frame: Frame2D,
  { label, a, b }: { label: string; a: number; b: number },
  font: string,
): void {
  const [x, y] = toScreen(data, frame, a, b);
  const title = placeTitle(label);
  hollow(context, [x, y]);
  context.font = font;
  context.textBaseline = "middle";
  // A name that would leave the picture stands on the other side.
  const left = x > frame.left + frame.width - 90;
  context.textAlign = left ? "right" : "left";
  context.lineWidth = 3;
  context.strokeStyle = "rgb(10 14 20 / 0.75)";
  context.fillStyle = "#ffffff";
  context.lineJoin = "round";
  context.strokeText(title, x + (left ? -12 : 12), y);
  context.fillText(title, x + (left ? -12 : 12), y);
}

/** A ring that hides nothing under it. */
function hollow(context: Pen, [x, y]: readonly [number, number]): void {
  for (const [lineWidth, stroke] of [
    [4.5, "rgb(10 14 20 / 0.75)"],
    [2, "#ffffff"],
  ] as const) {
    context.beginPath();
    context.arc(x, y, 7, 0, 2 * Math.PI);
    context.lineWidth = lineWidth;
    context.strokeStyle = stroke;
    context.stroke();
  }
}

function drawPath(
  context: Pen,
  data: LandscapeData,
  frame: Frame2D,
  trail: readonly number[],
  colour: string,
): void {
  const points: [number, number][] = [];
  for (const list of [data.trajectory, trail]) {
    for (let i = 0; i + 1 < list.length; i += 2) points.push(toScreen(data, frame, list[i]!, list[i + 1]!));
  }
  const [first] = points;
  const last = points[points.length - 1];
  if (!first || !last) return;
  context.lineJoin = "round";
  context.lineCap = "round";
  // A dark casing under a white line reads on every colour of the map.
  for (const [stroke, lineWidth] of [
    ["rgb(10 14 20 / 0.75)", 5],
    ["#ffffff", 2.25],
  ] as const) {
    context.strokeStyle = stroke;
    context.lineWidth = lineWidth;
    context.beginPath();
    points.forEach(([x, y], i) => (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
    context.stroke();
  }
  ring(context, first, 4.5, "#ffffff", "rgb(10 14 20 / 0.9)");
  // Between two pictures a fast run may leave the frame; its marker then waits at the edge.
  const hold = (t: number, from: number, length: number) =>
    Math.min(from + length - 9, Math.max(from + 9, t));
  const held: [number, number] = [
    hold(last[0], frame.left, frame.width),
    hold(last[1], frame.top, frame.height),
  ];
  ring(context, held, 7.5, colour, "#ffffff");
}

function ring(context: Pen, [x, y]: [number, number], radius: number, fill: string, stroke: string): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.fill();
  context.lineWidth = 2.5;
  context.strokeStyle = stroke;
  context.stroke();
  context.beginPath();
  context.arc(x, y, radius + 1.75, 0, 2 * Math.PI);
  context.lineWidth = 1;
  context.strokeStyle = "rgb(10 14 20 / 0.55)";
  context.stroke();
}

/** What stands below and beside a frame. */
export function drawAxisNames(pen: Pen, frame: Frame2D, below: string, beside: string): void {
  pen.textAlign = "center";
  pen.textBaseline = "bottom";
  pen.fillText(below, frame.left + frame.width / 2, frame.top + frame.height + 37);
  pen.save();
  pen.translate(2, frame.top + frame.height / 2);
  pen.rotate(-Math.PI / 2);
  pen.textBaseline = "top";
  pen.fillText(beside, 0, 0);
  pen.restore();
}

export function drawAxes(
  context: Pen,
  data: Pick<LandscapeData, "a" | "b">,
  frame: Frame2D,
  { ink, aLabel, bLabel }: Pick<LandscapeStyle, "ink" | "aLabel" | "bLabel">,
): void {
  const [right, bottom] = [frame.left + frame.width, frame.top + frame.height];
  context.font = ink.font;
  context.fillStyle = ink.muted;
  context.strokeStyle = ink.muted;
  context.lineWidth = 1;
  context.textAlign = "center";
  context.textBaseline = "top";
  const [aLow, aHigh] = ends(data.a);
  for (const tick of ticks(aLow, aHigh, frame.width / 60)) {
    const [x] = toScreen(data, frame, tick, 0);
    context.fillText(tickText(tick), Math.min(x, right - 8), bottom + 6);
    context.fillRect(Math.round(x), bottom, 1, 4);
  }
  context.textAlign = "right";
  context.textBaseline = "middle";
  const [bLow, bHigh] = ends(data.b);
  for (const tick of ticks(bLow, bHigh, frame.height / 60)) {
    const [, y] = toScreen(data, frame, 0, tick);
    context.fillText(tickText(tick), frame.left - 6, Math.max(y, frame.top + 6));
    context.fillRect(frame.left - 4, Math.round(y), 4, 1);
  }
  drawAxisNames(context, frame, aLabel, bLabel);
}

function tickText(value: number): string {
  return Math.abs(value) >= 1e4 || (value !== 0 && Math.abs(value) < 1e-3)
    ? formatValue(value)
    : String(value).replace("-", "−");
}
