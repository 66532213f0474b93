// Images one after the other: which of them an arrow key leads to, and what is said of one.
import { word } from "./words";

/** The tile that a key leads to from one of `count` in rows of `columns`; undefined where it leads nowhere. */
export function tileAfter(key: string, from: number, count: number, columns: number): number | undefined {
  const to = {
    ArrowLeft: from - 1,
    ArrowRight: from + 1,
    ArrowUp: from - columns,
    ArrowDown: from + columns,
    Home: 0,
    End: count - 1,
  }[key];
  if (to === undefined || count === 0) return undefined;
  return to < 0 || to >= count ? from : to;
}

/** One image in words; they hold what is written under it. */
export function imageName(index: number, truth: string, predicted: string | undefined): string {
  const image = index + 1;
  if (predicted === undefined) return word("gallery.untested", { image, truth });
  return predicted === truth
    ? word("gallery.right", { image, predicted })
    : word("gallery.wrong", { image, predicted, truth });
}

/** How many of the images shown are wrong. */
export function galleryReading(
  labels: ArrayLike<number>,
  predictions: ArrayLike<number> | undefined,
): string {
  if (labels.length === 0) return "";
  if (!predictions) return word("gallery.notTested");
  let wrong = 0;
  for (let i = 0; i < labels.length; i++) if (labels[i] !== predictions[i]) wrong++;
  return word("gallery.count", { wrong, count: labels.length });
}
