// Planes as short names for addresses and menus: hessian.both, random.filter, coordinates.3.17, …
import { formatValue } from "./draw/scale";
import {
  hasFixedMaps,
  widthOf,
  type Captured,
  type NetworkSpec,
  type Parametrization,
  type PlaneSpec,
} from "./engine/types";
import { Refusal } from "./said";
import { word, type Word } from "./words";

export function planeName(plane: PlaneSpec): string {
  switch (plane.kind) {
    case "random":
      return `random.${plane.normalization ?? "none"}`;
    case "hessian":
      return `hessian.${plane.ends ?? "top"}`;
    case "points":
      return `points.${plane.points.join(".")}`;
    case "coordinates":
      return `coordinates.${plane.first}.${plane.second}`;
    default:
      return plane.kind;
  }
}

const isPoint = (name: string) => /^(start|iterate|other|optimum|kept\d+)$/.test(name);

/** The plane of a name; throws a sentence where there is none. */
export function planeNamed(name: string): PlaneSpec {
  const [kind, option, last, ...more] = name.split(".");
  switch (kind) {
    case "startCurrent":
    case "trajectory":
    case "gradient":
    case "optimum":
      if (option === undefined) return { kind };
      break;
    case "random": {
      const normalization = option ?? "none";
      if (normalization === "none" || normalization === "filter" || normalization === "layer") {
        return { kind, normalization };
      }
      break;
    }
    case "hessian": {
      const ends = option ?? "top";
      if (ends === "top" || ends === "both") return { kind, ends };
      break;
    }
    case "points": {
      const points = [option ?? "start", last ?? "iterate", more[0] ?? "optimum"] as const;
      if (points.every(isPoint) && more.length < 2) return { kind, points: [...points] };
      break;
    }
    case "coordinates": {
      const [first, second] = [Number(option ?? 0), Number(last ?? 1)];
      if (Number.isInteger(first) && Number.isInteger(second) && first >= 0 && second >= 0) {
        return { kind, first, second };
      }
      break;
    }
  }
  throw new Refusal(word("plane.allowed", { name }));
}

/** What the engine calls places and directions. */
const TITLES: Record<string, Word> = {
  start: "plane.start",
  iterate: "plane.iterate",
  other: "plane.other",
  optimum: "plane.optimum",
  "the iterate": "plane.theIterate",
  "constructed optimum": "plane.constructed",
  "random direction": "plane.random",
  "first principal component": "plane.component1",
  "second principal component": "plane.component2",
  "negative gradient": "plane.gradient",
  "largest curvature": "plane.largest",
  "second largest": "plane.secondLargest",
  "most negative curvature": "plane.mostNegative",
};

/** The same in the language of the page; what it does not know stays as it is. */
export function placeTitle(label: string): string {
  const towards = /^towards (.+)$/.exec(label)?.[1];
  if (towards) return word("plane.towards", { place: placeTitle(towards) });
  const [, name, number] = /^(parameter|random direction) (\d+)$/.exec(label) ?? [];
  if (number) return `${word(name === "parameter" ? "plane.parameter" : "plane.random")} ${number}`;
  if (label.includes(" → ")) return label.split(" → ").map(placeTitle).join(" → ");
  const title = TITLES[label];
  return title ? word(title) : label;
}

/** What an axis is, with its curvature where it was chosen by that. */
export function axisLabel(
  { labels, captured }: { labels: readonly [string, string]; captured: Captured | undefined },
  axis: 0 | 1,
): string {
  const label = placeTitle(labels[axis]);
  if (captured?.kind !== "curvature") return label;
  return `${label}, λ = ${formatValue(axis === 0 ? captured.first : captured.second)}`;
}

const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";

/** The two entries that a plane of coordinates varies, such as A₂ or W₃[1, 2]; undefined for other planes. */
export function entryNames(
  spec: PlaneSpec,
  network: NetworkSpec,
  parametrization: Parametrization,
): [string, string] | undefined {
  if (spec.kind !== "coordinates" || network.kind !== "linear" || hasFixedMaps(network)) return undefined;
  const width = widthOf(network);
  const letter = parametrization === "identity" ? "A" : "W";
  const name = (index: number) => {
    const layer = String(Math.floor(index / width ** 2) + 1).replace(
      /\d/g,
      (digit) => SUBSCRIPTS[Number(digit)]!,
    );
    const entry = index % width ** 2;
    const place = width === 1 ? "" : `[${Math.floor(entry / width) + 1}, ${(entry % width) + 1}]`;
    return `${letter}${layer}${place}`;
  };
  return [name(spec.first), name(spec.second)];
}
