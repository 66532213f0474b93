// The chapters of the story in their order, the pages of the site, and its languages.

/** English pages stand in www/, those of another language in a folder of its name. */
export const LANGUAGES = ["en", "de"] as const;

export type Language = (typeof LANGUAGES)[number];

export const CHAPTERS = [
  { id: "why", file: "index.html" },
  { id: "landscapes", file: "landscapes.html" },
  { id: "near", file: "near.html" },
  { id: "failing", file: "failing.html" },
  { id: "fitting", file: "fitting.html" },
  { id: "images", file: "images.html" },
  { id: "maps", file: "maps.html" },
] as const;

export type ChapterId = (typeof CHAPTERS)[number]["id"];

export const LAB = "lab.html";

/** Pages beside the story, with a script of their own. */
export const OTHERS = [
  { file: "class.html", script: "/src/class/main.ts", bare: false },
  // Stands in other people's pages: nothing around it.
  { file: "figure.html", script: "/src/figure/page.ts", bare: true },
] as const;

/** Every page of the site. */
export const PAGES = [...CHAPTERS.map(({ file }) => file), LAB, ...OTHERS.map(({ file }) => file)];
