// The messages of all languages, and what the code asks of them.
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { CHAPTERS, LANGUAGES } from "../story/chapters";
import { exists } from "../story/pages";

const www = resolve(__dirname, "..");
const read = (path: string) => readFileSync(join(www, path), "utf8");
const messages = (language: string) =>
  JSON.parse(read(`messages/${language}.json`)) as Record<string, string>;
const english = messages("en");

const sources = (folder: string): string[] =>
  readdirSync(join(www, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.startsWith("wasm"))
    .map((name) => read(join(folder, name)));
const code = [...sources("src"), ...sources("story")].join("\n");

/** Ids of the presets, in the crate's order. */
const presets = ["../crate/presets.rs", "../crate/presets/relu.rs"].flatMap((path) =>
  [...read(path).matchAll(/\bpreset\(\s*"([^"]+)"|\bid: "([^"]+)"/g)].map(([, of, id]) => of ?? id!),
);

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

test("every language has a file of messages, and every file is of a language", () => {
  const files = readdirSync(join(www, "messages"))
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.replace(/\.json$/, ""));
  expect(files.sort()).toEqual([...LANGUAGES].sort());
});

describe.each(LANGUAGES.filter((language) => language !== "en"))("%s", (language) => {
  const own = messages(language);

  test("says what it is called itself, and has a page of figures", () => {
    expect(own["language"]).toBeTruthy();
    expect(exists(language, "figure.html")).toBe(true);
  });

  test("has no messages that English lacks, but for the presets, which the crate has in English", () => {
    const more = Object.keys(own).filter((key) => !(key in english));
    expect(more.filter((key) => key.startsWith("preset."))).toEqual(presets.map((id) => `preset.${id}`));
    expect(more.filter((key) => key.startsWith("commentary."))).toEqual(
      presets.map((id) => `commentary.${id}`),
    );
    expect(more).toHaveLength(2 * presets.length);
  });

  test.each(Object.entries(own))("%s takes the same values", (key, text) => {
    expect(text.trim()).not.toBe("");
    expect(placeholders(text)).toEqual(placeholders(english[key] ?? ""));
  });
});

describe("keys", () => {
  const asked = [...code.matchAll(/\b(?:word|phrase)\(\s*"([^"]+)"/g)].map(([, key]) => key!);
  // Some keys are put together, such as `start.${kind}`.
  const beginnings = [...code.matchAll(/`([a-z]+\.)\$\{/g)].map(([, beginning]) => beginning!);

  test("all that the code asks for exist", () => {
    expect(asked.length).toBeGreaterThan(100);
    expect(asked.filter((key) => !(key in english))).toEqual([]);
    expect(CHAPTERS.filter(({ id }) => !(`chapter.${id}` in english))).toEqual([]);
  });

  test("none has become idle", () => {
    const idle = Object.keys(english).filter(
      (key) => !code.includes(`"${key}"`) && !beginnings.some((beginning) => key.startsWith(beginning)),
    );
    expect(idle).toEqual([]);
  });
});
