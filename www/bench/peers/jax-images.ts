// Convolutional residual networks in jax-js: traced once, then compiled with gradient and update inside.
import { blockUntilReady, jit, lax, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import {
  convolutions,
  oneHot,
  standardized,
  start,
  type Convolution,
  type ImageWork,
} from "../problem-images";
import type { Peer, Training } from "./peer";

// jax-js counts references: an array handed to a function is gone unless passed as `x.ref`.

const array = (values: Float32Array, shape: number[]) => np.array(values.slice()).reshape(shape);

const convolve = (x: np.Array, filters: np.Array, { stride }: Convolution) =>
  lax.convGeneralDilated(
    x,
    filters,
    [stride, stride],
    [
      [1, 1],
      [1, 1],
    ],
  );

/** H where the size stays, else its means over 2 × 2 pixels; zeros on both sides of its channels. */
function shortcut(h: np.Array, { stride, output }: Convolution): np.Array {
  if (stride === 2) {
    const [n, channels, height, width] = h.shape as [number, number, number, number];
    if (height % 2 || width % 2) throw new Error("means over 2 × 2 pixels are written for even sides only");
    h = np.mean(h.reshape([n, channels, height / 2, 2, width / 2, 2]), [3, 5]);
  }
  const added = output - h.shape[1]!;
  const before = added >> 1;
  if (added === 0) return h;
  return np.pad(h, [
    [0, 0],
    [before, added - before],
    [0, 0],
    [0, 0],
  ]);
}

function training(work: ImageWork): Training {
  const { batch, channels, side, classes, learningRate, momentum, weightDecay } = work;
  const layers = convolutions(work);
  const given = start(work);
  const fixed = [
    array(standardized(work), [batch, channels, side, side]),
    np.transpose(array(given.top, [classes, layers.at(-1)!.output])),
    array(oneHot(work), [batch, classes]),
  ];
  let filters = layers.map(({ output, input }, i) => array(given.filters[i]!, [output, input, 3, 3]));
  let moved = layers.map(({ output, input }) => np.zeros([output, input, 3, 3]));

  const loss = (parts: np.Array[], [x, top, targets]: np.Array[]): np.Array => {
    const layer = (h: np.Array, i: number) => convolve(h, parts[i]!, layers[i]!);
    let h = layer(x!, 0);
    for (let i = 1; i < layers.length; i += 2) {
      const branch = layer(nn.relu(layer(h.ref, i)), i + 1);
      h = shortcut(h, layers[i]!).add(branch);
    }
    const logits = np.matmul(np.mean(h, [2, 3]), top!);
    return np.sum(nn.logSoftmax(logits, 1).mul(targets!)).div(-batch);
  };
  const step = jit((parts: np.Array[], moved: np.Array[], given: np.Array[]) => {
    const [value, gradient] = valueAndGrad(loss)(tree.ref(parts), given);
    const next = moved.map((m, j) => m.mul(momentum).add(gradient[j]!).add(parts[j]!.ref.mul(weightDecay)));
    return [value, parts.map((part, j) => part.sub(next[j]!.ref.mul(learningRate))), next] as [
      np.Array,
      np.Array[],
      np.Array[],
    ];
  });
  return {
    async run(steps) {
      let last: np.Array | undefined;
      for (let i = 0; i < steps; i++) {
        last?.dispose();
        [last, filters, moved] = step(filters, moved, tree.ref(fixed));
      }
      await blockUntilReady(filters);
      return (await last!.data())[0]!;
    },
    dispose() {
      tree.dispose(filters);
      tree.dispose(moved);
      tree.dispose(fixed);
      step.dispose();
    },
  };
}

export const images: Peer["images"] = { conv: training };
