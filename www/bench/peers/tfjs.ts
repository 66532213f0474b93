// TensorFlow.js: eager operations, gradients by its tape.
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import "@tensorflow/tfjs-backend-webgpu";
import plain from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url";
import simd from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url";
import threaded from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url";
import { inputs, labels, layers, learningRate, plane, points, target, width } from "../problem";
import { fleets } from "./tfjs-fleet";
import { images } from "./tfjs-images";
import { relu } from "./tfjs-relu";
import type { Landscape, LandscapeForm, Peer, Training, TrainingForm } from "./peer";

setWasmPaths({
  "tfjs-backend-wasm.wasm": plain,
  "tfjs-backend-wasm-simd.wasm": simd,
  "tfjs-backend-wasm-threaded-simd.wasm": threaded,
});

const shape: [number, number, number] = [layers, width, width];

export async function open(backend: "cpu" | "wasm" | "webgl" | "webgpu"): Promise<Peer> {
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js has no ${backend} backend here`);
  await tf.ready();
  return { training, landscape, fleets, images, relu };
}

/** The risk of the layers I + A_j; the parameters are one tensor, so that adding I and updating are one call. */
function risk(form: TrainingForm): { loss: (parameters: tf.Tensor) => tf.Scalar; held: tf.Tensor[] } {
  const eye = tf.eye(width);
  const r = tf.tensor2d(target, [width, width]);
  const x = tf.tensor2d(inputs, [width, points]);
  const y = tf.tensor2d(labels, [width, points]);
  const held: tf.Tensor[] = [eye, r, x, y];
  const maps = (parameters: tf.Tensor) => parameters.add(eye);
  const forms: Record<TrainingForm, (parameters: tf.Tensor) => tf.Scalar> = {
    data: (parameters) => {
      let h: tf.Tensor = x;
      for (const layer of tf.unstack(maps(parameters))) h = tf.matMul(layer, h);
      return h.sub(y).square().sum().div(points);
    },
    chain: (parameters) => {
      const [first, ...rest] = tf.unstack(maps(parameters));
      let product = first!;
      for (const layer of rest) product = tf.matMul(layer, product);
      return product.sub(r).square().sum();
    },
    tree: (parameters) => {
      let product = maps(parameters);
      for (let count = layers; count > 1; count /= 2) {
        const [earlier, later] = tf.unstack(product.reshape([count / 2, 2, width, width]), 1);
        product = tf.matMul(later!, earlier!);
      }
      return product.sub(r).square().sum();
    },
  };
  return { loss: forms[form], held };
}

function training(form: TrainingForm): Training {
  const { loss, held } = risk(form);
  const valueAndGrad = tf.valueAndGrad((x: tf.Tensor) => loss(x));
  let parameters: tf.Tensor = tf.zeros(shape);
  return {
    async run(steps) {
      let last: tf.Tensor | undefined;
      for (let i = 0; i < steps; i++) {
        const [value, next] = tf.tidy(() => {
          const { value, grad } = valueAndGrad(parameters);
          return [value, parameters.sub(grad.mul(learningRate))];
        }) as [tf.Tensor, tf.Tensor];
        tf.dispose([parameters, last]);
        [parameters, last] = [next, value];
      }
      const result = (await last!.data())[0]!;
      last!.dispose();
      return result;
    },
    dispose: () => tf.dispose([parameters, ...held]),
  };
}

function landscape(form: LandscapeForm): Landscape {
  const { loss, held } = risk(form === "data" ? "data" : "chain");
  const [origin, u, v] = [plane.origin, plane.u, plane.v].map((values) => tf.tensor(values, shape));
  const batched = (a: Float32Array, b: number): tf.Tensor => {
    const eye = held[0]!;
    const line = origin!.add(v!.mul(b)).add(eye).expandDims(1);
    const maps = tf.unstack(line.add(u!.expandDims(1).mul(tf.tensor(a, [1, a.length, 1, 1]))));
    let product = maps[0]!;
    for (const layer of maps.slice(1)) product = tf.matMul(layer, product);
    return product.sub(held[1]!).square().sum([1, 2]);
  };
  return {
    async losses(a, b) {
      const values = tf.tidy(() =>
        form === "batch" ? batched(a, b) : loss(origin!.add(u!.mul(a[0]!)).add(v!.mul(b))),
      );
      const result = await values.data();
      values.dispose();
      return result;
    },
    dispose: () => tf.dispose([origin!, u!, v!, ...held]),
  };
}
