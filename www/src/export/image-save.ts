// A figure of the section on images as what can be saved.
import { imageDrawing } from "./image-figure";
import { imageAbout, imageCsv, imageJson, stepOf, type ExportedImages } from "./image-file";
import type { Exportable } from "./save";
import { withMembers } from "./text";

export function imageExport(exported: ExportedImages): Exportable {
  return {
    name: `identity-lab-images-${exported.figure.kind}-step-${stepOf(exported)}`,
    drawing: () => imageDrawing(exported),
    about: () => withMembers(imageAbout(exported)),
    csv: () => imageCsv(exported),
    json: () => imageJson(exported),
  };
}
