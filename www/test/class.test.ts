import { describe, expect, it } from "vitest";
import { readCode, writeCode } from "../src/class/code";
import { Pool, summary } from "../src/class/pool";
import { TASKS, type Outcome, type Result } from "../src/class/task";

const ROOM = 613;
const result = (column: number, row: number, outcomes: [Outcome, Outcome], task = 0): Result => ({
  task,
  column,
  row,
  outcomes,
});
const learned = (step: number): Outcome => ({ kind: "learned", step });

describe("a result as a code", () => {
  it("comes back, steps to within two in a hundred", () => {
    for (const [index, task] of TASKS.entries())
      for (const column of task.columns.keys())
        for (const row of task.rows.keys())
          for (const outcomes of [
            [{ kind: "diverged" }, { kind: "unlearned" }],
            [learned(0), learned(4000)],
            [learned(1 + 37 * column), learned(97)],
          ] as [Outcome, Outcome][]) {
            const code = writeCode(result(column, row, outcomes, index), ROOM);
            expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
            const back = readCode(code, ROOM);
            expect({ ...back, outcomes: [] }).toEqual({ task: index, column, row, outcomes: [] });
            for (const [i, outcome] of back.outcomes.entries()) {
              const sent = outcomes[i]!;
              expect(outcome.kind).toBe(sent.kind);
              if (outcome.kind === "learned" && sent.kind === "learned")
                expect(Math.abs(outcome.step - sent.step)).toBeLessThanOrEqual(1 + 0.02 * sent.step);
            }
          }
  });

  it("is read as people write it", () => {
    const code = writeCode(result(1, 1, [learned(10), learned(11)]), ROOM);
    const sloppy = ` ${code.toLowerCase().replace("-", " – ").replace(/0/g, "o").replace(/1/g, "l")} `;
    expect(readCode(sloppy, ROOM)).toEqual(readCode(code, ROOM));
  });

  it("is refused with any one letter wrong, two neighbours swapped, or of another class", () => {
    const code = writeCode(result(3, 2, [learned(210), { kind: "diverged" }]), ROOM).replace("-", "");
    for (let i = 0; i < 8; i++) {
      for (const letter of "0123456789ABCDEFGHJKMNPQRSTVWXYZ") {
        if (letter === code[i]) continue;
        expect(() => readCode(code.slice(0, i) + letter + code.slice(i + 1), ROOM)).toThrow();
      }
      if (i < 7 && code[i] !== code[i + 1])
        expect(() => readCode(code.slice(0, i) + code[i + 1] + code[i] + code.slice(i + 2), ROOM)).toThrow(
          /slip/,
        );
    }
    expect(() => readCode(code, ROOM + 1)).toThrow(/another class/);
    expect(() => readCode("7K2M", ROOM)).toThrow(/eight letters/);
  });
});

describe("a class's pool", () => {
  it("takes each code once, and says what is wrong with the others", () => {
    const pool = new Pool(0, ROOM);
    const first = writeCode(result(0, 0, [learned(5), { kind: "unlearned" }]), ROOM);
    const other = writeCode(result(0, 0, [learned(5), learned(6)], 1), ROOM);
    const found = pool.add(`${first}, ${first.toLowerCase()}\nnonsense ${other}`);
    expect(found.added).toBe(1);
    expect(found.problems).toHaveLength(2);
    expect(pool.at(0, 0, 1)).toEqual({ kind: "unlearned" });
    expect(pool.at(1, 0, 0)).toBeUndefined();
    const again = new Pool(0, ROOM);
    again.add(pool.text);
    expect(again.results()).toEqual(pool.results());
  });

  it("has medians of what was learned", () => {
    expect(summary([learned(9), learned(1), { kind: "diverged" }, learned(4)])).toEqual({
      median: 4,
      missing: 1,
    });
    expect(summary([])).toEqual({ median: undefined, missing: 0 });
  });
});
