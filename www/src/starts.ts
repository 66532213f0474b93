// Starts that are given as parameters, such as a place chosen on a landscape.
import { toBase64 } from "./engine/base64";
import type { StartSpec, TwinSpec } from "./engine/types";
import { word } from "./words";

export function givenStart(parameters: Float32Array, gains = false): StartSpec {
  return { kind: "given", parameters: toBase64(parameters), ...(gains ? { gains } : {}) };
}

/** What a start is called, in menus and in the names of networks. */
export function startTitle(kind: StartSpec["kind"]): string {
  return word(`start.${kind}`);
}

/** Whether the α of a classifier's blocks are trained from there. */
export function trainsGains(start: StartSpec): boolean {
  return start.kind === "skipInit" || start.kind === "reZero" || (start.kind === "given" && !!start.gains);
}

/** Given parameters belong to one shape; networks of another go on with the usual starts. */
export function withoutGiven(twins: readonly TwinSpec[]): TwinSpec[] {
  return twins.map((twin): TwinSpec => {
    if (twin.start.kind !== "given") return twin;
    const identity = twin.parametrization === "identity";
    return { ...twin, start: identity ? { kind: "identity" } : { kind: "xavier", scale: 1 } };
  });
}
