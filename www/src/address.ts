// The address holds the experiment on show, and shows the one that it holds.
import { effect, signal } from "@preact/signals-core";
import { readMaps, writeMaps } from "./atlas-address";
import { useWantedEngine } from "./choosing-engine";
import { ENGINES, type EngineChoice, type Experiment } from "./engine";
import { readImages, writeImages } from "./images-address";
import * as imaging from "./imaging";
import { sentHere } from "./open-in-lab";
import * as looking from "./looking";
import * as mapping from "./mapping";
import { entryProblem } from "./matrix-text";
import type { Page } from "./page";
import { planeName, planeNamed } from "./plane-name";
import { Refusal, whyOf } from "./said";
import * as store from "./store";
import { experimentFrom, leftOut, leftOutSentence, readHash, writeHash } from "./url";
import { word } from "./words";

const ADDRESS_DELAY = 250;

let addressTimer: ReturnType<typeof setTimeout> | undefined;
/** Until the address that the page was opened with has been followed, it is not to be replaced. */
const followed = signal(false);

/** Keeps the address of the page that of the experiment on show. */
export function write(): void {
  effect(() => {
    const experiment = store.experiment.value;
    const engine = store.engineChoice.value;
    const plane = planeName(store.plane.value);
    const maps = writeMaps({ open: store.mapsOpen.value, form: store.mapsForm.value });
    const images = writeImages({ open: store.imagesOpen.value, settings: store.imageSettings.value });
    if (!experiment || !followed.value) return;
    clearTimeout(addressTimer);
    addressTimer = setTimeout(() => {
      history.replaceState(history.state, "", writeHash({ experiment, engine, plane, maps, images }));
      sayWhatIsLeftOut(experiment);
    }, ADDRESS_DELAY);
  });
}

/** What the address left out when that was last said. */
let said = "";

/** Says, once for all that it leaves out, that the address does not hold the whole experiment. */
function sayWhatIsLeftOut(experiment: Experiment): void {
  const { points, start } = leftOut(experiment);
  const left = JSON.stringify([
    points && experiment.data,
    start && experiment.twins.map((twin) => twin.start),
  ]);
  if (left === said) return;
  said = left;
  store.leftOut.value = leftOutSentence({ points, start });
}

/** Takes over the address that the page was opened with, and those that people go to. */
export async function listen(page: Page, defaults: Experiment): Promise<void> {
  window.addEventListener("hashchange", ({ newURL }) => {
    // What the event brought: the page's own, delayed writing may have replaced the address since.
    clearTimeout(addressTimer);
    void followAddress(page, defaults, new URL(newURL).hash);
  });
  await followAddress(page, defaults, location.hash);
  followed.value = true;
}

/** Takes over what the address says; whatever is wrong with it is said, and the run stays. */
async function followAddress(page: Page, defaults: Experiment, hash: string): Promise<void> {
  if (!page.session() || hash.length < 2) return;
  let maps: ReadonlyMap<string, string> = new Map();
  let images: ReadonlyMap<string, string> = new Map();
  try {
    const { fields, engine, plane, ...rest } = readHash(hash);
    ({ maps, images } = rest);
    if (plane !== undefined) looking.look(page, planeNamed(plane));
    if (engine !== undefined) {
      if (engine !== "auto" && !ENGINES.some((name) => name === engine)) {
        throw new Refusal(word("address.engine", { names: ENGINES.join(", "), got: engine }));
      }
      store.engineChoice.value = engine as EngineChoice;
    }
    const wanted = sentHere(hash) ?? experimentFrom(fields, defaults);
    const problem = entryProblem(wanted.target);
    if (problem) throw new Refusal(problem);
    if (fields.size > 0) await page.start(wanted);
    else await useWantedEngine(page);
  } catch (error) {
    await page.fail(error);
  }
  try {
    const wanted = readMaps(maps);
    if (wanted) mapping.show(wanted);
    const imaged = readImages(images);
    if (imaged) imaging.show(imaged);
  } catch (error) {
    // Its sentence must not hide one about the experiment.
    store.alert.value = [store.alert.value, whyOf(error)].filter(Boolean).join(" ");
  }
  if (store.alert.value && store.experiment.value) {
    // An address that was refused must not stay: the one shown is the one that runs.
    store.alert.value = word("address.not", { why: store.alert.value });
    store.experiment.value = { ...store.experiment.value };
  }
}
