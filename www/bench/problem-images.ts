// The work of images that every engine does: one minibatch through the paper's convolutional residual network and back.
// Start and top are what the crate draws for this seed (crate/rng.rs, crate/images/start.rs, start "fan"), so that its
// own losses can be compared too. "fan", because near the identity a wrong gradient of a block would hardly show.
import works from "./images.json";

/** One of images.json. */
export interface ImageWork {
  /** The crate's preset whose network it is. */
  preset: string;
  channels: number;
  /** Rows and columns of an image. */
  side: number;
  classes: number;
  batch: number;
  /** Filters of the first convolution. */
  stem: number;
  stages: { filters: number; blocks: number }[];
  /** The preset's, but for `middle`: from this start 0.05 would diverge. */
  learningRate: number;
  momentum: number;
  weightDecay: number;
  /** Losses after the steps of `checkedSteps`, by PyTorch in float64: peers/pytorch_images.py --reference. */
  losses: number[];
}

export const imageWorks: ImageWork[] = works;
export const seed = 1;
export const checkedSteps = [0, 1, 5];
export const tolerance = 1e-3;

/** A 3 × 3 convolution; the first is the stem, then every two are a block. */
export interface Convolution {
  output: number;
  input: number;
  stride: number;
}

export function convolutions(work: ImageWork): Convolution[] {
  const layers: Convolution[] = [{ output: work.stem, input: work.channels, stride: 1 }];
  let input = work.stem;
  for (const [index, { filters, blocks }] of work.stages.entries())
    for (let block = 0; block < blocks; block++) {
      layers.push({ output: filters, input, stride: index > 0 && block === 0 ? 2 : 1 });
      layers.push({ output: filters, input: filters, stride: 1 });
      input = filters;
    }
  return layers;
}

/** Multiply-adds of one image, forward; a training step needs about three times as many. */
export function multiplyAdds(work: ImageWork): number {
  let side = work.side;
  let sum = 0;
  for (const { output, input, stride } of convolutions(work)) {
    side = Math.ceil(side / stride);
    sum += 9 * output * input * side * side;
  }
  return sum;
}

/** Streams of crate/rng.rs. */
const streams = { inputs: 3, start: 5, labels: 10, fixedMaps: 13 };

/** The high 32 bits of a product of two 32-bit numbers, without the cost of BigInt. */
function high(a: number, b: number): number {
  const [a1, a0, b1, b0] = [a >>> 16, a & 0xffff, b >>> 16, b & 0xffff];
  const middle = a1 * b0 + ((a0 * b0) >>> 16);
  const carry = a0 * b1 + (middle % 65536);
  return (a1 * b1 + Math.floor(middle / 65536) + Math.floor(carry / 65536)) >>> 0;
}

/** The first two words of Philox-4×32-10. */
function words(counter: number, stream: number): [number, number] {
  let [c0, c1, c2, c3] = [counter, 0, 0, 0];
  let [k0, k1] = [seed, stream];
  for (let round = 0; round < 10; round++) {
    [c0, c1, c2, c3] = [
      (high(0xcd9e8d57, c2) ^ c1 ^ k0) >>> 0,
      Math.imul(0xcd9e8d57, c2) >>> 0,
      (high(0xd2511f53, c0) ^ c3 ^ k1) >>> 0,
      Math.imul(0xd2511f53, c0) >>> 0,
    ];
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  return [c0, c1];
}

function uniform(counter: number, stream: number): number {
  const [a, b] = words(counter, stream);
  return (a * 2 ** 21 + (b >>> 11) + 0.5) / 2 ** 53;
}

/** Box–Muller; two numbers of every two counters. */
function normals(stream: number): () => number {
  let counter = 0;
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(uniform(counter++, stream)));
    const angle = 2 * Math.PI * uniform(counter++, stream);
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

export interface Start {
  /** Of every convolution: output × input × 3 × 3. */
  filters: Float32Array[];
  /** classes × features. */
  top: Float32Array;
}

export function start(work: ImageWork): Start {
  const normal = normals(streams.start);
  const layers = convolutions(work);
  const filters = layers.map(({ output, input }) =>
    Float32Array.from({ length: 9 * output * input }, () => normal() / (3 * Math.sqrt(output))),
  );
  const fixed = normals(streams.fixedMaps);
  return { filters, top: Float32Array.from({ length: work.classes * layers.at(-1)!.output }, fixed) };
}

/** Random pixels, batch × channels × side × side. */
export function pixels({ batch, channels, side }: ImageWork): Uint8Array {
  return Uint8Array.from(
    { length: batch * channels * side * side },
    (_, i) => words(i, streams.inputs)[0] >>> 24,
  );
}

export function labels({ batch, classes }: ImageWork): Uint16Array {
  return Uint16Array.from({ length: batch }, (_, i) => Math.floor(uniform(i, streams.labels) * classes));
}

/** batch × classes, 1 at the label. */
export function oneHot(work: ImageWork): Float32Array {
  const rows = new Float32Array(work.batch * work.classes);
  labels(work).forEach((label, i) => (rows[i * work.classes + label] = 1));
  return rows;
}

/** The pixels with every image's mean taken off and its deviation divided out. */
export function standardized(work: ImageWork): Float32Array {
  const size = work.channels * work.side ** 2;
  const all = pixels(work);
  const out = new Float32Array(all.length);
  for (let begin = 0; begin < all.length; begin += size) {
    const image = all.subarray(begin, begin + size);
    const mean = image.reduce((sum, pixel) => sum + pixel, 0) / size;
    const variance = image.reduce((sum, pixel) => sum + (pixel - mean) ** 2, 0) / size;
    out.set(
      Float32Array.from(image, (pixel) => (pixel - mean) / Math.sqrt(variance)),
      begin,
    );
  }
  return out;
}
