// How many steps to ask for next, so that a call is short enough to answer a pause at once.

/** A call at full speed should take about this long: below a drawn frame, well above the cost of a message. */
export const CALL_MILLISECONDS = 12;

/** Steps a second, or Infinity for as fast as it goes. */
export type Speed = number;

export class Pace {
  private most = 1;
  private owed = 0;
  private last: number | undefined;

  /** Forgets the clock, so that a pause is not made up for afterwards. */
  restart(): void {
    this.owed = 0;
    this.last = undefined;
  }

  /** Steps due at `now` (milliseconds); 0 means wait. */
  due(now: number, speed: Speed): number {
    const elapsed = this.last === undefined ? undefined : now - this.last;
    this.last = now;
    if (speed === Infinity) return this.most;
    this.owed += elapsed === undefined ? 1 : (elapsed / 1000) * speed;
    const count = Math.min(Math.floor(this.owed), this.most);
    // What could not be kept up with is dropped: the speed is a wish, the counter shows the truth.
    this.owed = Math.min(this.owed - count, 1);
    return count;
  }

  /** Learns from a finished call. */
  learn(count: number, milliseconds: number): void {
    if (count < 1) return;
    const fitting = milliseconds > 0 ? (count * CALL_MILLISECONDS) / milliseconds : count * 2;
    // Only a call near the limit says that the limit may grow; a short one says little.
    if (fitting < this.most) this.most = Math.max(1, Math.floor(Math.max(fitting, this.most / 2)));
    else if (count * 2 > this.most) this.most = Math.min(1e6, Math.ceil(Math.min(fitting, this.most * 2)));
  }
}
