// Which pages there are in which language.
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { LANGUAGES, PAGES, type Language } from "./chapters";

export const WWW = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/** From a page of that language to the site's folder. */
export const root = (language: Language) => (language === "en" ? "./" : "../");

/** A page's place in www/, whether or not there is such a page. */
export const pathOf = (language: Language, file: string) =>
  language === "en" ? file : `${language}/${file}`;

export const exists = (language: Language, file: string) => existsSync(resolve(WWW, pathOf(language, file)));

/** Where a page of one language leads to for a file: to its own language if that has it, else to English. */
export const linkTo = (language: Language, file: string) =>
  exists(language, file) ? `./${file}` : root(language) + file;

/** Every page, in every language that has it. */
export const allPages = () =>
  LANGUAGES.flatMap((language) =>
    PAGES.filter((file) => exists(language, file)).map((file) => pathOf(language, file)),
  );

/** A page's place in the site: its file's name and its language. */
export interface Place {
  file: string;
  language: Language;
}

/** From a page to itself in another language. */
export const inLanguage = ({ file, language }: Place, other: Language) =>
  root(language) + pathOf(other, file);

/** The languages that have a page. */
export const languagesOf = ({ file }: Place) => LANGUAGES.filter((language) => exists(language, file));
