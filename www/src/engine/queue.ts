// Order among requests: one at a time, and newest wins.

/** Runs asynchronous jobs strictly one after another. */
export class SerialQueue {
  private tail: Promise<unknown> = Promise.resolve();

  run<T>(job: () => T | Promise<T>): Promise<T> {
    const result = this.tail.then(job);
    // A failed job must not stop the next one; its own caller sees the failure.
    this.tail = result.catch(() => undefined);
    return result;
  }
}

/** Tells a piece of work whether a newer request for the same thing has come in. */
export class Newest {
  private readonly counters = new Map<number | string, number>();

  /** Begins a request; the returned function says whether it is still the newest for that key. */
  begin(key: number | string): () => boolean {
    const mine = (this.counters.get(key) ?? 0) + 1;
    this.counters.set(key, mine);
    return () => this.counters.get(key) === mine;
  }

  /** Makes every request begun so far stale. */
  cancelAll(): void {
    for (const [key, count] of this.counters) this.counters.set(key, count + 1);
  }
}
