// Singular values: every layer map by depth, and at the right the product against the target.
import type { Ink } from "./canvas";
import { powerOfTen } from "./scale";
import { word } from "../words";

export interface SpectrumData {
  width: number;
  /** layers × width */
  layers: Float32Array;
  product: Float32Array;
  target: Float32Array;
}

/** Below this a singular value is drawn as a mark on the lower edge. */
const FLOOR = -4;
const CEILING = 6;

/** Decades shown: whole ones around every finite positive value, kept inside FLOOR…CEILING. */
export function spectrumDecades({ layers, product, target }: SpectrumData): [number, number] {
  let low = 0;
  let high = 0;
  for (const list of [layers, product, target]) {
    for (const value of list) {
      if (!(value > 0) || value === Infinity) continue;
      const log = Math.log10(value);
      low = Math.min(low, log);
      high = Math.max(high, log);
    }
  }
  return [
    Math.max(FLOOR, Math.floor(low + 1e-6) === 0 ? -1 : Math.floor(low + 1e-6)),
    Math.min(CEILING, Math.max(1, Math.ceil(high - 1e-6))),
  ];
}

export interface SpectrumLayout {
  left: number;
  top: number;
  bottom: number;
  layersWidth: number;
  productX: number;
  /** Undefined where there is no target: classifiers have none. */
  targetX: number | undefined;
}

export function spectrumLayout(width: number, height: number, hasTarget: boolean): SpectrumLayout {
  const [left, last] = [40, width - 28];
  const productX = hasTarget ? last - 56 : last;
  return {
    left,
    top: 8,
    bottom: height - 22,
    layersWidth: Math.max(20, productX - 34 - left),
    productX,
    targetX: hasTarget ? last : undefined,
  };
}

export type SpectrumColumn = { layer: number } | "product" | "target";

/** What stands at a screen column. */
export function spectrumColumn(
  x: number,
  layers: number,
  layout: SpectrumLayout,
): SpectrumColumn | undefined {
  if (Math.abs(x - layout.productX) < 20) return "product";
  if (layout.targetX !== undefined && Math.abs(x - layout.targetX) < 20) return "target";
  const at = Math.floor(((x - layout.left) / layout.layersWidth) * layers);
  return at >= 0 && at < layers ? { layer: at } : undefined;
}

/** What a layer is called: without a target they are a classifier's blocks. */
export function layerName({ target }: Pick<SpectrumData, "target">, layer: number): string {
  return word(target.length > 0 ? "spectrum.layer" : "spectrum.block", { layer: layer + 1 });
}

export function drawSpectrum(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  data: SpectrumData,
  colour: string,
  ink: Ink,
): void {
  const layout = spectrumLayout(width, height, data.target.length > 0);
  const { left, top, bottom, layersWidth, productX, targetX } = layout;
  const [low, high] = spectrumDecades(data);
  const y = (value: number) => bottom - ((Math.log10(value) - low) / (high - low)) * (bottom - top);
  context.font = ink.font;
  context.textAlign = "right";
  context.textBaseline = "middle";
  const every = Math.ceil((high - low) / Math.max(1, (bottom - top) / 22));
  for (let decade = low; decade <= high; decade++) {
    const at = Math.round(y(10 ** decade)) + 0.5;
    context.strokeStyle = ink.line;
    context.lineWidth = 1;
    context.setLineDash(decade === 0 ? [] : [2, 3]);
    context.beginPath();
    context.moveTo(left, at);
    context.lineTo(width - 4, at);
    context.stroke();
    if ((decade - low) % every !== 0) continue;
    context.fillStyle = ink.muted;
    context.fillText(decade === 0 ? "1" : powerOfTen(decade), left - 6, at);
  }
  context.setLineDash([]);

  const count = data.width;
  const layers = count > 0 ? data.layers.length / count : 0;
  const pitch = layersWidth / Math.max(1, layers);
  const radius = Math.max(1, Math.min(2.75, pitch * 0.32));
  context.fillStyle = colour;
  context.globalAlpha = layers * count > 400 ? 0.5 : 0.8;
  for (let layer = 0; layer < layers; layer++) {
    const x = left + (layer + 0.5) * pitch;
    for (let i = 0; i < count; i++) {
      const value = data.layers[layer * count + i]!;
      // Sixteen thousand arcs take longer than a frame; at this size a square looks the same.
      const at = radius < 1.5 && value > 0 ? y(value) : Number.NaN;
      if (at >= top && at <= bottom) context.fillRect(x - radius, at - radius, 2 * radius, 2 * radius);
      else dot(context, x, value, radius, y, top, bottom);
    }
  }
  context.globalAlpha = 1;
  const size = data.product.length > 24 ? 2 : 3.5;
  for (const value of data.product) dot(context, productX, value, size, y, top, bottom);
  context.strokeStyle = ink.text;
  context.lineWidth = data.product.length > 24 ? 1 : 1.5;
  // The target's values as rings, repeated faintly behind the product's, so that a match is seen as a filled ring.
  for (const value of data.target) {
    const at = clamp(y(value), top, bottom);
    for (const x of [productX, targetX ?? productX]) {
      context.globalAlpha = x === productX ? 0.55 : 1;
      context.beginPath();
      context.arc(x, at, x === productX ? size + 2 : size, 0, 2 * Math.PI);
      context.stroke();
    }
  }
  context.globalAlpha = 1;
  context.strokeStyle = ink.line;
  context.beginPath();
  context.moveTo(productX - 25.5, top);
  context.lineTo(productX - 25.5, bottom);
  context.stroke();

  context.fillStyle = ink.muted;
  context.textBaseline = "top";
  context.textAlign = "left";
  context.fillText(layerName(data, 0), left, bottom + 8);
  context.textAlign = "right";
  if (layers > 1) context.fillText(String(layers), left + layersWidth, bottom + 8);
  context.textAlign = "center";
  context.fillText(word("spectrum.product"), productX, bottom + 8);
  if (targetX !== undefined) context.fillText(word("spectrum.target"), targetX, bottom + 8);
}

/** A value outside the axis is a triangle on the edge: shown, and shown as beyond. */
function dot(
  context: CanvasRenderingContext2D,
  x: number,
  value: number,
  radius: number,
  y: (value: number) => number,
  top: number,
  bottom: number,
): void {
  if (Number.isNaN(value)) return;
  const at = value > 0 ? y(value) : Infinity;
  context.beginPath();
  if (at > bottom + 0.5) {
    context.moveTo(x - radius, bottom - 4);
    context.lineTo(x + radius, bottom - 4);
    context.lineTo(x, bottom + 1);
  } else if (at < top - 0.5) {
    context.moveTo(x - radius, top + 4);
    context.lineTo(x + radius, top + 4);
    context.lineTo(x, top - 1);
  } else {
    context.arc(x, at, radius, 0, 2 * Math.PI);
  }
  context.fill();
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
