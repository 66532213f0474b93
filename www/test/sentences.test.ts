// What the crate and the engine say in English, and its translations.
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { pieces } from "../src/said";
import { translator } from "../src/sentences";

const root = resolve(__dirname, "../..");
const folder = resolve(root, "www/messages/sentences");

describe("a translator", () => {
  const german = translator({
    "allowed is {1}; {2}": "erlaubt ist {1}; {2}",
    "a whole number from {1} to {2}": "eine ganze Zahl von {1} bis {2}",
    "a whole number from {1} to data.points": "eine ganze Zahl von {1} bis zur Zahl der Punkte",
    "got {1}": "angegeben ist {1}",
    "two of {1} (of {2})": "von {2} zwei, {1}",
    images: "Bilder",
  });

  test.each([
    [
      "allowed is a whole number from 1 to 64; got 65",
      "erlaubt ist eine ganze Zahl von 1 bis 64; angegeben ist 65",
    ],
    ["network.width: allowed is cpu; got 3", "network.width: erlaubt ist cpu; angegeben ist 3"],
    // The pattern that says more itself counts, wherever it stands.
    [
      "got a whole number from 1 to data.points",
      "angegeben ist eine ganze Zahl von 1 bis zur Zahl der Punkte",
    ],
    ["images: got 7.", "Bilder: angegeben ist 7."],
    ["my file: 2.csv: got 7", "my file: 2.csv: angegeben ist 7"],
    ["two of 3 (of 4)", "von 4 zwei, 3"],
  ])("%s", (sentence, translated) => {
    expect(german(sentence)).toBe(translated);
  });

  test("has nothing for what it does not know", () => {
    expect(german("something else")).toBeUndefined();
    expect(german("network.width: something else")).toBeUndefined();
    expect(german("two of 3 [of 4]")).toBeUndefined();
  });
});

test("what has no translation is English among the page's own words", () => {
  expect(pieces("Nein: \u2068no such thing\u2069!")).toEqual([
    { text: "Nein: ", english: false },
    { text: "no such thing", english: true },
    { text: "!", english: false },
  ]);
});

/** Sources that say nothing to people who use the page, or have their words translated elsewhere (presets). */
const OTHERS = /presets|class_names|\/kernels\/|\/verify\/|\/tests?[./]|\/bin\/|_tests/;
/** What a string literal is for, by what stands before it, if it is for no one who uses the page. */
const FOR_NOBODY =
  /(expect\(|unreachable!\(|panic!\(|assert!\([^;]*|reason =|feature =|label:|debug_struct\(|#\[doc =)\s*$/;
/** Words of files, of the native command, of shaders and of graphs: no sentences. */
const NO_SENTENCE =
  /^(identity-lab | at line |const |(start →|\{first\} →|towards |random direction|first |second |negative gradient|largest |most negative|parameter |constructed|no (moments|corrections|order)|prefix |burn autodiff|hand-written|a GPU that|Caused by)|\{name\} through|from 2 to|at least $)/;

const sources = (folder: string, wanted: (name: string) => boolean): string[] =>
  readdirSync(resolve(root, folder), { recursive: true, encoding: "utf8" })
    .filter(wanted)
    .map((name) => readFileSync(resolve(root, folder, name), "utf8"));

/** The sentences and parts of sentences in the crate, as they are in its sources, with a 7 for every value. */
function ofTheCrate(): string[] {
  const files = sources("crate", (name) => name.endsWith(".rs") && !OTHERS.test(`/${name}`));
  return files.flatMap((source) => {
    const code = source
      .split(/#\[cfg\(test\)\]\s*mod/)[0]!
      .replace(/^\s*\/\/.*$/gm, "")
      .replaceAll(`'"'`, "' '");
    return [...code.matchAll(/"((?:[^"\\]|\\.)*)"/gs)]
      .filter(({ index }) => !FOR_NOBODY.test(code.slice(0, index)))
      .map(([, text]) => text!.replace(/\\\n\s*/g, ""))
      .filter(
        (text) =>
          /[a-z]{2,}\W+(.*\W)?[a-z]{2,}/.test(text.replace(/\{\w*\}/g, "")) &&
          text.includes(" ") &&
          !NO_SENTENCE.test(text),
      )
      .map((text) => text.replaceAll('\\"', '"').replace(/\{(\w*(:[^{}]*)?)\}/g, "7"));
  });
}

/** All code that may say something, joined lines and all. */
const code = [
  ...sources("crate", (name) => name.endsWith(".rs")),
  ...sources("www/src", (name) => name.endsWith(".ts") && !name.startsWith("wasm")),
]
  .join("\n")
  .replace(/\\\n\s*/g, "")
  .replaceAll('\\"', '"');

/** What the engine refuses in the browser, before or beside the crate. */
const ofTheEngine = () =>
  [...code.matchAll(/\b(?:LabError|Unstarted)\(\s*(?:"([^"]+)"|`((?:[^`$]|\$\{[^}]*\})+)`)/g)]
    .map(([, plain, template]) => (plain ?? template!).replace(/\$\{[^}]*\}/g, "7"))
    .filter((text) => !/^7( Training|$)/.test(text));

describe.each(readdirSync(folder))("%s", (file) => {
  const pairs = JSON.parse(readFileSync(resolve(folder, file), "utf8")) as Record<string, string>;
  const translate = translator(pairs);
  const places = (text: string) => [...text.matchAll(/\{\d+\}/g)].map(([place]) => place).sort();

  test("keeps all places", () => {
    const wrong = Object.entries(pairs).filter(
      ([from, to]) => to.trim() === "" || String(places(from)) !== String(places(to)),
    );
    expect(wrong).toEqual([]);
  });

  test("has everything that the crate says to people who use the page", () => {
    const said = ofTheCrate();
    expect(said.length).toBeGreaterThan(250);
    // Of some the crate says the end elsewhere.
    const known = (sentence: string) => [sentence, `${sentence}; got 7`].some((text) => translate(text));
    expect(said.filter((sentence) => !known(sentence))).toEqual([]);
  });

  test("has what the engine refuses in the browser", () => {
    expect(ofTheEngine().length).toBeGreaterThan(10);
    expect(ofTheEngine().filter((sentence) => !translate(sentence))).toEqual([]);
  });

  test("has nothing that no one says any more", () => {
    const idle = Object.keys(pairs).filter((from) =>
      from.split(/; \{\d+\}$|\{\d+\}/).some((piece) => piece.length > 5 && !code.includes(piece.trim())),
    );
    expect(idle).toEqual([]);
  });
});
