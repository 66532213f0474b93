// What a figure can show, and what it must keep fresh for that.
import { Refusal } from "../said";
import { word } from "../words";

export const PARTS = [
  "landscapes",
  "chart",
  "gradient",
  // Nothing to be seen, but numbers for the text: how far layers are from the identity.
  "norms",
  "spectra",
  "layers",
  "decision",
  "hidden",
  "near",
  "certificate",
  "ball",
  "eigenvalues",
] as const;

export type Part = (typeof PARTS)[number];

/** The parts of an attribute, such as "landscapes chart"; throws a sentence where one is unknown. */
export function partsOf(text: string | null): ReadonlySet<Part> {
  const names = (text ?? "landscapes chart").split(/[\s,]+/).filter(Boolean);
  const unknown = names.find((name) => !PARTS.some((part) => part === name));
  if (unknown !== undefined)
    throw new Refusal(word("figure.unknownPart", { allowed: PARTS.join(", "), got: unknown }));
  return new Set(names as Part[]);
}

const COUNTED: readonly Part[] = ["norms", "spectra", "layers", "decision", "hidden", "near", "eigenvalues"];

/** Whether spectra, parameters or pictures of classifiers are wanted. */
export const counts = (parts: ReadonlySet<Part>) => COUNTED.some((part) => parts.has(part));
