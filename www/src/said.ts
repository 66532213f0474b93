// Sentences of the engine and the crate, which speak English whatever the page speaks. Among those of the page they stand
// between signs that Unicode has for that, which no one sees: so they can be put together with others and kept as text
// until an element shows them, marked as English.
import { NO_ADAPTER, NO_WEBGPU } from "./engine/adapter";
import { asLabError, LabError } from "./engine/types";
import { language, translation } from "./words";

const [FIRST, LAST] = ["\u2068", "\u2069"];

/** What the page itself refuses, in its own language. */
export class Refusal extends LabError {}

/** What the engine says so often that other languages have it. */
const OFTEN: Readonly<Record<string, string>> = {
  [NO_WEBGPU]: "engine.noWebgpu",
  [NO_ADAPTER]: "engine.noAdapter",
};

export function english(sentence: string): string {
  if (language === "en" || sentence === "") return sentence;
  const often = OFTEN[sentence];
  return (often && translation(often)) || FIRST + sentence + LAST;
}

/** Why something failed. */
export function whyOf(error: unknown): string {
  const { message } = asLabError(error);
  return error instanceof Refusal ? message : english(message);
}

/** In an element that is no template's. */
export function put(element: Element, text: string): void {
  const parts = pieces(text).map((part, i) => {
    if (i % 2 === 0) return part;
    const span = document.createElement("span");
    span.lang = "en";
    span.textContent = part;
    return span;
  });
  element.replaceChildren(...parts);
}

/** The pieces of a text, every second of them English. */
export function pieces(text: string): string[] {
  return text.split(new RegExp(`[${FIRST}${LAST}]`));
}
