// A figure of the section on images as a document that outlives the page: what it shows, and the run it is of.
import type { ErrorPoint } from "../draw/error-curves";
import type {
  Branch,
  ImageDevice,
  ImageExperiment,
  ImageLandscape,
  ImageSetInfo,
  RunStatus,
  Tally,
} from "../engine/images";
import type { ColourScale } from "../draw/scale";
import { classNames } from "../confusion";
import { commentLines, csvNumber, list, rowsOf, withMembers } from "./text";

/** A run whose errors are drawn. */
export interface ErrorsOf {
  name: string;
  /** Any that CSS knows, var(--standard) among them. */
  color: string;
  experiment: ImageExperiment;
  records: readonly ErrorPoint[];
}

export type ImageFigure =
  /** The run itself first. */
  | { kind: "errors"; runs: readonly ErrorsOf[]; scale: ColourScale }
  | { kind: "landscape"; landscape: ImageLandscape }
  | { kind: "confusion"; tally: Tally }
  | { kind: "branches"; now: readonly Branch[]; start: readonly Branch[] };

export interface ExportedImages {
  figure: ImageFigure;
  set: ImageSetInfo;
  device: ImageDevice;
  status: RunStatus;
}

/** The step that a figure is of: training goes on beside a landscape. */
export function stepOf({ figure, status }: ExportedImages): number {
  return figure.kind === "landscape" ? figure.landscape.step : status.step;
}

/** Everything about a figure but its numbers: what a picture of it carries along. */
export function imageAbout(exported: ExportedImages): object {
  const { figure, set, device, status } = exported;
  return {
    format: "identity-lab images",
    version: 1,
    figure: figure.kind,
    set,
    device,
    step: stepOf(exported),
    // Trained again by `identity-lab images --experiment`, which reads it from here.
    experiment: status.experiment,
    ...aside(figure),
  };
}

function aside(figure: ImageFigure): object {
  switch (figure.kind) {
    case "errors": {
      const others = figure.runs.slice(1).map(({ name, experiment }) => ({ name, experiment }));
      return others.length > 0 ? { comparedWith: others } : {};
    }
    case "landscape":
      return { landscape: figure.landscape.request };
    case "confusion":
      return { images: figure.tally.images, wrong: figure.tally.wrong, loss: figure.tally.loss };
    case "branches":
      return {};
  }
}

export function imageJson(exported: ExportedImages): string {
  return withMembers(imageAbout(exported), numbers(exported.figure));
}

/** JSON of each list of numbers, by what it is called. */
function numbers(figure: ImageFigure): Record<string, string> {
  switch (figure.kind) {
    case "errors": {
      const runs = figure.runs.map(({ name, records }) => ({
        name,
        step: records.map(({ step }) => step),
        trainError: records.map(({ train }) => train),
        testError: records.map(({ test }) => test ?? null),
      }));
      return { runs: lines(runs.map((run) => JSON.stringify(run))) };
    }
    case "landscape": {
      const { coordinates, values } = figure.landscape;
      return {
        coordinates: list([...coordinates]),
        loss: lines(rowsOf(values, coordinates.length).map(list)),
      };
    }
    case "confusion":
      return {
        confusion: lines(
          rowsOf(figure.tally.confusion, figure.tally.classes).map((row) => JSON.stringify(row)),
        ),
      };
    case "branches": {
      const norms = (branches: readonly Branch[], of: keyof Branch) => list(branches.map((one) => one[of]));
      const both = (branches: readonly Branch[]) =>
        `{"branch":${norms(branches, "branch")},"shortcut":${norms(branches, "shortcut")}}`;
      return { blocks: both(figure.now), ...(figure.start.length > 0 && { atStart: both(figure.start) }) };
    }
  }
}

const lines = (items: readonly string[]) => `[\n${items.join(",\n")}\n]`;

/** Comment lines with the run, then the table. */
export function imageCsv(exported: ExportedImages): string {
  return `${[...commentLines(imageAbout(exported)), ...table(exported)].join("\n")}\n`;
}

function table({ figure, set }: ExportedImages): string[] {
  switch (figure.kind) {
    case "errors":
      return [
        "run,step,trainError,testError",
        ...figure.runs.flatMap(({ name, records }) =>
          records.map(({ step, train, test }) => `${quoted(name)},${step},${train},${test ?? ""}`),
        ),
      ];
    case "landscape": {
      const { axes, coordinates, values } = figure.landscape;
      const at = [...coordinates].map(csvNumber);
      const plane = axes === "plane";
      return [
        plane ? "a,b,loss" : "a,loss",
        ...rowsOf(values, coordinates.length).flatMap((row, b) =>
          row.map((loss, a) => [at[a], ...(plane ? [at[b]] : []), csvNumber(loss)].join(",")),
        ),
      ];
    }
    case "confusion": {
      const { classes, confusion } = figure.tally;
      const names = classNames(classes, set.classes).map(quoted);
      return [
        ["trueClass", ...names].join(","),
        ...rowsOf(confusion, classes).map((row, i) => [names[i], ...row].join(",")),
      ];
    }
    case "branches":
      return [
        "block,branch,shortcut,branchAtStart,shortcutAtStart",
        ...figure.now.map(({ branch, shortcut }, i) => {
          const before = figure.start[i];
          const numbers = [branch, shortcut, ...(before ? [before.branch, before.shortcut] : [])];
          return [i + 1, ...numbers.map(csvNumber), ...(before ? [] : ["", ""])].join(",");
        }),
      ];
  }
}

/** A cell of text: RFC 4180 quotes what would be read as several. */
function quoted(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
