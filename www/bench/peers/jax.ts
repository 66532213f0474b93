// jax-js: traced once, then compiled (jit) with gradient and update inside.
import { blockUntilReady, defaultDevice, init, jit, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import { inputs, labels, layers, learningRate, plane, points, target, width } from "../problem";
import { fleets } from "./jax-fleet";
import { images } from "./jax-images";
import { relu } from "./jax-relu";
import type { Landscape, LandscapeForm, Peer, Training, TrainingForm } from "./peer";

// jax-js counts references: an array handed to a function is gone unless passed as `x.ref`.

type Parameters = np.Array[];
/** What a form compares with: [R] or [X, Y]. Arguments, so that the compiler need not copy them in. */
type Constants = np.Array[];

const square = width * width;

export async function open(device: "wasm" | "webgpu"): Promise<Peer> {
  if (!(await init(device)).includes(device)) throw new Error(`jax-js has no ${device} device here`);
  defaultDevice(device);
  return { training, landscape, fleets, images, relu };
}

const matrix = (values: Float32Array, rows: number, columns: number) =>
  np.array(values.slice()).reshape([rows, columns]);

const layerList = (flat: Float32Array): Parameters =>
  Array.from({ length: layers }, (_, j) => matrix(flat.slice(j * square, (j + 1) * square), width, width));

const constants = (form: TrainingForm): Constants =>
  form === "data"
    ? [matrix(inputs, width, points), matrix(labels, width, points)]
    : [matrix(target, width, width)];

/** h + A h: the sum is fused into the product's kernel. */
const through = (h: np.Array, layer: np.Array) => h.ref.add(np.matmul(layer, h));

const sumOfSquares = (x: np.Array) => np.sum(np.square(x));

const risks: Record<TrainingForm, (parameters: Parameters, constants: Constants) => np.Array> = {
  data: (parameters, [x, y]) => sumOfSquares(parameters.reduce(through, x!).sub(y!)).div(points),
  chain: ([first, ...rest], [r]) => sumOfSquares(rest.reduce(through, first!.add(np.eye(width))).sub(r!)),
  tree: (parameters, [r]) => {
    let product = np.stack(parameters).add(np.eye(width));
    for (let count = layers; count > 1; count /= 2) {
      const [earlier, later] = np.unstack(product.reshape([count / 2, 2, width, width]), 1);
      product = np.matmul(later!, earlier!);
    }
    return sumOfSquares(product.sub(r!));
  },
};

function training(form: TrainingForm): Training {
  const fixed = constants(form);
  const step = jit((parameters: Parameters, given: Constants) => {
    const [loss, gradient] = valueAndGrad(risks[form])(tree.ref(parameters), given);
    return [loss, parameters.map((layer, j) => layer.sub(gradient[j]!.mul(learningRate)))] as [
      np.Array,
      Parameters,
    ];
  });
  let parameters = layerList(plane.origin);
  return {
    async run(steps) {
      let last: np.Array | undefined;
      for (let i = 0; i < steps; i++) {
        last?.dispose();
        [last, parameters] = step(parameters, tree.ref(fixed));
      }
      await blockUntilReady(parameters);
      return (await last!.data())[0]!;
    },
    dispose() {
      tree.dispose(parameters);
      tree.dispose(fixed);
      step.dispose();
    },
  };
}

function landscape(form: LandscapeForm): Landscape {
  const fixed = constants(form === "data" ? "data" : "chain");
  const [origin, u, v] = [plane.origin, plane.u, plane.v].map(layerList) as [
    Parameters,
    Parameters,
    Parameters,
  ];
  const at = (a: np.Array, b: np.Array, o: Parameters, u: Parameters, v: Parameters) =>
    o.map((layer, j) => layer.add(u[j]!.mul(a.ref)).add(v[j]!.mul(b.ref)));
  const evaluate = jit(
    (a: np.Array, b: np.Array, o: Parameters, u: Parameters, v: Parameters, given: Constants) => {
      const parameters = at(a, b, o, u, v);
      a.dispose();
      b.dispose();
      if (form !== "batch") return risks[form](parameters, given);
      const [first, ...rest] = parameters;
      const product = rest.reduce(through, first!.add(np.eye(width)));
      return np.sum(np.square(product.sub(given[0]!)), [1, 2]);
    },
  );
  return {
    async losses(a, b) {
      const as = form === "batch" ? np.array(a.slice()).reshape([a.length, 1, 1]) : np.array(a[0]!);
      const value = evaluate(as, np.array(b), tree.ref(origin), tree.ref(u), tree.ref(v), tree.ref(fixed));
      return (await value.data()) as Float32Array;
    },
    dispose() {
      for (const held of [origin, u, v, fixed]) tree.dispose(held);
      evaluate.dispose();
    },
  };
}
