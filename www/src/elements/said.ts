// A text of the page in an element's template, what is English in it marked.
import { html, type TemplateResult } from "lit";
import { pieces } from "../said";

export function said(text: string): string | (string | TemplateResult)[] {
  const parts = pieces(text);
  if (parts.length === 1) return text;
  return parts.map((part, i) => (i % 2 === 1 ? html`<span lang="en">${part}</span>` : part));
}
