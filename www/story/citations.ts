// [@name] in a chapter becomes a link to the list of references at its end.
import type { Words } from "./words";
import { cited, REFERENCES } from "./references";

const escape = (text: string) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");

export function withReferences(html: string, words: Words): { text: string; references: string } {
  const found: string[] = [];
  const text = html.replace(/\[@([a-z]+)\]/g, (_, name: string) => {
    const reference = REFERENCES[name];
    if (!reference) throw new Error(`There is no reference "${name}".`);
    if (!found.includes(name)) found.push(name);
    return `<a class="cite" href="#ref-${name}">${escape(cited(reference, words))}</a>`;
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
