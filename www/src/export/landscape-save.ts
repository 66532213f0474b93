// A landscape as what can be saved.
import type { ColourScale, Domain } from "../draw/scale";
import type { Experiment, Landscape, PlaneVectors } from "../engine/types";
import { landscapeDrawing } from "./landscape-figure";
import { aboutJson, landscapeAbout, landscapeCsv, landscapeFile, landscapeJson } from "./landscape-file";
import type { Exportable } from "./save";

export interface ExportedLandscape {
  landscape: Landscape;
  /** Of the same plane as the landscape. */
  vectors: PlaneVectors;
  experiment: Experiment;
  scale: ColourScale;
  /** As for {@link prepareLandscape}. */
  ceiling?: number | undefined;
  /** What the colours cover where another picture has a say in it. */
  domain?: Domain | undefined;
}

export function landscapeExport(exported: ExportedLandscape): Exportable {
  const { landscape, vectors, experiment, scale, ceiling, domain } = exported;
  const { parametrization } = vectors;
  const file = () => landscapeFile(landscape, vectors, experiment);
  const figure = { landscape, parametrization, experiment, scale, ceiling, domain };
  return {
    name: landscapeName(exported),
    drawing: () => landscapeDrawing(figure),
    about: () => aboutJson(landscapeAbout(landscape, vectors, experiment), landscape),
    csv: () => landscapeCsv(file()),
    json: () => landscapeJson(file()),
  };
}

function landscapeName({ landscape, vectors, experiment }: ExportedLandscape): string {
  const [first, second] = experiment.twins;
  // Two networks of one kind must not share a name.
  const which = first?.parametrization === second?.parametrization ? `-${landscape.twin + 1}` : "";
  return `identity-lab-landscape-${vectors.parametrization}${which}-step-${landscape.step}`;
}
