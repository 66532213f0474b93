// What a person sets before a network of Theorem 3.2 is built, and the request that comes of it. No DOM.
import type { DrawnPoints, LabelledPoints, PointSet } from "./engine/expressivity";
import { Refusal } from "./said";
import { word } from "./words";

export interface ExpressivityForm {
  set: PointSet;
  /** As typed. */
  points: string;
  classes: string;
  dimension: string;
  noise: string;
  seed: string;
  /** Empty for ⌈log₂ n⌉. */
  width: string;
  onSphere: boolean;
}

interface Described {
  title: string;
  /** What is taken over when the set is chosen. */
  usual: Pick<ExpressivityForm, "points" | "classes">;
}

export const SETS: Record<PointSet, Described> = {
  spirals: { title: word("set.spirals"), usual: { points: "200", classes: "2" } },
  circles: { title: word("set.circles"), usual: { points: "200", classes: "3" } },
  moons: { title: word("set.moons"), usual: { points: "200", classes: "2" } },
  xor: { title: word("set.xor"), usual: { points: "200", classes: "2" } },
  gaussians: { title: word("set.gaussians"), usual: { points: "200", classes: "4" } },
  // The theorem's own setting, at the size of the sheet of reference numbers.
  sphere: { title: word("set.sphere"), usual: { points: "2000", classes: "10" } },
};

export const FIRST_FORM: ExpressivityForm = {
  set: "spirals",
  ...SETS.spirals.usual,
  dimension: "50",
  noise: "0",
  seed: "1",
  width: "",
  onSphere: false,
};

/** Whether a set has two classes and no other number. */
export const twoClasses = (set: PointSet) => set === "moons" || set === "xor";

/** What was typed as a number; the crate's sentence names the field of what is none. */
function number(text: string): number {
  return text.trim() === "" ? Number.NaN : Number(text.trim().replace(",", "."));
}

export function drawnOf(form: ExpressivityForm): DrawnPoints {
  const { set, points, classes, dimension, noise, seed } = form;
  return {
    set,
    points: number(points),
    classes: twoClasses(set) ? 2 : number(classes),
    dimension: set === "sphere" ? number(dimension) : 2,
    noise: number(noise),
    seed: number(seed),
  };
}

/** ⌈log₂ n⌉, at least 2. */
export function defaultWidth(points: number): number {
  return Number.isFinite(points) ? Math.max(2, Math.ceil(Math.log2(Math.max(1, points)))) : 2;
}

/** The width asked for; what is no whole number is refused with a sentence. */
export function widthOf(form: ExpressivityForm, points: number): number {
  if (form.width.trim() === "") return defaultWidth(points);
  const width = number(form.width);
  // A fraction would be cut off on its way into the crate.
  if (!Number.isInteger(width) || width < 2 || width > 512) {
    throw new Refusal(word("built.badWidth", { got: form.width.trim() }));
  }
  return width;
}

/** The seed asked for, which the crate reads as a whole number of 32 bits. */
export function seedOf({ seed }: ExpressivityForm): number {
  const value = number(seed);
  if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) {
    throw new Refusal(word("built.badSeed", { got: seed.trim() || word("built.nothing") }));
  }
  return value;
}

/** How many points there will be. */
export function countOf(data: LabelledPoints | DrawnPoints): number {
  return "set" in data ? data.points : data.labels.length;
}

const SWEEP_WIDTHS = [2, 3, 4, 6, 8, 11, 16, 23, 32, 45, 64, 91, 128, 181, 256, 400];
/** Multiply-adds of a sweep: more would take a minute. */
const SWEEP_WORK = 4e10;

/** The widths at which both constructions are compared: no wider than there are points, no longer than a minute. */
export function sweepWidths(points: number): number[] {
  let work = 0;
  return SWEEP_WIDTHS.filter((width) => {
    if (width > points) return false;
    // Two constructions, each with n · ⌈n/k⌉ · k² for building and as much for measuring.
    work += 4 * points * Math.ceil(points / width) * width ** 2;
    return work <= SWEEP_WORK;
  });
}

/** The numbers of points for which parameters are counted. */
export const GROWING: readonly number[] = [16, 32, 64, 128, 256, 512, 1024, 2048, 4096];
