// What a critical point is, in a sentence.
import { formatValue } from "./draw/scale";
import type { Probe } from "./engine/types";
import { measureName, type Measure } from "./measure";
import { word } from "./words";

/** Below this an excess risk is zero as far as float64 can tell after a descent on the gradient. */
const ZERO = 1e-9;
/** Curvatures below this part of the largest are flat, as the crate counts them. */
const FLAT = 1e-6;

export function describeCritical({ critical: c }: Probe, measure: Measure = "excess risk"): string {
  const distance = formatValue(c.distance);
  if (!c.converged) return word("critical.none", { norm: formatValue(c.gradientNorm), distance });
  const steep = Math.max(Math.abs(c.least), Math.abs(c.largest));
  const saddle = c.least < -FLAT * steep && steep > 0;
  const range = word("critical.curvatures", {
    least: formatValue(c.least),
    largest: formatValue(c.largest),
  });
  const curvatures =
    saddle && typeof c.index === "number"
      ? word("critical.downhill", { count: c.index, curvatures: range })
      : range;
  const found = { distance, measure: measureName(measure), value: formatValue(c.excess), curvatures };
  const least = measure === "excess risk" && c.excess < ZERO;
  // Where no theorem tells a global minimum from another: of classifiers, and between fixed maps.
  if (c.rank == null) {
    return word(
      least ? "critical.plainMinimum" : saddle ? "critical.plainSaddle" : "critical.plainFlat",
      found,
    );
  }
  const full = c.rank === c.width;
  const rank = full ? word("critical.fullRank") : word("critical.rank", { rank: c.rank, width: c.width });
  if (full && least) return word("critical.minimum", { distance, rank, curvatures: range });
  return word(saddle ? "critical.saddle" : "critical.flat", { ...found, rank });
}
