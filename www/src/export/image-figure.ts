// A figure of the section on images for print: title, picture, key and caption.
import { branchRatio } from "../branches";
import { drawBranches } from "../draw/branches";
import type { Pen } from "../draw/canvas";
import { drawConfusion, LEAST_SHARE, RIGHT_COLOUR, WRONG_COLOUR } from "../draw/confusion";
import { tickLabel } from "../draw/axis";
import { drawErrorCurves } from "../draw/error-curves";
import { drawImageLine, planePicture } from "../draw/image-landscape";
import { drawLandscape, hatch, plotFrame } from "../draw/landscape";
import { formatCount, formatValue, type Domain } from "../draw/scale";
import { LEFT as BLOCKS_LEFT } from "../draw/variance";
import type { ImageLandscape, ImageNetwork } from "../engine/images";
import { word } from "../words";
import { BAR, drawBar, drawColours, drawSheet, INK, type Drawing } from "./drawing";
import { stepOf, type ExportedImages, type ImageFigure } from "./image-file";

const [LEFT, TOP, WIDTH, LINE] = [8, 40, 720, 16];
/** Key and three lines of caption. */
const BELOW = 96;
/** Of the pictures: square where both axes are alike. */
const HEIGHTS: Record<ImageFigure["kind"], number> = {
  errors: 400,
  landscape: 400,
  confusion: 620,
  branches: 360,
};
const PLANE = 560;

/** Where words begin: below the axis of the picture. */
function marginOf(figure: ImageFigure): number {
  if (figure.kind === "branches") return LEFT + BLOCKS_LEFT;
  return LEFT + (figure.kind === "landscape" ? plotFrame(WIDTH, PLANE).left : 48);
}

export function imageDrawing(exported: ExportedImages): Drawing {
  const { figure } = exported;
  const tall = isPlane(figure) ? PLANE : HEIGHTS[figure.kind];
  const sheet = { title: titleOf(figure), width: WIDTH, height: TOP + tall + BELOW };
  return {
    ...sheet,
    name: `images-${figure.kind}-${stepOf(exported)}`,
    draw: (pen) => {
      const margin = marginOf(figure);
      drawSheet(pen, sheet, margin);
      pen.save();
      pen.font = INK.font;
      pen.translate(LEFT, TOP);
      const covered = drawPicture(pen, exported, tall);
      pen.restore();
      pen.font = INK.font;
      pen.textAlign = "left";
      pen.textBaseline = "alphabetic";
      const baseline = sheet.height - BELOW + 22;
      drawKey(pen, figure, covered, margin, baseline);
      pen.textAlign = "left";
      pen.fillStyle = INK.muted;
      caption(exported).forEach((line, i) => pen.fillText(line, margin, baseline + 24 + i * LINE));
    },
  };
}

const isPlane = (figure: ImageFigure) => figure.kind === "landscape" && figure.landscape.axes === "plane";

function titleOf(figure: ImageFigure): string {
  switch (figure.kind) {
    case "errors":
      return word("images.errorSteps");
    case "landscape":
      return word(isPlane(figure) ? "seen.plane" : "seen.line");
    case "confusion":
      return word("confusion.heading");
    case "branches":
      return word("branches.heading");
  }
}

/** What the colours of a plane cover, and whether a part of it has none. */
interface Covered {
  domain: Domain | undefined;
  hatched: boolean;
}

function drawPicture(pen: Pen, { figure, set, status }: ExportedImages, tall: number): Covered | undefined {
  const wide = WIDTH - 2 * LEFT;
  switch (figure.kind) {
    case "errors": {
      const { drops, dropFactor, steps } = status.experiment.training;
      const runs = figure.runs.map((run) => ({ ...run, color: printed(run.color) }));
      const plot = { runs, steps, drops, dropFactor, scale: figure.scale, least: 0.5 / set.test };
      drawErrorCurves(pen, wide, tall, plot, undefined, INK);
      return undefined;
    }
    case "landscape":
      return drawLosses(pen, figure.landscape, wide, tall);
    case "confusion":
      drawConfusion(pen, wide, tall, figure.tally, set.classes, undefined, INK);
      return undefined;
    case "branches":
      drawBranches(
        pen,
        wide,
        tall,
        figure.now.map(branchRatio),
        figure.start.map(branchRatio),
        undefined,
        INK,
      );
      return undefined;
  }
}

