// Histories for a chart with a logarithmic axis: two runs on one set of steps, and no value invented.

export interface Series {
  steps: Float64Array;
  values: Float32Array;
}

type Log = number | null | undefined;

export interface LogTable {
  steps: number[];
  /** log10 of each series at each step; undefined where it has no such step, null where it has no logarithm. */
  logs: Log[][];
  /** Whether a value was left out because it was exactly zero, and because it was not finite. */
  zeros: boolean;
  infinite: boolean;
}

export function logTable(series: readonly Series[]): LogTable {
  const steps = union(series);
  const place = new Map(steps.map((step, i) => [step, i]));
  let zeros = false;
  let infinite = false;
  const logs = series.map(({ steps: own, values }) => {
    const list = new Array<Log>(steps.length).fill(undefined);
    own.forEach((step, i) => {
      const value = values[i]!;
      if (value > 0 && Number.isFinite(value)) list[place.get(step)!] = Math.log10(value);
      else {
        list[place.get(step)!] = null;
        if (value === 0) zeros = true;
        else infinite = true;
      }
    });
    return list;
  });
  return { steps, logs, zeros, infinite };
}

/** All steps in order; twins mostly share theirs, and then nothing has to be sorted. */
function union(series: readonly Series[]): number[] {
  const [first, ...others] = series;
  if (!first) return [];
  const same = others.every(
    ({ steps }) => steps.length === first.steps.length && steps.every((step, i) => step === first.steps[i]),
  );
  if (same) return Array.from(first.steps);
  return [...new Set(series.flatMap((s) => Array.from(s.steps)))].sort((x, y) => x - y);
}

/** The decades an axis should cover. */
export function logRange(logs: readonly Log[][]): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const list of logs) {
    for (const value of list) {
      if (value === null || value === undefined) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (low > high) return [-1, 1];
  const [floor, ceiling] = [Math.floor(low), Math.ceil(high)];
  return floor === ceiling ? [floor - 1, ceiling + 1] : [floor, ceiling];
}

/** The value of a series at the last of its steps that is not after `step`. */
export function valueBefore({ steps, values }: Series, step: number): number | undefined {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle]! <= step) low = middle + 1;
    else high = middle;
  }
  return low > 0 ? values[low - 1] : undefined;
}
