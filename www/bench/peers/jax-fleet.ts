// jax-js, many networks at once: a step is traced once, batched and compiled.
import { blockUntilReady, jit, numpy as np, tree, valueAndGrad, vmap } from "@jax-js/jax";
import type { Fleet, FleetWork } from "./peer";

type Parameters = np.Array[];
type Step = (parameters: Parameters, rate: np.Array, target: np.Array) => [np.Array, Parameters];

const through = (h: np.Array, layer: np.Array) => h.ref.add(np.matmul(layer, h));

const product = ([first, ...rest]: Parameters, width: number) =>
  rest.reduce(through, first!.add(np.eye(width)));

/** One network, batched by vmap. */
const mapped = (width: number): Step => {
  const risk = (parameters: Parameters, target: np.Array) =>
    np.sum(np.square(product(parameters, width).sub(target)));
  const step = (parameters: Parameters, rate: np.Array, target: np.Array) => {
    const [loss, gradient] = valueAndGrad(risk)(parameters.map((layer) => layer.ref), target);
    const next = parameters.map((layer, j) => layer.sub(gradient[j]!.mul(rate.ref)));
    rate.dispose();
    return [loss, ...next];
  };
  const all = vmap(step, [0, 0, null]);
  return (parameters, rate, target) => {
    const [loss, ...next] = all(parameters, rate, target) as np.Array[];
    return [loss!, next];
  };
};

/** All networks written as batched products by hand; the gradient of the summed risks is each one's own. */
const batched = (width: number): Step => {
  const risk = (parameters: Parameters, target: np.Array) =>
    np.sum(np.square(product(parameters, width).sub(target)));
  return (parameters, rate, target) => {
    const [loss, gradient] = valueAndGrad(risk)(parameters.map((layer) => layer.ref), target);
    const rates = rate.reshape([-1, 1, 1]);
    const next = parameters.map((layer, j) => layer.sub(gradient[j]!.mul(rates.ref)));
    rates.dispose();
    return [loss, next];
  };
};

function fleet(form: (width: number) => Step, work: FleetWork): Fleet {
  const { networks, width, layers } = work;
  const step = jit(form(width));
  const losses = jit((parameters: Parameters, target: np.Array) =>
    np.sum(np.square(product(parameters, width).sub(target)), [1, 2]),
  );
  const rates = np.array(work.rates.slice());
  const target = np.array(work.target.slice()).reshape([width, width]);
  const start = Array.from({ length: layers }, () => np.zeros([networks, width, width]));
  return {
    async run(steps) {
      let parameters = tree.ref(start);
      for (let i = 0; i < steps; i++) {
        const [loss, next] = step(parameters, rates.ref, target.ref);
        loss.dispose();
        parameters = next;
      }
      await blockUntilReady(parameters);
      return (await losses(parameters, target.ref).data()) as Float32Array;
    },
    dispose() {
      tree.dispose(start);
      rates.dispose();
      target.dispose();
      step.dispose();
      losses.dispose();
    },
  };
}

export const fleets = {
  vmap: (work: FleetWork) => fleet(mapped, work),
  batched: (work: FleetWork) => fleet(batched, work),
};
