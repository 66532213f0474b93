// The messages, for what is made when the page is built.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { WWW } from "./pages";

export type Words = Record<string, string>;

/** The messages of a language, those of English where it has none. */
export function wordsOf(language: string): Words {
  const read = (name: string) =>
    JSON.parse(readFileSync(resolve(WWW, "messages", `${name}.json`), "utf8")) as Words;
  return { ...read("en"), ...read(language) };
}
