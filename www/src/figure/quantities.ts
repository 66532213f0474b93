// The numbers of a figure that its text can show, by their names. No DOM.
import { formatCount, formatShare, formatValue } from "../draw/scale";
import { depthOf, widthOf, type History } from "../engine/types";
import { tightest, violations } from "../theorems";
import type { FigureState } from "./run";
import { word } from "../words";

/** What counts as learned where the text says so: this part of the excess risk at the start. */
const LEARNED = 0.01;

/** The first step at which the excess risk was a hundredth of its first value or less. */
export function learnedAt({ steps, excess }: History): number | undefined {
  const goal = LEARNED * (excess[0] ?? NaN);
  const at = excess.findIndex((value) => value <= goal);
  return at < 0 ? undefined : steps[at];
}

type Read = (state: FigureState, twin: number) => string | undefined;

const QUANTITIES: Record<string, Read> = {
  step: ({ frame }) => frame && formatCount(frame.step),
  depth: ({ experiment }) => experiment && String(depthOf(experiment.network)),
  width: ({ experiment }) => experiment && String(widthOf(experiment.network)),
  rate: ({ experiment }) => experiment && String(experiment.optimizer.learningRate),
  excess: ({ frame }, i) => formatted(frame?.twins[i]?.excess),
  first: ({ frame }, i) => formatted(frame?.twins[i]?.history.excess[0]),
  gradient: ({ frame }, i) => formatted(frame?.twins[i]?.gradientNorm),
  norm: ({ frame, spectra }, i) =>
    formatted(frame?.twins[i]?.largestResidualNorm ?? spectra[i]?.largestResidualNorm),
  learned: ({ frame }, i) => {
    const twin = frame?.twins[i];
    if (!twin) return undefined;
    const at = learnedAt(twin.history);
    return at === undefined ? word("figure.notYet") : formatCount(at);
  },
  accuracy: ({ classifiers }, i) => share(classifiers[i]?.evaluation.accuracy),
  heldOut: ({ classifiers }, i) => share(classifiers[i]?.evaluation.heldOutAccuracy ?? undefined),
  gamma: ({ bounds }) => formatted(bounds?.gamma),
  promised: ({ bounds, experiment }) =>
    formatted(experiment && bounds?.promised[depthOf(experiment.network) - 1]),
  constructed: ({ bounds, experiment }) =>
    formatted(experiment && bounds?.measured[depthOf(experiment.network) - 1]),
  error: ({ bounds }) => formatted(bounds?.error),
  tau: ({ certificates }, i) => formatted(certificates[i]?.tau.at(-1)),
  times: ({ certificates }, i) => {
    const found = certificates[i];
    const bound = found?.bound.at(-1);
    return bound && bound > 0 ? formatted(found!.gradientSquared.at(-1)! / bound) : undefined;
  },
  violated: ({ certificates }, i) => {
    const found = certificates[i];
    return found && formatCount(violations(found));
  },
  sampled: ({ ball }) => formatCount(ball?.identity.excess.length ?? 0),
  below: ({ ball, experiment }) => {
    if (!ball || !experiment) return undefined;
    const best = tightest(ball.identity, ball.tau, depthOf(experiment.network), ball.covariance);
    return best && formatCount(best.below);
  },
};

function formatted(value: number | undefined): string | undefined {
  return value === undefined || Number.isNaN(value) ? undefined : formatValue(value);
}

function share(value: number | undefined): string | undefined {
  return value === undefined ? undefined : formatShare(value);
}

/** "excess.1" of a figure as text; undefined while it is not known. Throws where there is no such number. */
export function quantity(name: string, state: FigureState): string | undefined {
  const [kind = "", twin = "0"] = name.split(".");
  const read = Object.hasOwn(QUANTITIES, kind) ? QUANTITIES[kind] : undefined;
  if (!read) throw new Error(`There is no number "${name}" of a figure.`);
  return read(state, Number(twin));
}
