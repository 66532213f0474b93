// Pages of another language against their English counterparts: the text may differ, what is tied to it may not.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { LAB, LANGUAGES, PAGES, type Language } from "../story/chapters";
import { exists, pathOf, root, WWW } from "../story/pages";

const read = (language: Language, file: string) =>
  readFileSync(resolve(WWW, pathOf(language, file)), "utf8").replace(/<!--.*?-->/gs, "");

const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found]) => found!);

/** The elements of that name, each as its attributes. */
function elements(html: string, name: string): Record<string, string>[] {
  return all(html, new RegExp(`<${name}\\b([^>]*)>`, "g")).map((attributes) =>
    Object.fromEntries(
      [...attributes.matchAll(/([a-z-]+)(?:="([^"]*)")?/g)].map(([, key, value]) => [key, value ?? ""]),
    ),
  );
}

const without = (list: Record<string, string>[], ...names: string[]) =>
  list.map((entry) => Object.fromEntries(Object.entries(entry).filter(([key]) => !names.includes(key))));

/** Without the words in them, formulas are the same; where they stand in a sentence is the translator's business. */
const formulas = (html: string) =>
  all(html, /\$\$?([^$]+)\$\$?/g)
    .map((formula) => formula.replace(/\s+/g, " ").trim())
    .sort();

const addresses = (html: string) => all(html, /<a\b[^>]*\bhref="([^"]+)"/g);

const pairs = LANGUAGES.filter((language) => language !== "en").flatMap((language) =>
  PAGES.filter((file) => exists(language, file)).map((file) => [language, file] as const),
);

test("every language has the lab: scripts of its pages lead there", () => {
  for (const language of LANGUAGES) expect(exists(language, LAB)).toBe(true);
});

test("there are translations", () => {
  expect(pairs.length).toBeGreaterThan(8);
});

describe.each(pairs)("%s/%s", (language, file) => {
  const [english, other] = [read("en", file), read(language, file)];
  const both = (pick: (html: string) => unknown) => expect(pick(other)).toEqual(pick(english));

  test("is in its language", () => {
    expect(other).toContain(`<html lang="${language}">`);
  });

  test("has the same ids and classes, in the same order", () => {
    both((html) => all(html, /\sid="([^"]+)"/g));
    both((html) => all(html, /\sclass="([^"]+)"/g));
  });

  test("has the same figures", () => {
    both((html) => without(elements(html, "identity-lab-figure"), "heading", "lab"));
    const labs = (html: string) => elements(html, "identity-lab-figure").map(({ lab }) => lab);
    const there = exists(language, "lab.html") ? "./" : root(language);
    expect(labs(other)).toEqual(labs(english).map((lab) => lab?.replace("./", there)));
    for (const { heading } of elements(other, "identity-lab-figure")) expect(heading).toBeTruthy();
  });

  test("ties the same controls to them", () => {
    for (const name of ["lab-set", "lab-ask", "data"]) both((html) => elements(html, name));
    both((html) => without(elements(html, "lab-knob"), "label"));
    const places = (html: string) => html.split(/(?=<section class="slide")/);
    // Within a section numbers may change places with the words of a sentence.
    both((html) =>
      places(html).map((part) =>
        elements(part, "lab-number")
          .map(({ figure, of }) => `${figure} ${of}`)
          .sort(),
      ),
    );
  });

  test("has the same formulas, citations and exercises", () => {
    both(formulas);
    both((html) => all(html, /(\[@[a-z]+\]|@\[[a-z]+\])/g).sort());
    both((html) => elements(html, "details").length);
    both((html) => all(html, /<(h[1-6]|p|section|summary)\b/g));
  });

  test("leads to the same pages, in its language where there are such", () => {
    const expected = addresses(english)
      .filter((address) => address.startsWith("./"))
      .map((address) => (exists(language, address.slice(2)) ? address : root(language) + address.slice(2)));
    expect(
      addresses(other)
        .filter((address) => address.startsWith("."))
        .sort(),
    ).toEqual(expected.sort());
  });
});
