// Formulas between dollar signs, typeset as MathML when the page is built: no script, style or font to load.
import katex from "katex";

const ENTITIES: Record<string, string> = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };

function typeset(source: string, displayMode: boolean): string {
  const formula = source.replace(/&(lt|gt|amp);/g, (entity) => ENTITIES[entity]!);
  const math = katex.renderToString(formula, {
    displayMode,
    output: "mathml",
    throwOnError: true,
    strict: "error",
  });
  // The TeX source beside the formula is what a reader copies; browsers hide it.
  return displayMode ? `<span class="formula">${math}</span>` : math;
}

/** $…$ in the text, with what must not begin a line after it; $$…$$ on a line of its own. */
export function withFormulas(html: string): string {
  return html
    .replace(/\$\$([^$]+)\$\$/g, (_, source: string) => typeset(source.trim(), true))
    .replace(/\$([^$]+)\$([.,;:!?)]*)/g, (_, source: string, after: string) => {
      const math = typeset(source.trim(), false);
      return after ? `<span class="together">${math}${after}</span>` : math;
    });
}
