// What people do with maps: open the section, start, stop, and open a cell's network in the lab.
import { effect } from "@preact/signals-core";
import type { MapsAddress } from "./atlas-address";
import { FIRST_CLASSIFIERS, FIRST_FORM, type AtlasForm } from "./atlas-form";
import type { LabAtlas } from "./elements/atlas";
import type { AtlasSpec } from "./engine/atlas";
import type { Example, LaidStarts } from "./basins";
import { isClassifier, type EngineChoice, type ExperimentInput } from "./engine/types";
import type { ExportedMap } from "./export/map-file";
import type { SaveKind } from "./export/save";
import type { Page } from "./page";
import { axisLabel } from "./plane-name";
import { put, whyOf } from "./said";
import * as store from "./store";
import { word } from "./words";

/** What maps need of the page. */
export interface MapsPage extends Pick<Page, "start" | "say" | "session"> {
  /** Takes an experiment for maps to vary. In the lab it is the run's own, which then starts. */
  vary?(experiment: ExperimentInput): Promise<boolean>;
}

/** The work under way. */
let work: AbortController | undefined;

function stop(): void {
  work?.abort();
  work = undefined;
}

/** Where a map is trained: burn has no maps, and leaves them to the other engine of its device. */
const engineFor = (choice: EngineChoice) =>
  choice === "burn" ? "cpu" : choice === "burn-webgpu" ? "webgpu" : choice;

/** Fetches what maps need when their section is opened first, and lets go of everything when it is closed. */
export function listen(page: MapsPage): void {
  const section = document.querySelector<HTMLDetailsElement>("#maps");
  if (!section) return;
  let element: Promise<LabAtlas> | undefined;
  section.addEventListener("toggle", () => {
    store.mapsOpen.value = section.open;
    if (section.open) {
      element ??= open(section, page);
      void element.catch((error: unknown) => {
        element = undefined;
        put(section.querySelector("lab-atlas")!, word("atlas.failed", { why: whyOf(error) }));
      });
    } else {
      stop();
      void element?.then((atlas) => Object.assign(atlas, { running: false, atlas: undefined }));
    }
  });
}

/** The section set as it is asked for, and started. */
export async function ask({ form }: MapsAddress): Promise<void> {
  show({ open: true, form });
  await customElements.whenDefined("lab-atlas");
  const element = document.querySelector<LabAtlas>("#maps lab-atlas");
  // The section hands it the experiment once it is open.
  while (element && !element.experiment) await new Promise((resolve) => setTimeout(resolve, 50));
  element?.ask(form);
}

/** The section as an address has it, ready to start. */
export function show({ open, form }: MapsAddress): void {
  store.mapsForm.value = form;
  const section = document.querySelector<HTMLDetailsElement>("#maps");
  if (section) section.open = open;
}

async function open(section: HTMLElement, page: MapsPage): Promise<LabAtlas> {
  const { trainAtlas, cellExperiment } = await import("./engine/atlas");
  // Last: once the element works, somebody may use it, and must be heard.
  await import("./elements/atlas");
  const element = section.querySelector<LabAtlas>("lab-atlas")!;
  const on = <T>(name: string, act: (detail: T) => Promise<void> | void) =>
    element.addEventListener(name, (event) => void act((event as CustomEvent<T>).detail));

  on<AtlasSpec>("lab-atlas-start", async (spec) => {
    stop();
    const mine = new AbortController();
    work = mine;
    Object.assign(element, { running: true, problem: "" });
    const newest = () => work === mine;
    // Training on the page goes on: it keeps a core for itself.
    const cores = Math.min(navigator.hardwareConcurrency || 2, 8);
    try {
      const atlas = await trainAtlas(spec, {
        signal: mine.signal,
        engine: engineFor(store.engineChoice.value),
        workers: store.playing.value ? Math.max(1, cores - 1) : cores,
        onProgress: (grown) => newest() && (element.atlas = grown),
      });
      if (atlas && newest()) {
        element.atlas = { ...atlas };
        page.say(word("atlas.finished"));
      }
    } catch (error) {
      if (newest()) element.problem = whyOf(error);
    }
    if (newest()) {
      work = undefined;
      element.running = false;
    }
  });
  on<AtlasForm>("lab-atlas-form", (form) => {
    store.mapsForm.value = form;
  });
  on<ExportedMap & { kind: SaveKind }>("lab-atlas-save", async ({ kind, ...exported }) => {
    try {
      const [{ save }, { mapExport }] = await Promise.all([
        import("./export/save"),
        import("./export/map-save"),
      ]);
      await save(kind, mapExport(exported));
    } catch (error) {
      element.problem = whyOf(error);
    }
  });
  on<Example>("lab-atlas-example", async (example) => {
    const taken = await (page.vary ?? page.start)(example.experiment);
    if (taken) element.begin(example);
  });
  on("lab-atlas-plane", async () => {
    const shown = await landscapesShown(page);
    if (!shown) {
      element.problem = word("atlas.noPlane");
      return;
    }
    element.takePlane(shown);
  });
  on("lab-atlas-stop", () => {
    stop();
    element.running = false;
  });
  on<{ spec: AtlasSpec; cell: [number, number]; name: string }>(
    "lab-atlas-open",
    async ({ spec, cell, name }) => {
      try {
        if (!(await page.start(await cellExperiment(spec, ...cell)))) return;
        element.opened = name;
        page.say(word("atlas.openedSaid", { name }));
      } catch (error) {
        element.problem = whyOf(error);
      }
    },
  );
  effect(() => {
    const { mapsForm, experiment } = store;
    // What is first asked suits the networks that the lab has.
    const [suits, other] = isClassifier(experiment.value ?? {})
      ? [FIRST_CLASSIFIERS, FIRST_FORM]
      : [FIRST_FORM, FIRST_CLASSIFIERS];
    if (mapsForm.value === other) mapsForm.value = suits;
  });
  effect(() => {
    Object.assign(element, { experiment: store.experiment.value, form: store.mapsForm.value });
  });
  return element;
}

/** The picture on show and the vectors of its plane, which may change between the two questions. */
async function shown(page: Pick<Page, "session">, twin: number) {
  for (let attempt = 0; attempt < 20; attempt++) {
    const vectors = await page.session()?.vectors(twin);
    const pictures = store.pictureKind.value === "slices" ? store.slices : store.landscapes;
    const picture = pictures.value[twin];
    if (picture && vectors?.plane === picture.plane) return { picture, vectors };
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return undefined;
}

/** The planes of the landscapes on show, one of each network. */
async function landscapesShown(page: Pick<Page, "session">): Promise<LaidStarts | undefined> {
  const twins = store.frame.value?.twins ?? [];
  const found = await Promise.all(twins.map((_, twin) => shown(page, twin)));
  const known = found.filter((one) => one !== undefined);
  if (known.length < twins.length || known.length === 0) return undefined;
  const planes = known.map(({ vectors }) => vectors);
  const pictures = known.map(({ picture }) => picture);
  const { laidStarts } = await import("./basins");
  return laidStarts(planes, pictures, [axisLabel(pictures[0]!, 0), axisLabel(pictures[0]!, 1)]);
}
