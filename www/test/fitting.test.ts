import { describe, expect, it } from "vitest";
import type { BuildReport, LabelledPoints } from "../src/engine/expressivity";
import { fitExperiment, growingParts, tooMuch, trainedParameters } from "../src/fitting-plan";

const report = (part: Partial<BuildReport>) =>
  ({ dimension: 2, classes: 2, width: 8, blocks: 25, points: 200, ...part }) as BuildReport;

/** Points whose coordinates are their numbers. */
function numbered(count: number, label: (i: number) => number): LabelledPoints {
  return {
    dimension: 2,
    classes: 2,
    inputs: Float32Array.from({ length: 2 * count }, (_, i) => i),
    labels: Uint16Array.from({ length: count }, (_, i) => label(i)),
  };
}

describe("training at a constructed network's size", () => {
  it("counts the parameters that are trained", () => {
    // A₀ 2×8; 25 blocks of 8×8, 8 and 8×8; B 2×8.
    expect(trainedParameters(report({}))).toBe(16 + 25 * 136 + 16);
  });

  it("is given an eighth of the points to all of them, from everywhere in their order", () => {
    // Sorted by class, as tables often are; and by turns, as the lab's sets are.
    for (const label of [(i: number) => Number(i >= 20), (i: number) => i % 2]) {
      const parts = growingParts(numbered(40, label));
      expect(parts.map(({ labels }) => labels.length)).toEqual([5, 10, 20, 40]);
      for (const [part, { labels }] of parts.entries()) {
        const ones = labels.reduce((sum, label) => sum + label, 0);
        expect(Math.abs(ones - labels.length / 2)).toBeLessThanOrEqual(part === 0 ? 1.5 : 2);
      }
      const numbers = parts.map(({ inputs }) => new Set(inputs));
      for (const n of numbers[0]!) expect(numbers[1]!.has(n) && numbers[2]!.has(n)).toBe(true);
    }
    const parts = growingParts(numbered(40, (i) => i % 2));
    expect(parts[3]!.inputs).toEqual(numbered(40, () => 0).inputs);
  });

  it("passes over parts of one class, and over those of less than two points", () => {
    const rare = growingParts(numbered(16, (i) => Number(i === 3)));
    expect(rare.map(({ labels }) => labels.length)).toEqual([16]);
    expect(growingParts(numbered(3, (i) => Number(i === 2))).map(({ labels }) => labels.length)).toEqual([
      2, 3,
    ]);
  });

  it("says what is too much, and why", () => {
    const budget = { steps: 2000, learningRate: 0.003 };
    expect(tooMuch(report({}), [25, 50, 100, 200], budget)).toBeUndefined();
    const large = report({ dimension: 50, classes: 10, width: 11, blocks: 182, points: 2000 });
    const said = tooMuch(large, [250, 500, 1000, 2000], budget);
    expect(said).toMatch(
      /^steps: 2.000 steps of two networks with 46.706 parameters on up to 2.000 points are 2\.10·10¹² .* allowed are 1\.00·10¹²/,
    );
    expect(tooMuch(large, [250, 500, 1000, 2000], { ...budget, steps: 500 })).toBeUndefined();
  });

  it("asks for the construction's width and depth, both starts, all points and the seed", () => {
    const points = numbered(8, (i) => i % 2);
    const experiment = fitExperiment(report({}), points, { steps: 10, learningRate: 0.01 }, 7);
    expect(experiment).toMatchObject({
      network: { kind: "relu", width: 8, blocks: 25 },
      data: { kind: "points", heldOut: 0, labels: [0, 1, 0, 1, 0, 1, 0, 1] },
      optimizer: { kind: "adam", learningRate: 0.01 },
      seed: 7,
      twins: [
        { parametrization: "identity", start: { kind: "identity" } },
        { parametrization: "standard", start: { kind: "he" } },
      ],
    });
  });
});
