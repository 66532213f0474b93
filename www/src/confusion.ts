// What a confusion matrix says, in words.
import { formatCount, formatPercent } from "./draw/scale";
import type { Tally } from "./engine/images";
import { word } from "./words";

export interface Confusion {
  truth: number;
  predicted: number;
  count: number;
}

/** A name for every class: its number where it has none. */
export function classNames(classes: number, names: readonly string[]): string[] {
  return Array.from({ length: classes }, (_, i) => names[i] ?? String(i));
}

/** Images of each class. */
export function rowSums({ classes, confusion }: Pick<Tally, "classes" | "confusion">): number[] {
  return Array.from({ length: classes }, (_, row) =>
    confusion.subarray(row * classes, (row + 1) * classes).reduce((sum, count) => sum + count, 0),
  );
}

/** The most frequent confusions, most frequent first. */
export function frequentConfusions({ classes, confusion }: Tally, most: number): Confusion[] {
  const list: Confusion[] = [];
  confusion.forEach((count, i) => {
    const [truth, predicted] = [Math.floor(i / classes), i % classes];
    if (count > 0 && truth !== predicted) list.push({ truth, predicted, count });
  });
  return list.sort((a, b) => b.count - a.count).slice(0, most);
}

/** One cell for reading. */
export function cellReading(
  tally: Tally,
  names: readonly string[],
  truth: number,
  predicted: number,
): string {
  const { classes, confusion } = tally;
  const row = confusion.subarray(truth * classes, (truth + 1) * classes);
  const all = row.reduce((sum, count) => sum + count, 0);
  const what = `${names[truth] ?? truth} → ${names[predicted] ?? predicted}`;
  const count = row[predicted] ?? 0;
  return word(truth === predicted ? "confusion.cellRight" : "confusion.cell", {
    what,
    count: formatCount(count),
    all: formatCount(all),
  });
}

/** All cells for reading. */
export function tallyReading({ wrong, images }: Tally): string {
  if (images === 0) return "";
  return word("confusion.tally", {
    wrong: formatCount(wrong),
    images: formatCount(images),
    share: formatPercent(wrong / images),
  });
}

/** What is confused most often, in a sentence. */
export function confusionSentence(tally: Tally, names: readonly string[]): string {
  const list = frequentConfusions(tally, 3);
  if (list.length === 0) return word("confusion.none");
  const name = (index: number) => names[index] ?? String(index);
  const one = ({ truth, predicted, count }: Confusion) =>
    word("confusion.one", { truth: name(truth), predicted: name(predicted), count: formatCount(count) });
  return word("confusion.often", { list: list.map(one).join(", ") });
}
