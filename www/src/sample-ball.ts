// Theorem 2.2 at thousands of random networks of the ball.
import type { LabSession } from "./engine";
import { joined, type BallState } from "./theorems";

const SAMPLES = 20_000;
/** Networks asked for at once: a few at first, then as many as take about 50 ms. */
const FIRST = 50;
const CALL_MILLISECONDS = 50;

/** Both balls side by side, a piece at a time, until there are enough or no more are wanted. */
export async function sampleBall(
  session: LabSession,
  tau: number,
  wanted: () => boolean,
  found: (ball: BallState) => void,
): Promise<void> {
  const covariance = await session.smallestCovariance();
  let [from, count] = [0, FIRST];
  let gathered: Pick<BallState, "identity" | "standard"> | undefined;
  while (from < SAMPLES && wanted()) {
    const begin = performance.now();
    const size = Math.min(count, SAMPLES - from);
    const [identity, standard] = await Promise.all([
      session.ball("identity", tau, from, size),
      session.ball("standard", tau, from, size),
    ]);
    if (!identity || !standard || !wanted()) return;
    gathered = {
      identity: joined(gathered?.identity, identity),
      standard: joined(gathered?.standard, standard),
    };
    found({ tau, covariance, ...gathered });
    from += size;
    const took = Math.max(1, performance.now() - begin);
    count = Math.max(1, Math.min(2 * count, Math.round((size * CALL_MILLISECONDS) / took)));
  }
}
