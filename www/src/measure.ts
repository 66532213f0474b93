// What a network and its height on a landscape are called.
import { hasFixedMaps, widthOf, type NetworkSpec } from "./engine/types";
import { word } from "./words";

export type Measure = "excess risk" | "loss";

export function measureName(measure: Measure): string {
  return word(measure === "loss" ? "measure.loss" : "measure.excessRisk");
}

/** Of linear networks where none is known yet. */
export function measureOf(network: NetworkSpec | undefined): Measure {
  return network?.kind === "relu" ? "loss" : "excess risk";
}

/** "width 8", or "width 4, 32 between fixed maps". */
export function widthText(network: NetworkSpec): string {
  const { width } = network;
  return hasFixedMaps(network)
    ? word("measure.fixedMaps", { width, hidden: widthOf(network) })
    : word("measure.widthOf", { width });
}

/** As the first word of a sentence. */
export function capital(measure: string): string {
  return measure.charAt(0).toUpperCase() + measure.slice(1);
}
