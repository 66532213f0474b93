import { describe, expect, it } from "vitest";
import type { Experiment } from "../src/engine/types";
import { experimentFrom, leftOut, leftOutSentence, readHash, writeHash } from "../src/url";

const base: Experiment = {
  version: 1,
  seed: 1,
  network: { kind: "linear", width: 8, layers: 16 },
  target: { kind: "random", condition: 10 },
  data: { kind: "population", covariance: 1, noise: 0 },
  optimizer: { kind: "gradientDescent", learningRate: 0.001 },
  batch: null,
  twins: [
    { parametrization: "identity", start: { kind: "identity" } },
    { parametrization: "standard", start: { kind: "xavier", scale: 1 } },
  ],
};

const others: Experiment[] = [
  base,
  {
    ...base,
    seed: 4294967295,
    network: { kind: "linear", width: 2, layers: 256 },
    target: {
      kind: "matrix",
      rows: [
        [1, -0.5],
        [1e-7, 2],
      ],
    },
    data: { kind: "sample", points: 256, covariance: 100, noise: 0.1 },
    optimizer: { kind: "adam", learningRate: 3e-5, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    batch: 32,
    twins: [{ parametrization: "standard", start: { kind: "zeroAsymmetric" } }],
  },
  { ...base, target: { kind: "diagonal", values: [1, -2, 3.5, 0, 1, 1, 1, 1] } },
  { ...base, network: { kind: "linear", width: 4, layers: 16, hidden: 32 } },
  { ...base, target: { kind: "diagonal", values: [7] }, network: { kind: "linear", width: 1, layers: 1 } },
  {
    ...base,
    optimizer: { kind: "momentum", learningRate: 0.1, momentum: 0.5 },
    twins: [
      { parametrization: "identity", start: { kind: "nearIdentity", scale: 0.25 } },
      { parametrization: "standard", start: { kind: "identity" } },
    ],
  },
];

const roundTrip = (experiment: Experiment) =>
  experimentFrom(readHash(writeHash({ experiment, engine: "auto", plane: "startCurrent" })).fields, base);

describe("the address", () => {
  it.each(others)("brings every experiment back (%#)", (experiment) => {
    expect(roundTrip(experiment)).toEqual(experiment);
  });

  it("is readable", () => {
    const hash = writeHash({ experiment: others[2]!, engine: "burn", plane: "hessian.both" });
    expect(hash).toContain("network.width=8&");
    expect(hash).toContain("target.values=1,-2,3.5,0,1,1,1,1");
    expect(hash).toMatch(/&engine=burn&plane=hessian\.both$/);
    expect(readHash(hash).engine).toBe("burn");
    expect(readHash(hash).plane).toBe("hessian.both");
  });

  it("holds a start that was chosen on a landscape, unless it is too long for an address", () => {
    const given = (parameters: string) => ({
      ...base,
      twins: base.twins.map((twin) => ({ ...twin, start: { kind: "given" as const, parameters } })),
    });
    const hash = writeHash({ experiment: given("AAC/+w=="), engine: "auto", plane: "startCurrent" });
    expect(experimentFrom(readHash(hash).fields, base)).toEqual(given("AAC/+w=="));
    // All digits, and yet no number.
    const digits = writeHash({ experiment: given("12345678"), engine: "auto", plane: "startCurrent" });
    expect(experimentFrom(readHash(digits).fields, base)).toEqual(given("12345678"));
    const long = given("A".repeat(100_000));
    expect(leftOut(long)).toEqual({ points: false, start: true });
    expect(leftOut(given("AAC/+w=="))).toEqual({ points: false, start: false });
    expect(leftOutSentence(leftOut(long))).toMatch(/^This start has too many numbers/);
    const short = writeHash({ experiment: long, engine: "auto", plane: "startCurrent" });
    expect(short.length).toBeLessThan(1000);
  });

  it("leaves out points that are too many for an address, and says which part that is", () => {
    const labels = Array.from({ length: 20_000 }, (_, i) => i % 2);
    const data = {
      kind: "points" as const,
      dimension: 2,
      classes: 2,
      inputs: "A".repeat(80),
      labels,
      heldOut: 0,
    };
    const many = { ...base, data };
    const few = { ...base, data: { ...data, labels: [0, 1] } };
    expect(leftOut(many)).toEqual({ points: true, start: false });
    expect(leftOut(few)).toEqual({ points: false, start: false });
    expect(leftOutSentence(leftOut(many))).toMatch(/^These points have too many numbers/);
    const hash = (experiment: Experiment) => writeHash({ experiment, engine: "auto", plane: "startCurrent" });
    expect(hash(many)).not.toContain("data.");
    expect(hash(few)).toContain("data.labels=0,1");
  });

  it("leaves what it does not name as it is by default", () => {
    const { fields } = readHash("#network.width=4&target.kind=rotation&target.degrees=120");
    expect(experimentFrom(fields, base)).toEqual({
      ...base,
      network: { kind: "linear", width: 4, layers: 16 },
      target: { kind: "rotation", degrees: 120 },
    });
  });

  it("gives another kind its parameter and drops the old one", () => {
    const { fields } = readHash("#target.kind=rotation&twins.1.start.kind=identity");
    const made = experimentFrom(fields, base);
    expect(made.target).toEqual({ kind: "rotation", degrees: 90 });
    expect((made.twins as unknown[])[1]).toEqual({
      parametrization: "standard",
      start: { kind: "identity" },
    });
  });

  it("passes nonsense on as text, for the crate to name the field", () => {
    const { fields } = readHash("#network.width=NaN&seed=1e999&colour.depth=3");
    const made = experimentFrom(fields, base) as Record<string, unknown>;
    expect(made["network"]).toEqual({ kind: "linear", width: "NaN", layers: 16 });
    expect(made["seed"]).toBe("1e999");
    expect(made["colour"]).toEqual({ depth: 3 });
  });

  it("reaches no prototype", () => {
    const { fields } = readHash("#constructor.prototype.evil=1&twins.constructor.x=1");
    experimentFrom(fields, base);
    expect(({} as Record<string, unknown>)["evil"]).toBeUndefined();
    expect(() => readHash("#__proto__.evil=1")).toThrow("__proto__");
  });

  it.each(["#abc", "#=1", "#a=%zz", "#seed=1&seed=2", "#a b=1"])("refuses %s with a sentence", (hash) => {
    expect(() => readHash(hash)).toThrow(/address/);
  });
});
