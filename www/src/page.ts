// What the parts of the page that people act on need of it.
import type { ExperimentInput, LabSession } from "./engine";

export interface Page {
  session(): LabSession | undefined;
  /** Counts runs, so that what was begun for an earlier one is dropped. */
  run(): number;
  /** `offset`: the steps before its first one, where it goes on from another run. */
  start(next: ExperimentInput, offset?: number): Promise<boolean>;
  /** The pictures on show are out of date. */
  lookAgain(): void;
  /** They may be, or may be drawn by other means now. */
  nudge(): void;
  say(sentence: string): void;
  fail(error: unknown): Promise<void>;
}
