// Vite plugin: what surrounds every chapter, and formulas and citations in it, made when the page is built, so that a
// chapter can be read without JavaScript.
import { basename, dirname, relative } from "node:path";
import type { HtmlTagDescriptor, Plugin } from "vite";
import { CHAPTERS, LAB, LANGUAGES, OTHERS, type Language } from "./chapters";
import { withReferences } from "./citations";
import { withFormulas } from "./formulas";
import { head } from "./head";
import { inLanguage, languagesOf, linkTo, WWW, type Place } from "./pages";
import { wordsOf, type Words } from "./words";

/** The lab's sign: a glyph of its own would have to be looked for in all the fonts of a computer. */
const FLASK = `<svg class="flask" viewBox="0 0 16 16" aria-hidden="true"><path d="M6 2h4M7 2v4.5L3.2 12.6A.9.9 0 0 0 4 14h8a.9.9 0 0 0 .8-1.4L9 6.5V2M5 10h6"/></svg>`;

/** The way to all chapters, the present one marked. */
function navigation(words: Words, language: Language, at: number): string {
  const items = CHAPTERS.map(({ id, file }, i) => {
    const current = i === at ? ' aria-current="page"' : "";
    return `<li><a href="${linkTo(language, file)}"${current}><b>${i + 1}</b> <span>${words[`chapter.${id}`]}</span></a></li>`;
  });
  const lab = `<li><a href="${linkTo(language, LAB)}"><b>${FLASK}</b> <span>${words["chapter.lab"]}</span></a></li>`;
  return `<nav class="chapters" aria-label="${words["nav.chapters"]}"><ol>${items.join("")}${lab}</ol></nav>`;
}

/** The same page in the other languages. */
function switches(place: Place): string {
  return languagesOf(place)
    .filter((other) => other !== place.language)
    .map(
      (other) =>
        `<a class="language" href="${inLanguage(place, other)}" hreflang="${other}" lang="${other}">${wordsOf(other)["language"]}</a>`,
    )
    .join("");
}

function top(words: Words, place: Place): string {
  return `<a class="skip" href="#text">${words["nav.skip"]}</a>
<header class="top">
  <div class="brand"><a href="${linkTo(place.language, "index.html")}">Identity Lab</a></div>
  ${switches(place)}
  <button id="present" type="button" hidden>${words["nav.present"]}</button>
  <lab-theme></lab-theme>
</header>`;
}

/** Before and after, at a chapter's end. */
function turning(words: Words, language: Language, at: number): string {
  const before = CHAPTERS[at - 1];
  const after = CHAPTERS[at + 1];
  const link = (rel: string, file: string, small: string, title: string) =>
    `<a rel="${rel}" href="${linkTo(language, file)}"><small>${small}</small>${title}</a>`;
  return `<nav class="turning" aria-label="${words["nav.turning"]}">
${before ? link("prev", before.file, words["nav.before"]!, words[`chapter.${before.id}`]!) : "<span></span>"}
${
  after
    ? link("next", after.file, words["nav.after"]!, words[`chapter.${after.id}`]!)
    : link("next", LAB, words["nav.after"]!, words["chapter.lab"]!)
}
</nav>`;
}

function placeOf(filename: string): Place {
  const path = relative(WWW, filename);
  const folder = dirname(path);
  return { file: basename(path), language: LANGUAGES.find((name) => name === folder) ?? "en" };
}

const SHARED: HtmlTagDescriptor = {
  tag: "link",
  attrs: { rel: "stylesheet", href: "/src/story.css" },
  injectTo: "head",
};

/** Where a page says to screen readers what happens. */
const LIVE = '<p class="visually-hidden" role="status" id="live"></p>';

/**
 * A chapter's styles, and then its layout, in tasks of their own: all in the first frame they were its longest task. With
 * a processor four times slower the longest is 70 ms instead of 111 over Fast 3G (medians of seven, in turn), and no longer
 * 120 to 220 in one visit of four where all files are there at once.
 */
const APART =
  "<script>getComputedStyle(document.body).color; setTimeout(function () { document.body.offsetHeight; });</script>";

/** The first frame waits for the styles: until what stands behind them is there. */
const FIRST_FRAME: HtmlTagDescriptor = {
  tag: "link",
  attrs: { rel: "expect", href: "#live", blocking: "render", "vite-ignore": true },
  injectTo: "head-prepend",
};

/** A page beside the story. */
function beside(
  html: string,
  words: Words,
  place: Place,
  { script, bare }: { script: string; bare: boolean },
): string {
  if (bare) return html.replace("</body>", `<script type="module" src="${script}"></script></body>`);
  return html
    .replace("<main>", `${top(words, place)}\n<main id="text">`)
    .replace("</body>", `${end(words, place.language, script)}</body>`);
}

function end(words: Words, language: Language, script: string): string {
  return `<footer>
<p>${words["footer.private"]}</p>
<p>${words["footer.teaching"]} <a href="${linkTo(language, "class.html")}">${words["footer.class"]}</a>.</p>
</footer>
${LIVE}
<script type="module" src="${script}"></script>`;
}

export function story(): Plugin {
  return {
    name: "identity-lab-story",
    transformIndexHtml: {
      order: "pre",
      handler(html, { filename }) {
        const place = placeOf(filename);
        const { file, language } = place;
        const words = wordsOf(language);
        const other = OTHERS.find((page) => page.file === file);
        if (other) return { html: beside(html, words, place, other), tags: [...head(place), SHARED] };
        const at = CHAPTERS.findIndex((chapter) => chapter.file === file);
        // The lab has everything of its own but the head and the way to other languages.
        if (at < 0) {
          const header = html.replace("<lab-badge>", `${switches(place)}\n      <lab-badge>`);
          return { html: header, tags: head(place) };
        }
        const { text, references } = withReferences(html, words);
        const dressed = withFormulas(text)
          .replace("<main>", `${top(words, place)}\n${navigation(words, language, at)}\n<main id="text">`)
          .replace("</main>", `${references}\n${turning(words, language, at)}\n</main>`)
          .replace("</body>", `${end(words, language, "/src/story/main.ts")}</body>`)
          .replace(LIVE, `${APART}\n${LIVE}`);
        return { html: dressed, tags: [...head(place), SHARED, FIRST_FRAME] };
      },
    },
  };
}
