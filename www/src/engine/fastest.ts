// Which engine to use, and the sentence that says why.
import { isBurn, type EngineName, type EngineTiming } from "./types";

export const ENGINE_TITLES: Record<EngineName, string> = {
  cpu: "CPU",
  webgpu: "WebGPU",
  burn: "burn",
  "burn-webgpu": "burn on WebGPU",
};

/** The fastest of those that could be timed; burn is the reference, never picked for speed. */
export function fastest(timings: readonly EngineTiming[]): EngineTiming | undefined {
  return timings
    .filter((t) => !isBurn(t.engine) && t.milliseconds !== undefined && !t.problem)
    .sort((x, y) => x.milliseconds! - y.milliseconds!)[0];
}

/** A time to read: three significant digits, a unit that keeps it near one. */
export function formatMilliseconds(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return "–";
  if (value < 1) return `${Number((value * 1000).toPrecision(3))} µs`;
  if (value < 1000) return `${Number(value.toPrecision(3))} ms`;
  return `${Number((value / 1000).toPrecision(3))} s`;
}

export function explainChoice(timings: readonly EngineTiming[]): string {
  const best = fastest(timings);
  if (!best) return "No engine could be timed yet.";
  const other = timings.find((t) => t.engine !== best.engine && !isBurn(t.engine));
  const title = ENGINE_TITLES[best.engine];
  if (!other) return `${title}: the only engine timed so far.`;
  if (other.problem) return `${title}, because ${lowerFirst(other.problem)}`;
  if (other.milliseconds === undefined) return `${title}: the other engine has no time yet.`;
  const ratio = other.milliseconds / best.milliseconds!;
  const software = other.fallbackAdapter ? ", which is a software adapter here" : "";
  return `${title}, measured ${Number(ratio.toPrecision(2))}× faster a step than ${ENGINE_TITLES[other.engine]}${software}.`;
}

function lowerFirst(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
