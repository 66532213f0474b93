// Maps and curves as a figure for print: all networks side by side, with legend and caption.
import { axisTitle, goalText, QUANTITIES } from "../atlas-form";
import { atlasDomain, drawAtlas, NEVER, prepareAtlas, type AtlasColour } from "../draw/atlas";
import type { Pen } from "../draw/canvas";
import { drawDeep } from "../draw/deep";
import { TRAINED, type Height } from "../deep";
import { deepCurves, heightLabel } from "../elements/atlas-deep";
import { hatch, plotFrame } from "../draw/landscape";
import { formatCount, formatValue, type Domain } from "../draw/scale";
import { curveLook, drawSweep, spreads } from "../draw/sweep";
import { startTitle } from "../starts";
import { ENGINE_TITLES } from "../engine/fastest";
import type { Atlas } from "../engine/atlas";
import { measureName, widthText } from "../measure";
import { depthOf, isClassifier, type Experiment, type TwinSpec } from "../engine/types";
import { layersTitle, twinNames } from "../twin-names";
import { drawColours, drawSheet, FAMILY, INK, type Drawing } from "./drawing";
import { twinsOf, type ExportedMap } from "./map-file";
import { word } from "../words";

const [LEFT, TOP, NAMES] = [8, 40, 22];
/** One map, or the curves. */
const [MAP, CURVES] = [
  { width: 470, height: 400 },
  { width: 720, height: 420 },
] as const;
/** Legend and two lines of caption. */
const BELOW = 80;
const LINE = 16;

/** The colours of a map: a run that ended at the threshold has no final excess risk. */
export function colourOf({ spec }: Atlas): AtlasColour {
  return spec.budget.stopAtThreshold ? "steps" : "excess";
}

export function mapDrawing({ atlas, view, height }: ExportedMap): Drawing {
  const deep = view === "deep";
  const curves = deep || view === "curves";
  const { x, y } = atlas.spec;
  const [across, up] = [QUANTITIES[x.quantity].title, QUANTITIES[y.quantity].title];
  const sheet = {
    title: deep
      ? word("sheet.deep")
      : curves
        ? word("sheet.curves", { across })
        : word("sheet.maps", { across, up }),
    width: 2 * LEFT + (curves ? CURVES.width : MAP.width * Math.max(1, atlas.twins.length)),
    height: TOP + (curves ? CURVES.height : NAMES + MAP.height) + BELOW,
  };
  return {
    ...sheet,
    name: `map-${x.quantity}-${y.quantity}`,
    draw: (pen) => {
      const left = LEFT + plotFrame(MAP.width, MAP.height).left;
      drawSheet(pen, sheet, left);
      const words = deep
        ? drawStarts(pen, atlas, height ?? "right")
        : curves
          ? drawCurves(pen, atlas)
          : drawMaps(pen, atlas);
      pen.font = INK.font;
      pen.textAlign = "left";
      pen.textBaseline = "alphabetic";
      const baseline = sheet.height - BELOW + 20;
      if (deep) drawCriterion(pen, left, baseline);
      else if (curves) drawKey(pen, atlas, left, baseline);
      else drawLegend(pen, atlas, words, left, baseline);
      pen.fillStyle = INK.muted;
      caption(atlas, curves, deep).forEach((line, i) => pen.fillText(line, left, baseline + 24 + i * LINE));
    },
  };
}

const called = (twin: TwinSpec, classifier: boolean) =>
  word("atlas.called", { layers: layersTitle(twin, classifier), start: startTitle(twin.start.kind) });

/** Draws the maps side by side; returns what their colours cover. */
function drawMaps(pen: Pen, atlas: Atlas): Domain | undefined {
  const { spec, grain } = atlas;
  const colour = colourOf(atlas);
  const domain = atlasDomain(atlas.twins, colour);
  const twins = twinsOf(atlas);
  const names = twinNames(twins);
  const { left } = plotFrame(MAP.width, MAP.height);
  atlas.twins.forEach((twin, i) => {
    pen.save();
    pen.translate(LEFT + i * MAP.width, TOP);
    pen.font = `600 13px ${FAMILY}`;
    pen.fillStyle = INK[names[i]!.colour];
    pen.textAlign = "left";
    pen.textBaseline = "alphabetic";
    pen.fillText(called(twins[i]!, isClassifier(spec.experiment)), left, 14);
    pen.translate(0, NAMES);
    drawAtlas(pen, MAP.width, MAP.height, [prepareAtlas(twin, { ...spec, grain }, colour, domain)], {
      ink: INK,
      x: spec.x,
      y: spec.y,
      xLabel: axisTitle(spec, spec.x, "label"),
      yLabel: axisTitle(spec, spec.y, "label"),
    });
    pen.restore();
  });
  return domain;
}

