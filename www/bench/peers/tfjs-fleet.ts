// TensorFlow.js, many networks at once: products of [networks, width, width] tensors.
import * as tf from "@tensorflow/tfjs";
import type { Fleet, FleetWork } from "./peer";

type Step = (layers: tf.Tensor3D[]) => tf.Tensor3D[];

/** h + A h */
const through = (h: tf.Tensor3D, layer: tf.Tensor3D): tf.Tensor3D => h.add(tf.matMul(layer, h));

/** Forward and backward written out: three products a layer, the same as this lab's. */
function byHand(rates: tf.Tensor, target: tf.Tensor, eye: tf.Tensor): Step {
  return (layers) => {
    const prefixes: tf.Tensor3D[] = [eye.add(layers[0]!)];
    for (const layer of layers.slice(1)) prefixes.push(through(prefixes[prefixes.length - 1]!, layer));
    let back: tf.Tensor3D = prefixes[layers.length - 1]!.sub(target).mul(2);
    const next = [...layers];
    for (let j = layers.length - 1; j > 0; j--) {
      const gradient = tf.matMul(back, prefixes[j - 1]!, false, true);
      back = back.add(tf.matMul(layers[j]!, back, true));
      next[j] = layers[j]!.sub(gradient.mul(rates));
    }
    next[0] = layers[0]!.sub(back.mul(rates));
    return next;
  };
}

/** By the tape. */
function byTape(rates: tf.Tensor, target: tf.Tensor, eye: tf.Tensor): Step {
  const gradients = tf.grads((...layers: tf.Tensor[]) => {
    const [first, ...rest] = layers as tf.Tensor3D[];
    return rest.reduce(through, eye.add(first!) as tf.Tensor3D).sub(target).square().sum();
  });
  return (layers) => gradients(layers).map((gradient, j) => layers[j]!.sub(gradient.mul(rates)));
}

function fleet(form: typeof byHand, work: FleetWork): Fleet {
  const { networks, width, layers } = work;
  const rates = tf.tensor(work.rates, [networks, 1, 1]);
  const target = tf.tensor(work.target, [1, width, width]);
  const eye = tf.eye(width).expandDims(0);
  const zero = tf.zeros([networks, width, width]) as tf.Tensor3D;
  const step = form(rates, target, eye);
  return {
    async run(steps) {
      let parameters: tf.Tensor3D[] = Array.from({ length: layers }, () => zero.clone());
      for (let i = 0; i < steps; i++) {
        const next = tf.tidy(() => step(parameters));
        tf.dispose(parameters);
        parameters = next;
      }
      const losses = tf.tidy(() => {
        const [first, ...rest] = parameters;
        const product = rest.reduce(through, eye.add(first!) as tf.Tensor3D);
        return product.sub(target).square().sum([1, 2]);
      });
      tf.dispose(parameters);
      const result = await losses.data();
      losses.dispose();
      return result;
    },
    dispose: () => tf.dispose([rates, target, eye, zero]),
  };
}

export const fleets = {
  "by hand": (work: FleetWork) => fleet(byHand, work),
  "by tape": (work: FleetWork) => fleet(byTape, work),
};
