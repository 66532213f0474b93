// From a chapter to the lab, with an experiment that may be too large for an address.
import type { ExperimentInput, Experiment } from "./engine/types";
import { leftOut, writeHash } from "./url";

const KEY = "identity-lab.open";

/** Goes to the lab with that experiment. */
export function openInLab(lab: string, experiment: ExperimentInput): void {
  const whole = { data: undefined, twins: [], ...experiment } as unknown as Experiment;
  const hash = writeHash({ experiment: experiment as Experiment, engine: "auto", plane: "startCurrent" });
  const { points, start } = leftOut(whole);
  // What an address cannot hold goes with this tab.
  if (points || start) sessionStorage.setItem(KEY, JSON.stringify({ hash, experiment }));
  location.href = lab + hash;
}

/** The experiment that this tab was sent here with, if the address is still that of it; to be had once. */
export function sentHere(hash: string): ExperimentInput | undefined {
  try {
    const text = sessionStorage.getItem(KEY);
    if (text === null) return undefined;
    sessionStorage.removeItem(KEY);
    const sent = JSON.parse(text) as { hash: string; experiment: ExperimentInput };
    return sent.hash === hash ? sent.experiment : undefined;
  } catch {
    // Storage may be forbidden: the address alone decides then.
    return undefined;
  }
}
