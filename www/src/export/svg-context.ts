// What the drawing code does to a canvas, written down as SVG: only as much of a context as it uses.
import type { Pen } from "../draw/canvas";
import { moved, ReadablePath, short, times, UNMOVED, type Matrix } from "./svg-path";

type Paint = string | CanvasGradient | CanvasPattern;

/** What save and restore keep. */
interface State {
  fillStyle: Paint;
  strokeStyle: Paint;
  lineWidth: number;
  lineJoin: CanvasLineJoin;
  lineCap: CanvasLineCap;
  globalAlpha: number;
  dash: readonly number[];
  font: string;
  textAlign: CanvasTextAlign;
  textBaseline: CanvasTextBaseline;
  matrix: Matrix;
  /** Open groups, one for each clip. */
  groups: number;
}

/** How far below the named line the letters stand, in parts of the font's size; not every viewer knows baselines. */
const BASELINES: Partial<Record<CanvasTextBaseline, number>> = { top: 0.8, middle: 0.32, bottom: -0.2 };
const ANCHORS: Partial<Record<CanvasTextAlign, string>> = { center: "middle", right: "end" };

export class SvgContext implements Pen, State {
  fillStyle: Paint = "#000000";
  strokeStyle: Paint = "#000000";
  lineWidth = 1;
  lineJoin: CanvasLineJoin = "miter";
  lineCap: CanvasLineCap = "butt";
  globalAlpha = 1;
  dash: readonly number[] = [];
  font = "10px sans-serif";
  textAlign: CanvasTextAlign = "left";
  textBaseline: CanvasTextBaseline = "alphabetic";
  // Viewers smooth as they do.
  imageSmoothingEnabled = true;
  imageSmoothingQuality: ImageSmoothingQuality = "low";
  matrix = UNMOVED;
  groups = 0;

  private readonly elements: string[] = [];
  private readonly saved: State[] = [];
  private path = new ReadablePath();
  private ids = 0;
  private scratch: CanvasRenderingContext2D | undefined;

  /** `name` begins every id, so that several figures can stand in one document. */
  constructor(private readonly name: string) {}

  /** The elements of what was drawn. */
  text(): string {
    return [...this.elements, ...Array<string>(this.groups).fill("</g>")].join("\n");
  }

  save(): void {
    const { fillStyle, strokeStyle, lineWidth, lineJoin, lineCap, font, textAlign, textBaseline } = this;
    const { matrix, groups, globalAlpha, dash } = this;
    this.saved.push({
      ...{ fillStyle, strokeStyle, lineWidth, lineJoin, lineCap, font, textAlign, textBaseline },
      ...{ matrix, groups, globalAlpha, dash },
    });
  }

  restore(): void {
    const state = this.saved.pop();
    if (!state) return;
    for (let i = state.groups; i < this.groups; i++) this.elements.push("</g>");
    Object.assign(this, state);
  }

  translate(x: number, y: number): void {
    this.matrix = times(this.matrix, { ...UNMOVED, e: x, f: y });
  }

  rotate(angle: number): void {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    this.matrix = times(this.matrix, { a: cos, b: sin, c: -sin, d: cos, e: 0, f: 0 });
  }

  setLineDash(lengths: readonly number[]): void {
    this.dash = lengths;
  }

  // A path is moved when it is used: nothing here turns the pen between a path's points.
  beginPath(): void {
    this.path = new ReadablePath();
  }

  moveTo(x: number, y: number): void {
    this.path.moveTo(x, y);
  }

  lineTo(x: number, y: number): void {
    this.path.lineTo(x, y);
  }

  rect(x: number, y: number, width: number, height: number): void {
    this.path.rect(x, y, width, height);
  }

  arc(x: number, y: number, radius: number, from: number, to: number): void {
    this.path.arc(x, y, radius, from, to);
  }

  fill(): void {
    this.draw(this.path, this.paint("fill", this.fillStyle));
  }

  stroke(): void {
    this.draw(this.path, this.line());
  }

  clip(): void {
    const id = this.id();
    const inside = this.placed(this.path);
    this.elements.push(
      `<clipPath id="${id}"><path d="${inside.text()}"/></clipPath>`,
      `<g clip-path="url(#${id})">`,
    );
    this.groups++;
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    const path = new ReadablePath();
    path.rect(x, y, width, height);
    this.draw(path, this.paint("fill", this.fillStyle));
  }

  strokeRect(x: number, y: number, width: number, height: number): void {
    const path = new ReadablePath();
    path.rect(x, y, width, height);
    this.draw(path, this.line());
  }

  /** As a canvas of this browser has it: viewers take other fonts, of about the same breadth. */
  measureText(text: string): TextMetrics {
    this.scratch ??= document.createElement("canvas").getContext("2d")!;
    this.scratch.font = this.font;
    return this.scratch.measureText(text);
  }

  fillText(text: string, x: number, y: number): void {
    this.write(text, x, y, this.paint("fill", this.fillStyle));
  }

  strokeText(text: string, x: number, y: number): void {
    this.write(text, x, y, this.line());
  }

  drawImage(image: HTMLCanvasElement, x: number, y: number, width: number, height: number): void {
    const size = `width="${short(width)}" height="${short(height)}" preserveAspectRatio="none"`;
    this.elements.push(`<image ${this.place(x, y)} ${size} href="${image.toDataURL()}"/>`);
  }

