// ReLU networks in jax-js: traced once, then compiled with gradient and update inside.
import { blockUntilReady, jit, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
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

// jax-js counts references: an array handed to a function is gone unless passed as `x.ref`.

const matrix = (values: Float32Array, rows: number, columns: number) =>
  np.array(values.slice()).reshape([rows, columns]);

/** A₀; of each block U, s as a column, V; B. */
const arrays = ({ input, u, s, v, output }: Parameters): np.Array[] => [
  matrix(input, width, 2),
  ...u.flatMap((u, j) => [matrix(u, width, width), matrix(s[j]!, width, 1), matrix(v[j]!, width, width)]),
  matrix(output, classes, width),
];

/** Points are columns. */
const constants = (): np.Array[] => [
  np.transpose(matrix(inputs, points, 2)),
  np.transpose(matrix(oneHot, points, classes)),
];

function loss(parameters: np.Array[], [x, labels]: np.Array[]): np.Array {
  let h = np.matmul(parameters[0]!, x!);
  for (let j = 0; j < blocks; j++) {
    const [u, s, v] = parameters.slice(1 + 3 * j, 4 + 3 * j) as [np.Array, np.Array, np.Array];
    h = h.ref.add(np.matmul(v, nn.relu(np.matmul(u, h).add(s))));
  }
  const logits = np.matmul(parameters.at(-1)!, h);
  return np.sum(nn.logSoftmax(logits, 0).mul(labels!)).div(-points);
}

function training(): Training {
  const fixed = constants();
  const step = jit((parameters: np.Array[], given: np.Array[]) => {
    const [value, gradient] = valueAndGrad(loss)(tree.ref(parameters), given);
    return [value, parameters.map((part, j) => part.sub(gradient[j]!.mul(learningRate)))] as [np.Array, np.Array[]];
  });
  let parameters = arrays(start);
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

function landscape(): Landscape {
  const fixed = constants();
  const [origin, u, v] = [plane.origin, plane.u, plane.v].map(arrays) as [np.Array[], np.Array[], np.Array[]];
  const evaluate = jit(
    (a: np.Array, b: np.Array, o: np.Array[], u: np.Array[], v: np.Array[], given: np.Array[]) => {
      const parameters = o.map((part, j) => part.add(u[j]!.mul(a.ref)).add(v[j]!.mul(b.ref)));
      a.dispose();
      b.dispose();
      return loss(parameters, given);
    },
  );
  return {
    async losses(a, b) {
      const value = evaluate(
        np.array(a[0]!),
        np.array(b),
        tree.ref(origin),
        tree.ref(u),
        tree.ref(v),
        tree.ref(fixed),
      );
      return (await value.data()) as Float32Array;
    },
    dispose() {
      for (const held of [origin, u, v, fixed]) tree.dispose(held);
      evaluate.dispose();
    },
  };
}

export const relu: Peer["relu"] = { training: { plain: training }, landscape: { plain: landscape } };
