// Maps of basins: planes of starts, what the optima are called, and the pictures to begin with. No DOM.
import type { AtlasForm } from "./atlas-form";
import { formatCount, formatValue } from "./draw/scale";
import type { Atlas, AtlasSpec, Outcomes, StartPlane } from "./engine/atlas";
import { fromBase64, toBase64 } from "./engine/base64";
import {
  depthOf,
  widthOf,
  type Experiment,
  type ExperimentInput,
  type NetworkSpec,
  type PlaneVectors,
  type TwinSpec,
} from "./engine/types";
import { givenStart } from "./starts";
import { word, type Word } from "./words";

type Network = NetworkSpec;
type Width = Parameters<typeof widthOf>[0];

/** Where the starts of a map lie. */
export type StartsForm =
  /** Two entries of the layer maps. */
  | { kind: "coordinates"; first: number; second: number }
  /** The plane that the landscapes had when it was taken over. */
  | { kind: "lab"; laid: LaidStarts };

/** A plane of the landscapes, for all networks. */
export interface LaidStarts {
  plane: StartPlane;
  labels: readonly [string, string];
  /** What the landscapes show of it, together. */
  ranges: readonly [readonly [number, number], readonly [number, number]];
}

/** What crate/maps/basin.rs says of runs that ended at no optimum. */
export const STALLED = -1;
export const DESCENDING = -2;

/** Signs that a pattern has room for. */
const BITS = 24;
/** Longer rows of signs are not read at a glance. */
const ROW = 8;

const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";
const subscript = (value: number) => String(value).replace(/\d/g, (digit) => SUBSCRIPTS[Number(digit)]!);

/** An entry of the layer maps, by its place in the flat layout: w₂, or W₂[1,1]. */
export function entryName(index: number, network: Width): string {
  const width = widthOf(network);
  const [layer, rest] = [Math.floor(index / width ** 2), index % width ** 2];
  if (width === 1) return `w${subscript(layer + 1)}`;
  return `W${subscript(layer + 1)}[${Math.floor(rest / width) + 1},${(rest % width) + 1}]`;
}

export function entryCount(network: Network): number {
  return widthOf(network) ** 2 * depthOf(network);
}

/** The last diagonal entry of the first and of the last layer, where there are two. */
export function usualEntries(network: Network): StartsForm {
  const width = widthOf(network);
  const layers = depthOf(network);
  const last = width * width - 1;
  return layers > 1
    ? { kind: "coordinates", first: last, second: (layers - 1) * width * width + last }
    : { kind: "coordinates", first: 0, second: Math.min(1, last) };
}

/** The settings that basins are first looked at with. */
export function basinSettings(network: Network | undefined): Partial<AtlasForm> {
  return {
    ...(network && { starts: usualEntries(network) }),
    x: { quantity: "alongU", scale: "linear", low: "-2", high: "2" },
    y: { quantity: "alongV", scale: "linear", low: "-2", high: "2" },
    steps: "1000",
    threshold: "0.01",
  };
}

const labels = new WeakMap<StartPlane, readonly [string, string]>();

/** The plane of the request that a form stands for. */
export function planeOf(starts: StartsForm): StartPlane {
  if (starts.kind === "coordinates") return { ...starts };
  labels.set(starts.laid.plane, starts.laid.labels);
  return starts.laid.plane;
}

export function samePlane(x: StartPlane | undefined, y: StartPlane | undefined): boolean {
  if (x?.kind !== "coordinates" || y?.kind !== "coordinates") return x === y;
  return x.first === y.first && x.second === y.second;
}

/** What the two directions of a plane are called. */
export function directionNames(
  plane: StartPlane | undefined,
  network: Width | undefined,
): readonly [string, string] {
  if (plane?.kind === "coordinates" && network)
    return [entryName(plane.first, network), entryName(plane.second, network)];
  return (plane && labels.get(plane)) ?? [word("atlas.firstDirection"), word("atlas.secondDirection")];
}

/** The landscapes' planes as one of starts; `shown` are the parts that they show, (a, b) of each network. */
export function laidStarts(
  vectors: readonly PlaneVectors[],
  shown: readonly { a: Float32Array; b: Float32Array }[],
  names: readonly [string, string],
): LaidStarts {
  const range = (axis: "a" | "b"): [number, number] => [
    Math.min(...shown.map((part) => part[axis][0]!)),
    Math.max(...shown.map((part) => part[axis][part[axis].length - 1]!)),
  ];
  return {
    plane: {
      kind: "given",
      twins: vectors.map(({ origin, u, v }) => ({
        origin: toBase64(origin),
        u: toBase64(u),
        v: toBase64(v),
      })),
    },
    labels: names,
    ranges: [range("a"), range("b")],
  };
}

