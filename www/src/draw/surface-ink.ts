// What stands above the surface on a plain canvas, drawn every frame: axes, the path of training, markers.
import { BLOCK_BASE, toScreen, type Sight } from "./camera";
import type { Ink } from "./canvas";
import { sequentialPixel } from "./color";
import { formatValue, ticks, type ColourScale } from "./scale";
import { drapeSegment, fractions, heightAtFraction, hiddenFrom, place, type Relief } from "./surface-height";

type Point = [number, number];

export const CASING = "rgb(10 14 20 / 0.75)";
/** How strongly what the surface hides shows through it. */
const DIMMED = 0.42;

/** The path on the surface and on the screen. Both are kept: a frame usually adds only a point or two. */
export class SurfacePath {
  private relief: Relief | undefined;
  private sight: Sight | undefined;
  /** (s, t, height) triples; NaN parts lines. */
  private draped: number[] = [];
  private last: Point | undefined;
  private first: Point | undefined;
  /** How much of the trail is in `draped`, and its last value: another trail shows by it. */
  private taken = 0;
  private end = Number.NaN;
  private trajectory: ArrayLike<number> = [];
  private seen = new Path2D();
  private unseen = new Path2D();
  /** Triples that are in the two Path2Ds, and the last place drawn. */
  private drawn = 0;
  private pen: { x: number; y: number } | undefined;

  /** A new picture: everything is laid anew. */
  set(relief: Relief, trajectory: ArrayLike<number>): void {
    this.relief = relief;
    this.trajectory = trajectory;
    this.restart();
  }

  private restart(): void {
    this.draped = [];
    this.last = this.first = undefined;
    this.taken = 0;
    this.lay(this.trajectory, 0);
    this.forget();
  }

  private forget(): void {
    this.seen = new Path2D();
    this.unseen = new Path2D();
    this.drawn = 0;
    this.pen = undefined;
  }

  /** `pairs` continues the path; those before `from` are laid already. */
  private lay(pairs: ArrayLike<number>, from: number): void {
    const { relief } = this;
    if (!relief) return;
    for (let i = from; i + 1 < pairs.length; i += 2) {
      const next = fractions(relief, pairs[i]!, pairs[i + 1]!);
      this.first ??= next;
      if (this.last) drapeSegment(relief, this.last, next, this.draped);
      this.last = next;
    }
  }

  /** Points newer than the picture's own. */
  extend(trail: readonly number[]): void {
    if (trail.length < this.taken || (this.taken > 0 && trail[this.taken - 1] !== this.end)) this.restart();
    this.lay(trail, this.taken);
    this.taken = trail.length - (trail.length % 2);
    this.end = trail[this.taken - 1] ?? Number.NaN;
  }

  look(sight: Sight): void {
    if (sight !== this.sight) this.forget();
    this.sight = sight;
    const { relief, draped } = this;
    if (!relief) return;
    for (let i = 3 * this.drawn; i + 2 < draped.length; i += 3) {
      const [s, t, h] = [draped[i]!, draped[i + 1]!, draped[i + 2]!];
      if (Number.isNaN(h)) {
        this.pen = undefined;
        continue;
      }
      const [x, y] = toScreen(sight, ...place(s, t, h));
      const { pen } = this;
      // Less than a pixel changes nothing, and long runs have many such points.
      if (pen && Math.abs(x - pen.x) < 1 && Math.abs(y - pen.y) < 1) continue;
      if (pen) {
        const path = hiddenFrom(relief, sight.eye, s, t, h) ? this.unseen : this.seen;
        path.moveTo(pen.x, pen.y);
        path.lineTo(x, y);
      }
      this.pen = { x, y };
    }
    this.drawn = draped.length / 3;
  }

  draw(context: CanvasRenderingContext2D): void {
    context.lineCap = "round";
    context.lineJoin = "round";
    context.save();
    context.globalAlpha = DIMMED;
    strokes(context, this.unseen, CASING, 3.5, 1.5);
    context.restore();
    strokes(context, this.seen, CASING, 5, 2.25);
  }

  /** Where the path begins, as parts of the ranges. */
  get start(): Point | undefined {
    return this.first;
  }

  get head(): Point | undefined {
    return this.last;
  }
}

/** A dark casing under a white line reads on every colour of the map. */
function strokes(
  context: CanvasRenderingContext2D,
  path: Path2D,
  casing: string,
  broad: number,
  thin: number,
): void {
  context.strokeStyle = casing;
  context.lineWidth = broad;
  context.stroke(path);
  context.strokeStyle = "#ffffff";
  context.lineWidth = thin;
  context.stroke(path);
}

export interface Spot {
  x: number;
  y: number;
  hidden: boolean;
}

