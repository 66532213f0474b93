// W5 and W6: training on images. Every engine is checked against float64 before it is timed.
import { peers } from "./peers/measure";
import type { Training } from "./peers/peer";
import { checkedSteps, imageWorks, multiplyAdds, tolerance, type ImageWork } from "./problem-images";
import { agree, timeCall, type Budget } from "./timing";

/** Nobody is timed whose single step takes longer. */
const PATIENCE_MILLISECONDS = 20_000;
/** A queue needs a few steps in flight, unless one takes that long. */
const LONG_MILLISECONDS = 1000;

/** What the rows of the report are. */
export const imageRows = imageWorks.map((work) => ({
  preset: work.preset,
  batch: work.batch,
  multiplyAdds: multiplyAdds(work),
}));

/** This lab's engines, by their names in the report. */
export const labImages = { "lab cpu": "cpu", "lab burn-webgpu": "webgpu" } as const;

/** An engine's ways to do the work. */
async function ways(
  engine: string,
): Promise<Record<string, (work: ImageWork) => Training | Promise<Training>>> {
  const device = labImages[engine as keyof typeof labImages];
  if (device) {
    const { openLabImages } = await import("./lab-images");
    return { modules: (work) => openLabImages(work, device) };
  }
  return (await peers[engine]!()).images;
}

export async function imageForms(engine: string): Promise<string[]> {
  return Object.keys(await ways(engine));
}

/** Milliseconds a step of one engine in one form. */
export async function measureImages(
  engine: string,
  preset: string,
  form: string,
  budget: Budget,
): Promise<number> {
  const work = imageWorks.find((work) => work.preset === preset)!;
  const training = await (await ways(engine))[form]!(work);
  try {
    await check(training, work);
    const once = await timeCall(() => training.run(1), budget);
    if (!engine.includes("webg") || once > LONG_MILLISECONDS) return once;
    return Math.min(once, (await timeCall(() => training.run(4), budget)) / 4);
  } finally {
    training.dispose();
  }
}

/** Throws unless the losses are those of float64; a step reports the loss before its update. */
async function check(training: Training, work: ImageWork): Promise<void> {
  let made = 0;
  for (const [i, after] of checkedSteps.entries()) {
    const steps = after + 1 - made;
    const begin = performance.now();
    agree(`loss after ${after} steps`, await training.run(steps), work.losses[i]!, tolerance);
    const each = (performance.now() - begin) / steps;
    // The first step also compiles.
    if (made > 0 && each > PATIENCE_MILLISECONDS)
      throw new Error(`gave up: a step takes ${(each / 1000).toFixed(0)} s`);
    made = after + 1;
  }
}
