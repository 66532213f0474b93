// A run on images as the page follows it: trained a slice of time at a time, tested now and then.
import type { ErrorPoint } from "./draw/error-curves";
import { niceStep } from "./draw/scale";
import type { ImageLab } from "./engine/image-lab";
import type { RunStatus, StepRecord, Tally } from "./engine/images";

/** How long a worker trains before it says how far it is; what is asked in between waits that long. */
const SLICE_MILLISECONDS = 150;
/** Tests over the whole of a run. */
const TESTS = 20;
/** Images of a test while training goes on: more would take longer than the training itself. */
export const TESTED = 2000;

/** Steps between two tests: a round number. */
export function testEvery(steps: number): number {
  return niceStep(Math.max(1, steps / TESTS));
}

/** What is told of a run. */
export interface Heard {
  /** After every slice. */
  onStatus(status: RunStatus, last: StepRecord | undefined): void;
  /** After every test; `tally` is of the first images, or of all at the end. */
  onTest(point: ErrorPoint, tally: Tally): Promise<void> | void;
}

/** Trains to the end of a run, until its loss is no number any more, or until it is stopped. */
export class ImageRun {
  private records: StepRecord[] = [];
  private stopped = false;

  constructor(
    private readonly lab: ImageLab,
    private readonly heard: Heard,
  ) {}

  /** Whoever stops waits for `train` to return, which it does after the slice under way. */
  stop(): void {
    this.stopped = true;
  }

  async train(status: RunStatus): Promise<void> {
    this.stopped = false;
    const every = testEvery(status.experiment.training.steps);
    let now = status;
    while (!this.stopped && !isDone(now)) {
      // To the next test and no further, so that a fast computer's curve has as many points as a slow one's.
      const left = every - (now.step % every);
      const { records, status: after } = await this.lab.host.advance(SLICE_MILLISECONDS, left);
      this.records.push(...records);
      const due = Math.floor(after.step / every) > Math.floor(now.step / every) || isDone(after);
      now = after;
      this.heard.onStatus(now, records.at(-1));
      if (due) await this.test(now);
    }
  }

  private async test(status: RunStatus): Promise<void> {
    const tally = await this.lab.host.test("test", isDone(status) ? Infinity : TESTED);
    const train = this.records.reduce((sum, { error }) => sum + error, 0) / this.records.length;
    this.records = [];
    await this.heard.onTest({ step: status.step, train, test: tally.wrong / tally.images }, tally);
  }
}

export function isDone({ over, divergedAt }: RunStatus): boolean {
  return over || divergedAt !== undefined;
}