/** Where (s, t) stands on the surface; outside the ranges it waits at the border, without a height at the top. */
export function spotOf(relief: Relief, sight: Sight, s: number, t: number): Spot | undefined {
  if (Number.isNaN(s) || Number.isNaN(t)) return undefined;
  const inside = (value: number) => Math.min(1, Math.max(0, value));
  [s, t] = [inside(s), inside(t)];
  const height = heightAtFraction(relief, s, t);
  const h = Number.isNaN(height) ? 1 : height;
  const [x, y] = toScreen(sight, ...place(s, t, h));
  return { x, y, hidden: hiddenFrom(relief, sight.eye, s, t, h) };
}

function circle(context: CanvasRenderingContext2D, { x, y }: Spot, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
}

/** A filled marker, as the map has it. */
export function drawDot(
  context: CanvasRenderingContext2D,
  spot: Spot,
  radius: number,
  fill: string,
  edge: string,
): void {
  context.save();
  if (spot.hidden) context.globalAlpha = 0.7;
  circle(context, spot, radius);
  context.fillStyle = fill;
  context.fill();
  context.lineWidth = 2.5;
  context.strokeStyle = edge;
  context.stroke();
  circle(context, spot, radius + 1.75);
  context.lineWidth = 1;
  context.strokeStyle = "rgb(10 14 20 / 0.55)";
  context.stroke();
  context.restore();
}

/** A hollow ring; its middle shows what it is about. */
export function drawRing(
  context: CanvasRenderingContext2D,
  spot: Spot,
  radius: number,
  colour: string,
  edge: string,
  label?: string,
): void {
  context.save();
  if (spot.hidden) context.globalAlpha = 0.7;
  circle(context, spot, radius);
  context.lineWidth = 5.5;
  context.strokeStyle = edge;
  context.stroke();
  context.lineWidth = 2.5;
  context.strokeStyle = colour;
  context.stroke();
  context.restore();
  if (!label) return;
  context.save();
  context.textAlign = "center";
  context.textBaseline = "bottom";
  context.lineWidth = 3;
  context.lineJoin = "round";
  context.strokeStyle = "rgb(10 14 20 / 0.9)";
  context.fillStyle = "#ffffff";
  const y = spot.y - radius - 4;
  context.strokeText(label, spot.x, y);
  context.fillText(label, spot.x, y);
  context.restore();
}

export interface AxesStyle {
  ink: Ink;
  labels: readonly [string, string];
  azimuth: number;
  scale: ColourScale;
  /** What the height is called. */
  measure: string;
}

/** The floor's two front edges with their axes, and the colours' scale along the leftmost upright. */
export function drawAxes(
  context: CanvasRenderingContext2D,
  sight: Sight,
  relief: Relief,
  style: AxesStyle,
): void {
  const { ink, azimuth } = style;
  context.save();
  context.font = ink.font;
  context.fillStyle = ink.muted;
  context.strokeStyle = ink.surface;
  context.lineWidth = 3;
  context.lineJoin = "round";
  const turn = (azimuth * Math.PI) / 180;
  // The two sides that face the eye.
  const [s, t] = [Math.sin(turn) >= 0 ? 1 : 0, Math.cos(turn) >= 0 ? 0 : 1];
  floorAxis(context, sight, relief.a, style.labels[0], [0, t], [1, t]);
  floorAxis(context, sight, relief.b, style.labels[1], [s, 0], [s, 1]);
  if (relief.domain) {
    const corners = [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ] as const;
    const left = (corner: readonly [number, number]) => toScreen(sight, ...place(...corner, 0))[0];
    const corner = corners.reduce((best, next) => (left(next) < left(best) ? next : best));
    const { low, high } = relief.domain;
    const text = (end: number) => brief(style.scale === "log" ? 10 ** end : end);
    heightAxis(context, sight, corner, [text(low), `≥ ${text(high)}`], style.measure);
  }
  context.restore();
}

