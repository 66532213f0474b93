// How large the blocks' branches are beside their shortcuts, in words.
import { formatValue } from "./draw/scale";
import type { Branch } from "./engine/images";
import { word } from "./words";

/** ‖branch‖/‖shortcut‖; NaN where it is no finite number. */
export function branchRatio({ branch, shortcut }: Branch): number {
  const ratio = branch / shortcut;
  return Number.isFinite(ratio) ? ratio : Number.NaN;
}

/** The median of what is a number. */
export function median(values: readonly number[]): number | undefined {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const middle = sorted[half];
  if (middle === undefined || sorted.length % 2 === 1) return middle;
  return (sorted[half - 1]! + middle) / 2;
}

/** All blocks, or one, for reading; `start` is as they were at the beginning. */
export function branchReading(
  ratios: readonly number[],
  start: readonly number[],
  block: number | undefined,
): string {
  if (ratios.length === 0) return "";
  const [now, then] = block === undefined ? [median(ratios), median(start)] : [ratios[block], start[block]];
  const values = { ratio: formatValue(now), start: formatValue(then) };
  const begun = start.length > 0;
  if (block === undefined) return word(begun ? "branches.medianStart" : "branches.median", values);
  return word(begun ? "branches.blockStart" : "branches.block", { ...values, block: block + 1 });
}

/** Which blocks have no place in the chart; "" where all have one. */
export function leftOut(ratios: readonly number[]): string {
  const blocks = ratios.flatMap((ratio, i) => (Number.isNaN(ratio) ? [i + 1] : []));
  if (blocks.length === 0) return "";
  const key = blocks.length === 1 ? "branches.oneLeftOut" : "branches.leftOut";
  return word(key, { blocks: blocks.join(", ") });
}
