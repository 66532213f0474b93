// Keeps the theorems' numbers fresh while they are looked at, and does what their cards offer.
import { effect } from "@preact/signals-core";
import { asLabError, type Experiment, type LabSession } from "./engine";
import { hasFixedMaps } from "./engine/types";
import { sessionListener } from "./events";
import type { Page } from "./page";
import { replaced } from "./replaced";
import { sampleBall } from "./sample-ball";
import { givenStart, withoutGiven } from "./starts";
import * as store from "./store";
import { DEPTHS } from "./theorems";
import { word } from "./words";

/** At most this often, and at most this share of the time. */
const PAUSE_MILLISECONDS = 500;
const SHARE = 0.2;

export function listen(page: Page): void {
  const on = sessionListener(page);
  let open = false;
  on<boolean>("lab-theorems", (now) => {
    open = now;
    if (open) void follow(page, () => open);
  });
  on<{ tau: number; number: number }>("lab-start-ball", ({ tau, number }, session) =>
    startFrom(page, "identity", session.ballPoint("identity", tau, number)),
  );
  on<number | null>("lab-ball", (tau, session) => {
    if (tau === null || store.sampling.value) store.sampling.value = false;
    else return sample(page, session, tau);
  });
  on<"flip" | "augment">("lab-remedy", (kind) => remedy(page, kind));
  let last: Experiment | undefined;
  effect(() => {
    const experiment = store.experiment.value;
    if (experiment === last) return;
    last = experiment;
    store.depthBounds.value = undefined;
    store.refusedOptimum.value = "";
    store.certificates.value = [];
    store.ball.value = undefined;
    store.sampling.value = false;
  });
}

/** While the cards are open: Theorem 2.1 once an experiment, Theorem 2.2 as the run goes on. */
async function follow(page: Page, open: () => boolean): Promise<void> {
  let shown = -1;
  let known: Experiment | undefined;
  while (open()) {
    const session = page.session();
    const experiment = store.experiment.value;
    const step = store.frame.value?.step ?? 0;
    const begin = performance.now();
    const spoken = experiment && !hasFixedMaps(experiment.network);
    if (session && spoken && (experiment !== known || step !== shown)) {
      try {
        if (experiment !== known) await firstTheorem(session, experiment);
        await secondTheorem(session, experiment);
        [known, shown] = [experiment, step];
      } catch (error) {
        if (asLabError(error).fatal) return page.fail(error);
        // A run that has just been replaced; the next round asks the new one.
      }
    }
    const took = performance.now() - begin;
    await new Promise((resolve) => setTimeout(resolve, Math.max(PAUSE_MILLISECONDS, took / SHARE - took)));
  }
}

async function firstTheorem(session: LabSession, experiment: Experiment): Promise<void> {
  try {
    const bounds = await session.depths(DEPTHS);
    if (store.experiment.value === experiment) store.depthBounds.value = bounds;
  } catch (error) {
    if (asLabError(error).fatal) throw error;
    if (store.experiment.value === experiment) store.refusedOptimum.value = asLabError(error).message;
  }
}

async function secondTheorem(session: LabSession, experiment: Experiment): Promise<void> {
  for (let twin = 0; twin < experiment.twins.length; twin++) {
    if (experiment.twins[twin]!.parametrization !== "identity") continue;
    const found = await session.certificates(twin);
    if (store.experiment.value !== experiment) return;
    store.certificates.value = replaced(store.certificates.value, twin, found);
  }
}

async function sample(page: Page, session: LabSession, tau: number): Promise<void> {
  const run = page.run();
  store.sampling.value = true;
  store.ball.value = undefined;
  try {
    await sampleBall(
      session,
      tau,
      () => store.sampling.value && run === page.run(),
      (ball) => (store.ball.value = ball),
    );
  } finally {
    store.sampling.value = false;
  }
}

async function startFrom(
  page: Page,
  parametrization: "identity" | "standard",
  parameters: Promise<Float32Array>,
): Promise<void> {
  const experiment = store.experiment.value;
  const start = givenStart(await parameters);
  if (!experiment || store.experiment.value !== experiment) return;
  const twins = experiment.twins.map((twin) =>
    twin.parametrization === parametrization ? { ...twin, start } : twin,
  );
  if (!(await page.start({ ...experiment, twins }))) return;
  page.say(word("run.fromPlace"));
}

/** What makes a target of negative determinant reachable: another sign, or another dimension. */
async function remedy(page: Page, kind: "flip" | "augment"): Promise<void> {
  const experiment = store.experiment.value;
  const matrix = store.spectra.value[0]?.targetMatrix;
  if (!experiment || !matrix) return;
  const { width } = experiment.network;
  const rows = Array.from({ length: width }, (_, i) => [...matrix.slice(i * width, (i + 1) * width)]);
  const usual = withoutGiven(experiment.twins);
  const target =
    kind === "flip"
      ? rows.map((row, i) => (i === 0 ? row.map((value) => -value) : row))
      : [...rows.map((row) => [...row, 0]), [...Array<number>(width).fill(0), -1]];
  const network = { ...experiment.network, width: kind === "flip" ? width : width + 1 };
  await page.start({ ...experiment, network, twins: usual, target: { kind: "matrix", rows: target } });
}
