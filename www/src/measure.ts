// What a network's height on its landscape is called.
import type { NetworkSpec } from "./engine/types";

export type Measure = "excess risk" | "loss";

export function measureOf(network: NetworkSpec): Measure {
  return network.kind === "linear" ? "excess risk" : "loss";
}

/** As the first word of a sentence. */
export function capital(measure: string): string {
  return measure.charAt(0).toUpperCase() + measure.slice(1);
}
