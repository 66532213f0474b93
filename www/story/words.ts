// The messages, for what is made when the page is built.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { WWW } from "./pages";

export type Words = Record<string, string>;

/** The messages that a language has itself. */
export function ownWordsOf(language: string): Words {
  return JSON.parse(readFileSync(resolve(WWW, "messages", `${language}.json`), "utf8")) as Words;
}

/** The messages of a language, those of English where it has none. */
export function wordsOf(language: string): Words {
  return { ...ownWordsOf("en"), ...ownWordsOf(language) };
}
