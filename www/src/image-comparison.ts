// The paper's choices against the others, one after the other: the same budget, the same seed, the same images.
import type { ErrorPoint } from "./draw/error-curves";
import { openImageLab, type ImageLab } from "./engine/image-lab";
import { abortion } from "./engine/hosted";
import type { ImageDevice, ImageExperiment, ImageNetwork, RunStatus, Tally } from "./engine/images";
import { ImageRun } from "./image-run";
import { word } from "./words";

export interface Variant {
  id: string;
  title: string;
  /** For the chart. */
  short: string;
  change: Partial<ImageNetwork>;
}

/** Everything as in the paper, and then one thing different each. */
export const VARIANTS: readonly Variant[] = [
  { id: "identity", title: word("compare.identity"), short: word("fit.identity"), change: {} },
  { id: "fan", title: word("compare.fan"), short: word("compare.fanShort"), change: { start: "fan" } },
  {
    id: "plain",
    title: word("compare.plain"),
    short: word("compare.plainShort"),
    change: { skips: false, start: "fan" },
  },
  {
    id: "batchNorm",
    title: word("compare.batchNorm"),
    short: word("compare.batchNormShort"),
    change: { batchNorm: true },
  },
  {
    id: "trainTop",
    title: word("compare.trainTop"),
    short: word("compare.trainTopShort"),
    change: { trainTop: true },
  },
];

const PAPER: Partial<ImageNetwork> = { skips: true, batchNorm: false, trainTop: false, start: "identity" };

export interface Compared {
  id: string;
  title: string;
  status: RunStatus;
  /** Loss of the last minibatch. */
  loss: number | undefined;
  points: ErrorPoint[];
  /** On all test images, at the end. */
  test: Tally | undefined;
  /** Seconds of training and testing. */
  seconds: number;
}

/** Trains every variant of an experiment; `onRow` hears of each as it goes. Resolves when all are done or it is stopped. */
export async function compare(
  { experiment, images, device }: { experiment: ImageExperiment; images: Uint8Array; device: ImageDevice },
  onRow: (row: Compared) => void,
  signal: AbortSignal,
): Promise<void> {
  const lab = await openImageLab(device);
  const work = async () => {
    await lab.host.use(images);
    for (const variant of VARIANTS) {
      if (signal.aborted) return;
      await trainOne(lab, variant, experiment, (row) => signal.aborted || onRow(row));
    }
  };
  try {
    await Promise.race([work(), abortion(signal)]);
  } finally {
    lab.close();
  }
}

async function trainOne(
  lab: ImageLab,
  { id, title, change }: Variant,
  experiment: ImageExperiment,
  onRow: (row: Compared) => void,
): Promise<void> {
  const begin = performance.now();
  const network = { ...experiment.network, ...PAPER, ...change };
  const status = await lab.host.create({ ...experiment, network });
  let row: Compared = { id, title, status, loss: undefined, points: [], test: undefined, seconds: 0 };
  const say = (part: Partial<Compared>) => {
    row = { ...row, ...part, seconds: (performance.now() - begin) / 1000 };
    onRow(row);
  };
  say({});
  const run = new ImageRun(lab, {
    onStatus: (status, last) => say({ status, loss: last?.loss ?? row.loss }),
    onTest: (point, tally) => say({ points: [...row.points, point], test: tally }),
  });
  await run.train(status);
}