  createLinearGradient(x0: number, y0: number, x1: number, y1: number): CanvasGradient {
    return new SvgGradient([x0, y0], [x1, y1]);
  }

  private id(): string {
    return `${this.name}-${++this.ids}`;
  }

  private placed(path: ReadablePath): ReadablePath {
    const placed = new ReadablePath();
    placed.addPath(path, this.matrix);
    return placed;
  }

  private draw(path: ReadablePath, style: string): void {
    if (!path.empty) this.elements.push(`<path d="${this.placed(path).text()}" ${style}/>`);
  }

  private write(text: string, x: number, y: number, paint: string): void {
    const [, weight, size = "10", family = "sans-serif"] =
      /^(?:(\d+) )?([\d.]+)px (.+)$/.exec(this.font) ?? [];
    const down = Number(size) * (BASELINES[this.textBaseline] ?? 0);
    const anchor = ANCHORS[this.textAlign];
    const style =
      `font-family="${escapeXml(family)}" font-size="${size}"` +
      (weight ? ` font-weight="${weight}"` : "") +
      (anchor ? ` text-anchor="${anchor}"` : "");
    const letters = raised(escapeXml(text), Number(size));
    this.elements.push(`<text ${this.place(x, y + down)} ${style} ${paint}>${letters}</text>`);
  }

  private line(): string {
    const { lineWidth, lineJoin, lineCap, dash } = this;
    return (
      `fill="none" ${this.paint("stroke", this.strokeStyle)} stroke-width="${short(lineWidth)}"` +
      (lineJoin === "miter" ? "" : ` stroke-linejoin="${lineJoin}"`) +
      (lineCap === "butt" ? "" : ` stroke-linecap="${lineCap}"`) +
      (dash.length === 0 ? "" : ` stroke-dasharray="${dash.map(short).join(" ")}"`)
    );
  }

  /** Where a text or an image stands. */
  private place(x: number, y: number): string {
    const { a, b, c, d } = this.matrix;
    const [e, f] = moved([x, y], this.matrix);
    if (b === 0 && c === 0) return `x="${short(e)}" y="${short(f)}"`;
    return `transform="matrix(${[a, b, c, d, e, f].map(short).join(" ")})"`;
  }

  private paint(what: "fill" | "stroke", paint: Paint): string {
    if (typeof paint === "string") {
      const { colour, opacity: own } = opaque(paint);
      const opacity = own * this.globalAlpha;
      return `${what}="${colour}"${opacity === 1 ? "" : ` ${what}-opacity="${opacity}"`}`;
    }
    const id = this.id();
    this.elements.push((paint as SvgGradient).text(id, this.matrix));
    return `${what}="url(#${id})"`;
  }
}

class SvgGradient implements CanvasGradient {
  private readonly stops: string[] = [];

  constructor(
    private readonly from: [number, number],
    private readonly to: [number, number],
  ) {}

  addColorStop(offset: number, colour: string): void {
    this.stops.push(`<stop offset="${offset.toFixed(4)}" stop-color="${escapeXml(colour)}"/>`);
  }

  text(id: string, matrix: Matrix): string {
    const [[x1, y1], [x2, y2]] = [moved(this.from, matrix), moved(this.to, matrix)];
    const ends = `x1="${short(x1)}" y1="${short(y1)}" x2="${short(x2)}" y2="${short(y2)}"`;
    return `<linearGradient id="${id}" gradientUnits="userSpaceOnUse" ${ends}>${this.stops.join("")}</linearGradient>`;
  }
}

// Within withReadablePaths every Path2D is a readable one.
/** rgb(10 14 20 / 0.75) as colour and opacity: programs that typeset SVG know no other way. */
function opaque(paint: string): { colour: string; opacity: number } {
  const match = /^rgb\((\d+) (\d+) (\d+)(?: \/ ([\d.]+))?\)$/.exec(paint);
  if (!match) return { colour: escapeXml(paint), opacity: 1 };
  const hex = match.slice(1, 4).map((channel) => Number(channel).toString(16).padStart(2, "0"));
  return { colour: `#${hex.join("")}`, opacity: Number(match[4] ?? 1) };
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻";

/** Exponents as small raised digits: many fonts lack the letters, and some programs then change the whole line's. */
function raised(text: string, size: number): string {
  const [rise, small] = [short(0.36 * size), short(0.7 * size)];
  return text.replace(/([⁰¹²³⁴-⁹⁻]+)([^⁰¹²³⁴-⁹⁻]*)/g, (_, power: string, rest: string) => {
    const digits = [...power].map((letter) => "0123456789−"[SUPERSCRIPTS.indexOf(letter)]).join("");
    const after = rest && `<tspan dy="${rise}">${rest}</tspan>`;
    return `<tspan dy="-${rise}" font-size="${small}">${digits}</tspan>${after}`;
  });
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text as it may stand in an element or an attribute; what XML cannot hold at all becomes a mark. */
export function escapeXml(text: string): string {
  return text
    .replace(/[&<>"]/g, (letter) => ENTITIES[letter]!)
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "\u{FFFD}");
}
