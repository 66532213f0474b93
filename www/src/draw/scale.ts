// Scales and numbers: what an axis covers, where its ticks are, how a value is written.
import { word } from "../words";

export interface Domain {
  low: number;
  high: number;
}

/** More decades than this and the middle of the picture would be one flat colour. */
const MOST_DECADES = 6;

/**
 * The decades (log10) that the colours of a landscape cover, or undefined without a positive value.
 * The far corners of a deep network's landscape reach any height, so the top is a percentile, not the maximum;
 * ends are rounded so that colours hold still from picture to picture. Heights above `ceiling` are not told apart
 * where lower ones would lose their colours to them.
 */
export function logDomain(values: Float32Array, ceiling = Infinity): Domain | undefined {
  const positive = values.filter((value) => value > 0 && value < Infinity);
  if (positive.length === 0) return undefined;
  const [least, percentile] = leastAndPercentile(positive).map(Math.log10) as [number, number];
  const top = Math.max(least, Math.min(percentile, Math.log10(ceiling)));
  const bottom = Math.max(least, top - MOST_DECADES);
  const range = top - bottom;
  const round = range > 2 ? 0.5 : range > 0.5 ? 0.25 : 0.05;
  const low = Math.floor(bottom / round) * round;
  const high = Math.ceil(top / round) * round;
  return high > low ? { low, high } : { low: low - round, high: high + round };
}

/** The least of some values, which are sorted for that, and one that nine in ten of them do not exceed. */
function leastAndPercentile(values: Float32Array): [number, number] {
  values.sort();
  return [values[0]!, values[Math.floor((values.length - 1) * 0.9)]!];
}

/** Place of a value in a logarithmic domain: 0 low, 1 high; below the domain 0 (also 0 itself), NaN stays NaN. */
export function logPosition(value: number, { low, high }: Domain): number {
  if (Number.isNaN(value) || value === Infinity) return Number.NaN;
  if (value <= 0) return 0;
  return Math.min(1, Math.max(0, (Math.log10(value) - low) / (high - low)));
}

/** How a landscape's values become colours. */
export type ColourScale = "log" | "linear";

/** The values that a linear colour scale covers: from the least to the same percentile as the logarithmic one. */
export function linearDomain(values: Float32Array, ceiling = Infinity): Domain | undefined {
  const finite = values.filter((value) => Math.abs(value) < Infinity);
  if (finite.length === 0) return undefined;
  const [low, percentile] = leastAndPercentile(finite);
  const high = Math.min(percentile, ceiling);
  return high > low ? { low, high } : { low: low - 1, high: high + 1 };
}

/** Place of a value in a linear domain; what is not finite has none. */
export function linearPosition(value: number, { low, high }: Domain): number {
  if (!Number.isFinite(value)) return Number.NaN;
  return Math.min(1, Math.max(0, (value - low) / (high - low)));
}

/** Levels (log10) of about `count` contours inside the domain, evenly spaced and round. */
export function contourLevels({ low, high }: Domain, count = 16): number[] {
  return ticks(low, high, count).filter((level) => level > low && level < high);
}

/** Round numbers from low to high, about `count` of them. */
export function ticks(low: number, high: number, count: number): number[] {
  const step = niceStep((high - low) / Math.max(1, count));
  if (!(step > 0) || !Number.isFinite(step)) return [];
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // Multiplying whole numbers keeps 0.3 from becoming 0.30000000000000004 too visibly.
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** The smallest of 1, 2, 5 × a power of ten that is not below x. */
export function niceStep(x: number): number {
  if (!(x > 0)) return 0;
  const power = 10 ** Math.floor(Math.log10(x));
  const factor = [1, 2, 5, 10].find((f) => f * power >= x * (1 - 1e-9))!;
  return factor * power;
}

/** The largest of 1, 2, 5 × a power of ten that is not above x. */
export function niceBelow(x: number): number {
  return x > 0 ? Number((1 / niceStep(1 / x)).toPrecision(12)) : 0;
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** 10ᵏ with real superscripts. */
export function powerOfTen(exponent: number): string {
  const digits = String(Math.abs(exponent)).replace(/\d/g, (d) => SUPERSCRIPTS[Number(d)]!);
  return `10${exponent < 0 ? "⁻" : ""}${digits}`;
}

/** A value for reading: three significant digits, powers of ten where decimals would be long. */
export function formatValue(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  const sign = value < 0 ? "−" : "";
  // Rounded first: 9.9996 is 10.0, and a power of ten more.
  const [mantissa, exponent] = size.toExponential(2).split("e") as [string, string];
  const power = Number(exponent);
  if (power < -3 || power > 3) return `${sign}${mantissa}·${powerOfTen(power)}`;
  return sign + size.toFixed(Math.min(4, Math.max(0, 2 - power)));
}

/** Megabytes of 2²⁰ bytes, with a decimal while there are few. */
export function formatMegabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(bytes < 10 * 2 ** 20 ? 1 : 0)} MB`;
}

/** How far a download of code has come. */
export function formatDownload({ loaded, total }: { loaded: number; total: number }): string {
  return loaded < total
    ? word("engines.download", { loaded: formatMegabytes(loaded), total: formatMegabytes(total) })
    : word("engines.compiling");
}

/** Whole steps with thin spaces between thousands. */
export function formatCount(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");
}

/** A share for reading; 99.6 % is not rounded up to all of it. */
export function formatShare(share: number): string {
  return `${(100 * share).toFixed(share > 0.995 && share < 1 ? 1 : 0)} %`;
}

/** A share in percent, to three significant digits; the sign does not leave its number at the end of a line. */
export function formatPercent(share: number): string {
  return `${formatValue(100 * share)}\u00a0%`;
}

/** Whole decades from low to high, thinned to about `most` steps. */
export function decades({ low, high }: Domain, most: number): number[] {
  const every = Math.max(1, Math.ceil((high - low) / Math.max(1, most)));
  const list: number[] = [];
  for (let d = low; d <= high; d += every) list.push(d);
  return list;
}
