// The network of Theorem 3.2 as one that the lab can train.
import type { BuiltNetwork } from "./engine/expressivity";
import type { Experiment } from "./engine/types";
import { dataOf } from "./points";
import { givenStart } from "./starts";
import { word } from "./words";

/** What the lab's classifiers may have. */
const MOST_WIDTH = 64;
const MOST_BLOCKS = 1024;
const MOST_PARAMETERS = 1 << 20;

/** `blocks` counts the last one too. */
export interface Shape {
  dimension: number;
  width: number;
  classes: number;
  blocks: number;
}

export function shapeOf({ report, points }: BuiltNetwork): Shape {
  // What it reads may have a dimension more than the points.
  return {
    dimension: report.dimension,
    classes: points.classes,
    width: report.width,
    blocks: report.blocks + 1,
  };
}

/** Why a built network is too large for the lab; undefined where it is not. */
export function tooLarge({ width, blocks, classes }: Shape): string | undefined {
  const wide = width + classes;
  if (wide > MOST_WIDTH) return word("built.tooWide", { most: MOST_WIDTH, wide });
  const most = Math.min(MOST_BLOCKS, Math.floor(MOST_PARAMETERS / (2 * wide ** 2 + wide + 1)));
  return blocks > most ? word("built.tooDeep", { wide, most, blocks }) : undefined;
}

/**
 * The same function with logits B h: r units beside the k hidden ones collect what the last block adds, and
 * B = [Pad, I] adds it to the hidden units, as the theorem has it. Flat in the layout of the lab: A₀, then U, s, V and
 * α of each block, then B.
 */
export function labParameters(built: ArrayLike<number>, shape: Shape): Float32Array {
  const { dimension: d, width: k, classes: r, blocks } = shape;
  const wide = k + r;
  const block = 2 * wide ** 2 + wide + 1;
  const result = new Float32Array(wide * d + blocks * block + r * wide);
  let read = 0;
  /** Copies a matrix to rows and columns from there on. */
  const copy = (at: number, stride: number, rows: number, columns: number, row = 0, column = 0) => {
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) result[at + (row + i) * stride + column + j] = built[read++]!;
  };
  copy(0, d, k, d);
  for (let b = 0; b < blocks; b++) {
    const at = wide * d + b * block;
    const last = b === blocks - 1;
    const units = last ? r : k;
    copy(at, wide, units, k);
    copy(at + wide ** 2, 1, units, 1);
    // The last block writes beside the hidden units.
    copy(at + wide ** 2 + wide, wide, units, units, last ? k : 0);
    result[at + block - 1] = 1;
  }
  const output = wide * d + blocks * block;
  for (let c = 0; c < r; c++) {
    if (c < k) result[output + c * wide + c] = 1;
    result[output + c * wide + k + c] = 1;
  }
  return result;
}

/**
 * An experiment that begins where the built network stands, or with other parameters of its own, beside the identity
 * start of the same shape.
 */
export async function trainingOf(
  built: BuiltNetwork,
  moved?: ArrayLike<number>,
): Promise<Partial<Experiment>> {
  const points = await built.reads();
  const shape = shapeOf(built);
  const { width, classes, blocks } = shape;
  const parameters = labParameters(moved ?? (await built.parameters()), shape);
  return {
    network: { kind: "relu", width: width + classes, blocks, loss: "squared", trainEnds: true },
    data: dataOf(points, 0),
    optimizer: { kind: "adam", learningRate: 1e-4, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    batch: null,
    twins: [
      { parametrization: "identity", start: givenStart(parameters) },
      { parametrization: "identity", start: { kind: "identity" } },
    ],
  };
}
