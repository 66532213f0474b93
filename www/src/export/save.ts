// A landscape to a file of the reader's, in every format.
import type { ColourScale, Domain } from "../draw/scale";
import type { Experiment, Landscape, PlaneVectors } from "../engine/types";
import { download } from "./download";
import { aboutJson, landscapeAbout, landscapeCsv, landscapeFile, landscapeJson } from "./file";
import { landscapeDrawing } from "./figure";
import { drawnPng } from "./png";
import { drawnSvg } from "./svg";

export const EXPORTS = ["png", "svg", "csv", "json"] as const;
export type ExportKind = (typeof EXPORTS)[number];

export interface Exported {
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

export async function save(kind: ExportKind, exported: Exported): Promise<void> {
  download(await landscapeBlob(kind, exported), fileName(kind, exported));
}

export function fileName(kind: ExportKind, { landscape, vectors, experiment }: Exported): string {
  const [first, second] = experiment.twins;
  // Two networks of one kind must not share a name.
  const which = first?.parametrization === second?.parametrization ? `-${landscape.twin + 1}` : "";
  return `identity-lab-landscape-${vectors.parametrization}${which}-step-${landscape.step}.${kind}`;
}

export async function landscapeBlob(kind: ExportKind, exported: Exported): Promise<Blob> {
  const { landscape, vectors, experiment, scale, ceiling, domain } = exported;
  const file = () => landscapeFile(landscape, vectors, experiment);
  const about = () => aboutJson(landscapeAbout(landscape, vectors, experiment), landscape);
  const figure = { landscape, parametrization: vectors.parametrization, experiment, scale, ceiling, domain };
  const drawing = landscapeDrawing(figure);
  switch (kind) {
    case "png":
      return drawnPng(drawing, about());
    case "svg":
      return new Blob([drawnSvg(drawing, about())], { type: "image/svg+xml" });
    case "csv":
      return new Blob([landscapeCsv(file())], { type: "text/csv" });
    case "json":
      return new Blob([landscapeJson(file())], { type: "application/json" });
  }
}
