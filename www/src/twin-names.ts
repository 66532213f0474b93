// What the two networks of a run are called, and which of two colours each has.
import { startTitle } from "./starts";
import type { Parametrization, TwinSpec } from "./engine";
import { word } from "./words";

export interface TwinName {
  name: string;
  /** The colour: that of its parametrization, unless both are of one kind. */
  colour: Parametrization;
}

const LAYERS = {
  linear: { identity: "twins.identityLayers", standard: "twins.standardLayers" },
  relu: { identity: "twins.residualBlocks", standard: "twins.plainBlocks" },
} as const;

/** What the layers of a network are, as a title. */
export function layersTitle(
  { parametrization }: Pick<TwinSpec, "parametrization">,
  classifier: boolean,
): string {
  return word(LAYERS[classifier ? "relu" : "linear"][parametrization]);
}

/** Whether both networks have layers of one kind, so that only their starts tell them apart. */
export function alike({ twins: [first, second] }: { twins: readonly TwinSpec[] }): boolean {
  return first !== undefined && second !== undefined && first.parametrization === second.parametrization;
}

/** By their layers; where these are the same, by their starts. */
export function twinNames(twins: readonly TwinSpec[]): TwinName[] {
  if (!alike({ twins })) {
    return twins.map(({ parametrization }) => ({
      name: word(`twins.${parametrization}`),
      colour: parametrization,
    }));
  }
  const starts = twins.map(({ start }) => word("twins.start", { start: startTitle(start.kind) }));
  const told = starts[0] === starts[1] ? [word("twins.first"), word("twins.second")] : starts;
  return told.map((name, i) => ({ name, colour: i === 0 ? "identity" : "standard" }));
}
