// The figure of a landscape as PNG, with what it shows as text inside.
import { drawFigure, HEIGHT, WIDTH, type Figure } from "./figure";
import { withText } from "./png-chunk";

/** Pixels for each unit of the figure. */
const RATIO = 2;

/** `about` is the text of its metadata. */
export async function figurePng(
  figure: Figure,
  about: string,
  width = WIDTH,
  height = HEIGHT,
): Promise<Blob> {
  const canvas = document.createElement("canvas");
  canvas.width = width * RATIO;
  canvas.height = height * RATIO;
  const context = canvas.getContext("2d")!;
  context.scale(RATIO, RATIO);
  drawFigure(context, figure, width, height);
  const plain = await new Promise<Blob>((resolve, reject) =>
    canvas.toBlob((blob) =>
      blob ? resolve(blob) : reject(new Error("The browser made no PNG of the figure.")),
    ),
  );
  const png = new Uint8Array(await plain.arrayBuffer());
  return new Blob([withText(png, "identity-lab", about)], { type: "image/png" });
}
