// What people do with maps: open the section, start, stop, and open a cell's network in the lab.
import { effect } from "@preact/signals-core";
import type { MapsAddress } from "./atlas-address";
import type { AtlasForm } from "./atlas-form";
import type { LabAtlas } from "./elements/atlas";
import type { AtlasSpec } from "./engine/atlas";
import { asLabError, type EngineChoice } from "./engine/types";
import type { ExportedMap } from "./export/map-file";
import type { Page } from "./looking";
import * as store from "./store";

/** The work under way. */
let work: AbortController | undefined;

function stop(): void {
  work?.abort();
  work = undefined;
}

/** Where a map is trained: burn, which has no maps, leaves it to the processor. */
const engineFor = (choice: EngineChoice) => (choice === "burn" ? "cpu" : choice);

/** Fetches what maps need when their section is opened first, and lets go of everything when it is closed. */
export function listen(page: Pick<Page, "start" | "say">): void {
  const section = document.querySelector<HTMLDetailsElement>("#maps");
  if (!section) return;
  let element: Promise<LabAtlas> | undefined;
  section.addEventListener("toggle", () => {
    store.mapsOpen.value = section.open;
    if (section.open) {
      element ??= open(section, page);
      void element.catch((error: unknown) => {
        element = undefined;
        section.querySelector("lab-atlas")!.textContent =
          `Maps could not be loaded: ${asLabError(error).message}`;
      });
    } else {
      stop();
      void element?.then((atlas) => Object.assign(atlas, { running: false, atlas: undefined }));
    }
  });
}

/** The section as an address has it, ready to start. */
export function show({ open, form }: MapsAddress): void {
  store.mapsForm.value = form;
  const section = document.querySelector<HTMLDetailsElement>("#maps");
  if (section) section.open = open;
}

async function open(section: HTMLElement, page: Pick<Page, "start" | "say">): Promise<LabAtlas> {
  const [, { trainAtlas, cellExperiment }] = await Promise.all([
    import("./elements/atlas"),
    import("./engine/atlas"),
  ]);
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
        page.say("The map is finished.");
      }
    } catch (error) {
      if (newest()) element.problem = asLabError(error).message;
    }
    if (newest()) {
      work = undefined;
      element.running = false;
    }
  });
  on<AtlasForm>("lab-atlas-form", (form) => {
    store.mapsForm.value = form;
  });
  on<ExportedMap & { kind: store.SaveKind }>("lab-atlas-save", async ({ kind, ...exported }) => {
    try {
      const { saveMap } = await import("./export/map-save");
      await saveMap(kind, exported);
    } catch (error) {
      element.problem = asLabError(error).message;
    }
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
        page.say(`Opened in the lab: ${name}.`);
      } catch (error) {
        element.problem = asLabError(error).message;
      }
    },
  );
  effect(() => {
    Object.assign(element, { experiment: store.experiment.value, form: store.mapsForm.value });
  });
  return element;
}
