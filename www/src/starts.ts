// Starts that are given as parameters, such as a place chosen on a landscape.
import { toBase64 } from "./engine/base64";
import type { StartSpec, TwinSpec } from "./engine/types";

export function givenStart(parameters: Float32Array): StartSpec {
  return { kind: "given", parameters: toBase64(parameters) };
}

/** Given parameters belong to one shape; networks of another go on with the usual starts. */
export function withoutGiven(twins: readonly TwinSpec[]): TwinSpec[] {
  return twins.map((twin): TwinSpec => {
    if (twin.start.kind !== "given") return twin;
    const identity = twin.parametrization === "identity";
    return { ...twin, start: identity ? { kind: "identity" } : { kind: "xavier", scale: 1 } };
  });
}
