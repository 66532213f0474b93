import { describe, expect, it } from "vitest";
import { CLASSES, markCorners, type Theme } from "../src/draw/classes";
import { rgb } from "../src/draw/color";

const SURFACES = { light: "#ffffff", dark: "#181b20" };
type Triple = [number, number, number];

const linear = (hex: string) =>
  rgb(hex).map((c) => (c <= 10.31 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4)) as Triple;
const luminance = ([r, g, b]: Triple) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
const contrast = (one: string, other: string) => {
  const [dark, light] = [luminance(linear(one)), luminance(linear(other))].sort((a, b) => a - b);
  return (light! + 0.05) / (dark! + 0.05);
};

/** What is seen without one kind of cone: Machado, Oliveira, Fernandes 2009, severity 1, linear RGB. */
const EYES = {
  normal: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protan: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deutan: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritan: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};

/** Björn Ottosson's OKLab: about even to the eye. */
function oklab([r, g, b]: Triple): Triple {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function seen(hex: string, eyes: readonly number[]): Triple {
  const [r, g, b] = linear(hex);
  const row = (i: number) =>
    Math.min(1, Math.max(0, eyes[3 * i]! * r + eyes[3 * i + 1]! * g + eyes[3 * i + 2]! * b));
  return oklab([row(0), row(1), row(2)]);
}

/** The pair of colours that is hardest to tell apart. */
function closest(colours: readonly string[], eyes: readonly number[]): number {
  const places = colours.map((colour) => seen(colour, eyes));
  return Math.min(
    ...places.flatMap((one, i) =>
      places.slice(0, i).map((other) => Math.hypot(...one.map((value, k) => value - other[k]!))),
    ),
  );
}

describe("classes", () => {
  it.each(["light", "dark"] as Theme[])("stand out from the %s surface", (theme) => {
    for (const [i, look] of CLASSES.entries()) {
      expect(contrast(look[theme], SURFACES[theme]), `class ${i}`).toBeGreaterThanOrEqual(3);
    }
  });

  it.each(["light", "dark"] as Theme[])("are told apart by all eyes on the %s surface", (theme) => {
    const colours = CLASSES.map((look) => look[theme]);
    for (const [name, eyes] of Object.entries(EYES)) {
      expect(closest(colours.slice(0, 8), eyes), `the first eight, ${name}`).toBeGreaterThan(0.07);
      expect(closest(colours, eyes), `all, ${name}`).toBeGreaterThan(0.05);
    }
  });

  it("differ in shape or in being filled", () => {
    const marks = CLASSES.map((look, i) => `${look.filled} ${JSON.stringify(markCorners(i, 1))}`);
    expect(new Set(marks).size).toBe(16);
  });
});
