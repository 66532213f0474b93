// Medians under a time cap.

export interface Budget {
  /** Milliseconds to spend on one measurement, warm-up excluded. */
  milliseconds: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((x, y) => x - y);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * Median milliseconds a call. One call warms up (kernels compile then); the clock of a page is coarse
 * (0.1 ms), so short calls are grouped until a group takes 5 ms.
 */
export async function timeCall(call: () => Promise<unknown>, budget: Budget): Promise<number> {
  await call();
  let begin = performance.now();
  await call();
  const once = performance.now() - begin;
  const group = Math.max(1, Math.ceil(5 / Math.max(once, 0.05)));
  if (once < budget.milliseconds / 10) for (let i = 0; i < group; i++) await call();
  const samples: number[] = [];
  const end = performance.now() + budget.milliseconds;
  do {
    begin = performance.now();
    for (let i = 0; i < group; i++) await call();
    samples.push((performance.now() - begin) / group);
  } while (samples.length < 3 || (performance.now() < end && samples.length < 200));
  return median(samples);
}

/** Throws unless a value is within the relative tolerance of what it should be: a wrong answer is not timed. */
export function agree(what: string, value: number, expected: number, tolerance: number): void {
  if (!(Math.abs(value - expected) <= tolerance * Math.abs(expected)))
    throw new Error(`${what}: ${value} instead of ${expected}`);
}

/** A time, or why there is none: one failure must not cost the other measurements. */
export async function attempt(measure: () => Promise<number>): Promise<number | string> {
  try {
    return await measure();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
