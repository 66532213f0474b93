// The section on images as part of the page's address: images=open&images.network.start=fan&…
import { Refusal } from "./said";
import type { ImageFieldName, ImagesForm } from "./images-form";
import { word } from "./words";

const START = "images";

/** Every setting there is. */
const NAMES: readonly ImageFieldName[] = [
  "seed",
  "network.stem",
  "network.stages",
  "network.skips",
  "network.batchNorm",
  "network.trainTop",
  "network.start",
  "training.batch",
  "training.learningRate",
  "training.drops",
  "training.dropFactor",
  "training.momentum",
  "training.weightDecay",
  "training.crop",
  "training.flip",
  "training.standardize",
  "training.steps",
];

/** What the address says of the section: settings as typed, which the crate checks when they are used. */
export interface ImagesAddress {
  open: boolean;
  settings: Partial<ImagesForm>;
}

/** Whether a field of the address is of the section on images. */
export function isImages(key: string): boolean {
  return key === START || key.startsWith(`${START}.`);
}

/** The settings that differ from the section's first ones. */
export function settingsOf(form: ImagesForm, first: ImagesForm): Partial<ImagesForm> {
  return Object.fromEntries(
    NAMES.filter((name) => form[name] !== first[name]).map((name) => [name, form[name]]),
  );
}

export function writeImages({ open, settings }: ImagesAddress): Map<string, string> {
  const fields = new Map<string, string>(open ? [[START, "open"]] : []);
  for (const [name, text] of Object.entries(settings)) fields.set(`${START}.${name}`, text);
  return fields;
}

/** Undefined where the fields do not speak of the section. Throws a sentence. */
export function readImages(fields: ReadonlyMap<string, string>): ImagesAddress | undefined {
  if (fields.size === 0) return undefined;
  const settings: Partial<ImagesForm> = {};
  for (const [key, text] of fields) {
    if (key === START) {
      if (text === "open" || text === "closed") continue;
      throw new Refusal(word("address.oneOf", { field: START, names: "open", last: "closed", got: text }));
    }
    const name = NAMES.find((name) => key === `${START}.${name}`);
    if (!name) {
      const known = NAMES.map((name) => `${START}.${name}`).join(", ");
      throw new Refusal(word("address.noImages", { field: key, names: known }));
    }
    settings[name] = text;
  }
  return { open: fields.get(START) === "open", settings };
}
