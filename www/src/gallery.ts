// Images one after the other: which of them an arrow key leads to, and what is said of one.

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
  const image = `image ${index + 1}`;
  if (predicted === undefined) return `${image}: ${truth}, not tested yet`;
  return predicted === truth
    ? `${image}: predicted ${predicted}, right`
    : `${image}: predicted ${predicted}, is ${truth}, wrong`;
}

/** How many of the images shown are wrong. */
export function galleryReading(
  labels: ArrayLike<number>,
  predictions: ArrayLike<number> | undefined,
): string {
  if (labels.length === 0) return "";
  if (!predictions) return "Not tested yet; under each image its true class";
  let wrong = 0;
  for (let i = 0; i < labels.length; i++) if (labels[i] !== predictions[i]) wrong++;
  return `${wrong} of these ${labels.length} wrong`;
}
