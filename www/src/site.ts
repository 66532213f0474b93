// Where the pages of the site are: those in English in its folder, those of another language in one below it.
import { LAB } from "../story/chapters";
import { language } from "./words";

/** The site's folder, for scripts of its own pages. */
export function site(): URL {
  return new URL(document.documentElement.lang === "en" ? "./" : "../", document.baseURI);
}

export function labPage(): string {
  return new URL(LAB, site()).href;
}

/** The page of figures in the language of this page, beside the lab at that address. */
export function figurePage(lab: string): string {
  const folder = language === "en" ? "." : `./${language}`;
  return new URL(`${folder}/figure.html`, new URL(lab, document.baseURI)).href;
}
