// A map of training runs: arrays → coloured cells with axes.
import { axisPosition, axisTicks, axisValue, tickLabel, type NumberAxis } from "./axis";
import { bitmap, type Ink, type Pen } from "./canvas";
import { sequentialPixel } from "./color";
import { drawAxisNames, hatch, plotFrame, type Frame2D } from "./landscape";
import { logDomain, logPosition, type Domain } from "./scale";

export type AtlasColour = "excess" | "steps";

/** What the cells of one network are coloured by; NaN where there is nothing. */
export interface AtlasValues {
  excess: Float32Array;
  steps: Float32Array;
  divergedAt: Float32Array;
}

export interface AtlasPicture {
  columns: number;
  rows: number;
  x: NumberAxis;
  y: NumberAxis;
  image: HTMLCanvasElement;
  /** Diverged cells as runs (x, y, how many), in the form that `hatch` takes. */
  holes: readonly [number, number, number][];
}

/** Trained to the end, and never down to the threshold: no colour of the scale. */
export const NEVER = "#3b3f46";
const NEVER_PIXEL = 0xff463f3b;

/** A percentile of more cells than this is a sort that is felt while a map grows. */
const DOMAIN_CELLS = 8192;

/** The decades that the colours cover, the same for all networks of a map. */
export function atlasDomain(twins: readonly AtlasValues[], colour: AtlasColour): Domain | undefined {
  const size = twins.reduce((sum, twin) => sum + twin.excess.length, 0);
  const values = new Float32Array(size);
  // Odd, so that a sample of cells comes from every column.
  const every = colour === "excess" ? Math.ceil(size / DOMAIN_CELLS) | 1 : 1;
  let count = 0;
  for (const twin of twins) {
    for (let cell = 0; cell < twin.excess.length; cell += every) {
      const value = twin[colour][cell]!;
      if (value >= 0 && Number.isNaN(twin.divergedAt[cell])) values[count++] = value;
    }
  }
  const known = values.subarray(0, count);
  if (colour === "excess") return logDomain(known);
  if (count === 0) return undefined;
  // Fewest and most, since every count of steps is one that was waited for.
  const log = (steps: number) => Math.log10(Math.max(1, steps));
  const low = log(known.reduce((x, y) => Math.min(x, y)));
  const high = log(known.reduce((x, y) => Math.max(x, y)));
  return high > low ? { low, high } : { low, high: low + 1 };
}

/** The pixels of one network's map, the first row of values at the bottom; 0 (transparent) where nothing is known. */
export function atlasPixels(
  values: AtlasValues,
  grain: Uint16Array,
  columns: number,
  rows: number,
  colour: AtlasColour,
  domain: Domain | undefined,
): { pixels: Uint32Array<ArrayBuffer>; holes: [number, number, number][] } {
  return cellPixels(columns, rows, grain, values.divergedAt, (cell) => {
    const value = values[colour][cell]!;
    if (Number.isNaN(value)) return NEVER_PIXEL;
    return domain ? sequentialPixel(logPosition(value, domain)) : 0;
  });
}

/** Pixels by cell where something is known, and where it diverged, to be hatched. */
export function cellPixels(
  columns: number,
  rows: number,
  grain: Uint16Array,
  divergedAt: Float32Array,
  pixel: (cell: number) => number,
): { pixels: Uint32Array<ArrayBuffer>; holes: [number, number, number][] } {
  const pixels = new Uint32Array(columns * rows);
  const holes: [number, number, number][] = [];
  for (let iy = 0; iy < rows; iy++) {
    const y = rows - 1 - iy;
    for (let x = 0; x < columns; x++) {
      const cell = iy * columns + x;
      if (grain[cell] === 0) continue;
      if (!Number.isNaN(divergedAt[cell])) {
        const last = holes[holes.length - 1];
        // Half a cell on, because a hatch is laid about the middles of cells.
        if (last?.[1] === y + 0.5 && last[0] + last[2] === x + 0.5) last[2]++;
        else holes.push([x + 0.5, y + 0.5, 1]);
        continue;
      }
      pixels[y * columns + x] = pixel(cell);
    }
  }
  return { pixels, holes };
}

