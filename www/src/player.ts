// The loop that pulls steps: pausing is only ceasing to ask.
import { Pace, type Speed } from "./engine/pace";
import type { Frame } from "./engine/types";

export interface PlayerHooks {
  step(count: number): Promise<Frame>;
  speed(): Speed;
  onFrame(frame: Frame): void;
  onRate(stepsPerSecond: number): void;
  onError(error: unknown): void;
}

const TICK_MILLISECONDS = 15;
/** Two requests under way keep the worker busy while the page draws. */
const PIPELINE = 2;
/** Calls longer than this are not doubled up: a pause and the pictures would wait for both. */
const LONG_CALL = 40;

export class Player {
  private running = 0;
  private stopped = true;
  private readonly pace = new Pace();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private generation = 0;
  private lastCall = 0;
  private rateFrom = { time: 0, step: 0 };
  private waiting: (() => void)[] = [];

  constructor(private readonly hooks: PlayerHooks) {}

  play(): void {
    if (!this.stopped) return;
    this.stopped = false;
    this.generation++;
    this.pace.restart();
    this.rateFrom = { time: 0, step: 0 };
    this.tick();
  }

  /** Resolves when nothing is under way any more. */
  pause(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.hooks.onRate(0);
    if (this.running === 0) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private tick(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.stopped) return;
    const speed = this.hooks.speed();
    const full = speed === Infinity;
    while (this.running < (full && this.lastCall < LONG_CALL ? PIPELINE : 1)) {
      const count = this.pace.due(performance.now(), speed);
      if (count === 0) break;
      void this.pull(count);
      if (!full) break;
    }
    if (!full || this.running === 0) this.timer = setTimeout(() => this.tick(), TICK_MILLISECONDS);
  }

  private async pull(count: number): Promise<void> {
    const generation = this.generation;
    this.running++;
    let failed: unknown;
    try {
      const frame = await this.hooks.step(count);
      this.lastCall = frame.milliseconds;
      this.pace.learn(count, frame.milliseconds);
      if (generation === this.generation) {
        this.hooks.onFrame(frame);
        this.measure(frame.step);
      }
    } catch (error) {
      failed = error;
    }
    this.running--;
    if (this.running === 0) for (const resolve of this.waiting.splice(0)) resolve();
    if (failed !== undefined) {
      void this.pause();
      this.hooks.onError(failed);
    } else this.tick();
  }

  private measure(step: number): void {
    const now = performance.now();
    const { time, step: from } = this.rateFrom;
    if (time === 0 || step < from) this.rateFrom = { time: now, step };
    else if (now - time > 700) {
      this.hooks.onRate(((step - from) / (now - time)) * 1000);
      this.rateFrom = { time: now, step };
    }
  }
}
