// Keeps the screen on while something long is under way, where the browser can.

export class Wake {
  private lock: WakeLockSentinel | undefined;
  private wanted = false;

  constructor() {
    // A lock ends whenever the page is hidden.
    document.addEventListener("visibilitychange", () => {
      if (this.wanted && document.visibilityState === "visible") void this.request();
    });
  }

  hold(): void {
    this.wanted = true;
    void this.request();
  }

  release(): void {
    this.wanted = false;
    void this.lock?.release();
    this.lock = undefined;
  }

  private async request(): Promise<void> {
    try {
      const lock = await navigator.wakeLock?.request("screen");
      if (this.wanted) this.lock = lock;
      else void lock?.release();
    } catch {
      // With little battery left, browsers refuse: the training goes on all the same.
    }
  }
}
