// Which engine to use, and the sentence that says why.
import { isBurn, type EngineName, type EngineTiming } from "./types";
import { english } from "../said";
import { language, word } from "../words";

export const ENGINE_TITLES: Record<EngineName, string> = {
  cpu: "CPU",
  webgpu: "WebGPU",
  burn: "burn",
  "burn-webgpu": word("engines.burnWebgpu"),
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
  if (!best) return word("engines.none");
  const found = timings.find((t) => t.engine !== best.engine && !isBurn(t.engine));
  const engine = ENGINE_TITLES[best.engine];
  if (!found) return word("engines.only", { engine });
  if (found.problem)
    return word("engines.because", {
      engine,
      problem: language === "en" ? lowerFirst(found.problem) : english(found.problem),
    });
  if (found.milliseconds === undefined) return word("engines.noTime", { engine });
  const ratio = Number((found.milliseconds / best.milliseconds!).toPrecision(2));
  const other = ENGINE_TITLES[found.engine];
  return word(found.fallbackAdapter ? "engines.fasterSoftware" : "engines.faster", { engine, ratio, other });
}

function lowerFirst(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
