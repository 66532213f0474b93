// Vite plugin: the web app manifest of each language, by which browsers offer to install the site.
import type { Plugin } from "vite";
import { LAB, LANGUAGES, type Language } from "./chapters";
import { exists, linkTo, pathOf, root } from "./pages";
import { wordsOf } from "./words";

export const MANIFEST = "manifest.webmanifest";

/** In public/icons; the pictures are drawn from icon.svg, those that systems cut to a shape of their own to the edge. */
const ICONS = [
  { file: "icon.svg", sizes: "any", type: "image/svg+xml" },
  { file: "icon-192.png", sizes: "192x192", type: "image/png" },
  { file: "icon-512.png", sizes: "512x512", type: "image/png" },
  { file: "maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
];

function manifest(language: Language): object {
  const words = wordsOf(language);
  return {
    // Without an `id`, which would be one of the whole host and not of the folder that the site stands in.
    name: "Identity Lab",
    description: words["site.description"],
    lang: language,
    start_url: "./index.html",
    // All of the site: whoever changes the language stays in the app.
    scope: root(language),
    display: "standalone",
    background_color: "#f6f6f3",
    theme_color: "#0f766e",
    categories: ["education"],
    icons: ICONS.map(({ file, ...rest }) => ({ src: `${root(language)}icons/${file}`, ...rest })),
    shortcuts: [
      { name: words["chapter.lab"], url: linkTo(language, LAB) },
      { name: words["site.class"], url: linkTo(language, "class.html") },
    ],
  };
}

export function manifests(): Plugin {
  return {
    name: "identity-lab-manifest",
    apply: "build",
    generateBundle() {
      for (const language of LANGUAGES.filter((name) => exists(name, "index.html")))
        this.emitFile({
          type: "asset",
          fileName: pathOf(language, MANIFEST),
          source: JSON.stringify(manifest(language)),
        });
    },
  };
}
