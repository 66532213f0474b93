// Sentences of the engine and the crate, which speak English whatever the page speaks. Among the page's own they stand
// between signs that Unicode has for that, which no one sees: so they can be put together with others and kept as text
// until an element shows them. There they are translated, or marked as English where messages/sentences/ has nothing.
import { asLabError, LabError } from "./engine/types";
import { translator, type Translate } from "./sentences";
import { language } from "./words";

const [FIRST, LAST] = ["\u2068", "\u2069"];

/** What the page itself refuses, in its own language. */
export class Refusal extends LabError {}

let translate: Translate = () => undefined;
let coming: Promise<void> | undefined;

/** Settles once the translations are here, or cannot be had; fetched for the first sentence that is shown. */
export function translations(): Promise<void> {
  return (coming ??= load());
}

async function load(): Promise<void> {
  const files = import.meta.glob<Record<string, string>>("../messages/sentences/*.json", {
    import: "default",
  });
  const pairs = await files[`../messages/sentences/${language}.json`]?.().catch(() => undefined);
  if (pairs) translate = translator(pairs);
}

/** A sentence of the engine or the crate, to be put among the page's own. */
export function english(sentence: string): string {
  return language === "en" || sentence === "" ? sentence : FIRST + sentence + LAST;
}

/** Why something failed. */
export function whyOf(error: unknown): string {
  const { message } = asLabError(error);
  return error instanceof Refusal ? message : english(message);
}

/** A piece of a text; English where it is neither the page's own nor translated. */
export interface Piece {
  readonly text: string;
  readonly english: boolean;
}

/** The pieces of a text as they are to be shown. */
export function pieces(text: string): Piece[] {
  return text.split(new RegExp(`[${FIRST}${LAST}]`)).map((piece, i) => {
    const translated = i % 2 === 1 ? translate(piece) : piece;
    return { text: translated ?? piece, english: translated === undefined };
  });
}

/** In an element that is no template's. */
export function put(element: Element, text: string): void {
  const show = () =>
    element.replaceChildren(
      ...pieces(text).map((piece) => {
        if (!piece.english) return piece.text;
        const span = document.createElement("span");
        span.lang = "en";
        span.textContent = piece.text;
        return span;
      }),
    );
  show();
  const shown = element.textContent;
  // Meanwhile it may have been given something else to show.
  void translations().then(() => element.textContent === shown && show());
}