/** What is worked out once a change of the map, not once a frame. */
export function prepareAtlas(
  values: AtlasValues,
  map: { grain: Uint16Array; columns: number; rows: number; x: NumberAxis; y: NumberAxis },
  colour: AtlasColour,
  domain: Domain | undefined,
): AtlasPicture {
  const { columns, rows, x, y } = map;
  const { pixels, holes } = atlasPixels(values, map.grain, columns, rows, colour, domain);
  return { columns, rows, x, y, image: bitmap(pixels, columns, rows), holes };
}

export interface AtlasStyle {
  ink: Ink;
  x: NumberAxis;
  y: NumberAxis;
  xLabel: string;
  yLabel: string;
  /** The cell pointed at, from the lower left. */
  cursor?: readonly [number, number] | undefined;
  /** Where the lab's own experiment stands. */
  here?: readonly [number, number] | undefined;
  /** A rectangle being drawn, in units of the picture: left, top, width, height. */
  band?: readonly [number, number, number, number] | undefined;
}

/** Draws pictures one over the other, each where its own axes lie on those of the style. */
export function drawAtlas(
  pen: Pen,
  width: number,
  height: number,
  pictures: readonly AtlasPicture[],
  style: AtlasStyle,
): void {
  const frame = plotFrame(width, height);
  pen.save();
  pen.beginPath();
  pen.rect(frame.left, frame.top, frame.width, frame.height);
  pen.clip();
  // Cells are networks: nothing lies between them.
  pen.imageSmoothingEnabled = false;
  for (const picture of pictures) {
    const part = inside(frame, style, picture);
    const [w, h] = [part.width / picture.columns, part.height / picture.rows];
    pen.drawImage(picture.image, part.left, part.top, part.width, part.height);
    if (picture.holes.length > 0) hatch(pen, picture.holes, part, [w, h]);
  }
  const top = pictures[pictures.length - 1];
  if (top && style.cursor) {
    const part = inside(frame, style, top);
    const [w, h] = [part.width / top.columns, part.height / top.rows];
    const [ix, iy] = style.cursor;
    box(pen, part.left + ix * w, part.top + (top.rows - 1 - iy) * h, w, h);
  }
  if (style.here) here(pen, frame, style);
  if (style.band) box(pen, ...style.band);
  pen.restore();
  drawAtlasAxes(pen, frame, style);
}

/** Where a picture's range lies in the frame. */
function inside(frame: Frame2D, style: AtlasStyle, picture: AtlasPicture): Frame2D {
  const [x0, x1] = [axisPosition(style.x, picture.x.low), axisPosition(style.x, picture.x.high)];
  const [y0, y1] = [axisPosition(style.y, picture.y.low), axisPosition(style.y, picture.y.high)];
  return {
    left: frame.left + x0 * frame.width,
    top: frame.top + (1 - y1) * frame.height,
    width: (x1 - x0) * frame.width,
    height: (y1 - y0) * frame.height,
  };
}

function box(pen: Pen, left: number, top: number, width: number, height: number): void {
  for (const [lineWidth, stroke] of [
    [4, "rgb(10 14 20 / 0.8)"],
    [2, "#ffffff"],
  ] as const) {
    pen.beginPath();
    pen.rect(left, top, width, height);
    pen.lineWidth = lineWidth;
    pen.strokeStyle = stroke;
    pen.stroke();
  }
}

