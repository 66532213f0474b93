// This lab at the work of images. Not offered by images.ts yet: it takes its place there once `open` is written.
import type { ImageDevice, ImageExperiment } from "../src/engine/images";
import type { Training } from "./peers/peer";
import { labels, pixels, seed, type ImageWork } from "./problem-images";

/**
 * What is asked of the public API: an experiment, and the images of its only minibatch, unprepared. In whatever order
 * the minibatch is drawn, its mean loss and the mean's gradient are those that the peers are checked for.
 */
export interface LabImageWork {
  experiment: ImageExperiment;
  /** Bytes, images × channels × side × side. */
  pixels: Uint8Array;
  labels: Uint16Array;
  channels: number;
  side: number;
  classes: number;
}

export function labImageWork(work: ImageWork): LabImageWork {
  const { channels, side, classes, batch, stem, stages, learningRate, momentum, weightDecay } = work;
  return {
    experiment: {
      version: 1,
      seed,
      network: { stem, stages, skips: true, batchNorm: false, trainTop: false, start: "fan" },
      training: {
        batch,
        learningRate,
        drops: [],
        dropFactor: 10,
        momentum,
        weightDecay,
        crop: 0,
        flip: false,
        standardize: true,
        steps: 1_000_000,
      },
    },
    pixels: pixels(work),
    labels: labels(work),
    channels,
    side,
    classes,
  };
}

/**
 * TO BE FILLED IN with the images' engine: a run of `labImageWork(work)` on that device. Its `run(steps)` makes the
 * steps in one call, waits for the device once and gives the loss before the last update.
 */
async function open(_work: LabImageWork, _device: ImageDevice): Promise<Training> {
  throw new Error("the images' engine has no way in yet");
}

export function openLabImages(work: ImageWork, device: ImageDevice): Promise<Training> {
  return open(labImageWork(work), device);
}
