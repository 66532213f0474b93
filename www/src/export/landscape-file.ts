// A landscape as a document that outlives the page: what was drawn, on which plane, of which experiment.
import { toBase64 } from "../engine/base64";
import type { Checked } from "../engine/trust";
import {
  type Captured,
  type Experiment,
  type Landscape,
  type Mark,
  type Parametrization,
  type PlaneSpec,
  type PlaneVectors,
} from "../engine/types";
import { planeName } from "../plane-name";
import { Refusal } from "../said";
import { word } from "../words";
import { commentLines, csvNumber, list, rowsOf, shortest, withMembers } from "./text";

/** Everything about a landscape but its points: what a picture of it carries along. */
export interface LandscapeAbout {
  format: "identity-lab landscape";
  version: 1;
  experiment: Experiment;
  step: number;
  /** What evaluated the grid. */
  engine: "cpu" | "webgpu";
  twin: number;
  parametrization: Parametrization;
  plane: PlaneSpec;
  labels: [string, string];
  captured: Captured | null;
  /** (a, b) of the constructed optimum and its distance from the plane. */
  optimum: [number, number, number] | null;
  /** The points that the plane was laid through. */
  marks: readonly Mark[];
  checked: Checked | null;
  /** θ = origin + a·u + b·v; each is base64 of little-endian float32. */
  origin: string;
  u: string;
  v: string;
}

export interface LandscapeFile extends LandscapeAbout {
  a: number[];
  b: number[];
  /** One row for each b. In memory it holds what was computed; JSON has null for what is not finite. */
  excess: (number | null)[][];
  trajectory: { step: number[]; a: number[]; b: number[] };
}

export function landscapeAbout(
  landscape: Landscape,
  vectors: PlaneVectors,
  experiment: Experiment,
): LandscapeAbout {
  if (vectors.plane !== landscape.plane) {
    throw new Refusal(word("plane.changed"));
  }
  return {
    format: "identity-lab landscape",
    version: 1,
    experiment,
    step: landscape.step,
    engine: landscape.engine,
    twin: landscape.twin,
    parametrization: vectors.parametrization,
    plane: landscape.spec,
    labels: landscape.labels,
    captured: landscape.captured ?? null,
    optimum: landscape.optimum ?? null,
    marks: landscape.marks,
    checked: landscape.checked ?? null,
    origin: toBase64(vectors.origin),
    u: toBase64(vectors.u),
    v: toBase64(vectors.v),
  };
}

export function landscapeFile(
  landscape: Landscape,
  vectors: PlaneVectors,
  experiment: Experiment,
): LandscapeFile {
  const { a, b, size, values, trajectory, steps } = landscape;
  const along = (axis: 0 | 1) => Array.from(steps, (_, i) => trajectory[2 * i + axis]!);
  return {
    ...landscapeAbout(landscape, vectors, experiment),
    a: [...a],
    b: [...b],
    excess: rowsOf(values, size),
    trajectory: { step: [...steps], a: along(0), b: along(1) },
  };
}

/** For the metadata of a picture: all but the points, and how far the axes reach. */
export function aboutJson(about: LandscapeAbout, { a, b, size }: Landscape): string {
  const ends = (axis: Float32Array) => `[${shortest(axis[0]!)},${shortest(axis[size - 1]!)}]`;
  return withMembers(about, { size: String(size), a: ends(a), b: ends(b) });
}

export function landscapeJson({ a, b, excess, trajectory, ...about }: LandscapeFile): string {
  const path = `{"step":${JSON.stringify(trajectory.step)},"a":${list(trajectory.a)},"b":${list(trajectory.b)}}`;
  return withMembers(about, {
    a: list(a),
    b: list(b),
    excess: `[\n${excess.map(list).join(",\n")}\n]`,
    trajectory: path,
  });
}

/** Comment lines with everything else, then one row for each point of the grid and of the path. */
export function landscapeCsv({ a, b, excess, trajectory, ...about }: LandscapeFile): string {
  const { format, version, step, engine, twin, parametrization, plane, origin, u, v, ...rest } = about;
  const lines = commentLines({
    format: `${format}, version ${version}`,
    step,
    engine,
    twin,
    parametrization,
    plane: planeName(plane),
    ...rest,
    origin,
    u,
    v,
  });
  lines.push("kind,step,a,b,excess");
  const [columns, rows] = [a.map(csvNumber), b.map(csvNumber)];
  excess.forEach((row, ib) =>
    row.forEach((value, ia) => lines.push(`grid,,${columns[ia]},${rows[ib]},${csvNumber(value)}`)),
  );
  trajectory.step.forEach((at, i) =>
    lines.push(`path,${at},${csvNumber(trajectory.a[i]!)},${csvNumber(trajectory.b[i]!)},`),
  );
  return `${lines.join("\n")}\n`;
}
