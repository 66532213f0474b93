// Work that is to be seen, spread over animation frames, so that a slow computer answers its user in between.

/** What one frame may spend on it; what is left over comes with the next. */
const BUDGET_MILLISECONDS = 6;

/** In the order in which it was asked for, so that nothing waits for ever. */
const waiting = new Map<object, () => void>();
let asked = false;

/** Does it in one of the next frames. Asked for again by the same `owner` before that, the later one counts. */
export function inFrames(owner: object, work: () => void): void {
  waiting.set(owner, work);
  ask();
}

function ask(): void {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => {
    const until = performance.now() + BUDGET_MILLISECONDS;
    try {
      // What is asked for meanwhile waits for the next frame, or takes the place of what waits in this one.
      for (const owner of [...waiting.keys()]) {
        const work = waiting.get(owner)!;
        waiting.delete(owner);
        work();
        if (performance.now() >= until) break;
      }
    } finally {
      asked = false;
      if (waiting.size > 0) ask();
    }
  });
}