const isDiagonal = (index: number, width: number) =>
  Math.floor((index % width ** 2) / width) === index % width;

/** The parameters of starts that are the same for every seed. */
function parametersOf({ parametrization, start }: TwinSpec, network: Network): Float32Array | undefined {
  if (start.kind === "given") return fromBase64(start.parameters);
  if (start.kind !== "identity" && start.kind !== "zeroAsymmetric") return undefined;
  const width = widthOf(network);
  const count = entryCount(network);
  const zero = start.kind === "zeroAsymmetric" ? count - width * width : count;
  const one = parametrization === "identity" ? 1 : 0;
  return Float32Array.from({ length: count }, (_, i) =>
    isDiagonal(i, width) ? (i < zero ? 1 : 0) - one : 0,
  );
}

/** Further from a plane than this part of its distance from the origin, a start has no place on it. */
const OFF = 1e-3;

/** Where a network's own start lies on a plane; undefined off it, or where that depends on the seed. */
export function placeOn(
  plane: StartPlane | undefined,
  { network, twins }: Pick<Experiment, "network" | "twins">,
  index: number,
): [number, number] | undefined {
  const twin = twins[index];
  const parameters = twin && plane && parametersOf(twin, network);
  if (!parameters) return undefined;
  if (plane.kind === "coordinates") {
    const [a, b] = [plane.first, plane.second].map((entry) => {
      const one = twin.parametrization === "identity" && isDiagonal(entry, widthOf(network)) ? 1 : 0;
      return (parameters[entry] ?? Number.NaN) + one;
    });
    return [a!, b!];
  }
  const own = plane.twins[index];
  if (!own) return undefined;
  const [origin, u, v] = [own.origin, own.u, own.v].map(fromBase64);
  if (origin!.length !== parameters.length) return undefined;
  const offset = parameters.map((value, i) => value - origin![i]!);
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
  const [uu, uv, vv] = [dot(u!, u!), dot(u!, v!), dot(v!, v!)];
  const [du, dv] = [dot(offset, u!), dot(offset, v!)];
  const determinant = uu * vv - uv * uv;
  const [a, b] = [(du * vv - dv * uv) / determinant, (dv * uu - du * uv) / determinant];
  const all = dot(offset, offset);
  return all - a * du - b * dv <= OFF ** 2 * all + 1e-9 ? [a, b] : undefined;
}

/** The signs of det W₁ … det W_ℓ as a person writes them: +−+, or the negative ones of many. */
export function patternName(pattern: number, layers: number): string {
  const bits = Math.min(layers, BITS);
  const negative = Array.from({ length: bits }, (_, bit) => Math.floor(pattern / 2 ** bit) % 2 === 1);
  if (layers <= ROW) return negative.map((is) => (is ? "−" : "+")).join("");
  const at = negative.flatMap((is, bit) => (is ? [bit + 1] : []));
  if (at.length === 0) return word(layers > BITS ? "basins.noOdd" : "basins.allPlus");
  return word(layers > BITS ? "basins.minusMod" : "basins.minus", { places: at.join(", ") });
}

/** Which patterns have which colours, for as long as pictures of one plane follow one another. */
export class ColourBook {
  private readonly places = new Map<number, number>();

  constructor(readonly size: number) {}

  /** Where a pattern stands among the colours; undefined for those that came after all were given out. */
  place(pattern: number): number | undefined {
    return this.places.get(pattern);
  }

  /** Gives the colours left to the patterns seen most often. */
  learn(found: readonly Count[]): void {
    for (const { pattern } of found) {
      if (this.places.size >= this.size) return;
      if (!this.places.has(pattern)) this.places.set(pattern, this.places.size);
    }
  }
}

/** How many cells of each network ended at a pattern. */
export interface Count {
  pattern: number;
  cells: number[];
  all: number;
}

export interface Counts {
  patterns: Count[];
  /** Of each network. */
  stalled: number[];
  descending: number[];
  diverged: number[];
  known: number;
}

