// Every engine against the reference values that come with the page.
import curvatureUrl from "../../tests/vectors/linear_curvature.json?url";
import factorizationUrl from "../../tests/vectors/linear_factorization.json?url";
import planeUrl from "../../tests/vectors/linear_plane.json?url";
import reluUrl from "../../tests/vectors/relu_loss.json?url";
import riskUrl from "../../tests/vectors/linear_risk.json?url";
import trainingUrl from "../../tests/vectors/linear_training.json?url";
import { ENGINES } from "./engine";
import { listener } from "./events";
import type { Page } from "./page";
import { Refusal } from "./said";
import * as store from "./store";
import { word } from "./words";

const VECTORS = [
  ["linear_risk", riskUrl],
  ["linear_training", trainingUrl],
  ["linear_plane", planeUrl],
  ["linear_curvature", curvatureUrl],
  ["linear_factorization", factorizationUrl],
  ["relu_loss", reluUrl],
] as const;

export function listen(page: Page): void {
  listener(page.fail)("lab-check", () => check(page));
}

async function check(page: Page): Promise<void> {
  const session = page.session();
  if (!session || store.checking.value) return;
  store.checking.value = true;
  store.checks.value = [];
  // burn's GPU kernels are a large download, and slow to compile: they are checked where they were asked for.
  const engines = ENGINES.filter((name) => name !== "burn-webgpu" || store.engine.value.name === name);
  try {
    for (const [name, url] of VECTORS) {
      const response = await fetch(url);
      if (!response.ok) throw new Refusal(word("engines.noVectors", { name }));
      const text = await response.text();
      for (const engine of engines) {
        store.checks.value = [...store.checks.value, ...(await session.verify(name, text, engine))];
      }
    }
    const passed = store.checks.value.every((c) => !c.problem && c.passes === c.cases);
    page.say(word(passed ? "engines.allPassed" : "engines.someFailed"));
  } catch (error) {
    await page.fail(error);
  } finally {
    store.checking.value = false;
    if (!store.timing.value) await session.endTiming();
  }
}
