// The figure of a landscape as SVG: the heat map an image inside, all else lines and text.
import { drawFigure, figureTitle, HEIGHT, WIDTH, type Figure } from "./figure";
import { escapeXml, SvgContext } from "./svg-context";

/** `about` is the text of its metadata. */
export function figureSvg(figure: Figure, about: string, width = WIDTH, height = HEIGHT): string {
  const context = new SvgContext(`${figure.parametrization}-${figure.landscape.step}`);
  drawFigure(context, figure, width, height);
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title>${escapeXml(figureTitle(figure))}</title>
<metadata>${escapeXml(about)}</metadata>
${context.text()}
</svg>
`;
}
