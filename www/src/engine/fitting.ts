// `fitEach(experiments, steps)` trains one classifier experiment after the other, in one session's worker, and counts
// the points fitted. No DOM.
import { createSession, type LabSession } from "./index";
import type { ExperimentInput } from "./types";

/** How many points the networks of one experiment fit. */
export interface FitCount {
  /** Points to be fitted. */
  given: number;
  /** Steps made so far. */
  step: number;
  /** For each network the most points fitted at any count so far … */
  fitted: readonly number[];
  /** … and the step of that count. */
  steps: readonly number[];
  /** Whether this experiment is over: the steps are made, or every network fits all points or has diverged. */
  done: boolean;
}

/** Counts in one experiment. */
const COUNTS = 100;

/** Counts at fixed steps: the same experiments give the same numbers. */
async function fit(
  session: LabSession,
  steps: number,
  onCount: (count: FitCount) => void,
  aborted: () => boolean,
): Promise<void> {
  const { labels } = await session.points();
  const given = labels.length;
  const every = Math.max(1, Math.round(steps / COUNTS));
  let frame = session.frame;
  const fitted: number[] = frame.twins.map(() => -1);
  const at: number[] = frame.twins.map(() => 0);
  for (;;) {
    for (const twin of frame.twins.keys()) {
      const { evaluation } = await session.classifier(twin, { points: 1 });
      const right = Math.round(evaluation.accuracy * given);
      if (right > fitted[twin]!) [fitted[twin], at[twin]] = [right, frame.step];
    }
    if (aborted()) return;
    const over = frame.twins.every(({ status }, twin) => status === "diverged" || fitted[twin] === given);
    const done = over || frame.step >= steps;
    onCount({ given, step: frame.step, fitted: [...fitted], steps: [...at], done });
    if (done) return;
    frame = await session.step(Math.min(every, steps - frame.step));
  }
}

/** Resolves when all are trained or it is aborted, which ends the worker at once; rejects where one is refused. */
export async function fitEach(
  experiments: readonly ExperimentInput[],
  steps: number,
  onCount: (count: FitCount, index: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const [first, ...others] = experiments;
  if (!first) return;
  const session = await createSession(first, { engine: "cpu" });
  const work = async () => {
    await fit(
      session,
      steps,
      (count) => onCount(count, 0),
      () => signal.aborted,
    );
    for (const [index, experiment] of others.entries()) {
      if (signal.aborted) return;
      await session.configure(experiment);
      await fit(
        session,
        steps,
        (count) => onCount(count, index + 1),
        () => signal.aborted,
      );
    }
  };
  // A worker that is terminated never answers.
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  try {
    await Promise.race([work(), aborted]);
  } finally {
    session.dispose();
  }
}
