// What the elements say, in the language of the page (<html lang>). Messages are in messages/<language>.json, one file
// for people who translate; English comes with the code, and stands in for what another language lacks. Names in braces
// take values; there are no plurals, since a wording without them is found sooner than a rule for every language. At
// this size that needs no library.
//
// On the site messages are there before any module runs: a page of another language has them in a script before those
// (story/messages.ts). No module waits for them in its own body, `await` at the top level: browsers made with WebKit
// then evaluate modules that import it before it is done, and nothing works.
import en from "../messages/en.json";

export type Word = keyof typeof en;

export type Messages = Partial<Record<Word, string>>;

declare global {
  /** The messages of the page, where a script has put them. */
  var identityLabMessages: { language: string; messages: Messages } | undefined;
}

/** The language of the messages in use. */
export let language = "en";
let own: Messages = {};

function use(given: { language: string; messages: Messages }): void {
  language = given.language;
  own = given.messages;
}

// Workers and tests have none.
if (globalThis.identityLabMessages) use(globalThis.identityLabMessages);

let coming: Promise<void> = Promise.resolve();

/** Resolves once the messages are here, as they are at once on the site. */
export const wordsAreHere = () => coming;

/** Messages that are on their way; where they cannot be had, English stays. */
export function expectWords(language: string, load: () => Promise<Messages>): void {
  coming = load().then(
    (messages) => use({ language, messages }),
    () => undefined,
  );
}

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
