// A map of basins: where runs ended → cells coloured by optimum, lighter the sooner they came there.
import { STALLED, type ColourBook } from "../basins";
import { cellPixels, NEVER, type AtlasPicture, type AtlasValues } from "./atlas";
import type { NumberAxis } from "./axis";
import { bitmap } from "./canvas";
import { rgb, shades } from "./color";
import { logPosition, type Domain } from "./scale";

/** Told apart by people with any kind of colour vision (after Okabe and Ito), most different ones first. */
const HUES = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9"] as const;
/** All optima beyond those. */
const OTHER = "#c9b458";

export const BASIN_COLOURS = HUES.length;
export { NEVER as STALLED_COLOUR };
export const DESCENDING_COLOUR = "#9aa1ab";

const [LIGHTER, DARKER] = [0.45, 0.4];
const SHADES = 64;

function ramp(hex: string): [string, string, string] {
  const mixed = (other: number, part: number) =>
    `#${rgb(hex)
      .map((channel) => Math.round(channel + (other - channel) * part))
      .map((channel) => channel.toString(16).padStart(2, "0"))
      .join("")}`;
  return [mixed(255, LIGHTER), hex, mixed(0, DARKER)];
}

const RAMPS = [...HUES, OTHER].map(ramp);
const TABLES = RAMPS.map((anchors) => shades(anchors, SHADES));
const [STALLED_PIXEL, DESCENDING_PIXEL] = [NEVER, DESCENDING_COLOUR].map((hex) => shades([hex, hex], 2)[0]!);

/** The colours of an optimum, from few steps to many, as CSS wants them. */
export function basinGradient(place: number | undefined): string {
  return `linear-gradient(to right, ${RAMPS[place ?? HUES.length]!.join(", ")})`;
}

/** The pixel of a cell that did not diverge; 0 (transparent) where nothing is known. */
export function basinPixel(end: number, steps: number, book: ColourBook, domain: Domain | undefined): number {
  if (Number.isNaN(end)) return 0;
  if (end < 0) return end === STALLED ? STALLED_PIXEL! : DESCENDING_PIXEL!;
  const t = domain ? logPosition(Math.max(1, steps), domain) : 0;
  return TABLES[book.place(end) ?? HUES.length]![Math.round(t * (SHADES - 1))]!;
}

/** One network's basins, the first row of values at the bottom. */
export function prepareBasins(
  values: AtlasValues & { end?: Float32Array },
  map: { grain: Uint16Array; columns: number; rows: number; x: NumberAxis; y: NumberAxis },
  book: ColourBook,
  domain: Domain | undefined,
): AtlasPicture {
  const { columns, rows, x, y, grain } = map;
  const { steps, divergedAt, end } = values;
  const { pixels, holes } = cellPixels(columns, rows, grain, divergedAt, (cell) =>
    basinPixel(end?.[cell] ?? Number.NaN, steps[cell]!, book, domain),
  );
  return { columns, rows, x, y, image: bitmap(pixels, columns, rows), holes };
}
