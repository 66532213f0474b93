// What the elements say, in the language of the page (<html lang>). Messages are in messages/<language>.json, one file
// for people who translate; English comes with the code, and stands in for what another language lacks. Names in braces
// take values; there are no plurals, since a wording without them is found sooner than a rule for every language. At
// this size that needs no library.
import en from "../messages/en.json";

export type Word = keyof typeof en;

type Messages = Partial<Record<Word, string>>;

const OTHERS = import.meta.glob<Messages>(["../messages/*.json", "!../messages/en.json"], {
  import: "default",
});

/** Workers and tests have no page. */
const wanted = typeof document === "undefined" ? "en" : document.documentElement.lang;
const load = OTHERS[`../messages/${wanted}.json`];

/** The language of the messages in use. */
export const language = load ? wanted : "en";

// Whoever imports this waits until the messages are here, so that no element shows English first. On English pages there
// is nothing to wait for; where the file cannot be fetched the page works in English.
const own: Messages = load ? await load().catch(() => ({})) : {};

/** What the page's language has for something that the code has no English message of: the crate says that itself. */
export function translation(key: string): string | undefined {
  return own[key as Word];
}

/** The message, with a value for every name in braces. */
export function word(key: Word, values: Readonly<Record<string, string | number>> = {}): string {
  return (own[key] ?? en[key]).replace(/\{(\w+)\}/g, (name, key: string) => String(values[key] ?? name));
}

/** The same in pieces, for values that are more than text. */
export function phrase(key: Word, values: Readonly<Record<string, unknown>>): unknown[] {
  return (own[key] ?? en[key]).split(/\{(\w+)\}/).map((piece, i) => (i % 2 === 1 ? values[piece] : piece));
}
