// What a person sets before a map is trained, and the request that comes of it. No DOM.
import { axisPosition, axisValue } from "./draw/axis";
import type { AtlasColour } from "./draw/atlas";
import { formatCount, formatShare, formatValue } from "./draw/scale";
import type { Spread } from "./draw/sweep";
import { directionNames, networkOf, planeOf, type StartsForm } from "./basins";
import { DEEP_STARTS, DEPTHS, reaching, SMALL_EXPERIMENT, type Height } from "./deep";
import type { Atlas, AtlasSpec, AxisSpec, Outcomes, Quantity } from "./engine/atlas";
import { depthOf, isClassifier, type Experiment, type TwinSpec } from "./engine/types";
import { withoutGiven } from "./starts";
import { word } from "./words";

/**
 * A map of two quantities, curves against one with seeds in place of the other, which optimum runs end at, or how deep
 * each start trains.
 */
export const VIEWS = ["map", "curves", "basins", "deep"] as const;
/** Networks a side of a map. */
export const NETWORKS = [16, 32, 64, 128, 256, 512] as const;
/** Seeds of a curve. */
export const SEEDS = [4, 8, 16, 32, 64, 128] as const;

export interface AxisForm {
  quantity: Quantity;
  scale: "log" | "linear";
  /** As typed. */
  low: string;
  high: string;
}

export interface AtlasForm {
  view: (typeof VIEWS)[number];
  x: AxisForm;
  y: AxisForm;
  size: number;
  /** How many, for curves. */
  seeds: number;
  steps: string;
  colour: AtlasColour;
  threshold: string;
  /** The plane that axes along its directions lie on. */
  starts: StartsForm;
  /** What many starts train on: a small problem of their own, or the lab's. */
  on: "small" | "lab";
  /** What the height of their curves is. */
  height: Height;
}

interface Described {
  title: string;
  /** On an axis. */
  label: string;
  usual: Omit<AxisForm, "quantity">;
  /** What the crate allows. */
  limits: readonly [number, number];
  /** Least breadth of a range: whole numbers need room. */
  least: number;
}

export const QUANTITIES: Record<Quantity, Described> = {
  learningRate: {
    title: word("class.rate"),
    label: word("atlas.learningRateLabel"),
    usual: { scale: "log", low: "0.0001", high: "1" },
    limits: [0, 1e6],
    least: 0,
  },
  depth: {
    title: word("class.depth"),
    label: word("atlas.depthLabel"),
    usual: { scale: "log", low: "1", high: "64" },
    limits: [1, 256],
    least: 1,
  },
  width: {
    title: word("measure.width"),
    label: word("atlas.widthLabel"),
    usual: { scale: "log", low: "2", high: "32" },
    limits: [2, 64],
    least: 1,
  },
  noise: {
    title: word("atlas.noise"),
    label: word("atlas.noise"),
    usual: { scale: "linear", low: "0", high: "0.5" },
    limits: [0, 1000],
    least: 0,
  },
  startScale: {
    title: word("atlas.startScale"),
    label: word("atlas.startScale"),
    usual: { scale: "log", low: "0.01", high: "10" },
    limits: [0, 1000],
    least: 0,
  },
  condition: {
    title: word("atlas.condition"),
    label: word("atlas.condition"),
    usual: { scale: "log", low: "1", high: "1000" },
    limits: [1, 1e6],
    least: 0,
  },
  rotationAngle: {
    title: word("atlas.rotation"),
    label: word("atlas.rotationLabel"),
    usual: { scale: "linear", low: "0", high: "180" },
    limits: [-360, 360],
    least: 0,
  },
  seed: {
    title: word("class.seed"),
    label: word("class.seed"),
    usual: { scale: "linear", low: "0", high: "64" },
    limits: [0, 4294967295],
    least: 1,
  },
  alongU: {
    title: word("atlas.firstDirection"),
    label: word("atlas.firstDirection"),
    usual: { scale: "linear", low: "-2", high: "2" },
    limits: [-1e6, 1e6],
    least: 0,
  },
  alongV: {
    title: word("atlas.secondDirection"),
    label: word("atlas.secondDirection"),
    usual: { scale: "linear", low: "-2", high: "2" },
    limits: [-1e6, 1e6],
    least: 0,
  },
};

/** What an axis may be for classifiers, beside what linear networks have too. */
const CLASSIFIER_ONLY: readonly Quantity[] = ["width", "noise"];
const LINEAR_ONLY: readonly Quantity[] = ["condition", "rotationAngle", "alongU", "alongV"];

/** Whether networks of that kind have such a quantity. */
export function hasQuantity(classifier: boolean, quantity: Quantity): boolean {
  return !(classifier ? LINEAR_ONLY : CLASSIFIER_ONLY).includes(quantity);
}

const MOST_BLOCKS = 1024;

/** Whether an axis goes along a plane of starts: such axes are linear. */
export const isAlong = ({ quantity }: { quantity: Quantity }) =>
  quantity === "alongU" || quantity === "alongV";

