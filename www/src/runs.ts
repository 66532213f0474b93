// Earlier runs: their curves, to be laid under the present one, and what each did differently.
import type { Experiment, Frame, TwinFrame } from "./engine";
import { word } from "./words";

/** A run that was left: by a restart, a rewind, or a layer inserted. */
export interface PastRun {
  id: number;
  experiment: Experiment;
  engine: string;
  /** Steps before its own first one, where it went on from another run. */
  offset: number;
  step: number;
  twins: (Pick<TwinFrame, "parametrization" | "status" | "excess" | "history"> & {
    divergedAt: number | undefined;
  })[];
  /** Whether its curves are drawn. */
  shown: boolean;
}

/** More runs are not kept: the oldest goes. A run takes about 12 kB. */
export const MOST_RUNS = 12;
/** Of those, this many are drawn unless a person chooses others. */
const MOST_SHOWN = 4;
/** Points that are kept of a curve. */
const POINTS = 256;

/** The list with a run that has just been left; one of the same experiment that came less far makes way for it. */
export function withRun(
  runs: readonly PastRun[],
  experiment: Experiment,
  frame: Frame,
  offset: number,
): readonly PastRun[] {
  if (frame.step === 0) return runs;
  const key = identity(experiment, offset);
  const same = (run: PastRun) => identity(run.experiment, run.offset) === key;
  if (runs.some((run) => same(run) && run.step >= frame.step)) return runs;
  const others = runs.filter((run) => !same(run));
  const id = Math.max(0, ...runs.map((run) => run.id)) + 1;
  const run: PastRun = {
    id,
    experiment,
    engine: frame.engine,
    offset,
    step: frame.step,
    twins: frame.twins.map(({ parametrization, status, excess, history, divergedAt }) => ({
      parametrization,
      status,
      excess,
      divergedAt: divergedAt ?? undefined,
      history: thinned(history, offset),
    })),
    shown: true,
  };
  const list = [...others, run].slice(-MOST_RUNS);
  const shown = list.filter((r) => r.shown);
  return list.map((r) => (shown.indexOf(r) < shown.length - MOST_SHOWN ? { ...r, shown: false } : r));
}

function identity(experiment: Experiment, offset: number): string {
  return `${offset} ${JSON.stringify(experiment)}`;
}

function thinned(history: TwinFrame["history"], offset: number): TwinFrame["history"] {
  const { steps, excess, gradientNorm } = history;
  const every = Math.max(1, Math.ceil(steps.length / POINTS));
  const last = steps.length - 1;
  const keep = (_: unknown, i: number) => i % every === 0 || i === last;
  return {
    steps: steps.filter(keep).map((step) => step + offset),
    excess: excess.filter(keep),
    gradientNorm: gradientNorm.filter(keep),
  };
}

/** A row of the table: the values of the columns, in their order. */
export interface RunRow {
  /** undefined for the present run. */
  run: PastRun | undefined;
  values: string[];
}

/** What differs between runs, and only that. */
export function compared(
  runs: readonly PastRun[],
  present: { experiment: Experiment; offset: number },
): { columns: string[]; rows: RunRow[] } {
  const all = [...runs.map((run) => ({ run, ...run })), { run: undefined, ...present }];
  const fields = all.map(({ experiment, offset }) =>
    flatten({ ...experiment, [word("runs.begunAfter")]: offset }),
  );
  const names = [...new Set(fields.flatMap((flat) => [...flat.keys()]))];
  const columns = names.filter((name) => new Set(fields.map((flat) => flat.get(name) ?? "–")).size > 1);
  return {
    columns,
    rows: all.map(({ run }, i) => ({ run, values: columns.map((name) => fields[i]!.get(name) ?? "–") })),
  };
}

/** Nested fields as dotted names; a long value is only said to be there. */
function flatten(value: unknown, name = "", into = new Map<string, string>()): Map<string, string> {
  if (value !== null && typeof value === "object") {
    for (const [key, part] of Object.entries(value)) flatten(part, name ? `${name}.${key}` : key, into);
  } else if (value !== undefined) {
    const text = String(value);
    into.set(name, text.length > 24 ? `${text.slice(0, 8)}…` : text);
  }
  return into;
}
