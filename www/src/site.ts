// Where the pages of the site are: those in English in its folder, those of another language in one below it.
import { LAB } from "../story/chapters";

/** The site's folder, for scripts of its own pages. */
export function site(): URL {
  return new URL(document.documentElement.lang === "en" ? "./" : "../", document.baseURI);
}

/** In the language of this page: whoever has pages has the lab. */
export function labPage(): string {
  return new URL(LAB, document.baseURI).href;
}

/** The page of figures beside the lab at that address, and in its language. */
export function figurePage(lab: string): string {
  return new URL("figure.html", new URL(lab, document.baseURI)).href;
}
