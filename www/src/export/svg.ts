// A figure as SVG: heat maps are images inside, all else lines and text.
import type { Drawing } from "./drawing";
import { escapeXml, SvgContext } from "./svg-context";

/** `about` is the text of its metadata. */
export function drawnSvg({ name, title, width, height, draw }: Drawing, about: string): string {
  const context = new SvgContext(name);
  draw(context);
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title>${escapeXml(title)}</title>
<metadata>${escapeXml(about)}</metadata>
${context.text()}
</svg>
`;
}