/** What the cells of a map ended at, the most frequent patterns first. */
export function countEnds({ twins, grain }: Pick<Atlas, "twins" | "grain">): Counts {
  const none = () => twins.map(() => 0);
  const patterns = new Map<number, Count>();
  const counts = { stalled: none(), descending: none(), diverged: none(), known: 0 };
  for (const cells of grain) if (cells > 0) counts.known++;
  twins.forEach(({ end, divergedAt }, twin) => {
    for (let cell = 0; cell < grain.length; cell++) {
      if (grain[cell] === 0) continue;
      const code = end?.[cell] ?? Number.NaN;
      if (!Number.isNaN(divergedAt[cell])) counts.diverged[twin]!++;
      else if (code === STALLED) counts.stalled[twin]!++;
      else if (code === DESCENDING) counts.descending[twin]!++;
      else if (code >= 0) {
        let count = patterns.get(code);
        if (!count) patterns.set(code, (count = { pattern: code, cells: none(), all: 0 }));
        count.cells[twin]!++;
        count.all++;
      }
    }
  });
  const sorted = [...patterns.values()].sort((x, y) => y.all - x.all || x.pattern - y.pattern);
  return { ...counts, patterns: sorted };
}

/** What became of a start, as a sentence without its subject. */
export function endText(
  { spec, grain }: Pick<Atlas, "spec" | "grain">,
  outcomes: Outcomes,
  cell: number,
  layers: number,
): string {
  if (grain[cell] === 0) return word("atlas.untrained");
  const outcome = ownEnd(spec, outcomes, cell, layers);
  return grain[cell]! > 1 ? word("atlas.near", { outcome }) : outcome;
}

function ownEnd(
  { budget }: AtlasSpec,
  { excess, steps, divergedAt, end }: Outcomes,
  cell: number,
  layers: number,
): string {
  if (!Number.isNaN(divergedAt[cell]))
    return word("figure.divergedAt", { step: formatCount(divergedAt[cell]!) });
  const code = end?.[cell] ?? Number.NaN;
  const value = word("landscape.excess", { value: formatValue(excess[cell]) });
  if (code === STALLED) return word("basins.stalledAt", { value });
  if (code === DESCENDING) return word("basins.descendingAt", { steps: formatCount(budget.steps), value });
  return word("basins.optimum", { pattern: patternName(code, layers), steps: formatCount(steps[cell]!) });
}

/** Layers of the networks of a map whose depth is no axis; an axis of depth says for itself. */
export function layersAt({ spec, x, y }: Pick<Atlas, "spec" | "x" | "y">, cell: number): number {
  if (spec.x.quantity === "depth") return x[cell % spec.columns]!;
  if (spec.y.quantity === "depth") return y[Math.floor(cell / spec.columns)]!;
  return depthOf(networkOf(spec));
}

/** The networks of a request; one that leaves them out has the defaults. */
export function networkOf({ experiment }: Pick<AtlasSpec, "experiment">): Network {
  return (experiment.network as Network | undefined) ?? { kind: "linear", width: 8, layers: 16 };
}

/** A picture to begin with. */
export interface Example {
  id: string;
  title: string;
  hint: Word;
  experiment: ExperimentInput;
  form: Partial<AtlasForm>;
}

const chain = (start: readonly number[]): ExperimentInput => ({
  network: { kind: "linear", width: 1, layers: start.length },
  target: { kind: "diagonal", values: [1] },
  optimizer: { kind: "gradientDescent", learningRate: 0.02 },
  twins: [{ parametrization: "standard", start: givenStart(Float32Array.from(start)) }],
});

const square = (range: string): Partial<AtlasForm> => ({
  x: { quantity: "alongU", scale: "linear", low: `-${range}`, high: range },
  y: { quantity: "alongV", scale: "linear", low: `-${range}`, high: range },
  threshold: "0.01",
  steps: "1000",
});

export const EXAMPLES: readonly Example[] = [
  {
    id: "two",
    title: "w₁w₂ = 1",
    hint: "basins.two",
    experiment: chain([-1.7, 1.2]),
    form: { starts: { kind: "coordinates", first: 0, second: 1 }, ...square("3") },
  },
  {
    id: "three",
    title: "w₁w₂w₃ = 1",
    hint: "basins.three",
    experiment: chain([1.4, -0.9, 0.6]),
    form: { starts: { kind: "coordinates", first: 0, second: 1 }, ...square("2") },
  },
  {
    id: "negative",
    title: word("basins.negativeTitle"),
    hint: "basins.negative",
    experiment: {
      network: { kind: "linear", width: 2, layers: 3 },
      target: { kind: "negativeEigenvalue", eigenvalue: -0.5, condition: 1 },
      optimizer: { kind: "gradientDescent", learningRate: 0.02 },
      twins: [
        { parametrization: "identity", start: { kind: "identity" } },
        { parametrization: "identity", start: { kind: "zeroAsymmetric" } },
      ],
    },
    form: { starts: { kind: "coordinates", first: 3, second: 11 }, ...square("2") },
  },
];
