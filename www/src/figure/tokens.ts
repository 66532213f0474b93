// The design's colours and fonts for a figure in a page that does not have them.
import css from "../tokens.css?inline";

let sheet: CSSStyleSheet | undefined;

/**
 * Where a page has the tokens, it decides. Elsewhere the figure brings them: of the light theme, or with
 * `data-theme="dark"` of the dark one.
 */
export function withTokens(element: HTMLElement): void {
  const known = getComputedStyle(element).getPropertyValue("--identity");
  if (known || !element.shadowRoot) return;
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(
      css.replace(/:root(\[[^\]]*\])?/g, (_, theme?: string) => (theme ? `:host(${theme})` : ":host")),
    );
  }
  element.shadowRoot.adoptedStyleSheets = [...element.shadowRoot.adoptedStyleSheets, sheet];
}
