// The arithmetic of Theorem 2.2 over a sample.
import type { BallSample, Certificates } from "./engine/types";

/** Depths at which Theorem 2.1 is shown. */
export const DEPTHS = 256;

/** What was found in both balls so far. */
export interface BallState {
  tau: number;
  identity: BallSample;
  standard: BallSample;
  /** σ_min(Σ). */
  covariance: number;
}

/** 4ℓ(1−τ)^{2(ℓ−1)} σ_min(Σ) (f − C). */
export function ballBound(excess: number, tau: number, layers: number, covariance: number): number {
  return 4 * layers * (1 - tau) ** (2 * (layers - 1)) * covariance * excess;
}

/** The network nearest to the bound, how many times above it it is, and how many lie below it. */
export function tightest(
  { from, excess, gradientSquared }: BallSample,
  tau: number,
  layers: number,
  covariance: number,
): { number: number; ratio: number; below: number } | undefined {
  let best: { number: number; ratio: number } | undefined;
  let below = 0;
  for (let i = 0; i < excess.length; i++) {
    const bound = ballBound(excess[i]!, tau, layers, covariance);
    // At the optimum both sides are zero.
    if (!(bound > 0)) continue;
    const ratio = gradientSquared[i]! / bound;
    if (ratio < 1 - 1e-9) below++;
    if (!best || ratio < best.ratio) best = { number: from + i, ratio };
  }
  return best && { ...best, below };
}

/** At how many points of a run the form that the paper prints is larger than ‖∇f‖². */
export function violations({ printed, gradientSquared }: Certificates): number {
  return printed.filter((bound, i) => bound > gradientSquared[i]! * (1 + 1e-9)).length;
}

/** Two samples, one after the other. */
export function joined(first: BallSample | undefined, second: BallSample): BallSample {
  if (!first) return second;
  const both = (x: Float64Array, y: Float64Array) => {
    const all = new Float64Array(x.length + y.length);
    all.set(x);
    all.set(y, x.length);
    return all;
  };
  return {
    from: first.from,
    excess: both(first.excess, second.excess),
    gradientSquared: both(first.gradientSquared, second.gradientSquared),
  };
}
