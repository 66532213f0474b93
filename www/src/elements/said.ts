// A text of the page in an element's template, what is English in it translated or marked.
import { html, type TemplateResult } from "lit";
import { until } from "lit/directives/until.js";
import { pieces, translations } from "../said";

type Shown = string | (string | TemplateResult)[];

export function said(text: string): unknown {
  const now = shown(text);
  if (typeof now === "string") return now;
  return until(
    translations().then(() => shown(text)),
    now,
  );
}

function shown(text: string): Shown {
  const parts = pieces(text);
  if (parts.every((part) => !part.english)) return parts.map((part) => part.text).join("");
  return parts.map((part) => (part.english ? html`<span lang="en">${part.text}</span>` : part.text));
}
