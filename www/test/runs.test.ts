import { describe, expect, it } from "vitest";
import type { Experiment, Frame } from "../src/engine/types";
import { compared, MOST_RUNS, withRun, type PastRun } from "../src/runs";

const base = {
  version: 1,
  seed: 1,
  network: { kind: "linear", width: 2, layers: 3 },
  twins: [{ parametrization: "identity", start: { kind: "identity" } }],
} as unknown as Experiment;

function frame(step: number, points = step + 1): Frame {
  const steps = Float64Array.from({ length: points }, (_, i) => (i * step) / (points - 1));
  const values = Float32Array.from(steps, (s) => 1 / (1 + s));
  const history = { steps, excess: values, gradientNorm: values };
  const twin = { parametrization: "identity", status: "running", excess: 0.5, history };
  return { step, engine: "cpu", twins: [twin] } as unknown as Frame;
}

const seeded = (seed: number): Experiment => ({ ...base, seed });

describe("earlier runs", () => {
  it("are bounded, thinned, and draw only the newest few", () => {
    let runs: readonly PastRun[] = [];
    for (let seed = 1; seed <= MOST_RUNS + 3; seed++) runs = withRun(runs, seeded(seed), frame(2000), 0);
    expect(runs.length).toBe(MOST_RUNS);
    expect(runs.filter((run) => run.shown).map((run) => run.experiment.seed)).toEqual([12, 13, 14, 15]);
    const { steps, excess } = runs[0]!.twins[0]!.history;
    expect(steps.length).toBeLessThan(300);
    expect([steps[0], steps[steps.length - 1]]).toEqual([0, 2000]);
    expect(excess.length).toBe(steps.length);
    expect(new Set(runs.map((run) => run.id)).size).toBe(MOST_RUNS);
  });

  it("are kept once each, as far as they came", () => {
    let runs = withRun([], base, frame(100), 0);
    expect(withRun(runs, base, frame(50), 0)).toBe(runs);
    expect(withRun(runs, base, frame(0), 0)).toBe(runs);
    runs = withRun(runs, base, frame(200), 0);
    expect(runs.map((run) => run.step)).toEqual([200]);
    // Gone on from step 70 of another run it is another run, drawn from there.
    runs = withRun(runs, base, frame(10), 70);
    expect(runs.map((run) => run.offset)).toEqual([0, 70]);
    expect(runs[1]!.twins[0]!.history.steps[0]).toBe(70);
  });

  it("are compared by what differs, and by nothing else", () => {
    const given = { kind: "given" as const, parameters: "A".repeat(100) };
    const other = { ...seeded(7), twins: [{ parametrization: "identity" as const, start: given }] };
    const { columns, rows } = compared(withRun([], base, frame(5), 0), { experiment: other, offset: 0 });
    expect(columns).toEqual(["seed", "twins.0.start.kind", "twins.0.start.parameters"]);
    expect(rows.map((row) => row.values)).toEqual([
      ["1", "identity", "–"],
      ["7", "given", "AAAAAAAA…"],
    ]);
    expect(rows[1]!.run).toBeUndefined();
  });
});
