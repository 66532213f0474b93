// What stands in the head of every page.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { HtmlTagDescriptor } from "vite";
import { MANIFEST } from "./manifest";
import { messagesFile } from "./messages";
import { inLanguage, languagesOf, root, WWW, type Place } from "./pages";

/** For addresses that are not among what Vite is to bundle. */
const ASIDE = { "vite-ignore": true };

const THEME = `(function () {
  var stored = null;
  // Storage may be forbidden; the system's theme is used then.
  try { stored = localStorage.getItem("identity-lab.theme"); } catch (error) {}
  var dark = matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = stored === "dark" || stored === "light" ? stored : dark ? "dark" : "light";
})();`;

/** The icon of the tab, without a request of its own. */
const ICON = `data:image/svg+xml,${encodeURIComponent(readFileSync(resolve(WWW, "public/icons/icon.svg"), "utf8").trim())}`;

/** What the page says if it is not English: deferred, as modules are, and before them. */
function messages({ language }: Place): HtmlTagDescriptor[] {
  if (language === "en") return [];
  const attrs = { defer: true, src: root(language) + messagesFile(language), ...ASIDE };
  return [{ tag: "script", attrs, injectTo: "head" }];
}

/** The theme is set before the first paint, so that a chosen one never flashes the other. */
export function head(place: Place): HtmlTagDescriptor[] {
  return [
    ...languagesOf(place).map((other): HtmlTagDescriptor => ({
      tag: "link",
      attrs: { rel: "alternate", hreflang: other, href: inLanguage(place, other), ...ASIDE },
      injectTo: "head",
    })),
    { tag: "meta", attrs: { name: "color-scheme", content: "light dark" }, injectTo: "head-prepend" },
    {
      tag: "meta",
      attrs: { name: "viewport", content: "width=device-width, initial-scale=1" },
      injectTo: "head-prepend",
    },
    { tag: "meta", attrs: { charset: "utf-8" }, injectTo: "head-prepend" },
    { tag: "link", attrs: { rel: "icon", href: ICON }, injectTo: "head" },
    {
      tag: "link",
      attrs: { rel: "apple-touch-icon", href: `${root(place.language)}icons/apple-touch-180.png`, ...ASIDE },
      injectTo: "head",
    },
    { tag: "link", attrs: { rel: "manifest", href: `./${MANIFEST}`, ...ASIDE }, injectTo: "head" },
    { tag: "script", children: THEME, injectTo: "head" },
    ...messages(place),
  ];
}
