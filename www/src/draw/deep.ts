// How well networks of each start train against their depth: medians with the middle halves of their seeds.
import { axisPosition, axisTicks, tickLabel, type NumberAxis } from "./axis";
import type { Ink, Pen } from "./canvas";
import { drawMark } from "./classes";
import { drawAxisNames, plotFrame, type Frame2D } from "./landscape";
import { decades, powerOfTen } from "./scale";
import { word } from "../words";

/** Quartiles at one depth. */
interface Quartiles {
  low: number;
  median: number;
  high: number;
}

export interface DeepCurve {
  title: string;
  /** How deep it trains, in a few signs. */
  reach: string;
  /** The greatest depth that trains, where a greater one was tried. */
  ends?: number | undefined;
  colour: string;
  bands: readonly (Quartiles | undefined)[];
}

export interface DeepStyle {
  ink: Ink;
  x: NumberAxis;
  /** The depth of each column. */
  depths: ArrayLike<number>;
  height: "right" | "loss";
  /** Shares of points from which on a network has trained. */
  trained: number;
  /** The column pointed at, and which curve. */
  cursor?: readonly [number, number] | undefined;
  xLabel: string;
  yLabel: string;
}

/** Room for what the lines are called, to the right of them. */
const LABELS = 112;
/** Curves that coincide are drawn side by side, this far apart. */
const APART = 3;
/** From one name to the next at least. */
const LINE = 31;
/** Losses of more decades are not told apart, nor those above that power of ten. */
const DECADES = 10;
const HIGHEST = 2;

export function deepFrame(width: number, height: number): Frame2D {
  const frame = plotFrame(width, height);
  return { ...frame, width: Math.max(1, frame.width - LABELS) };
}

/** Where values of a curve stand, from the top. */
function heights(frame: Frame2D, curves: readonly DeepCurve[], height: DeepStyle["height"]) {
  const [top, bottom] = [frame.top + 14, frame.top + frame.height - 14];
  const apart = (curve: number) => (curve - (curves.length - 1) / 2) * APART;
  if (height === "right") {
    const up = (value: number, curve: number) => bottom - value * (bottom - top) + apart(curve);
    const ticks = [0, 0.25, 0.5, 0.75, 1].map((value) => ({
      at: bottom - value * (bottom - top),
      text: `${100 * value} %`,
    }));
    return { up, ticks };
  }
  const known = curves
    .flatMap(({ bands }) => bands.flatMap((band) => (band ? [band.low, band.median, band.high] : [])))
    .filter((value) => value > 0 && value < Infinity)
    .map(Math.log10);
  const most = Math.min(HIGHEST, Math.max(1, Math.ceil(Math.max(0, ...known))));
  const least = Math.max(most - DECADES, Math.floor(Math.min(most - 1, ...known)));
  const place = (decade: number) => bottom - ((decade - least) / (most - least)) * (bottom - top - 14);
  const beyond = (value: number) => !(value < 10 ** most);
  // What is not finite, or beyond the scale, stands on the upper edge.
  const up = (value: number, curve: number) =>
    beyond(value) ? top - 4 + apart(curve) : place(Math.max(least, Math.log10(value)));
  const ticks = decades({ low: least, high: most }, 10).map((decade) => ({
    at: place(decade),
    text: powerOfTen(decade),
  }));
  if (curves.some(({ bands }) => bands.some((band) => band && beyond(band.median)))) {
    ticks.push({ at: top - 4, text: word("atlas.above") });
  }
  return { up, ticks };
}

export function drawDeep(
  pen: Pen,
  width: number,
  height: number,
  curves: readonly DeepCurve[],
  style: DeepStyle,
): void {
  const { ink, x, depths, cursor } = style;
  const frame = deepFrame(width, height);
  const [right, bottom] = [frame.left + frame.width, frame.top + frame.height];
  const { up, ticks } = heights(frame, curves, style.height);
  const across = (depth: number) => frame.left + axisPosition(x, depth) * frame.width;

  pen.font = ink.font;
  pen.lineWidth = 1;
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  for (const { at, text } of ticks) {
    pen.strokeStyle = ink.line;
    line(pen, frame.left, Math.round(at) + 0.5, right, Math.round(at) + 0.5);
    pen.fillStyle = ink.muted;
    pen.fillText(text, frame.left - 7, at);
  }
  pen.textAlign = "center";
  pen.textBaseline = "top";
  for (const tick of axisTicks(x, frame.width / 50)) {
    pen.fillStyle = ink.muted;
    pen.fillText(tickLabel(tick), across(tick), bottom + 6);
    pen.fillRect(Math.round(across(tick)), bottom, 1, 4);
  }
  pen.strokeStyle = ink.muted;
  line(pen, frame.left, bottom + 0.5, right, bottom + 0.5);
  if (style.height === "right") {
    const at = Math.round(up(style.trained, (curves.length - 1) / 2)) + 0.5;
    pen.strokeStyle = ink.text;
    pen.setLineDash([2, 4]);
    line(pen, frame.left, at, right, at);
    pen.setLineDash([]);
    pen.fillStyle = ink.muted;
    pen.textAlign = "right";
    pen.fillText(word("atlas.trainedAt", { share: Math.round(100 * style.trained) }), right - 4, at + 5);
  }

  curves.forEach(({ bands, colour, ends }, i) => {
    const known = bands.flatMap((band, column) =>
      band ? [{ x: across(depths[column]!), band, column }] : [],
    );
    pen.fillStyle = colour;
    pen.globalAlpha = 0.16;
    pen.beginPath();
    for (const { x, band } of known) pen.lineTo(x, up(band.high, i));
    for (const { x, band } of [...known].reverse()) pen.lineTo(x, up(band.low, i));
    pen.fill();
    pen.globalAlpha = 1;
    if (ends) {
      // From the last depth that trains down to the axis.
      const band = bands[Array.from(depths).indexOf(ends)];
      pen.strokeStyle = colour;
      pen.lineWidth = 1.5;
      pen.setLineDash([4, 3]);
      line(pen, across(ends), up(band?.median ?? 1, i), across(ends), bottom);
      pen.setLineDash([]);
    }
    pen.strokeStyle = colour;
    pen.lineWidth = cursor?.[1] === i ? 3.5 : 2.25;
    pen.lineJoin = "round";
    pen.beginPath();
    for (const { x, band } of known) pen.lineTo(x, up(band.median, i));
    pen.stroke();
    for (const { x, band } of known) drawMark(pen, i, x, up(band.median, i), 3.25, colour, ink.surface);
  });
  if (cursor) {
    pen.strokeStyle = ink.muted;
    pen.lineWidth = 1;
    pen.setLineDash([3, 3]);
    line(pen, across(depths[cursor[0]]!), frame.top, across(depths[cursor[0]]!), bottom);
    pen.setLineDash([]);
  }
  nameCurves(pen, curves, frame, style, (i) => {
    const last = lastKnown(curves[i]!);
    return last && { x: across(depths[last.column]!), y: up(last.band.median, i) };
  });
  pen.font = ink.font;
  pen.fillStyle = ink.text;
  drawAxisNames(pen, frame, style.xLabel, style.yLabel);
}

