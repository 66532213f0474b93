// Labelled points as a person draws them, and as an experiment holds them.
import { toBase64 } from "./engine/base64";
import type { LabelledPoints } from "./engine/table";
import { word } from "./words";

/** As many as the crate takes. */
export const MAX_POINTS = 20_000;
/** The pad shows ±this in both directions; more where the points need more. */
export const PAD = 1.2;
/** Classes that can be drawn. */
export const DRAWN_CLASSES = 8;

const UNDO_STEPS = 200;

/** An experiment's data for a person's own points. */
export interface PointsData {
  kind: "points";
  dimension: number;
  classes: number;
  /** Base64 of little-endian float32. */
  inputs: string;
  labels: number[];
  heldOut: number;
}

export function dataOf(points: LabelledPoints, heldOut: number): PointsData {
  const { dimension, classes, inputs, labels } = points;
  return { kind: "points", dimension, classes, inputs: toBase64(inputs), labels: [...labels], heldOut };
}

export interface Point {
  readonly x: number;
  readonly y: number;
  readonly label: number;
}

/** Points in the plane that are put, erased and brought back. */
export class Drawing {
  private now: readonly Point[] = [];
  private past: (readonly Point[])[] = [];
  private future: (readonly Point[])[] = [];

  get points(): readonly Point[] {
    return this.now;
  }

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  get canRedo(): boolean {
    return this.future.length > 0;
  }

  /** What is done until the next call is one step of undo; without any change it is none. */
  begin(): void {
    if (this.past.at(-1) === this.now) return;
    this.past = [...this.past, this.now].slice(-UNDO_STEPS);
  }

  /** Ends a step: says whether anything changed. */
  end(): boolean {
    if (this.past.at(-1) !== this.now) return true;
    this.past = this.past.slice(0, -1);
    return false;
  }

  /** Puts a point, within the pad and as float32 has it; says whether there was room. */
  put(x: number, y: number, label: number, half: number): boolean {
    if (this.now.length >= MAX_POINTS) return false;
    const within = (value: number) => Math.fround(Math.min(half, Math.max(-half, value)));
    this.change([...this.now, { x: within(x), y: within(y), label }]);
    return true;
  }

  /** Erases all points within a radius; returns how many. */
  erase(x: number, y: number, radius: number): number {
    const kept = this.now.filter((point) => Math.hypot(point.x - x, point.y - y) > radius);
    const erased = this.now.length - kept.length;
    if (erased > 0) this.change(kept);
    return erased;
  }

  /** The point nearest to a place, the newest of equals. */
  nearest(x: number, y: number): Point | undefined {
    let [found, least] = [undefined as Point | undefined, Infinity];
    for (const point of this.now) {
      const distance = Math.hypot(point.x - x, point.y - y);
      if (distance <= least) [found, least] = [point, distance];
    }
    return found;
  }

  remove(point: Point): void {
    this.change(this.now.filter((other) => other !== point));
  }

  replace(points: readonly Point[]): void {
    this.change(points);
  }

  undo(): boolean {
    const before = this.past.at(-1);
    if (!before) return false;
    this.past = this.past.slice(0, -1);
    this.future = [...this.future, this.now];
    this.now = before;
    return true;
  }

  redo(): boolean {
    const after = this.future.at(-1);
    if (!after) return false;
    this.future = this.future.slice(0, -1);
    this.past = [...this.past, this.now];
    this.now = after;
    return true;
  }

  /** How many points each class has. */
  counts(): number[] {
    const counts = new Array<number>(DRAWN_CLASSES).fill(0);
    for (const { label } of this.now) counts[label] = (counts[label] ?? 0) + 1;
    return counts;
  }

  /** Why they cannot be trained on yet; empty where they can. */
  get problem(): string {
    return this.counts().filter(Boolean).length < 2 ? word("points.two") : "";
  }

  /** Classes keep their numbers, and so their colours, where one between them is empty. */
  labelled(): LabelledPoints {
    return {
      dimension: 2,
      classes: this.now.reduce((most, { label }) => Math.max(most, label + 1), 2),
      inputs: Float32Array.from(this.now.flatMap(({ x, y }) => [x, y])),
      labels: Uint16Array.from(this.now, ({ label }) => label),
    };
  }

  /** Whether these are the points of the drawing, in any arrays. */
  equals({ dimension, inputs, labels }: PointsIn): boolean {
    return (
      dimension === 2 &&
      labels.length === this.now.length &&
      this.now.every(
        ({ x, y, label }, i) => x === inputs[2 * i] && y === inputs[2 * i + 1] && label === labels[i],
      )
    );
  }

  private change(points: readonly Point[]): void {
    this.now = points;
    this.future = [];
  }
}

/** Points as the page has them. */
export interface PointsIn {
  dimension: number;
  classes: number;
  inputs: ArrayLike<number>;
  labels: ArrayLike<number>;
}

/** The points of a plane, one by one. */
export function drawable({ inputs, labels }: PointsIn): Point[] {
  return Array.from(labels, (label, i) => ({ x: inputs[2 * i]!, y: inputs[2 * i + 1]!, label }));
}

/** Half the side of a pad that shows all points. */
export function padHalf(points: readonly Point[]): number {
  const most = points.reduce((max, { x, y }) => Math.max(max, Math.abs(x), Math.abs(y)), 0);
  if (most <= PAD) return PAD;
  // Two digits, rounded up: the pad does not change with every point.
  const unit = 10 ** (Math.floor(Math.log10(most)) - 1);
  return Math.ceil((most * 1.02) / unit) * unit;
}