/** A ring where the lab's own experiment stands. */
function here(pen: Pen, frame: Frame2D, style: AtlasStyle): void {
  const [x, y] = style.here!;
  const at = [
    frame.left + axisPosition(style.x, x) * frame.width,
    frame.top + (1 - axisPosition(style.y, y)) * frame.height,
  ] as const;
  if (!at.every(Number.isFinite)) return;
  for (const [lineWidth, stroke] of [
    [5, "rgb(10 14 20 / 0.8)"],
    [2.5, "#ffffff"],
  ] as const) {
    pen.beginPath();
    pen.arc(...at, 7, 0, 2 * Math.PI);
    pen.lineWidth = lineWidth;
    pen.strokeStyle = stroke;
    pen.stroke();
  }
}

function drawAtlasAxes(pen: Pen, frame: Frame2D, { ink, x, y, xLabel, yLabel }: AtlasStyle): void {
  const [right, bottom] = [frame.left + frame.width, frame.top + frame.height];
  pen.strokeStyle = ink.line;
  pen.lineWidth = 1;
  pen.beginPath();
  pen.rect(frame.left, frame.top, frame.width, frame.height);
  pen.stroke();
  pen.font = ink.font;
  pen.fillStyle = ink.muted;
  pen.textAlign = "center";
  pen.textBaseline = "top";
  for (const tick of axisTicks(x, frame.width / 50)) {
    const at = frame.left + axisPosition(x, tick) * frame.width;
    pen.fillText(tickLabel(tick), Math.min(at, right - 8), bottom + 6);
    pen.fillRect(Math.round(at), bottom, 1, 4);
  }
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  for (const tick of axisTicks(y, frame.height / 32)) {
    const at = frame.top + (1 - axisPosition(y, tick)) * frame.height;
    pen.fillText(tickLabel(tick), frame.left - 7, Math.min(bottom - 4, Math.max(at, frame.top + 6)));
    pen.fillRect(frame.left - 4, Math.round(at), 4, 1);
  }
  pen.fillStyle = ink.text;
  drawAxisNames(pen, frame, xLabel, yLabel);
}

/** The cell under a screen position, counted from the lower left, or undefined outside the map. */
export function cellAt(
  frame: Frame2D,
  columns: number,
  rows: number,
  x: number,
  y: number,
): [number, number] | undefined {
  const s = (x - frame.left) / frame.width;
  const t = 1 - (y - frame.top) / frame.height;
  if (s < 0 || s >= 1 || t < 0 || t >= 1) return undefined;
  return [Math.floor(s * columns), Math.floor(t * rows)];
}

/** The part of both axes between two screen positions. */
export function rangesBetween(
  frame: Frame2D,
  axes: { x: NumberAxis; y: NumberAxis },
  from: { x: number; y: number },
  to: { x: number; y: number },
): { x: [number, number]; y: [number, number] } {
  const s = (x: number) => axisValue(axes.x, Math.min(1, Math.max(0, (x - frame.left) / frame.width)));
  const t = (y: number) => axisValue(axes.y, 1 - Math.min(1, Math.max(0, (y - frame.top) / frame.height)));
  return {
    x: [s(Math.min(from.x, to.x)), s(Math.max(from.x, to.x))],
    y: [t(Math.max(from.y, to.y)), t(Math.min(from.y, to.y))],
  };
}

/**
 * The part of both axes that two fingers have pulled into the frame: what was between them still is, `from` and `to`
 * being the middle of the two and how far apart they are.
 */
export function rangesPinched(
  frame: Frame2D,
  axes: { x: NumberAxis; y: NumberAxis },
  from: { x: number; y: number; apart: number },
  to: { x: number; y: number; apart: number },
): { x: [number, number]; y: [number, number] } {
  const factor = from.apart / to.apart;
  const range = (axis: NumberAxis, before: number, now: number): [number, number] => [
    axisValue(axis, before - now * factor),
    axisValue(axis, before + (1 - now) * factor),
  ];
  const s = (x: number) => (x - frame.left) / frame.width;
  const t = (y: number) => 1 - (y - frame.top) / frame.height;
  return { x: range(axes.x, s(from.x), s(to.x)), y: range(axes.y, t(from.y), t(to.y)) };
}
