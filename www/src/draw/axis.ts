// Axes of numbers, linear or logarithmic: places, ticks and how the ticks are written.
import { formatValue, powerOfTen, ticks } from "./scale";

export interface NumberAxis {
  scale: "log" | "linear";
  low: number;
  high: number;
}

const forth = (axis: Pick<NumberAxis, "scale">, value: number) =>
  axis.scale === "log" ? Math.log(value) : value;

/** How far along an axis a value is: 0 at its low end, 1 at its high end. */
export function axisPosition(axis: NumberAxis, value: number): number {
  const [low, high] = [forth(axis, axis.low), forth(axis, axis.high)];
  return (forth(axis, value) - low) / (high - low);
}

/** The value that far along an axis. */
export function axisValue(axis: NumberAxis, t: number): number {
  const [low, high] = [forth(axis, axis.low), forth(axis, axis.high)];
  const at = low + (high - low) * t;
  return axis.scale === "log" ? Math.exp(at) : at;
}

/** Where ticks stand, about `count` at most: powers of ten, with 2 and 5 times them where there is room. */
export function axisTicks(axis: NumberAxis, count: number): number[] {
  const { low, high } = axis;
  if (axis.scale === "linear") return ticks(low, high, count);
  const decades = Math.log10(high / low);
  if (decades < 1) return ticks(low, high, count);
  const factors = count >= 4 * decades ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil(decades / Math.max(1, count)));
  const list: number[] = [];
  for (let k = Math.floor(Math.log10(low)); k <= Math.ceil(Math.log10(high)); k++) {
    if (k % every !== 0) continue;
    for (const factor of factors) {
      const value = Number(`${factor}e${k}`);
      if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)) list.push(value);
    }
  }
  return list;
}

/** A tick as it is written: short decimals as they are, others with powers of ten. */
export function tickLabel(value: number): string {
  const size = Math.abs(value);
  if (size === 0 || (size >= 0.001 && size < 10_000)) return String(value).replace("-", "−");
  const exponent = Math.round(Math.log10(size));
  if (value === Number(`1e${exponent}`)) return powerOfTen(exponent);
  return formatValue(value).replace(/\.?0+·/, "·");
}
