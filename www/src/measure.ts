// What a network's height on its landscape is called.
import type { NetworkSpec } from "./engine/types";

export type Measure = "excess risk" | "loss";

/** Of linear networks where none is known yet. */
export function measureOf(network: NetworkSpec | undefined): Measure {
  return network?.kind === "relu" ? "loss" : "excess risk";
}

/** As the first word of a sentence. */
export function capital(measure: string): string {
  return measure.charAt(0).toUpperCase() + measure.slice(1);
}
