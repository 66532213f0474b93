// What a class trains together: a map, every cell of which is a run on somebody's phone. No DOM.
import { word } from "../words";

export type Outcome =
  /** Learned at this step. */
  | { kind: "learned"; step: number }
  /** Not learned within the budget. */
  | { kind: "unlearned" }
  | { kind: "diverged" };

export interface Task {
  title: string;
  /** What the class finds out. */
  question: string;
  columns: readonly number[];
  rows: readonly number[];
  columnTitle: string;
  rowTitle: string;
  /** A cell's numbers in words, of a column and a row. */
  cell(column: number, row: number): string;
  /** The experiment of a cell, as fields of an address. */
  fields(column: number, row: number): string;
  /** Steps after which a run counts as not learned. */
  budget: number;
}

const DEPTHS = [2, 4, 8, 16, 32, 64];

export const TASKS = [
  {
    title: word("class.depths.title"),
    question: word("class.depths.question"),
    columns: DEPTHS,
    rows: [0.03, 0.01, 0.003, 0.001, 0.0003, 0.0001],
    columnTitle: word("class.depth"),
    rowTitle: word("class.rate"),
    cell: (depth, rate) => word("class.depths.cell", { depth, rate }),
    fields: (depth, rate) =>
      `network.width=4&network.layers=${depth}&optimizer.learningRate=${rate}&target.kind=positiveDefinite&target.condition=4`,
    budget: 4000,
  },
  {
    title: word("class.starts.title"),
    question: word("class.starts.question"),
    columns: Array.from({ length: 8 }, (_, i) => i + 1),
    rows: Array.from({ length: 6 }, (_, i) => 8 * i),
    columnTitle: word("class.seed"),
    rowTitle: word("class.plus"),
    cell: (column, row) => word("class.starts.cell", { seed: row + column }),
    fields: (column, row) =>
      `network.width=6&network.layers=6&optimizer.learningRate=0.003&seed=${row + column}`,
    budget: 4000,
  },
] as const satisfies readonly Task[];

export interface Result {
  task: number;
  column: number;
  row: number;
  /** From the identity, and from the standard start. */
  outcomes: [Outcome, Outcome];
}
