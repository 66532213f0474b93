// What the variances of blocks say, in words.
import { formatValue } from "./draw/scale";

export interface VarianceWords {
  heading: string;
  /** The dashed line. */
  reference: number;
  /** What the line is, and how the blocks stand to it. */
  sentence: string;
}

/** `ratios` has one number a block: Var(branch) / Var(skip), or the gain of variance where there are no skips. */
export function varianceWords(ratios: ArrayLike<number>, skips: boolean): VarianceWords {
  const blocks = Array.from(ratios);
  if (!skips) {
    const product = blocks.reduce((product, ratio) => product * ratio, 1);
    const all = Number.isNaN(product)
      ? "Some block leaves nothing of it: all points coincide from there on."
      : `All blocks together now: ${formatValue(product)} times.`;
    return {
      heading: "Gain of variance, block by block",
      reference: 1,
      sentence: `There is no skip connection: what a block does not pass on is lost. Dashed: 1, where the variance over the points stays. ${all}`,
    };
  }
  const reference = 1 / Math.max(1, blocks.length);
  const above = blocks.filter((ratio) => ratio > reference).length;
  return {
    heading: "Variance of branch / skip, block by block",
    reference,
    sentence:
      `Dashed: 1/depth = ${formatValue(reference)}. Uncorrelated branches below it (SkipInit: α ≤ 1/√depth) make all blocks ` +
      `together multiply the variance by less than e = 2.72. Now ${above} of ${blocks.length} ${above === 1 ? "is" : "are"} above.`,
  };
}

/** One block's number for reading. */
export function varianceReading(ratios: ArrayLike<number>, block: number, skips: boolean): string {
  const ratio = ratios[block];
  if (ratio === undefined) return "";
  if (Number.isNaN(ratio)) return `block ${block + 1}: no variance is left to compare with`;
  return `block ${block + 1}: ${formatValue(ratio)}${skips ? " of the skip’s variance" : " times"}`;
}
