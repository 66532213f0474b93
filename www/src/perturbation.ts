// The size of a perturbation as a person sets it: places of a slider on a logarithmic scale. No DOM.

/** Relative sizes at both ends of the slider. */
export const LEAST = 1e-6;
export const MOST = 1;
/** Places of the slider. */
export const PLACES = 60;

/** The relative size at a place: two digits, so that what is read is what is meant. */
export function sizeAt(place: number): number {
  return Number((LEAST * (MOST / LEAST) ** (place / PLACES)).toPrecision(2));
}

/** A perturbation and what it leaves. */
export interface Tried {
  relative: number;
  seed: number;
  fitted: number;
}

/** 3.2 % */
export function percentOf(relative: number): string {
  return `${Number((100 * relative).toPrecision(2))} %`;
}
