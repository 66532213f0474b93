// A figure to a file of the reader's, in every format.
import { download } from "./download";
import type { Drawing } from "./drawing";
import { drawnPng } from "./png";
import { drawnSvg } from "./svg";

export type SaveKind = "png" | "svg" | "csv" | "json";

/** What can be saved: a figure and the numbers behind it. */
export interface Exportable {
  /** Of the file, without the ending that the format adds. */
  name: string;
  drawing: () => Drawing;
  /** What a picture carries as text: everything it was made from, but no long tables. */
  about: () => string;
  csv: () => string;
  json: () => string;
}

export async function save(kind: SaveKind, exportable: Exportable): Promise<void> {
  download(await blobOf(kind, exportable), `${exportable.name}.${kind}`);
}

export async function blobOf(kind: SaveKind, { drawing, about, csv, json }: Exportable): Promise<Blob> {
  switch (kind) {
    case "png":
      return drawnPng(drawing(), about());
    case "svg":
      return new Blob([drawnSvg(drawing(), about())], { type: "image/svg+xml" });
    case "csv":
      return new Blob([csv()], { type: "text/csv" });
    case "json":
      return new Blob([json()], { type: "application/json" });
  }
}