function line(pen: Pen, x0: number, y0: number, x1: number, y1: number): void {
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.lineTo(x1, y1);
  pen.stroke();
}

function lastKnown({ bands }: DeepCurve): { band: Quartiles; column: number } | undefined {
  for (let column = bands.length - 1; column >= 0; column--) {
    const band = bands[column];
    if (band) return { band, column };
  }
  return undefined;
}

/** Each name to the right of its curve's end, with how deep it trains below it. */
function nameCurves(
  pen: Pen,
  curves: readonly DeepCurve[],
  frame: Frame2D,
  { ink, cursor }: DeepStyle,
  endOf: (curve: number) => { x: number; y: number } | undefined,
): void {
  const named = curves.flatMap((curve, i) => {
    const end = endOf(i);
    return end ? [{ curve, i, end }] : [];
  });
  const at = spreadOut(
    named.map(({ end }) => end.y),
    Math.min(LINE, frame.height / Math.max(1, named.length)),
    frame.top + 12,
    frame.top + frame.height - 8,
  );
  const x = frame.left + frame.width + 14;
  named.forEach(({ curve, i, end }, order) => {
    const y = at[order]!;
    pen.strokeStyle = curve.colour;
    pen.lineWidth = 1;
    pen.globalAlpha = 0.6;
    line(pen, end.x + 4, end.y, x - 5, y - 6);
    pen.globalAlpha = 1;
    drawMark(pen, i, x, y - 6, 4, curve.colour, ink.surface);
    pen.textAlign = "left";
    pen.textBaseline = "middle";
    pen.font = ink.font;
    pen.fillStyle = cursor?.[1] === i ? curve.colour : ink.muted;
    pen.fillText(curve.title, x + 9, y - 6);
    pen.font = `600 ${ink.font}`;
    pen.fillStyle = ink.text;
    pen.fillText(curve.reach, x + 9, y + 7);
  });
}

/** Places as near to the wanted ones as they can be in that order, at least so far apart and between two ends. */
export function spreadOut(wanted: readonly number[], apart: number, low: number, high: number): number[] {
  const order = wanted.map((_, i) => i).sort((i, j) => wanted[i]! - wanted[j]! || i - j);
  const places = order.map((i) => wanted[i]!);
  for (let i = 0; i < places.length; i++) {
    places[i] = Math.max(places[i]!, i === 0 ? low : places[i - 1]! + apart);
  }
  for (let i = places.length - 1; i >= 0; i--) {
    places[i] = Math.min(places[i]!, i === places.length - 1 ? high : places[i + 1]! - apart);
  }
  const result = new Array<number>(wanted.length);
  order.forEach((from, i) => (result[from] = places[i]!));
  return result;
}

/** The column and the curve nearest to a screen position; undefined beside the picture. */
export function deepAt(
  { width, height }: { width: number; height: number },
  curves: readonly DeepCurve[],
  { x, depths, height: what }: Pick<DeepStyle, "x" | "depths" | "height">,
  at: { x: number; y: number },
): [number, number] | undefined {
  const frame = deepFrame(width, height);
  const t = (at.x - frame.left) / frame.width;
  if (t < -0.02 || t > 1.02 || depths.length === 0) return undefined;
  const nearest = (count: number, off: (i: number) => number) =>
    Array.from({ length: count }, (_, i) => i).reduce((best, i) => (off(i) < off(best) ? i : best), 0);
  const column = nearest(depths.length, (i) => Math.abs(axisPosition(x, depths[i]!) - t));
  const { up } = heights(frame, curves, what);
  const curve = nearest(curves.length, (i) => {
    const band = curves[i]!.bands[column];
    return band ? Math.abs(up(band.median, i) - at.y) : Infinity;
  });
  return [column, curve];
}
