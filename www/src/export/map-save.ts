// A map as what can be saved.
import { mapDrawing } from "./map-figure";
import { mapAbout, mapCsv, mapFile, type ExportedMap } from "./map-file";
import type { Exportable } from "./save";
import { withMembers } from "./text";

export function mapExport(exported: ExportedMap): Exportable {
  return {
    name: mapName(exported),
    drawing: () => mapDrawing(exported),
    about: () => withMembers(mapAbout(exported)),
    csv: () => mapCsv(exported),
    json: () => withMembers(mapFile(exported)),
  };
}

function mapName({ atlas, view }: ExportedMap): string {
  const { x, y } = atlas.spec;
  const what =
    view === "deep"
      ? ["starts", x.quantity]
      : view === "curves"
        ? ["curves", x.quantity]
        : ["map", x.quantity, y.quantity];
  return `identity-lab-${what.join("-")}`;
}
