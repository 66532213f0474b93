// What follows from what the store holds.
import { computed } from "@preact/signals-core";
import { inputRange, together } from "./classifying";
import * as store from "./store";
import { twinNames } from "./twin-names";

/** What the networks of the run on show are called. */
export const names = computed(() => twinNames(store.experiment.value?.twins ?? []));

/** Of the run's points: the part of the plane that is shown, and all of them together. */
export const range = computed(() => inputRange(store.points.value));
export const everyPoint = computed(() => store.points.value && together(store.points.value));

/** The input whose Jacobians are shown; the crate takes the first point where none is chosen. */
export function chosenInput(): Float32Array | undefined {
  const { input, points } = store;
  return input.value && points.value?.dimension === 2 ? Float32Array.from(input.value) : undefined;
}
