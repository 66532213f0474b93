// Points before the first block and after some of the others: small pictures side by side, on axes that all share.
import type { Ink, Pen } from "./canvas";
import { classColour, type Theme } from "./classes";
import type { Hidden } from "../engine/types";

type HiddenPlaces = Pick<Hidden, "places" | "points">;

export interface Frame {
  low: readonly [number, number];
  /** Side of the square that is shown. */
  span: number;
  /** How many times larger its points are drawn than in a frame that holds those of all layers: a power of two. */
  magnified: number;
}

/** Which layers are shown where not all fit: the first, the last, and others evenly between. */
export function chooseLayers(layers: number, most: number): number[] {
  const count = Math.min(layers, Math.max(2, most));
  return Array.from({ length: count }, (_, i) => Math.round((i * (layers - 1)) / (count - 1)));
}

/** From the lowest to the highest along both axes. */
type Box = readonly [x: readonly [number, number], y: readonly [number, number]];

/** What is smaller still is a dot, and is meant to be seen as one. */
const MOST_MAGNIFIED = 64;

/**
 * A frame for each of those layers. All are one that holds them all, unless a layer's points would fill less than half of
 * it: in a deep network the last blocks may spread the points so far that those of all others would be dots.
 */
export function framesOf(hidden: HiddenPlaces, layers: readonly number[]): Frame[] {
  const boxes = layers.map((layer) => boxOf(hidden, layer));
  const along = (axis: 0 | 1) =>
    [Math.min(...boxes.map((box) => box[axis][0])), Math.max(...boxes.map((box) => box[axis][1]))] as const;
  const all: Box = [along(0), along(1)];
  const widest = sideOf(all);
  return boxes.map((box) => {
    const magnified = Math.min(MOST_MAGNIFIED, 2 ** Math.floor(Math.log2(widest / sideOf(box))));
    return magnified >= 2 ? frameAbout(box, widest / magnified, magnified) : frameAbout(all, widest || 1, 1);
  });
}

/** What holds almost all points of a layer: a few that fly far off do not shrink the rest. */
function boxOf({ places, points }: HiddenPlaces, layer: number): Box {
  const axis = (which: 0 | 1): [number, number] => {
    const values = new Float32Array(points);
    let count = 0;
    for (let i = 0; i < points; i++) {
      const value = places[2 * (layer * points + i) + which]!;
      if (Number.isFinite(value)) values[count++] = value;
    }
    const sorted = values.subarray(0, count).sort();
    const at = (part: number) => sorted[Math.round(part * (count - 1))] ?? 0;
    return [at(0.01), at(0.99)];
  };
  return [axis(0), axis(1)];
}

function sideOf([x, y]: Box): number {
  return Math.max(x[1] - x[0], y[1] - y[0]);
}

/** With a margin, so that points are not on the border. */
function frameAbout([x, y]: Box, side: number, magnified: number): Frame {
  const span = 1.2 * side;
  return { low: [(x[0] + x[1] - span) / 2, (y[0] + y[1] - span) / 2], span, magnified };
}

export interface Tile {
  layer: number;
  x: number;
  y: number;
  side: number;
}

/** What stands below a tile needs so much of the height. */
const BELOW = 22;
/** So many tiles show how points move; where a row has room for fewer there are more rows, but not without end. */
const [ENOUGH, ROWS] = [9, 3];

/** Tiles of at least `least` units. */
export function tiles(layers: number, width: number, least: number, gap = 6): Tile[] {
  const fit = Math.max(2, Math.floor((width + gap) / (least + gap)));
  const chosen = chooseLayers(layers, fit * Math.min(ROWS, Math.ceil(ENOUGH / fit)));
  // Of about as many in each row.
  const columns = Math.ceil(chosen.length / Math.ceil(chosen.length / fit));
  const side = Math.min(110, (width - gap * (columns - 1)) / columns);
  return chosen.map((layer, i) => ({
    layer,
    x: (i % columns) * (side + gap),
    y: Math.floor(i / columns) * (side + BELOW),
    side,
  }));
}

/** What they are high together, with what stands below them. */
export function tilesHeight(shown: readonly Tile[]): number {
  const last = shown[shown.length - 1];
  return last ? last.y + last.side + BELOW : 0;
}

/** The tile there. */
export function tileAt(shown: readonly Tile[], { x, y }: { x: number; y: number }): Tile | undefined {
  return shown.find((t) => x >= t.x && x <= t.x + t.side && y >= t.y && y <= t.y + t.side);
}

export function drawHidden(
  pen: Pen,
  hidden: Hidden,
  labels: Uint16Array,
  shown: readonly Tile[],
  frames: readonly Frame[],
  marked: number | undefined,
  ink: Ink,
  theme: Theme,
): void {
  const { places, points } = hidden;
  for (const [k, { layer, x, y, side }] of shown.entries()) {
    const { low, span, magnified } = frames[k]!;
    pen.save();
    pen.beginPath();
    pen.rect(x + 0.5, y + 0.5, side - 1, side - 1);
    pen.strokeStyle = layer === marked ? ink.text : ink.line;
    pen.lineWidth = 1;
    pen.stroke();
    pen.clip();
    const dot = points > 300 ? 1.5 : 2.5;
    for (let i = 0; i < points; i++) {
      const at = 2 * (layer * points + i);
      const px = x + ((places[at]! - low[0]) / span) * side;
      const py = y + (1 - (places[at + 1]! - low[1]) / span) * side;
      pen.fillStyle = classColour(labels[i]!, theme);
      pen.fillRect(px - dot / 2, py - dot / 2, dot, dot);
    }
    pen.restore();
    pen.fillStyle = ink.muted;
    pen.font = ink.font;
    pen.textBaseline = "top";
    const name = layer === 0 ? "h₀" : String(layer);
    pen.textAlign = magnified > 1 ? "left" : "center";
    pen.fillText(name, magnified > 1 ? x + 2 : x + side / 2, y + side + 3);
    if (magnified === 1) continue;
    pen.textAlign = "right";
    pen.fillText(`×${magnified}`, x + side - 2, y + side + 3);
  }
}
