// A landscape as a figure for print: title, picture, legend and caption, in light colours whatever the page has.
import type { Pen } from "../draw/canvas";
import {
  drawLandscape,
  nearOptimum,
  plotFrame,
  prepareLandscape,
  type LandscapePicture,
} from "../draw/landscape";
import {
  contourLevels,
  formatCount,
  formatShare,
  formatValue,
  type ColourScale,
  type Domain,
} from "../draw/scale";
import { depthOf, type Experiment, type Landscape, type Parametrization } from "../engine/types";
import { ENGINE_TITLES } from "../engine/fastest";
import { capital, measureName, measureOf, widthText } from "../measure";
import { axisLabel, planeName } from "../plane-name";
import { layersTitle } from "../twin-names";
import { BAR, drawColours, drawSheet, INK, type Drawing } from "./drawing";
import { word } from "../words";

export interface Figure {
  landscape: Landscape;
  parametrization: Parametrization;
  experiment: Experiment;
  scale: ColourScale;
  /** As for {@link prepareLandscape}. */
  ceiling?: number | undefined;
  /** What the colours cover where another picture has a say in it. */
  domain?: Domain | undefined;
}

const WIDTH = 720;
const HEIGHT = 620;

const TOP = 40;
const LEFT = 8;
/** Legend and three lines of caption. */
const BELOW = 92;
const LINE = 16;

export function landscapeDrawing(figure: Figure): Drawing {
  const sheet = { title: titleOf(figure), width: WIDTH, height: HEIGHT };
  return {
    ...sheet,
    name: `${figure.parametrization}-${figure.landscape.step}`,
    draw: (pen) => drawFigure(pen, figure, sheet),
  };
}

function titleOf({ landscape, parametrization, experiment }: Figure): string {
  const { network } = experiment;
  return word("export.title", {
    name: layersTitle({ parametrization }, network.kind === "relu"),
    width: widthText(network),
    depth: depthOf(network),
    step: formatCount(landscape.step),
  });
}

function drawFigure(context: Pen, figure: Figure, sheet: Pick<Drawing, "title" | "width" | "height">): void {
  const { width, height } = sheet;
  const { landscape, parametrization, scale, ceiling, domain } = figure;
  const picture = prepareLandscape(landscape, scale, ceiling, domain);
  const colour = parametrization === "identity" ? INK.identity : INK.standard;
  const [w, h] = [width - 2 * LEFT, height - TOP - BELOW];
  // Title, legend and caption begin where the picture itself does.
  const left = LEFT + plotFrame(w, h).left;
  drawSheet(context, sheet, left);
  context.save();
  context.translate(LEFT, TOP);
  drawLandscape(context, w, h, picture, [], {
    ink: INK,
    colour,
    aLabel: axisLabel(landscape, 0),
    bLabel: axisLabel(landscape, 1),
  });
  context.restore();
  context.font = INK.font;
  context.textBaseline = "alphabetic";
  drawLegend(context, figure, picture, left, height - BELOW + 24);
  drawKey(context, landscape, colour, left + 455, height - BELOW + 24);
  context.fillStyle = INK.muted;
  caption(figure, picture).forEach((line, i) => context.fillText(line, left, height - BELOW + 47 + i * LINE));
}

/** The colours between the values at their ends, with the contours where they are. */
function drawLegend(
  context: Pen,
  { scale, experiment }: Figure,
  { domain }: LandscapePicture,
  x: number,
  baseline: number,
): void {
  if (!domain) return;
  const value = (level: number) => formatValue(scale === "log" ? 10 ** level : level);
  const [bar, breadth, top] = [x + 165, 200, baseline - 10];
  context.fillStyle = INK.text;
  context.fillText(measureName(measureOf(experiment.network)), x, baseline);
  // Higher values share the darkest colour.
  drawColours(context, [value(domain.low), `≥ ${value(domain.high)}`], { x: bar, baseline, breadth });
  context.beginPath();
  for (const level of contourLevels(domain)) {
    const at = bar + ((level - domain.low) / (domain.high - domain.low)) * breadth;
    context.moveTo(at, top);
    context.lineTo(at, top + BAR);
  }
  context.strokeStyle = "rgb(255 255 255 / 0.6)";
  context.lineWidth = 1;
  context.stroke();
}

/** What the two markers of the path are. */
function drawKey(context: Pen, landscape: Landscape, colour: string, x: number, baseline: number): void {
  const dot = (at: number, radius: number, fill: string, lineWidth: number) => {
    context.beginPath();
    context.arc(at, baseline - 4, radius, 0, 2 * Math.PI);
    context.fillStyle = fill;
    context.fill();
    context.strokeStyle = INK.text;
    context.lineWidth = lineWidth;
    context.stroke();
  };
  dot(x, 4.5, "#ffffff", 2.5);
  dot(x + 56, 5.5, colour, 1);
  context.fillStyle = INK.text;
  context.fillText(word("plane.start"), x + 10, baseline);
  context.fillText(word("run.step", { step: formatCount(landscape.step) }), x + 67, baseline);
}

function caption({ landscape: l, experiment, scale }: Figure, { holes }: LandscapePicture): string[] {
  const engine = l.engine === "webgpu" ? ENGINE_TITLES.webgpu : word("export.cpu");
  const asides: string[] = [];
  if (l.checked) {
    asides.push(word("export.check", { cells: l.checked.cells, error: formatValue(l.checked.worst) }));
  }
  if (l.optimum) {
    const ringed = nearOptimum(l) !== undefined;
    const distance = formatValue(l.optimum[2]);
    asides.push(word(ringed ? "export.optimumRinged" : "export.optimum", { distance }));
  }
  return [
    word(scale === "log" ? "export.log" : "export.linear", {
      measure: capital(measureName(measureOf(experiment.network))),
      plane: planeName(l.spec),
      seed: experiment.seed,
      size: l.size,
      engine,
    }),
    word("export.holds", { captured: captured(l), distance: formatValue(l.iterateDistance) }) +
      (holes.length > 0 ? ` ${word("export.hatched")}` : ""),
    asides.join(" "),
  ];
}

function captured({ captured: c, variance }: Landscape): string {
  if (c?.kind !== "curvature") return word("export.variance", { share: formatShare(variance) });
  return word(c.exact ? "export.curvature" : "export.curvatureAbout", { share: formatShare(c.share) });
}
