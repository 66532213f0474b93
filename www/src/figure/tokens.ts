// The design's colours and fonts for a figure in a page that does not have them.
import css from "../tokens.css?inline";

/** As a figure looks among the page's own texts. */
const CARD = `:host {
  color: var(--ink);
  background: var(--surface);
  font: 1rem/1.4 var(--font);
  border: 1px solid var(--line);
  border-radius: var(--radius);
  padding: 0.875rem;
}`;

let sheet: CSSStyleSheet | undefined;

/**
 * Where a page has the tokens, it decides. Elsewhere the figure brings them: of the light theme, or with
 * `data-theme="dark"` of the dark one. And then its letters are as large as the reader's browser has them, whatever the
 * root of the page is.
 */
export function withTokens(element: HTMLElement): void {
  const known = getComputedStyle(element).getPropertyValue("--identity");
  if (known || !element.shadowRoot) return;
  if (!sheet) {
    sheet = new CSSStyleSheet();
    const own = css.replace(/:root(\[[^\]]*\])?/g, (_, theme?: string) =>
      theme ? `:host(${theme})` : ":host",
    );
    sheet.replaceSync(`${own + CARD}:host { --identity-lab-rem: ${mediumIn(element.shadowRoot)}; }`);
  }
  element.shadowRoot.adoptedStyleSheets = [...element.shadowRoot.adoptedStyleSheets, sheet];
}

/** The browser's own size of text, in pixels. */
function mediumIn(root: ShadowRoot): string {
  const probe = document.createElement("span");
  probe.style.fontSize = "medium";
  root.append(probe);
  const { fontSize } = getComputedStyle(probe);
  probe.remove();
  return fontSize;
}
