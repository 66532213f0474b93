// What the variances of blocks say, in words.
import { formatValue } from "./draw/scale";
import { word } from "./words";

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
      ? word("variance.gone")
      : word("variance.all", { product: formatValue(product) });
    return {
      heading: word("variance.gain"),
      reference: 1,
      sentence: word("variance.noSkips", { all }),
    };
  }
  const reference = 1 / Math.max(1, blocks.length);
  const above = blocks.filter((ratio) => ratio > reference).length;
  return {
    heading: word("variance.ratio"),
    reference,
    sentence: word(above === 1 ? "variance.oneAbove" : "variance.above", {
      reference: formatValue(reference),
      above,
      blocks: blocks.length,
    }),
  };
}

/** One block's number for reading. */
export function varianceReading(ratios: ArrayLike<number>, block: number, skips: boolean): string {
  const ratio = ratios[block];
  if (ratio === undefined) return "";
  if (Number.isNaN(ratio)) return word("variance.none", { block: block + 1 });
  const values = { block: block + 1, ratio: formatValue(ratio) };
  return word(skips ? "variance.ofSkip" : "variance.times", values);
}
