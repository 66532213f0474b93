// A figure of the section on images as what can be saved.
import { imageDrawing } from "./image-figure";
import { imageAbout, imageCsv, imageJson, type ExportedImages } from "./image-file";
import type { Exportable } from "./save";
import { withMembers } from "./text";

export function imageExport(exported: ExportedImages): Exportable {
  const { figure, status } = exported;
  const step = figure.kind === "landscape" ? figure.landscape.step : status.step;
  return {
    name: `identity-lab-images-${figure.kind}-step-${step}`,
    drawing: () => imageDrawing(exported),
    about: () => withMembers(imageAbout(exported), {}),
    csv: () => imageCsv(exported),
    json: () => imageJson(exported),
  };
}
