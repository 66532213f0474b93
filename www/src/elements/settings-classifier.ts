// The settings that only classifiers have.
import { html, nothing, type TemplateResult } from "lit";
import type { Experiment, PointData, ReluSpec, SetName } from "../engine/types";
import { batchChoice, choice, number, rangeText, type Options } from "./fields";
import { word } from "../words";

const SETS: Options = [
  ["spirals", word("set.spirals")],
  ["circles", word("set.circles")],
  ["moons", word("set.twoMoons")],
  ["xor", word("set.xor")],
  ["gaussians", word("set.gaussians")],
  ["sphere", word("set.sphereLabels")],
  ["points", word("set.own")],
];
const LOSSES: Options = [
  ["crossEntropy", word("loss.crossEntropy")],
  ["squared", word("loss.squared")],
];
const ENDS: Options = [
  ["trained", word("setting.trained")],
  ["fixed", word("setting.fixed")],
];
/** Sets of two classes and no other number. */
const PAIRS: readonly string[] = ["moons", "xor"];

/** What a classifier begins with when it is chosen: the two spirals, which a plain network of that depth misses. */
export const CLASSIFIER: Partial<Experiment> = {
  network: { kind: "relu", width: 16, blocks: 16, loss: "crossEntropy", trainEnds: true },
  data: { kind: "set", set: "spirals", points: 256, classes: 2, dimension: 2, noise: 0.01, heldOut: 0.2 },
  optimizer: { kind: "adam", learningRate: 0.003, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  batch: null,
  twins: [
    { parametrization: "identity", start: { kind: "identity" } },
    { parametrization: "standard", start: { kind: "he", scale: 1 } },
  ],
};

export function classifierNetwork(network: ReluSpec, set: (network: ReluSpec) => void): TemplateResult {
  return html`${number("width", network.width, rangeText(2, 64), (width) => set({ ...network, width }))}
  ${number("blocks", network.blocks, rangeText(1, 1024), (blocks) => set({ ...network, blocks }))}
  ${choice("loss", LOSSES, network.loss, (loss) => set({ ...network, loss: loss as ReluSpec["loss"] }))}
  ${choice("A₀ and B", ENDS, network.trainEnds ? "trained" : "fixed", (ends) =>
    set({ ...network, trainEnds: ends === "trained" }),
  )}`;
}

export function classifierData(
  data: PointData,
  batch: number | null,
  change: (part: Partial<Experiment>) => void,
): TemplateResult {
  const set = (part: object) => change({ data: { ...data, ...part } as PointData });
  const sets = data.kind === "points" ? SETS : SETS.filter(([key]) => key !== "points");
  return html`${choice("points of", sets, data.kind === "points" ? "points" : data.set, (name) => {
    if (name !== "points") change({ data: setOf(name as SetName, data) });
  })}
  ${
    data.kind === "set"
      ? html`${number("points", data.points, rangeText(2, 20000), (points) => set({ points }))}
        ${
          PAIRS.includes(data.set)
            ? nothing
            : number("classes", data.classes, rangeText(2, 16), (classes) => set({ classes }))
        }
        ${
          data.set === "sphere"
            ? number("dimension", data.dimension, rangeText(2, 64), (dimension) => set({ dimension }))
            : nothing
        }
        ${number("noise", data.noise, rangeText(0, 1000), (noise) => set({ noise }))}`
      : html`<span class="muted"
          >${word("setting.ownPoints", { points: data.labels.length, classes: data.classes })}</span
        >`
  }
  ${number("held out", data.heldOut, rangeText(0, 0.9), (heldOut) => set({ heldOut }))}
  ${batchChoice(batch, String, (next) => change({ batch: next }))}`;
}

/** Another set with as much of the present settings as it can have. */
function setOf(set: SetName, before: PointData): PointData {
  const kept =
    before.kind === "set"
      ? before
      : { points: 256, classes: 2, dimension: 2, noise: 0.01, heldOut: before.heldOut };
  return {
    ...kept,
    kind: "set",
    set,
    classes: PAIRS.includes(set) ? 2 : kept.classes,
    dimension: set === "sphere" ? Math.max(3, kept.dimension) : 2,
    noise: set === "sphere" ? 0 : kept.noise,
  };
}
