// Keeps the screen on while something long is under way, where the browser can.

export class Wake {
  private lock: WakeLockSentinel | undefined;
  /** How much is under way: the last to end lets go. */
  private holders = 0;

  constructor() {
    // A lock ends whenever the page is hidden.
    document.addEventListener("visibilitychange", () => {
      if (this.holders > 0 && document.visibilityState === "visible") void this.request();
    });
  }

  hold(): void {
    this.holders++;
    void this.request();
  }

  release(): void {
    if (--this.holders > 0) return;
    void this.lock?.release();
    this.lock = undefined;
  }

  private async request(): Promise<void> {
    try {
      const lock = await navigator.wakeLock?.request("screen");
      // One that is held already needs no other.
      if (this.holders > 0 && (!this.lock || this.lock.released)) this.lock = lock;
      else void lock?.release();
    } catch {
      // With little battery left, browsers refuse: the training goes on all the same.
    }
  }
}
