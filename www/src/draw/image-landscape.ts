// The loss about a network along random directions: a curve, or a plane.
import type { ImageLandscape } from "../engine/images";
import { tickLabel, type NumberAxis } from "./axis";
import type { Ink, Pen } from "./canvas";
import { plotFrame, prepareLandscape, type LandscapeData, type LandscapePicture } from "./landscape";
import { drawNumberGrid, gridX, gridY, type NumberGrid } from "./number-grid";
import { formatValue, niceBelow, niceStep } from "./scale";
import { word } from "../words";

/** Cells are computed on every 16th row and column first, then on every 8th, and so on. */
const GRAINS = [2, 4, 8, 16];

/** A plane in which cells not yet computed have the value of a coarser cell near them, where there is one. */
export function filledIn(values: Float32Array, size: number): Float32Array {
  return values.map((value, i) => {
    if (!Number.isNaN(value)) return value;
    for (const grain of GRAINS) {
      const near = (index: number) => {
        const whole = Math.round(index / grain) * grain;
        return whole < size ? whole : whole - grain;
      };
      const coarse = values[near(Math.floor(i / size)) * size + near(i % size)]!;
      if (!Number.isNaN(coarse)) return coarse;
    }
    return value;
  });
}

function planeData({ coordinates, values }: ImageLandscape): LandscapeData {
  return {
    size: coordinates.length,
    a: coordinates,
    b: coordinates,
    values,
    trajectory: new Float32Array(),
    marks: [{ label: word("seen.here"), a: 0, b: 0 }],
    // Only what is not finite is hatched.
    divergence: Number.MAX_VALUE,
  };
}

/** The picture of a plane; contours and hatches wait until it is complete: they would be round blocks and gaps. */
export function planePicture(landscape: ImageLandscape): LandscapePicture {
  const data = planeData(landscape);
  if (landscape.done >= landscape.cells) return prepareLandscape(data);
  const filled = { ...data, values: filledIn(data.values, data.size) };
  return { ...prepareLandscape(filled), lines: [], holes: [] };
}

/** A place and what stands there. */
export function landscapeReading(
  { axes, coordinates, values, done, cells }: ImageLandscape,
  column: number,
  row: number,
): string {
  const number = (value: number) => tickLabel(Number(value.toPrecision(3)));
  const place = [
    `a = ${number(coordinates[column]!)}`,
    ...(axes === "plane" ? [`b = ${number(coordinates[row]!)}`] : []),
  ].join(", ");
  const loss = values[axes === "plane" ? row * coordinates.length + column : column]!;
  if (Number.isNaN(loss)) return word(done < cells ? "seen.notYet" : "seen.notFinite", { place });
  return word("seen.loss", { place, loss: formatValue(loss) });
}

/** What the heights of a line cover: a logarithmic axis where the losses differ much. */
export function lossAxis(values: Float32Array): NumberAxis | undefined {
  const finite = values.filter((value) => value > 0 && value < Infinity).sort();
  const [low, high] = [finite[0], finite[finite.length - 1]];
  if (low === undefined || high === undefined) return undefined;
  if (high < 10 * low) return { scale: "linear", low: 0, high: niceStep(high) };
  return { scale: "log", low: niceBelow(low), high: niceStep(high) };
}

/** Draws the curve through what is computed, and the network itself at a = 0. */
export function drawImageLine(
  pen: Pen,
  width: number,
  height: number,
  { coordinates, values }: ImageLandscape,
  marked: number | undefined,
  ink: Ink,
): void {
  const y = lossAxis(values);
  if (!y) return;
  const x: NumberAxis = { scale: "linear", low: coordinates[0]!, high: coordinates[coordinates.length - 1]! };
  const grid: NumberGrid = { frame: plotFrame(width, height), x, y, names: ["a", word("measure.loss")] };
  drawNumberGrid(pen, grid, ink);
  const { top, height: tall } = grid.frame;
  pen.strokeStyle = ink.muted;
  pen.lineWidth = 1;
  for (const a of marked === undefined ? [0] : [0, coordinates[marked]!]) {
    pen.setLineDash(a === 0 ? [5, 4] : []);
    pen.beginPath();
    pen.moveTo(gridX(grid, a), top);
    pen.lineTo(gridX(grid, a), top + tall);
    pen.stroke();
  }
  pen.setLineDash([]);
  pen.strokeStyle = ink.identity;
  pen.lineWidth = 2.25;
  pen.lineJoin = "round";
  pen.beginPath();
  values.forEach((value, i) => {
    if (value > 0 && value < Infinity) pen.lineTo(gridX(grid, coordinates[i]!), gridY(grid, value));
  });
  pen.stroke();
  const middle = (coordinates.length - 1) / 2;
  if (values[middle]! > 0) {
    const [px, py] = [gridX(grid, 0), gridY(grid, values[middle]!)];
    pen.fillStyle = ink.identity;
    pen.beginPath();
    pen.arc(px, py, 4.5, 0, 2 * Math.PI);
    pen.fill();
  }
  pen.fillStyle = ink.text;
  pen.textAlign = "left";
  pen.textBaseline = "top";
  pen.fillText(word("seen.here"), gridX(grid, 0) + 6, top + 2);
}
