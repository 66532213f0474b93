// A figure as PNG, with what it shows as text inside.
import type { Drawing } from "./drawing";
import { withText } from "./png-chunk";
import { Refusal } from "../said";
import { word } from "../words";

/** Pixels for each unit of the figure. */
const RATIO = 2;

/** `about` is the text of its metadata. */
export async function drawnPng({ width, height, draw }: Drawing, about: string): Promise<Blob> {
  const canvas = document.createElement("canvas");
  canvas.width = width * RATIO;
  canvas.height = height * RATIO;
  const context = canvas.getContext("2d")!;
  context.scale(RATIO, RATIO);
  draw(context);
  const plain = await new Promise<Blob>((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Refusal(word("export.noPng"))))),
  );
  const png = new Uint8Array(await plain.arrayBuffer());
  return new Blob([withText(png, "identity-lab", about)], { type: "image/png" });
}