export const FIRST_FORM: AtlasForm = {
  view: "map",
  x: { quantity: "learningRate", ...QUANTITIES.learningRate.usual },
  y: { quantity: "depth", ...QUANTITIES.depth.usual },
  size: 64,
  seeds: 16,
  steps: "200",
  colour: "excess",
  threshold: "0.01",
  starts: { kind: "coordinates", first: 0, second: 1 },
  on: "small",
  height: "right",
};

/** What is first asked of many starts. */
export const FIRST_DEEP: AtlasForm = {
  ...FIRST_FORM,
  view: "deep",
  x: { quantity: "depth", scale: "log", low: "10", high: "1000" },
  seeds: 8,
  steps: "300",
};

/** What is first asked of classifiers: their steps take longer, and their loss begins at that of guessing. */
export const FIRST_CLASSIFIERS: AtlasForm = {
  ...FIRST_FORM,
  x: { ...FIRST_FORM.x, high: "0.1" },
  size: 32,
  threshold: "0.1",
};

/** What was typed as a number; the crate's sentence names the field of what is none. */
function number(text: string): number {
  return text.trim() === "" ? Number.NaN : Number(text.trim().replace(",", "."));
}

/** An axis as it is typed. */
export function axisOf({ quantity, scale, low, high }: AxisForm): AxisSpec {
  return { quantity, scale, low: number(low), high: number(high) };
}

/** Whether an axis could be drawn. */
export function drawable({ scale, low, high }: AxisSpec): boolean {
  return Number.isFinite(low) && Number.isFinite(high) && low < high && (scale === "linear" || low > 0);
}

/** Curves need fewer values than maps: each stands for many networks. */
const CURVE_VALUES = 24;

export function specOf(form: AtlasForm, experiment: Experiment): AtlasSpec {
  if (form.view === "deep") return deepSpec(form, experiment);
  const map = form.view !== "curves";
  const basins = form.view === "basins";
  return {
    experiment,
    x: axisOf(form.x),
    y: map ? axisOf(form.y) : seedsFrom(experiment.seed, form.seeds),
    columns: map ? form.size : CURVE_VALUES,
    rows: map ? form.size : form.seeds,
    budget: {
      steps: number(form.steps),
      threshold: number(form.threshold),
      stopAtThreshold: !map || basins || form.colour === "steps",
    },
    ...(basins && { basins }),
    ...(basins && (isAlong(form.x) || isAlong(form.y)) && { plane: planeOf(form.starts) }),
  };
}

/** Every start at every depth, from many seeds. */
function deepSpec(form: AtlasForm, lab: Experiment): AtlasSpec {
  const experiment = form.on === "small" ? SMALL_EXPERIMENT : { ...lab, twins: withoutGiven(lab.twins) };
  return {
    experiment,
    // These curves are against depth, whatever an address says.
    x: reaching(axisOf({ ...form.x, quantity: "depth" }), DEPTHS),
    y: seedsFrom(experiment.seed, form.seeds),
    columns: DEPTHS,
    rows: form.seeds,
    budget: { steps: number(form.steps), threshold: 0.1, stopAtThreshold: false },
    networks: DEEP_STARTS.map(({ twin }) => twin),
  };
}

/** What an axis of a request is called. */
export function axisTitle(
  spec: Pick<AtlasSpec, "plane" | "experiment">,
  { quantity }: { quantity: Quantity },
  what: "title" | "label",
): string {
  if (quantity === "depth" && what === "label" && isClassifier(spec.experiment))
    return word("atlas.blocksLabel");
  const [u, v] = directionNames(spec.plane, networkOf(spec));
  return quantity === "alongU" ? u : quantity === "alongV" ? v : QUANTITIES[quantity][what];
}

/** An axis whose cells are an experiment's seed and those after it. */
export function seedsFrom(seed: number, count: number): AxisSpec {
  return { quantity: "seed", scale: "linear", low: Math.max(0, seed - 0.5), high: seed - 0.5 + count };
}

/** An axis of another range, kept within what is allowed and no narrower than its values can tell apart. */
export function ranged(form: AxisForm, [low, high]: readonly [number, number], classifier = false): AxisForm {
  const { limits: usual, least } = QUANTITIES[form.quantity];
  const limits = classifier && form.quantity === "depth" ? ([usual[0], MOST_BLOCKS] as const) : usual;
  const floor = form.scale === "log" && limits[0] <= 0 ? 1e-9 : limits[0];
  let from = Math.max(floor, low);
  let to = Math.min(limits[1], high);
  if (to - from < least) {
    from = Math.max(floor, Math.min((from + to - least) / 2, limits[1] - least));
    to = from + least;
  }
  // No more digits than tell a thousandth of the range.
  const digits = 3 + Math.ceil(Math.log10(Math.max(Math.abs(from), Math.abs(to)) / (to - from)));
  const text = (value: number) => String(Number(value.toPrecision(Math.min(15, Math.max(3, digits)))));
  return text(from) === text(to) ? form : { ...form, low: text(from), high: text(to) };
}