function drawCurves(pen: Pen, atlas: Atlas): undefined {
  const { spec, grain, x } = atlas;
  pen.save();
  pen.translate(LEFT, TOP);
  const twins = twinsOf(atlas);
  const drawn = atlas.twins.map((twin, i) => ({
    spreads: spreads(twin, grain, spec.columns, spec.rows),
    ...curveLook(twins, i, INK),
  }));
  drawSweep(pen, CURVES.width, CURVES.height, drawn, {
    ink: INK,
    x: spec.x,
    values: x,
    steps: spec.budget.steps,
    xLabel: axisTitle(spec, spec.x, "label"),
    yLabel: word("atlas.stepsTo", { goal: goalText(spec) }),
  });
  pen.restore();
}

function drawStarts(pen: Pen, atlas: Atlas, height: Height): undefined {
  const { spec, x } = atlas;
  pen.save();
  pen.translate(LEFT, TOP);
  drawDeep(pen, CURVES.width, CURVES.height, deepCurves(atlas, height, "light"), {
    ink: INK,
    x: spec.x,
    depths: x,
    height,
    trained: TRAINED,
    xLabel: word("setting.blocks"),
    yLabel: heightLabel(height, spec.budget.steps),
  });
  pen.restore();
}

function drawCriterion(pen: Pen, left: number, baseline: number): void {
  pen.fillStyle = INK.text;
  pen.fillText(word("sheet.criterion"), left, baseline);
}

function drawLegend(pen: Pen, atlas: Atlas, domain: Domain | undefined, x: number, baseline: number): void {
  const { steps } = atlas.spec.budget;
  const excess = colourOf(atlas) === "excess";
  pen.fillStyle = INK.text;
  pen.fillText(
    excess
      ? word("atlas.after", {
          measure: measureName(isClassifier(atlas.spec.experiment) ? "loss" : "excess risk"),
          steps: formatCount(steps),
        })
      : word("atlas.stepsTo", { goal: goalText(atlas.spec) }),
    x,
    baseline,
  );
  if (domain) {
    const [low, high] = [10 ** domain.low, 10 ** domain.high];
    const ends = excess
      ? ([`≤ ${formatValue(low)}`, `≥ ${formatValue(high)}`] as const)
      : ([formatCount(low), formatCount(high)] as const);
    drawColours(pen, ends, { x: x + 245, baseline, breadth: 120 });
  }
  pen.save();
  pen.translate(x + 440, baseline - 10);
  hatch(pen, [[0.5, 0.5, 1]], { left: 0, top: 0, width: 18, height: 12 }, [18, 12]);
  pen.restore();
  pen.fillStyle = INK.text;
  pen.fillText(word("landscape.diverged"), x + 464, baseline);
  if (excess) return;
  pen.fillStyle = NEVER;
  pen.fillRect(x + 530, baseline - 10, 18, 12);
  pen.fillStyle = INK.text;
  pen.fillText(word("atlas.notWithin", { steps: formatCount(steps) }), x + 554, baseline);
}

function drawKey(pen: Pen, atlas: Atlas, left: number, baseline: number): void {
  const twins = twinsOf(atlas);
  twins.forEach((twin, i) => {
    const x = left + i * 250;
    const { colour, dash } = curveLook(twins, i, INK);
    pen.strokeStyle = colour;
    pen.lineWidth = 2.5;
    pen.setLineDash(dash);
    pen.beginPath();
    pen.moveTo(x, baseline - 4);
    pen.lineTo(x + 18, baseline - 4);
    pen.stroke();
    pen.setLineDash([]);
    pen.fillStyle = INK.text;
    pen.fillText(called(twin, isClassifier(atlas.spec.experiment)), x + 24, baseline);
  });
}

/** What all networks of a map have alike, and on what they are trained. */
function networksText({ network, data }: Experiment, fixed: string, steps: string): string {
  if (network.kind === "linear") return word("sheet.linear", { fixed, steps });
  return data.kind === "set"
    ? word("sheet.reluSet", { points: data.points, set: data.set, fixed, steps })
    : word("sheet.reluGiven", { fixed, steps });
}

function caption({ spec, trained, networks, engine }: Atlas, curves: boolean, deep: boolean): string[] {
  const experiment = spec.experiment as unknown as Experiment;
  const { network, seed, optimizer } = experiment;
  const axes = [spec.x.quantity, spec.y.quantity];
  const fixed = [
    ...(axes.includes("width") ? [] : [widthText(network)]),
    ...(axes.includes("depth") ? [] : [word("sheet.depth", { depth: depthOf(network) })]),
    ...(axes.includes("learningRate")
      ? []
      : [word("sheet.rate", { rate: formatValue(optimizer.learningRate) })]),
    ...(axes.includes("seed") ? [] : [word("class.starts.cell", { seed })]),
  ];
  const { columns, rows } = spec;
  const key = deep ? "sheet.deepLines" : curves ? "sheet.curveLines" : "sheet.cells";
  const how = word(key, { columns, rows, engine: ENGINE_TITLES[engine] });
  const counts = { trained: formatCount(trained), networks: formatCount(networks) };
  return [
    networksText(experiment, fixed.join(", "), formatCount(spec.budget.steps)),
    trained < networks ? `${how} ${word("sheet.unfinished", counts)}` : how,
  ];
}
