// ReLU networks in TensorFlow.js; points are rows, so that biases are added along them and products fuse.
import * as tf from "@tensorflow/tfjs";
import {
  blocks,
  classes,
  inputs,
  learningRate,
  oneHot,
  plane,
  points,
  start,
  width,
  type Parameters,
} from "../problem-relu";
import type { Landscape, Peer, Training } from "./peer";

/** A₀ᵀ; of each block Uᵀ, s, Vᵀ; Bᵀ. */
function tensors({ input, u, s, v, output }: Parameters): tf.Tensor[] {
  const transposed = (values: Float32Array, rows: number, columns: number) =>
    tf.tidy(() => tf.tensor2d(values, [rows, columns]).transpose());
  return [
    transposed(input, width, 2),
    ...u.flatMap((u, j) => [
      transposed(u, width, width),
      tf.tensor1d(s[j]!),
      transposed(v[j]!, width, width),
    ]),
    transposed(output, classes, width),
  ];
}

/** plain: an operation each for product, sum and relu. fused: one for the three. */
type Form = "plain" | "fused";

function loss(form: Form) {
  const x = tf.tensor2d(inputs, [points, 2]);
  const labels = tf.tensor2d(oneHot, [points, classes]);
  const half = (h: tf.Tensor, u: tf.Tensor, s: tf.Tensor): tf.Tensor =>
    form === "fused"
      ? tf.fused.matMul({ a: h as tf.Tensor2D, b: u as tf.Tensor2D, bias: s, activation: "relu" })
      : tf.relu(tf.add(tf.matMul(h, u), s));
  const value = (...parameters: tf.Tensor[]): tf.Scalar => {
    let h: tf.Tensor = tf.matMul(x, parameters[0] as tf.Tensor2D);
    for (let j = 0; j < blocks; j++) {
      const [u, s, v] = parameters.slice(1 + 3 * j, 4 + 3 * j) as [tf.Tensor, tf.Tensor, tf.Tensor];
      h = h.add(tf.matMul(half(h, u, s), v));
    }
    const logits = tf.matMul(h, parameters.at(-1)!);
    return tf.logSoftmax(logits).mul(labels).sum().div(-points);
  };
  return { value, held: [x, labels] };
}

function training(form: Form): Training {
  const { value, held } = loss(form);
  const valueAndGrads = tf.valueAndGrads(value);
  let parameters = tensors(start);
  return {
    async run(steps) {
      let last: tf.Tensor | undefined;
      for (let i = 0; i < steps; i++) {
        const [next, now] = tf.tidy(() => {
          const { value, grads } = valueAndGrads(parameters);
          return [parameters.map((parameter, j) => parameter.sub(grads[j]!.mul(learningRate))), value];
        }) as unknown as [tf.Tensor[], tf.Tensor];
        tf.dispose([...parameters, ...(last ? [last] : [])]);
        [parameters, last] = [next, now];
      }
      const result = (await last!.data())[0]!;
      last!.dispose();
      return result;
    },
    dispose: () => tf.dispose([...parameters, ...held]),
  };
}

function landscape(form: Form): Landscape {
  const { value, held } = loss(form);
  const [origin, u, v] = [plane.origin, plane.u, plane.v].map(tensors) as [tf.Tensor[], tf.Tensor[], tf.Tensor[]];
  return {
    async losses(a, b) {
      const result = tf.tidy(() =>
        value(...origin.map((part, j) => part.add(u[j]!.mul(a[0]!)).add(v[j]!.mul(b)))),
      );
      const values = await result.data();
      result.dispose();
      return values;
    },
    dispose: () => tf.dispose([...origin, ...u, ...v, ...held]),
  };
}

export const relu: Peer["relu"] = {
  training: { plain: () => training("plain"), fused: () => training("fused") },
  landscape: { plain: () => landscape("plain"), fused: () => landscape("fused") },
};
