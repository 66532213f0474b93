// [@name] in a chapter becomes (authors, year), and @[name], as part of a sentence, authors (year): links to the list of
// references at its end.
import type { Words } from "./words";
import { citedNames, REFERENCES } from "./references";

const escape = (text: string) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");

export function withReferences(html: string, words: Words): { text: string; references: string } {
  const found: string[] = [];
  const text = html.replace(/\[@([a-z]+)\]|@\[([a-z]+)\]/g, (_, aside?: string, spoken?: string) => {
    const name = (aside ?? spoken)!;
    const reference = REFERENCES[name];
    if (!reference) throw new Error(`There is no reference "${name}".`);
    if (!found.includes(name)) found.push(name);
    const link = (text: string) => `<a class="cite" href="#ref-${name}">${escape(text)}</a>`;
    const names = citedNames(reference, words);
    return aside ? `(${link(`${names}, ${reference.year}`)})` : link(`${names} (${reference.year})`);
  });
  const items = found.map((name) => {
    const { authors, year, title, where, doi } = REFERENCES[name]!;
    return `<li id="ref-${name}">${escape(authors.replace(" and ", ` ${words["references.and"]} `))} (${year}). <cite>${escape(title)}</cite>. ${escape(where)}.
<a href="https://doi.org/${doi}">doi:${doi}</a></li>`;
  });
  const references =
    items.length === 0
      ? ""
      : `<section class="references" aria-labelledby="references"><h2 id="references">${words["references"]}</h2><ul>${items.join("")}</ul></section>`;
  return { text, references };
}