/** Ticks, their numbers and the label along one edge of the floor, on the side away from the block. */
function floorAxis(
  context: CanvasRenderingContext2D,
  sight: Sight,
  [low, high]: readonly [number, number],
  label: string,
  from: Point,
  to: Point,
): void {
  const at = (part: number) => {
    const mix = (i: 0 | 1) => from[i] + (to[i] - from[i]) * part;
    return toScreen(sight, ...place(mix(0), mix(1), -BLOCK_BASE));
  };
  const [p, q] = [at(0), at(1)];
  const length = Math.hypot(q[0] - p[0], q[1] - p[1]);
  if (length < 40) return;
  // Outwards on the screen is away from the block's middle.
  const middle = toScreen(sight, 0, 0, 0);
  let out: Point = [-(q[1] - p[1]) / length, (q[0] - p[0]) / length];
  if ((p[0] - middle[0]) * out[0] + (p[1] - middle[1]) * out[1] < 0) out = [-out[0], -out[1]];
  const em = Number.parseFloat(context.font);
  context.textBaseline = "middle";
  context.textAlign = out[0] < -0.35 ? "right" : out[0] > 0.35 ? "left" : "center";
  const all = ticks(low, high, 5);
  const marks = all.length > 1 ? [all[0]!, all[all.length - 1]!] : all;
  let [widest, reach] = [0, 0];
  for (const tick of marks) {
    const [x, y] = at((tick - low) / (high - low));
    context.save();
    context.strokeStyle = context.fillStyle;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x + 5 * out[0], y + 5 * out[1]);
    context.stroke();
    context.restore();
    const text = tickText(tick);
    write(context, text, x + 9 * out[0], y + 13 * out[1]);
    const { width } = context.measureText(text);
    widest = Math.max(widest, width);
    reach = Math.max(reach, 9 + Math.abs(out[0]) * width + Math.abs(out[1]) * em);
  }
  const lines = label.split(/(?<=,) (?=λ)/);
  const broad = Math.max(...lines.map((line) => context.measureText(line).width));
  // Between the numbers where it fits, else beyond them.
  const room = marks.length > 1 ? (length * (marks[1]! - marks[0]!)) / (high - low) - widest - 14 : 0;
  const away = broad < room ? 8 + 0.6 * em : reach + 0.7 * em;
  const angle = Math.atan2(q[1] - p[1], q[0] - p[0]);
  const upright = Math.cos(angle) < 0 ? angle + Math.PI : angle;
  const side = out[1] * Math.cos(upright) - out[0] * Math.sin(upright) < 0 ? -1 : 1;
  context.save();
  context.translate(...at(0.5));
  context.rotate(upright);
  context.textAlign = "center";
  lines.forEach((line, i) => {
    write(context, shortened(context, line, 1.3 * length), 0, side * (away + 1.2 * em * i));
  });
  context.restore();
}

/** The page's colour round the letters keeps them legible where the block comes under them. */
function write(context: CanvasRenderingContext2D, text: string, x: number, y: number): void {
  context.strokeText(text, x, y);
  context.fillText(text, x, y);
}

function shortened(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  let kept = text;
  while (kept.length > 1 && context.measureText(`${kept}…`).width > room) kept = kept.slice(0, -1);
  return `${kept.trimEnd()}…`;
}

function heightAxis(
  context: CanvasRenderingContext2D,
  sight: Sight,
  corner: readonly [number, number],
  [low, high]: [string, string],
  measure: string,
): void {
  const [bottom, top] = [toScreen(sight, ...place(...corner, 0)), toScreen(sight, ...place(...corner, 1))];
  // Seen from above there is no height to show.
  if (bottom[1] - top[1] < 20) return;
  const breadth = 7;
  const width = Math.max(context.measureText(low).width, context.measureText(high).width);
  const [x0, x1] = [bottom, top].map(([x]) => Math.max(width + breadth + 4, x - 11)) as [number, number];
  const gradient = context.createLinearGradient(0, bottom[1], 0, top[1]);
  for (let i = 0; i <= 9; i++) gradient.addColorStop(i / 9, css(sequentialPixel(i / 9)));
  context.save();
  context.lineCap = "butt";
  context.strokeStyle = gradient;
  context.lineWidth = breadth;
  context.beginPath();
  context.moveTo(x0, bottom[1]);
  context.lineTo(x1, top[1]);
  context.stroke();
  context.restore();
  context.textAlign = "right";
  context.textBaseline = "middle";
  const gap = breadth / 2 + 4;
  write(context, low, x0 - gap, bottom[1] - 3);
  write(context, high, x1 - gap, top[1] + 3);
  context.textAlign = "center";
  context.textBaseline = "bottom";
  const half = context.measureText(measure).width / 2;
  write(context, measure, Math.max(half + 2, x1 - gap), Math.max(14, top[1] - 8));
}

/** A packed pixel as the canvas takes colours. */
function css(pixel: number): string {
  return `rgb(${pixel & 255} ${(pixel >> 8) & 255} ${(pixel >> 16) & 255})`;
}

/** Powers of ten are long beside a narrow picture: one digit less, and no 1.00 before them. */
function brief(value: number): string {
  const text = formatValue(value);
  if (!text.includes("·")) return text;
  return formatValue(Number(value.toPrecision(2)))
    .replace(/\.?0+(?=·)/, "")
    .replace(/^1·/, "");
}

function tickText(value: number): string {
  return Math.abs(value) >= 1e4 || (value !== 0 && Math.abs(value) < 1e-3)
    ? formatValue(value)
    : String(value).replace("-", "−");
}
