// A figure as an address of its own, and as the code that puts it into another page. No DOM.
import { word } from "../words";

/** Attributes that an address may set. */
export const ATTRIBUTES = [
  "show",
  "plane",
  "reach",
  "speed",
  "until",
  "controls",
  "heading",
  "autoplay",
] as const;

export interface Shared {
  attributes: Map<string, string>;
  /** As the figure's own attribute has it. */
  experiment: string;
}

/** What an address says, such as ?show=chart#network.layers=32; what it does not know it leaves out. */
export function readShared(search: string, hash: string): Shared {
  const attributes = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(search))
    if (ATTRIBUTES.some((known) => known === name)) attributes.set(name, value);
  return { attributes, experiment: hash.replace(/^#/, "") };
}

/** The address of a figure, beside the page of figures. */
export function sharedAddress(page: string, { attributes, experiment }: Shared): string {
  const search = new URLSearchParams();
  for (const name of ATTRIBUTES) {
    const value = attributes.get(name);
    if (value !== undefined) search.set(name, value);
  }
  return `${page}?${search}#${experiment}`;
}

const escape = (text: string) => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");

/** HTML that shows a figure in another page. */
export function embedCode(address: string, heading: string): string {
  const title = escape(heading || word("figure.embedded"));
  return `<iframe src="${escape(address)}" title="${title}" width="100%" height="560" style="border: 0" loading="lazy"></iframe>`;
}
