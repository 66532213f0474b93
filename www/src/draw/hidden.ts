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

interface Extent {
  middle: readonly [number, number];
  span: number;
}

/** What is smaller still is a dot, and is meant to be seen as one. */
const MOST_MAGNIFIED = 64;

/** Which layers are shown where not all fit: the first, the last, and others evenly between. */
export function chooseLayers(layers: number, most: number): number[] {
  const count = Math.min(layers, Math.max(2, most));
  return Array.from({ length: count }, (_, i) => Math.round((i * (layers - 1)) / (count - 1)));
}

/**
 * A frame for each of those layers. All are of one size about one middle, unless a layer's points would fill less than
 * half of it: in a deep network the last blocks may spread the points so far that those of all others would be dots.
 */
export function framesOf(hidden: HiddenPlaces, layers: readonly number[]): Frame[] {
  const all = extentOf(hidden, layers);
  const shared = { ...about(all.middle, all.span || 1), magnified: 1 };
  return layers.map((layer) => {
    const own = extentOf(hidden, [layer]);
    const magnified = Math.min(MOST_MAGNIFIED, 2 ** Math.floor(Math.log2(all.span / own.span)));
    return magnified >= 2 ? { ...about(own.middle, all.span / magnified), magnified } : shared;
  });
}

/** What holds almost all points of those layers: a few that fly far off do not shrink the rest. */
function extentOf({ places, points }: HiddenPlaces, layers: readonly number[]): Extent {
  const axis = (which: 0 | 1): [number, number] => {
    const values = new Float32Array(layers.length * points);
    let count = 0;
    for (const layer of layers) {
      for (let i = 0; i < points; i++) {
        const value = places[2 * (layer * points + i) + which]!;
        if (Number.isFinite(value)) values[count++] = value;
      }
    }
    const sorted = values.subarray(0, count).sort();
    const at = (part: number) => sorted[Math.round(part * (count - 1))] ?? 0;
    return [at(0.01), at(0.99)];
  };
  const [x, y] = [axis(0), axis(1)];
  const span = 1.2 * Math.max(x[1] - x[0], y[1] - y[0]);
  return { middle: [(x[0] + x[1]) / 2, (y[0] + y[1]) / 2], span };
}

function about([x, y]: readonly [number, number], span: number): Pick<Frame, "low" | "span"> {
  return { low: [x - span / 2, y - span / 2], span };
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
  const columns = Math.min(fit, chosen.length);
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
