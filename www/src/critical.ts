// What a critical point is, in a sentence.
import { formatValue } from "./draw/scale";
import type { Probe } from "./engine/types";
import type { Measure } from "./measure";

/** Below this an excess risk is zero as far as float64 can tell after a descent on the gradient. */
const ZERO = 1e-9;
/** Curvatures below this part of the largest are flat, as the crate counts them. */
const FLAT = 1e-6;

export function describeCritical({ critical: c }: Probe, measure: Measure = "excess risk"): string {
  if (!c.converged) {
    return `No critical point within reach: the gradient norm fell to ${formatValue(c.gradientNorm)}, ${formatValue(c.distance)} away.`;
  }
  if (c.rank == null) return describePlain(c, measure);
  const rank =
    c.rank === c.width ? "the product has full rank" : `the product has rank ${c.rank} of ${c.width}`;
  const where = `${formatValue(c.distance)} away`;
  const steep = Math.max(Math.abs(c.least), Math.abs(c.largest));
  const curvatures = `curvatures from ${formatValue(c.least)} to ${formatValue(c.largest)}`;
  if (c.rank === c.width && c.excess < ZERO) {
    return `A global minimum, ${where}: ${rank}; ${curvatures}.`;
  }
  if (c.least < -FLAT * steep && steep > 0) {
    const index = typeof c.index === "number" ? `${c.index} downhill directions, ` : "";
    return `A saddle, ${where}, at excess risk ${formatValue(c.excess)}: ${index}${curvatures}; ${rank}.`;
  }
  return `A flat critical point, ${where}, at excess risk ${formatValue(c.excess)}, no global minimum: ${curvatures}; ${rank}.`;
}

/** Where no theorem tells a global minimum from another: of classifiers, and between fixed maps. */
function describePlain(c: Probe["critical"], measure: Measure): string {
  const steep = Math.max(Math.abs(c.least), Math.abs(c.largest));
  const saddle = c.least < -FLAT * steep && steep > 0;
  const index = saddle && typeof c.index === "number" ? `${c.index} downhill directions, ` : "";
  const kind =
    measure === "excess risk" && c.excess < ZERO
      ? "global minimum"
      : saddle
        ? "saddle"
        : "local minimum or flat point";
  return `A ${kind}, ${formatValue(c.distance)} away, at ${measure} ${formatValue(c.excess)}: ${index}curvatures from ${formatValue(c.least)} to ${formatValue(c.largest)}.`;
}