function drawLosses(pen: Pen, landscape: ImageLandscape, wide: number, tall: number): Covered | undefined {
  if (landscape.axes === "line") {
    drawImageLine(pen, wide, tall, landscape, undefined, INK);
    return undefined;
  }
  const picture = planePicture(landscape);
  drawLandscape(pen, wide, tall, picture, [], { ink: INK, colour: INK.identity, aLabel: "a", bLabel: "b" });
  return { domain: picture.domain, hatched: picture.holes.length > 0 };
}

/** A colour of the page as it is on paper. */
function printed(color: string): string {
  const token = /^var\(--(\w+)(?:-(\w+))?\)$/.exec(color);
  return token ? INK[(token[2] ?? token[1]) as "identity" | "standard" | "muted"] : color;
}

function drawKey(
  pen: Pen,
  figure: ImageFigure,
  covered: Covered | undefined,
  left: number,
  baseline: number,
): void {
  pen.fillStyle = INK.text;
  switch (figure.kind) {
    case "errors":
      return pen.fillText(word("errors.key"), left, baseline);
    case "landscape":
      return drawLossKey(pen, covered, left, baseline);
    case "confusion": {
      pen.fillText(word("confusion.right"), left, baseline);
      drawBar(pen, [INK.surface, RIGHT_COLOUR], { x: left + 60, baseline, breadth: 100 });
      pen.fillStyle = INK.text;
      pen.fillText(word("confusion.wrong"), left + 180, baseline);
      drawBar(pen, [INK.surface, WRONG_COLOUR], { x: left + 240, baseline, breadth: 100 });
      pen.fillStyle = INK.text;
      return pen.fillText(
        word("confusion.scale", { least: tickLabel(100 * LEAST_SHARE) }),
        left + 360,
        baseline,
      );
    }
    case "branches":
      return pen.fillText(figure.start.length > 0 ? word("branches.key") : "", left, baseline);
  }
}

function drawLossKey(pen: Pen, covered: Covered | undefined, left: number, baseline: number): void {
  if (!covered?.domain) return;
  const { domain, hatched } = covered;
  pen.fillText(word("measure.loss"), left, baseline);
  const ends = [formatValue(10 ** domain.low), `≥ ${formatValue(10 ** domain.high)}`] as const;
  drawColours(pen, ends, { x: left + 165, baseline, breadth: 200 });
  if (!hatched) return;
  const x = left + 455;
  hatch(pen, [[0.5, 0.5, 1]], { left: x, top: baseline - 10, width: 22, height: BAR }, [22, BAR]);
  pen.fillStyle = INK.text;
  pen.fillText(word("decision.notFinite"), x + 28, baseline);
}

function caption(exported: ExportedImages): string[] {
  const { figure, set, device, status } = exported;
  const { network, training, seed } = status.experiment;
  return [
    word("sheet.imagesSet", {
      set: set.name,
      train: formatCount(set.train),
      test: formatCount(set.test),
      step: formatCount(stepOf(exported)),
      device: word(`device.${device}`),
    }),
    word("sheet.imagesNetwork", {
      convolutions: status.convolutions,
      weights: formatCount(status.weights),
      traits: traits(network).join("; "),
    }),
    word("sheet.imagesTraining", { rate: training.learningRate, batch: training.batch, seed }) +
      aside(figure),
  ];
}

function traits({ skips, start, batchNorm, trainTop }: ImageNetwork): string[] {
  return [
    word(skips ? "sheet.skips" : "sheet.plain"),
    word("sheet.imagesStart", {
      start: word(start === "identity" ? "images.startIdentity" : "images.startFan"),
    }),
    ...(batchNorm ? [word("images.batchNorm")] : []),
    ...(trainTop ? [word("sheet.trainedTop")] : []),
  ];
}

function aside(figure: ImageFigure): string {
  if (figure.kind === "landscape") {
    const { images, seed } = figure.landscape.request;
    return ` ${word("sheet.imagesLandscape", { images: formatCount(images), seed })}`;
  }
  if (figure.kind === "confusion")
    return ` ${word("sheet.imagesTested", { images: formatCount(figure.tally.images) })}`;
  return "";
}
