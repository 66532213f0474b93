// Formulas between dollar signs, typeset as MathML when the page is built: no script, style or font to load.
import katex from "katex";

const ENTITIES: Record<string, string> = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };

function typeset(source: string, displayMode: boolean): string {
  const formula = source.replace(/&(lt|gt|amp);/g, (entity) => ENTITIES[entity]!);
  const math = mended(
    katex.renderToString(formula, { displayMode, output: "mathml", throwOnError: true, strict: "error" }),
  );
  // The TeX source beside the formula is what a reader copies; browsers hide it.
  return displayMode ? `<span class="formula">${math}</span>` : math;
}

const THIN = '<mspace width="0.1667em"></mspace>';

/**
 * KaTeX's MathML as browsers are to show it. Norms have the bars that stand close to what is in them, not the sign of
 * parallels; dots have thin spaces, not those of a relation. Letters without serifs are characters of their own, since
 * browsers know no other variant than the upright one. A name as an index is one child of its <msub>, which with more of
 * them is no index any more. And the name of a function has the thin spaces that TeX has: n log n, but log(n) and tr(A).
 */
function mended(math: string): string {
  return math
    .replaceAll('<mo stretchy="false">∥</mo>', '<mo stretchy="false" lspace="0" rspace="0">‖</mo>')
    .replaceAll("<mo>⋯</mo>", '<mo lspace="0.1667em" rspace="0.1667em">⋯</mo>')
    .replace(
      /<mi mathvariant="sans-serif">([A-Z])</g,
      (_, letter: string) => `<mi mathvariant="normal">${sansSerif(letter)}<`,
    )
    .replace(/<mo>\u2061<\/mo>(?=<\/m(?:sub|sup|subsup)>)/g, "")
    .replace(/(<\/(?:mi|mn|msup|msub)>)(<mi[^>]*>[a-z]{2,}<\/mi><mo>\u2061<\/mo>)/g, `$1${THIN}$2`)
    .replace(/<mo>\u2061<\/mo>(?=<(?:mi|mn|msub|msup|msubsup|mfrac|msqrt)\b)/g, `$&${THIN}`);
}

/** A to Z as Unicode's mathematical letters without serifs. */
const sansSerif = (letter: string) => String.fromCodePoint(0x1d5a0 + letter.charCodeAt(0) - 65);

/** $…$ in the text, with what must not begin a line after it; $$…$$ on a line of its own. */
export function withFormulas(html: string): string {
  return html
    .replace(/\$\$([^$]+)\$\$/g, (_, source: string) => typeset(source.trim(), true))
    .replace(/\$([^$]+)\$([.,;:!?)]*)/g, (_, source: string, after: string) => {
      const math = typeset(source.trim(), false);
      return after ? `<span class="together">${math}${after}</span>` : math;
    });
}
