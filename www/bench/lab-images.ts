// This lab at the work of images: the module's own trainer, in this thread as the peers are.
import type { ImageDevice, ImageExperiment } from "../src/engine/images";
import { compiledModule } from "../src/engine/loader";
import { instantiate, type ModuleName } from "../src/engine/wasm";
import type { Training } from "./peers/peer";
import { labels, pixels, seed, type ImageWork } from "./problem-images";

/** The module that has a device. */
const modules: Record<ImageDevice, ModuleName> = { cpu: "burn", webgpu: "burn-webgpu" };

function experiment(work: ImageWork): ImageExperiment {
  const { batch, stem, stages, learningRate, momentum, weightDecay } = work;
  return {
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
  };
}

/**
 * The images of the only minibatch as files that the crate reads; it is the test set too. In whatever order the
 * minibatch is drawn, its mean loss and the mean's gradient are those that the peers are checked for.
 */
function files(work: ImageWork): [name: string, bytes: Uint8Array][] {
  const images = pixels(work);
  const classes = Uint8Array.from(labels(work));
  const size = work.channels * work.side ** 2;
  if (work.channels === 3) {
    const rows = new Uint8Array(work.batch * (1 + size));
    classes.forEach((label, i) => {
      rows[i * (1 + size)] = label;
      rows.set(images.subarray(i * size, (i + 1) * size), i * (1 + size) + 1);
    });
    return [
      ["data_batch_1.bin", rows],
      ["test_batch.bin", rows],
    ];
  }
  const idx = (sizes: number[], bytes: Uint8Array) => {
    const file = new Uint8Array(4 + 4 * sizes.length + bytes.length);
    const view = new DataView(file.buffer);
    view.setUint32(0, 0x0800 + sizes.length);
    sizes.forEach((size, i) => view.setUint32(4 + 4 * i, size));
    file.set(bytes, 4 + 4 * sizes.length);
    return file;
  };
  return ["train", "t10k"].flatMap((name): [string, Uint8Array][] => [
    [`${name}-images-idx3-ubyte`, idx([work.batch, work.side, work.side], images)],
    [`${name}-labels-idx1-ubyte`, idx([work.batch], classes)],
  ]);
}

export async function openLabImages(work: ImageWork, device: ImageDevice): Promise<Training> {
  const name = modules[device];
  const { ImageReader, ImageTrainer } = await instantiate(await compiledModule(name), name);
  const reader = new ImageReader(work.side);
  for (const [path, bytes] of files(work)) {
    reader.beginFile(path, bytes.length);
    reader.push(bytes);
    reader.endFile();
  }
  const trainer = await ImageTrainer.create(JSON.stringify(experiment(work)), reader.finish(), device);
  return {
    run: async (steps) => (await trainer.step(steps)).at(-1)!.loss,
    dispose: () => trainer.free(),
  };
}
