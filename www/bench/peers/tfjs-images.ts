// Convolutional residual networks in TensorFlow.js; images are batch × rows × columns × channels, its own order.
import * as tf from "@tensorflow/tfjs";
import {
  convolutions,
  oneHot,
  standardized,
  start,
  type Convolution,
  type ImageWork,
} from "../problem-images";
import type { Peer, Training } from "./peer";

/** One 3 × 3 convolution with a border of zeros; filters are 3 × 3 × input × output. */
type Convolve = (x: tf.Tensor4D, filters: tf.Tensor4D, layer: Convolution) => tf.Tensor4D;

// An explicit border: "same" would put it on one side only where the stride is 2.
const conv: Convolve = (x, filters, { stride }) => tf.conv2d(x, filters, stride, 1);

/**
 * What each filter sees: batch · rows · columns × 9 · input. Strides are taken by folding them into the axis behind.
 */
function seen(x: tf.Tensor4D, { stride, input }: Convolution): tf.Tensor2D {
  const [n, height, width] = x.shape;
  const [rows, columns] = [Math.ceil(height / stride), Math.ceil(width / stride)];
  const folded = (size: number) => Math.ceil((size + 2) / stride);
  const [tall, wide] = [folded(height), folded(width)];
  const border = (size: number) => [1, folded(size) * stride - size - 1] as [number, number];
  const padded = tf.pad4d(x, [[0, 0], border(height), border(width), [0, 0]]);
  const byRows = padded.reshape<tf.Tensor4D>([n, tall, stride, wide * stride * input]);
  const taps = [0, 1, 2].flatMap((dy) => {
    const line = tf
      .slice4d(byRows, [0, Math.floor(dy / stride), dy % stride, 0], [n, rows, 1, -1])
      .reshape<tf.Tensor4D>([n, rows, wide, stride * input]);
    return [0, 1, 2].map((dx) =>
      tf.slice4d(line, [0, 0, Math.floor(dx / stride), (dx % stride) * input], [n, rows, columns, input]),
    );
  });
  return tf.concat4d(taps, 3).reshape([n * rows * columns, 9 * input]);
}

/** The same with the filters' gradient as one product, which the wasm backend has no kernel for. */
const product: Convolve = (x, filters, layer) =>
  tf.customGrad((...given) => {
    const [x, filters, save] = given as unknown as [tf.Tensor4D, tf.Tensor4D, tf.GradSaveFunc];
    save([x, filters]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [x, filters] = saved as [tf.Tensor4D, tf.Tensor4D];
      const rows = dy.reshape<tf.Tensor2D>([-1, layer.output]);
      return [
        tf.conv2dTranspose(dy as tf.Tensor4D, filters, x.shape, layer.stride, 1),
        tf.matMul(seen(x, layer), rows, true).reshape(filters.shape),
      ];
    };
    return { value: conv(x, filters, layer), gradFunc };
  })(x, filters) as tf.Tensor4D;

/** H where the size stays, else its means over 2 × 2 pixels; zeros on both sides of its channels. */
function shortcut(h: tf.Tensor4D, { stride, output }: Convolution): tf.Tensor4D {
  const pooled = stride === 1 ? h : tf.avgPool(h, stride, stride, "same");
  const added = output - pooled.shape[3];
  const before = added >> 1;
  return added === 0
    ? pooled
    : tf.pad4d(pooled, [
        [0, 0],
        [0, 0],
        [0, 0],
        [before, added - before],
      ]);
}

function training(work: ImageWork, convolve: Convolve): Training {
  const { batch, channels, side, classes, learningRate, momentum, weightDecay } = work;
  const layers = convolutions(work);
  const given = start(work);
  const [x, top, targets] = tf.tidy(() => [
    tf.tensor4d(standardized(work), [batch, channels, side, side]).transpose<tf.Tensor4D>([0, 2, 3, 1]),
    tf.tensor2d(given.top, [classes, layers.at(-1)!.output]).transpose<tf.Tensor2D>(),
    tf.tensor2d(oneHot(work), [batch, classes]),
  ]) as [tf.Tensor4D, tf.Tensor2D, tf.Tensor2D];
  let filters: tf.Tensor[] = layers.map(({ output, input }, i) =>
    tf.tidy(() => tf.tensor4d(given.filters[i]!, [output, input, 3, 3]).transpose([2, 3, 1, 0])),
  );
  let moved: tf.Tensor[] = filters.map((part) => tf.zerosLike(part));

  const loss = (...parts: tf.Tensor[]): tf.Scalar => {
    const layer = (h: tf.Tensor4D, i: number) => convolve(h, parts[i] as tf.Tensor4D, layers[i]!);
    let h = layer(x, 0);
    for (let i = 1; i < layers.length; i += 2)
      h = shortcut(h, layers[i]!).add(layer(tf.relu(layer(h, i)), i + 1));
    const logits = tf.matMul(h.mean<tf.Tensor2D>([1, 2]), top);
    return tf.logSoftmax(logits).mul(targets).sum().div(-batch);
  };
  const valueAndGrads = tf.valueAndGrads(loss);

  return {
    async run(steps) {
      let last: tf.Tensor | undefined;
      for (let i = 0; i < steps; i++) {
        const [now, nextMoved, next] = tf.tidy(() => {
          const { value, grads } = valueAndGrads(filters);
          const nextMoved = filters.map((part, j) =>
            moved[j]!.mul(momentum).add(grads[j]!).add(part.mul(weightDecay)),
          );
          return [value, nextMoved, filters.map((part, j) => part.sub(nextMoved[j]!.mul(learningRate)))];
        }) as unknown as [tf.Tensor, tf.Tensor[], tf.Tensor[]];
        tf.dispose([...filters, ...moved, ...(last ? [last] : [])]);
        [last, moved, filters] = [now, nextMoved, next];
      }
      // The filters too: the loss of the last step is known before its update.
      await filters.at(-1)!.data();
      const result = (await last!.data())[0]!;
      last!.dispose();
      return result;
    },
    dispose: () => tf.dispose([...filters, ...moved, x, top, targets]),
  };
}

export const images: Peer["images"] = {
  conv: (work) => training(work, conv),
  product: (work) => training(work, product),
};
