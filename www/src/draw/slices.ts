// The excess risk along two directions through one place, as curves.
import type { Ink } from "./canvas";
import {
  decades,
  formatValue,
  linearDomain,
  powerOfTen,
  ticks,
  type ColourScale,
  type Domain,
} from "./scale";
import { word } from "../words";

export interface SlicesData {
  at: readonly [number, number];
  a: Float32Array;
  alongA: Float32Array;
  b: Float32Array;
  alongB: Float32Array;
}

export interface SlicesStyle {
  ink: Ink;
  colour: string;
  scale: ColourScale;
  /** Heights above this are not told apart. */
  ceiling: number;
}

/** Below the highest value shown, more decades than this are rounding. */
const DECADES = 12;

/** What the height axis covers: log10 of the values on a logarithmic one. */
export function slicesDomain(
  { alongA, alongB }: SlicesData,
  scale: ColourScale,
  ceiling: number,
): Domain | undefined {
  const values = Float32Array.from([...alongA, ...alongB]);
  if (scale === "linear") return linearDomain(values, ceiling);
  const logs = [...values].filter((x) => x > 0 && x < Infinity).map((x) => Math.log10(x));
  if (logs.length === 0) return undefined;
  // + 0: a minus zero would be written with its sign.
  const high = Math.ceil(Math.min(Math.max(...logs), Math.log10(ceiling))) + 0;
  const low = Math.floor(Math.max(Math.min(...logs), high - DECADES));
  return high > low ? { low, high } : { low: low - 1, high: high + 1 };
}

export function drawSlices(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  data: SlicesData,
  { ink, colour, scale, ceiling }: SlicesStyle,
): void {
  const domain = slicesDomain(data, scale, ceiling);
  if (!domain) return;
  const [left, top, right, bottom] = [54, 8, width - 10, height - 38];
  const lines = [
    { x: data.b, y: data.alongB, from: data.at[1], dash: [6, 4], stroke: ink.text },
    { x: data.a, y: data.alongA, from: data.at[0], dash: [], stroke: colour },
  ];
  const low = Math.min(...lines.map(({ x, from }) => x[0]! - from));
  const high = Math.max(...lines.map(({ x, from }) => x[x.length - 1]! - from));
  const across = (t: number) => left + ((t - low) / (high - low)) * (right - left);
  const up = (value: number) => {
    const place = scale === "log" ? (value > 0 ? Math.log10(value) : -Infinity) : value;
    return bottom - ((place - domain.low) / (domain.high - domain.low)) * (bottom - top);
  };
  context.font = ink.font;
  context.lineWidth = 1;
  context.textBaseline = "middle";
  context.textAlign = "right";
  const levels = scale === "log" ? decades(domain, (bottom - top) / 26) : ticks(domain.low, domain.high, 5);
  for (const level of levels) {
    const y = Math.round(up(scale === "log" ? 10 ** level : level)) + 0.5;
    context.strokeStyle = ink.line;
    context.beginPath();
    context.moveTo(left, y);
    context.lineTo(right, y);
    context.stroke();
    context.fillStyle = ink.muted;
    context.fillText(scale === "log" ? powerOfTen(level) : formatValue(level), left - 6, y);
  }
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const tick of ticks(low, high, (right - left) / 60)) {
    context.fillText(formatTick(tick), Math.min(across(tick), right - 8), bottom + 6);
    context.fillRect(Math.round(across(tick)), bottom, 1, 4);
  }
  context.fillText(word("slices.distance"), (left + right) / 2, bottom + 22);

  context.save();
  context.beginPath();
  context.rect(left, top, right - left, bottom - top);
  context.clip();
  for (const { x, y, from, dash, stroke } of lines) {
    context.strokeStyle = stroke;
    context.lineWidth = 2;
    context.setLineDash(dash);
    context.beginPath();
    let open = false;
    y.forEach((value, i) => {
      // Zero and what is not finite have no place on the axis: the line is broken there.
      const there = up(value);
      if (!Number.isFinite(there)) open = false;
      else {
        if (open) context.lineTo(across(x[i]! - from), there);
        else context.moveTo(across(x[i]! - from), there);
        open = true;
      }
    });
    context.stroke();
  }
  context.setLineDash([]);
  context.strokeStyle = ink.muted;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(across(0), top);
  context.lineTo(across(0), bottom);
  context.stroke();
  context.restore();
}

function formatTick(value: number): string {
  return value === 0
    ? "0"
    : formatValue(value)
        .replace(/(\.\d*?)0+$/, "$1")
        .replace(/\.$/, "");
}
