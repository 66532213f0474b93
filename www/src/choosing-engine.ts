// Which engine trains: the one chosen by hand, or the fastest here by a short measurement.
import { formatDownload } from "./draw/scale";
import { isBurn, needsBurn, onGpu, type EngineChoice, type EngineName } from "./engine";
import { ENGINE_TITLES, fastest } from "./engine/fastest";
import { SerialQueue } from "./engine/queue";
import { listener } from "./events";
import type { Page } from "./page";
import { english, whyOf } from "./said";
import * as store from "./store";
import { word } from "./words";

/** The run shows itself before anything is timed. */
const TIMING_DELAY = 1000;

/** `refused`: what was chosen does not hold. */
export function listen(page: Page, refused: () => void): void {
  listener(page.fail)<EngineChoice>("lab-engine", async (choice) => {
    const { value: experiment } = store.experiment;
    if (experiment && needsBurn(experiment) && choice !== "auto" && !isBurn(choice)) {
      store.notice.value = word("engines.burnOnly");
      refused();
      return;
    }
    store.engineChoice.value = choice;
    await useWantedEngine(page);
    const { name } = store.engine.value;
    if (isBurn(name)) await timeEngines(page, page.run(), [name]);
  });
}

/** A minibatch needs burn; a choice by hand stays; otherwise the last measurement decides. */
export async function useWantedEngine(page: Page): Promise<void> {
  const { value: choice } = store.engineChoice;
  const { value: experiment } = store.experiment;
  const onlyBurn = experiment && needsBurn(experiment);
  const fitting = onlyBurn && choice !== "burn-webgpu" ? "burn" : choice;
  const wanted = fitting === "auto" ? timedBest(page) : fitting;
  if (wanted && wanted !== store.engine.value.name) await switchEngine(page, wanted);
}

/** The network that the timings shown are of. */
let timedShape = "";
const shape = (page: Page) => JSON.stringify(page.session()?.experiment.network);

const isTimed = (page: Page, name: EngineName) =>
  timedShape === shape(page) && store.timings.value.some(({ engine }) => engine === name);

function timedBest(page: Page): EngineName | undefined {
  return timedShape === shape(page) ? fastest(store.timings.value)?.engine : undefined;
}

async function switchEngine(page: Page, name: EngineName): Promise<void> {
  const session = page.session();
  if (!session) return;
  store.switching.value = true;
  try {
    store.engine.value = await session.setEngine(name, (download) => {
      store.download.value = formatDownload(download);
    });
    page.say(word("engines.training", { engine: ENGINE_TITLES[name] }));
  } catch (error) {
    store.engineChoice.value = "auto";
    if (onGpu(name)) {
      store.notice.value = word("engines.goesOn", {
        problem: whyOf(error),
        engine: ENGINE_TITLES[store.engine.value.name],
      });
    } else await page.fail(error);
  }
  store.download.value = "";
  store.switching.value = false;
  page.nudge();
}

/** The engines that "fastest here" decides between; burn, the reference, is fetched only when it is asked for. */
const CANDIDATES: readonly EngineName[] = ["cpu", "webgpu"];

/** Times the engines soon, if this network has not been timed and the run is still the same then. */
export function scheduleTiming(page: Page): void {
  if (CANDIDATES.every((name) => isTimed(page, name))) return;
  const generation = page.run();
  setTimeout(() => void timeEngines(page, generation, CANDIDATES), TIMING_DELAY);
}

const queue = new SerialQueue();
let said = "";

/** Why WebGPU is not to be had: once, and after what else is being said. */
function sayOnce(problem: string): void {
  if (problem === said) return;
  said = problem;
  const sentence = word("engines.goesOnCpu", { problem: english(problem) });
  store.notice.value = [store.notice.value, sentence].filter(Boolean).join(" ");
}

/** Times those engines that were not timed at this network yet, after what else is being timed. */
function timeEngines(page: Page, generation: number, names: readonly EngineName[]): Promise<void> {
  return queue.run(() => {
    const untimed = names.filter((name) => !isTimed(page, name));
    return time(page, generation, untimed);
  });
}

async function time(page: Page, generation: number, names: readonly EngineName[]): Promise<void> {
  const session = page.session();
  if (names.length === 0 || !session || generation !== page.run() || store.checking.value) return;
  if (timedShape !== shape(page)) {
    timedShape = shape(page);
    store.timings.value = [];
  }
  store.timing.value = true;
  try {
    for (const name of names) {
      const timing = await session.timeEngine(name);
      if (generation !== page.run()) break;
      store.timings.value = [...store.timings.value, timing];
    }
    if (generation === page.run()) {
      const webgpu = store.timings.value.find(({ engine }) => engine === "webgpu");
      if (webgpu?.problem && !needsBurn(session.experiment)) sayOnce(webgpu.problem);
      if (store.engineChoice.value === "auto" && !needsBurn(session.experiment)) await useWantedEngine(page);
    }
  } catch (error) {
    // Not being able to measure is no reason to disturb the run.
    store.notice.value = word("engines.untimed", { problem: whyOf(error) });
  } finally {
    if (!store.checking.value) await session.endTiming();
    store.timing.value = false;
  }
}
