// The two colour maps: signed orange–white–blue for parameters, a sequential one for the landscape.

type Rgb = readonly [number, number, number];

export const NEGATIVE = "#f59322";
export const ZERO = "#e8eaeb";
export const POSITIVE = "#0877bd";

/** Perceptually ordered anchors, light at the low end: the goal shines. */
const SEQUENTIAL = [
  "#fde725",
  "#b5de2b",
  "#6ece58",
  "#35b779",
  "#1f9e89",
  "#26828e",
  "#31688e",
  "#3e4a89",
  "#482878",
  "#440154",
] as const;

export function rgb(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** Linear interpolation through evenly spaced anchors, t clamped to 0…1. */
function through(anchors: readonly Rgb[], t: number): Rgb {
  const at = Math.min(1, Math.max(0, t)) * (anchors.length - 1);
  const i = Math.min(anchors.length - 2, Math.floor(at));
  const [low, high] = [anchors[i]!, anchors[i + 1]!];
  const part = (channel: 0 | 1 | 2) => Math.round(low[channel] + (high[channel] - low[channel]) * (at - i));
  return [part(0), part(1), part(2)];
}

/** A table of packed pixels: a picture has more pixels than a map has colours. */
export function shades(anchors: readonly string[], size: number): Uint32Array {
  const stops = anchors.map(rgb);
  return Uint32Array.from({ length: size }, (_, i) => pack(through(stops, i / (size - 1))));
}

// ImageData is red, green, blue, alpha in memory; every platform with WebAssembly is little-endian.
function pack([r, g, b]: Rgb): number {
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

/** Which of the twins lies lower: the identity network's colour, and the standard one's. */
const IDENTITY_LOWER = "#0b6e66";
const STANDARD_LOWER = "#a1278c";

const TWIN_TABLE = shades([IDENTITY_LOWER, "#5fb5ab", ZERO, "#d684c7", STANDARD_LOWER], 511);
const SIGNED_TABLE = shades([NEGATIVE, ZERO, POSITIVE], 511);
const SEQUENTIAL_TABLE = shades(SEQUENTIAL, 256);

/** Pixel of a signed value, ±limit at the ends; 0 (transparent) where it is not finite. */
export function signedPixel(value: number, limit: number): number {
  return around(SIGNED_TABLE, value, limit);
}

/** Pixel of log(identity / standard), ±limit at the ends; 0 (transparent) where it is not finite. */
export function twinPixel(value: number, limit: number): number {
  return around(TWIN_TABLE, value, limit);
}

function around(colours: Uint32Array, value: number, limit: number): number {
  if (!Number.isFinite(value)) return 0;
  const t = limit > 0 ? Math.min(1, Math.max(-1, value / limit)) : 0;
  return colours[Math.round((t + 1) * 255)]!;
}

/** Pixel of t in 0…1 (0 low and light, 1 high and dark); 0 (transparent) where it is not finite. */
export function sequentialPixel(t: number): number {
  if (!Number.isFinite(t)) return 0;
  return SEQUENTIAL_TABLE[Math.round(Math.min(1, Math.max(0, t)) * 255)]!;
}

export const SEQUENTIAL_GRADIENT = `linear-gradient(to right, ${SEQUENTIAL.join(", ")})`;
export const TWIN_GRADIENT = `linear-gradient(to right, ${IDENTITY_LOWER}, ${ZERO}, ${STANDARD_LOWER})`;
export const SIGNED_GRADIENT = `linear-gradient(to right, ${NEGATIVE}, ${ZERO}, ${POSITIVE})`;
