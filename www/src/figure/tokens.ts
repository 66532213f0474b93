// The design's colours and fonts for a figure in a page that does not have them.
import css from "../tokens.css?inline";

let sheet: CSSStyleSheet | undefined;

/** Where a page has the tokens, it decides; elsewhere the figure brings those of the light theme. */
export function withTokens(element: HTMLElement): void {
  const known = getComputedStyle(element).getPropertyValue("--identity");
  if (known || !element.shadowRoot) return;
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css.replace(/:root\b/g, ":host"));
  }
  element.shadowRoot.adoptedStyleSheets = [...element.shadowRoot.adoptedStyleSheets, sheet];
}
