// What a class has found so far: results by cell, kept in the browser of whoever presents. No DOM.
import { readCode } from "./code";
import type { Outcome, Result } from "./task";
import { word } from "../words";

export class Pool {
  private readonly codes = new Map<string, Result>();

  constructor(
    readonly task: number,
    readonly room: number,
  ) {}

  /** Adds every code in a text; says what became of each that could not be added. */
  add(text: string): { added: number; problems: string[] } {
    let added = 0;
    const problems: string[] = [];
    for (const code of text.split(/[\s,;]+/).filter(Boolean)) {
      try {
        const result = readCode(code, this.room);
        if (result.task !== this.task) throw new Error(word("class.otherTask", { code }));
        const name = code.toUpperCase().replace(/-/g, "");
        if (!this.codes.has(name)) added++;
        this.codes.set(name, result);
      } catch (error) {
        problems.push(error instanceof Error ? error.message : String(error));
      }
    }
    return { added, problems };
  }

  get size(): number {
    return this.codes.size;
  }

  /** Every code, to be kept. */
  get text(): string {
    return [...this.codes.keys()].join(" ");
  }

  results(): Result[] {
    return [...this.codes.values()];
  }

  /** What was found in a cell by one of the networks, the latest if there are several. */
  at(column: number, row: number, twin: 0 | 1): Outcome | undefined {
    const found = this.results().filter((result) => result.column === column && result.row === row);
    return found[found.length - 1]?.outcomes[twin];
  }
}

/** The median of what was learned, and how many were not. */
export function summary(outcomes: readonly Outcome[]): { median: number | undefined; missing: number } {
  const steps = outcomes.flatMap((outcome) => (outcome.kind === "learned" ? [outcome.step] : []));
  steps.sort((a, b) => a - b);
  return { median: steps[Math.floor((steps.length - 1) / 2)], missing: outcomes.length - steps.length };
}
