// A map to a file of the reader's, in every format.
import { download } from "./download";
import { mapAbout, mapCsv, mapFile, mapJson, type ExportedMap } from "./map-file";
import { mapDrawing } from "./map-figure";
import { drawnPng } from "./png";
import type { ExportKind } from "./save";
import { drawnSvg } from "./svg";

export async function saveMap(kind: ExportKind, exported: ExportedMap): Promise<void> {
  download(await mapBlob(kind, exported), mapName(kind, exported));
}

export function mapName(kind: ExportKind, { atlas, view }: ExportedMap): string {
  const { x, y } = atlas.spec;
  const what =
    view === "deep"
      ? ["starts", x.quantity]
      : view === "curves"
        ? ["curves", x.quantity]
        : ["map", x.quantity, y.quantity];
  return `identity-lab-${what.join("-")}.${kind}`;
}

async function mapBlob(kind: ExportKind, exported: ExportedMap): Promise<Blob> {
  const about = () => mapJson(mapAbout(exported));
  switch (kind) {
    case "png":
      return drawnPng(mapDrawing(exported), about());
    case "svg":
      return new Blob([drawnSvg(mapDrawing(exported), about())], { type: "image/svg+xml" });
    case "csv":
      return new Blob([mapCsv(exported)], { type: "text/csv" });
    case "json":
      return new Blob([mapJson(mapFile(exported))], { type: "application/json" });
  }
}
