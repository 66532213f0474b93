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
import { capital, measureOf, widthText } from "../measure";
import { axisLabel, planeName } from "../plane-name";
import { BAR, drawColours, drawSheet, INK, type Drawing } from "./drawing";

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
  const plain = network.kind === "linear" ? "Standard layers" : "Plain blocks";
  const residual = network.kind === "linear" ? "Identity layers" : "Residual blocks";
  const name = parametrization === "identity" ? residual : plain;
  return `${name}, ${widthText(network)}, depth ${depthOf(network)}, step ${formatCount(landscape.step)}`;
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
  const [bar, breadth, top] = [x + 140, 200, baseline - 10];
  context.fillStyle = INK.text;
  context.fillText(measureOf(experiment.network), x, baseline);
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
  context.fillText("start", x + 10, baseline);
  context.fillText(`step ${formatCount(landscape.step)}`, x + 67, baseline);
}

function caption({ landscape: l, experiment, scale }: Figure, { holes }: LandscapePicture): string[] {
  const colours = scale === "log" ? "logarithmic" : "linear";
  const engine = l.engine === "webgpu" ? "WebGPU" : "the CPU";
  const asides: string[] = [];
  if (l.checked) {
    asides.push(`Float64 check of ${l.checked.cells} points: ${formatValue(l.checked.worst)} relative.`);
  }
  if (l.optimum) {
    const off = `${formatValue(l.optimum[2])} off the plane`;
    asides.push(`Constructed optimum${nearOptimum(l) ? " (ringed)" : ""}: ${off}.`);
  }
  return [
    `${capital(measureOf(experiment.network))}, ${colours} colours; plane ${planeName(l.spec)}; seed ${experiment.seed}; ` +
      `${l.size} × ${l.size} points, computed on ${engine}.`,
    `The plane holds ${captured(l)}; the iterate is ${formatValue(l.iterateDistance)} off it.` +
      (holes.length > 0 ? " Hatched: counts as diverged." : ""),
    asides.join(" "),
  ];
}

function captured({ captured: c, variance }: Landscape): string {
  if (c?.kind !== "curvature") return `${formatShare(variance)} of the path's variance`;
  return `${c.exact ? "" : "about "}${formatShare(c.share)} of the curvature`;
}
