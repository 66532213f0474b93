// A map as a document that outlives the page: what was asked for, and what became of every network.
import type { AtlasForm } from "../atlas-form";
import type { Height } from "../deep";
import type { Atlas, AtlasSpec, Outcomes } from "../engine/atlas";
import { toBase64 } from "../engine/base64";
import type { TwinSpec } from "../engine/types";
import { commentLines, csvNumber } from "./text";

export interface ExportedMap {
  atlas: Atlas;
  view: AtlasForm["view"];
  /** What the curves of many starts show. */
  height?: Height;
}

/** Everything about a map but its outcomes: what a picture of it carries along. */
export interface MapAbout {
  format: "identity-lab map";
  version: 1;
  /** What trained the networks. */
  engine: Atlas["engine"];
  view: AtlasForm["view"];
  /** The whole request; the crate reads it as it stands. */
  map: AtlasSpec;
  /** Networks trained, of how many. */
  networks: [trained: number, of: number];
}

export interface MapFile extends MapAbout {
  /** Values of the columns and rows. */
  x: number[];
  y: number[];
  /** Base64 of little-endian float32, as below: 1 where a cell's own networks were trained, else 0. */
  trained: string;
  /** Index `iy * columns + ix`; NaN where there is nothing. */
  twins: {
    parametrization: string;
    /** Where many starts are compared. */
    start?: string;
    excess: string;
    steps: string;
    divergedAt: string;
    end?: string;
    accuracy?: string;
  }[];
}

export function twinsOf({ spec }: Atlas): readonly TwinSpec[] {
  return spec.networks ?? (spec.experiment.twins as TwinSpec[]);
}

export function mapAbout({ atlas, view }: ExportedMap): MapAbout {
  return {
    format: "identity-lab map",
    version: 1,
    engine: atlas.engine,
    view,
    map: atlas.spec,
    networks: [atlas.trained, atlas.networks],
  };
}

export function mapFile(exported: ExportedMap): MapFile {
  const { atlas } = exported;
  const { x, y, grain } = atlas;
  // What stands in for a cell that was not trained is no outcome of its own.
  const own = (values: Float32Array) =>
    toBase64(values.map((v, cell) => (grain[cell] === 1 ? v : Number.NaN)));
  return {
    ...mapAbout(exported),
    x: [...x],
    y: [...y],
    trained: toBase64(Float32Array.from(grain, (coarse) => (coarse === 1 ? 1 : 0))),
    twins: atlas.twins.map(({ excess, steps, divergedAt, end, accuracy }, i) => ({
      parametrization: twinsOf(atlas)[i]!.parametrization,
      ...(atlas.spec.networks && { start: twinsOf(atlas)[i]!.start.kind }),
      excess: own(excess),
      steps: own(steps),
      divergedAt: own(divergedAt),
      ...(end && { end: own(end) }),
      ...(accuracy && { accuracy: own(accuracy) }),
    })),
  };
}

/** Comment lines with the request, then one row for each network that was trained. */
export function mapCsv(exported: ExportedMap): string {
  const { atlas } = exported;
  const { spec, x, y, grain } = atlas;
  const { format, version, map, networks, ...rest } = mapAbout(exported);
  const lines = commentLines({
    format: `${format}, version ${version}`,
    ...rest,
    networks: `${networks[0]} of ${networks[1]} trained`,
    ...Object.fromEntries(Object.entries(map).map(([key, value]) => [key, JSON.stringify(value)])),
  });
  const classifier = atlas.twins.some(({ accuracy }) => accuracy);
  const outcomes = classifier ? "loss,steps,divergedAt,accuracy" : "excess,steps,divergedAt";
  lines.push(
    `${spec.x.quantity},${spec.y.quantity},network,parametrization,${spec.networks ? "start," : ""}${outcomes}`,
  );
  const numbers = ({ excess, steps, divergedAt, accuracy }: Outcomes, cell: number) =>
    [
      csvNumber(excess[cell]!),
      whole(steps[cell]!),
      whole(divergedAt[cell]!),
      ...(accuracy ? [csvNumber(accuracy[cell]!)] : []),
    ].join(",");
  const named = ({ parametrization, start }: TwinSpec) =>
    spec.networks ? `${parametrization},${start.kind}` : parametrization;
  for (let cell = 0; cell < grain.length; cell++) {
    if (grain[cell] !== 1) continue;
    const at = `${x[cell % spec.columns]},${y[Math.floor(cell / spec.columns)]}`;
    atlas.twins.forEach((twin, i) =>
      lines.push(`${at},${i + 1},${named(twinsOf(atlas)[i]!)},${numbers(twin, cell)}`),
    );
  }
  return `${lines.join("\n")}\n`;
}

/** A step, or nothing where there was none. */
function whole(step: number): string {
  return Number.isNaN(step) ? "" : String(step);
}