/** The range that many times as broad about a place on the axis, which stays where it is. */
export function zoomed(axis: AxisSpec, t: number, factor: number): [number, number] {
  return [axisValue(axis, t - t * factor), axisValue(axis, t + (1 - t) * factor)];
}

/** Where an experiment stands on an axis, for one of its networks; undefined where it has no such number. */
export function standing(
  quantity: Quantity,
  experiment: Experiment,
  twin: TwinSpec | undefined,
  place?: readonly [number, number],
): number | undefined {
  const { target, data } = experiment;
  switch (quantity) {
    case "learningRate":
      return experiment.optimizer.learningRate;
    case "depth":
      return depthOf(experiment.network);
    case "width":
      return experiment.network.width;
    case "noise":
      return data.kind === "set" ? data.noise : undefined;
    case "seed":
      return experiment.seed;
    case "condition":
      return "condition" in target ? target.condition : undefined;
    case "rotationAngle":
      return target.kind === "rotation" ? target.degrees : undefined;
    case "startScale":
      return twin && "scale" in twin.start ? twin.start.scale : undefined;
    case "alongU":
      return place?.[0];
    case "alongV":
      return place?.[1];
  }
}

/** Where an experiment stands on a map, or undefined outside it; `place`: where its start lies on the map's plane. */
export function standingOn(
  spec: Pick<AtlasSpec, "x" | "y">,
  experiment: Experiment,
  twin: TwinSpec | undefined,
  place?: readonly [number, number],
): [number, number] | undefined {
  const [x, y] = [spec.x, spec.y].map((axis) => {
    const value = standing(axis.quantity, experiment, twin, place);
    const t = value === undefined ? Number.NaN : axisPosition(axis, value);
    return t >= 0 && t <= 1 ? value : undefined;
  });
  return x === undefined || y === undefined ? undefined : [x, y];
}

/** "learning rate 0.0126" */
export function valueName(spec: AtlasSpec, axis: AxisSpec, value: number): string {
  const text = QUANTITIES[axis.quantity].least === 1 ? value : formatValue(value);
  return `${axisTitle(spec, axis, "title")}${isAlong(axis) ? " =" : ""} ${text}`;
}

/** "learning rate 0.0126, depth 23" */
export function cellName(
  { spec, x, y }: Pick<Atlas, "spec" | "x" | "y">,
  [ix, iy]: readonly [number, number],
): string {
  return `${valueName(spec, spec.x, x[ix]!)}, ${valueName(spec, spec.y, y[iy]!)}`;
}

/** What became of the networks of one value of all seeds, as a sentence without its subject. */
export function spreadText({ low, median, high, reached, seeds }: Spread): string {
  if (!(median < Infinity)) return word("atlas.spreadFew", { reached, seeds });
  const steps = (count: number) => (count < Infinity ? formatCount(count) : word("atlas.never"));
  return word("atlas.spread", { median: steps(median), low: steps(low), high: steps(high), reached, seeds });
}

/** A part as a percentage with as many digits as it has. */
export function percent(part: number): string {
  return `${Number((100 * part).toPrecision(3))} %`;
}

/** What a network is to come down to, in full: "1 % of the first excess risk". */
export function goalText({ experiment, budget }: Pick<AtlasSpec, "experiment" | "budget">): string {
  const goal = isClassifier(experiment) ? "atlas.goalClassifier" : "atlas.goal";
  return word(goal, { percent: percent(budget.threshold) });
}

/** What became of a network, as a sentence without its subject. */
export function outcomeText({ spec, twins, grain }: Atlas, twin: number, cell: number): string {
  if (grain[cell] === 0) return word("atlas.untrained");
  const outcome = ownOutcome(spec, twins[twin]!, cell);
  return grain[cell]! > 1 ? word("atlas.near", { outcome }) : outcome;
}

function ownOutcome(spec: AtlasSpec, outcomes: Outcomes, cell: number): string {
  const { excess, steps, divergedAt, accuracy } = outcomes;
  const { budget } = spec;
  if (!Number.isNaN(divergedAt[cell]))
    return word("figure.divergedAt", { step: formatCount(divergedAt[cell]!) });
  const goal = accuracy ? goalText(spec) : word("atlas.goalOwn", { percent: percent(budget.threshold) });
  const never = Number.isNaN(steps[cell]);
  const value = { value: formatValue(excess[cell]) };
  const told = {
    value: word(accuracy ? "landscape.loss" : "landscape.excess", value),
    steps: formatCount(budget.stopAtThreshold && !never ? steps[cell]! : budget.steps),
    reached: never
      ? word("atlas.neverDown", { goal })
      : word("atlas.reached", { goal, steps: formatCount(steps[cell]!) }),
  };
  return accuracy
    ? word("atlas.outcomeRight", { ...told, right: formatShare(accuracy[cell]!) })
    : word("atlas.outcome", told);
}
