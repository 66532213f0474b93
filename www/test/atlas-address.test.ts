import { describe, expect, it } from "vitest";
import { readMaps, writeMaps } from "../src/atlas-address";
import { FIRST_FORM, NETWORKS, QUANTITIES, SEEDS, type AtlasForm } from "../src/atlas-form";
import type { Quantity } from "../src/engine/atlas";
import type { Experiment } from "../src/engine/types";
import { readHash, writeHash } from "../src/url";

const experiment: Experiment = {
  version: 1,
  seed: 1,
  network: { kind: "linear", width: 8, layers: 16 },
  target: { kind: "random", condition: 10 },
  data: { kind: "population", covariance: 1, noise: 0 },
  optimizer: { kind: "gradientDescent", learningRate: 0.001 },
  batch: null,
  twins: [{ parametrization: "identity", start: { kind: "identity" } }],
};

/** A form through a whole address. */
function back(open: boolean, form: AtlasForm) {
  const hash = writeHash({
    experiment,
    engine: "auto",
    plane: "startCurrent",
    maps: writeMaps({ open, form }),
  });
  return readMaps(readHash(hash).maps);
}

const usual = (quantity: Quantity) => ({ quantity, ...QUANTITIES[quantity].usual });

describe("maps in the address", () => {
  it("says nothing of a section as it first is, so that old addresses stay as they are", () => {
    expect(writeMaps({ open: false, form: FIRST_FORM }).size).toBe(0);
    expect(readMaps(readHash("#seed=3&engine=cpu").maps)).toBeUndefined();
    expect(writeHash({ experiment, engine: "auto", plane: "startCurrent" })).not.toContain("maps");
  });

  it("brings every form back", () => {
    for (const size of NETWORKS) expect(back(true, { ...FIRST_FORM, size })!.form.size).toBe(size);
    for (const seeds of SEEDS) expect(back(true, { ...FIRST_FORM, seeds })!.form.seeds).toBe(seeds);
    for (const quantity of Object.keys(QUANTITIES) as Quantity[]) {
      const axis = usual(quantity);
      for (const form of [
        { ...FIRST_FORM, x: axis },
        { ...FIRST_FORM, y: { ...axis, low: "1.5e-3", high: "-2" } },
        { ...FIRST_FORM, x: { ...axis, low: FIRST_FORM.x.low, scale: "linear" as const } },
      ]) {
        expect(back(true, form)).toEqual({ open: true, form });
      }
    }
    const other: AtlasForm = {
      view: "curves",
      x: { quantity: "depth", scale: "log", low: "2", high: "48" },
      y: FIRST_FORM.y,
      size: 128,
      seeds: 8,
      steps: "1000",
      colour: "steps",
      threshold: "0.1",
      starts: { kind: "coordinates", first: 3, second: 11 },
      on: "lab",
      height: "loss",
    };
    expect(back(true, other)).toEqual({ open: true, form: other });
    expect(back(false, other)).toEqual({ open: false, form: other });
  });

  it("is short, and readable", () => {
    const form: AtlasForm = { ...FIRST_FORM, x: usual("startScale"), size: 32 };
    expect([...writeMaps({ open: true, form })]).toEqual([
      ["maps", "open"],
      ["maps.x.quantity", "startScale"],
      ["maps.size", "32"],
    ]);
  });

  it("leaves out what was typed and is no number", () => {
    const form = { ...FIRST_FORM, steps: "many", x: { ...FIRST_FORM.x, low: "" } };
    expect(back(true, form)).toEqual({ open: true, form: FIRST_FORM });
  });

  it.each([
    ["maps=ajar", 'maps: allowed are open and closed; the address says "ajar".'],
    ["maps.size=17", 'maps.size: allowed are 16, 32, 64, 128, 256 and 512; the address says "17".'],
    ["maps.view=films", 'maps.view: allowed are map, curves, basins and deep; the address says "films".'],
    ["maps.x.quantity=colour", "maps.x.quantity: allowed are learningRate, "],
    ["maps.y.scale=square", "maps.y.scale: allowed are log and linear"],
    ["maps.y.low=abc", 'maps.y.low: allowed is a number; the address says "abc".'],
    ["maps.steps=1e", "maps.steps: allowed is a number"],
    ["maps.colour=red", "maps.colour: allowed are excess and steps"],
    ["maps.z.low=1", "maps.z.low: there is no such setting of maps; allowed are "],
  ])("names what is wrong with %s", (hash, sentence) => {
    expect(() => readMaps(readHash(`#${hash}`).maps)).toThrow(sentence);
    expect(readHash(`#seed=2&${hash}`).fields).toEqual(new Map([["seed", "2"]]));
  });

  it("is given once", () => {
    expect(() => readHash("#maps=open&maps=closed")).toThrow("The address gives maps twice.");
  });
});
