// A path that can be written down.

/** x' = a x + c y + e, y' = b x + d y + f */
export type Matrix = Pick<DOMMatrix, "a" | "b" | "c" | "d" | "e" | "f">;
export const UNMOVED: Matrix = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 };

type Point = [number, number];

export function moved([x, y]: Point, { a, b, c, d, e, f }: Matrix): Point {
  return [a * x + c * y + e, b * x + d * y + f];
}

/** The matrix that applies `second` and then `first`. */
export function times(first: Matrix, second: Matrix): Matrix {
  const [a, b] = moved([second.a, second.b], { ...first, e: 0, f: 0 });
  const [c, d] = moved([second.c, second.d], { ...first, e: 0, f: 0 });
  const [e, f] = moved([second.e, second.f], first);
  return { a, b, c, d, e, f };
}

/** SVG's commands, and R for a rectangle's corners; arcs are kept as curves, so that a matrix moves points alone. */
interface Part {
  command: "M" | "L" | "C" | "R";
  points: Point[];
}

export class ReadablePath {
  private readonly parts: Part[] = [];

  get empty(): boolean {
    return this.parts.length === 0;
  }

  moveTo(x: number, y: number): void {
    this.add("M", [x, y]);
  }

  lineTo(x: number, y: number): void {
    this.add(this.empty ? "M" : "L", [x, y]);
  }

  rect(x: number, y: number, width: number, height: number): void {
    const last = this.parts[this.parts.length - 1];
    const [, topRight, bottomRight] = last?.points ?? [];
    // A picture's cells come one by one: a row of them is one rectangle.
    if (last?.command === "R" && same(topRight!, [x, y]) && same(bottomRight!, [x, y + height])) {
      topRight![0] = bottomRight![0] = x + width;
    } else this.add("R", [x, y], [x + width, y], [x + width, y + height], [x, y + height]);
  }

  /** Clockwise on the screen, as canvas has it unless told otherwise. */
  arc(x: number, y: number, radius: number, from: number, to: number): void {
    const count = Math.max(1, Math.ceil((to - from) / (Math.PI / 2) - 1e-9));
    const step = (to - from) / count;
    // The control points of an arc are on its tangents, this part of the radius away.
    const k = (4 / 3) * Math.tan(step / 4);
    const at = (angle: number, out: number): Point => [
      x + radius * (Math.cos(angle) - out * Math.sin(angle)),
      y + radius * (Math.sin(angle) + out * Math.cos(angle)),
    ];
    this.lineTo(...at(from, 0));
    for (let i = 0; i < count; i++) {
      const [start, end] = [from + i * step, from + (i + 1) * step];
      this.add("C", at(start, k), at(end, -k), at(end, 0));
    }
  }

  addPath(path: ReadablePath, matrix: Matrix = UNMOVED): void {
    if (!(path instanceof ReadablePath)) throw new Error("This path was made outside withReadablePaths.");
    for (const { command, points } of path.parts) {
      this.add(command, ...points.map((point) => moved(point, matrix)));
    }
  }

  /** The attribute `d` of an SVG path. */
  text(): string {
    return this.parts
      .map(({ command, points }) => {
        const [first, ...rest] = points.map((point) => point.map(short).join(" "));
        return command === "R" ? `M${first}L${rest.join(" ")}Z` : command + [first, ...rest].join(" ");
      })
      .join("");
  }

  /** As canvas does, leaves out what is not finite. */
  private add(command: Part["command"], ...points: Point[]): void {
    if (points.flat().every(Number.isFinite)) this.parts.push({ command, points });
  }
}

function same([x, y]: Point, [x2, y2]: Point): boolean {
  return x === x2 && y === y2;
}

/** A hundredth of a pixel is enough for any print. */
export function short(x: number): string {
  return String(Math.round(x * 100) / 100);
}
