// What people do with the landscapes: choose planes and views, point, probe, start elsewhere, keep, save.
import type { Camera } from "./draw/camera";
import { ceilingOf, domainOf } from "./draw/landscape";
import type { ColourScale, Domain } from "./draw/scale";
import { listener } from "./events";
import type { SaveKind } from "./export/save";
import type { Page } from "./page";
import { NewestCall } from "./engine/newest-call";
import {
  asLabError,
  WHOLE,
  type Landscape,
  type LandscapeOptions,
  type PlaneSpec,
  type PlaneVectors,
  type View,
} from "./engine";
import { replaced } from "./replaced";
import { english, Refusal } from "./said";
import { givenStart, trainsGains } from "./starts";
import * as store from "./store";
import { word } from "./words";

interface Place {
  twin: number;
  a: number;
  b: number;
}

/** What every request for a picture says of how it is looked at. */
export function lookingAt(): LandscapeOptions {
  const halves = store.landscapes.value.flatMap((l) => (l ? [l.half] : []));
  const linked = store.linked.value && halves.length === store.frame.value?.twins.length;
  return {
    plane: store.plane.value,
    view: store.view.value,
    ...(linked ? { half: Math.max(...halves) } : {}),
  };
}

/** What each picture's own colours would cover: it is asked for in every frame, and is a sort of all cells. */
const domains = new WeakMap<Landscape, { scale: ColourScale; domain: Domain | undefined }>();
let shared: Domain | undefined;

/** What the colours of both pictures cover, where they are to be compared. */
export function sharedDomain(): Domain | undefined {
  const twins = store.frame.value?.twins ?? [];
  if (!store.linked.value || twins.length < 2) return undefined;
  const scale = store.colourScale.value;
  const own = twins.map((twin, i) => {
    const picture = store.landscapes.value[i];
    if (!picture) return undefined;
    const known = domains.get(picture);
    if (known?.scale === scale) return known.domain;
    const domain = domainOf(picture.values, scale, ceilingOf(twin));
    domains.set(picture, { scale, domain });
    return domain;
  });
  const [first, second] = own;
  if (!first || !second) return undefined;
  const found = { low: Math.min(first.low, second.low), high: Math.max(first.high, second.high) };
  // The same object while it holds still, so that nothing is drawn again for it.
  if (shared?.low !== found.low || shared.high !== found.high) shared = found;
  return shared;
}

/** A picture has come: if it is of the plane asked for, there is no problem with that. */
export function planeShown({ twin, spec }: { twin: number; spec: PlaneSpec }): void {
  if (!same(spec, store.plane.value) || !store.planeProblems.value[twin]) return;
  store.planeProblems.value = replaced(store.planeProblems.value, twin, "");
}

/** The plane asked for cannot be laid now: the last picture of it stays; without one, another plane is shown. */
export function planeRefused(twin: number, error: unknown): PlaneSpec | undefined {
  const shown = (store.pictureKind.value === "slices" ? store.slices : store.landscapes).value[twin];
  const instead: PlaneSpec = { kind: "startCurrent" };
  const keeps = shown !== undefined && same(shown.spec, store.plane.value);
  const what = keeps ? word("plane.keeps") : word("plane.instead");
  store.planeProblems.value = replaced(
    store.planeProblems.value,
    twin,
    `${english(asLabError(error).message.replace(/\.?$/, "."))} ${what}`,
  );
  return keeps || same(store.plane.value, instead) ? undefined : instead;
}

function same(x: PlaneSpec, y: PlaneSpec): boolean {
  return JSON.stringify(x) === JSON.stringify(y);
}

/** Another plane, seen whole. */
export function look(page: Page, plane: PlaneSpec): void {
  store.plane.value = plane;
  store.view.value = WHOLE;
  store.planeProblems.value = [];
  page.lookAgain();
}

/** Listens to what the elements say of landscapes. */
export function listen(page: Page): void {
  const on = listener(page.fail);
  const redraw = <T>(signal: { value: T }) => {
    return (value: T) => {
      signal.value = value;
      page.lookAgain();
    };
  };
  on<PlaneSpec>("lab-plane", (plane) => look(page, plane));
  on<View>("lab-view", redraw(store.view));
  on<store.PictureKind>("lab-picture", redraw(store.pictureKind));
  on<ColourScale>("lab-scale", (scale) => (store.colourScale.value = scale));
  on<store.ClickDoes>("lab-click", (does) => (store.click.value = does));
  on<Camera>("lab-camera", (camera) => (store.camera.value = camera));
  on<string>("lab-no-surface", (sentence) => {
    store.notice.value = sentence;
    redraw(store.pictureKind)("map");
  });
  on<boolean>("lab-linked", (linked) => {
    // A difference of different ranges would mean nothing.
    if (!linked) store.difference.value = false;
    redraw(store.linked)(linked);
  });
  on<boolean>("lab-difference", (wanted) => {
    store.difference.value = wanted;
    if (wanted) redraw(store.linked)(true);
  });
  on<number | undefined>("lab-scrub", (step) => (store.scrub.value = step ?? undefined));
  on<number | undefined>("lab-hover-step", (step) => {
    // Charts count from where the first of the runs that led here began.
    store.hoveredStep.value =
      step === undefined || step === null ? undefined : Math.max(0, step - store.offset.value);
  });

  const readings = new NewestCall<Partial<Place> & { twin: number }>(async ({ twin, a, b }) => {
    try {
      const found = a === undefined || b === undefined ? undefined : await page.session()?.read(twin, a, b);
      store.readings.value = replaced(store.readings.value, twin, found);
    } catch {
      // The plane went away under the pointer; the next movement reads the new one.
    }
  });
  on<Partial<Place> & { twin: number }>("lab-hover", (place) => readings.ask(place));
  on<Place>("lab-pick", (place) =>
    store.click.value === "start" ? startAt(page, place) : probe(page, place),
  );
  on<Place>("lab-start-at", (place) => startAt(page, place));
  on("lab-keep", async () => {
    const count = store.frame.value?.twins.length ?? 0;
    for (let twin = 0; twin < count; twin++) {
      store.kept.value = (await page.session()?.keep(twin)) ?? store.kept.value;
    }
    page.say(word("run.kept"));
  });
  on<{ twin: number; kind: SaveKind }>("lab-save", ({ twin, kind }) => save(page, twin, kind));
}

async function probe(page: Page, { twin, a, b }: Place): Promise<void> {
  const run = page.run();
  store.probes.value = replaced(store.probes.value, twin, "pending");
  try {
    const found = await page.session()?.probe(twin, a, b);
    if (run === page.run()) store.probes.value = replaced(store.probes.value, twin, found);
  } catch (error) {
    if (run === page.run()) store.probes.value = replaced(store.probes.value, twin, undefined);
    throw error;
  }
}

/** The same experiment, one network of which starts at a place of its landscape. */
async function startAt(page: Page, { twin, a, b }: Place): Promise<void> {
  const experiment = store.experiment.value;
  const values = await page.session()?.point(twin, a, b);
  if (!experiment || !values) return;
  const spec = experiment.twins[twin];
  const start = givenStart(values, spec !== undefined && trainsGains(spec.start));
  const twins = experiment.twins.map((spec, i) => (i === twin ? { ...spec, start } : spec));
  if (!(await page.start({ ...experiment, twins }))) return;
  page.say(word("run.fromPlace"));
}

async function save(page: Page, twin: number, kind: SaveKind): Promise<void> {
  const [{ save: write }, { landscapeExport }, found] = await Promise.all([
    import("./export/save"),
    import("./export/landscape-save"),
    shown(page, twin),
  ]);
  const experiment = store.experiment.value;
  if (!experiment) return;
  const exported = landscapeExport({
    ...found,
    experiment,
    scale: store.colourScale.value,
    ceiling: ceilingOf(store.frame.value?.twins[twin]),
    domain: sharedDomain(),
  });
  await write(kind, exported);
}

/** The picture on show and the vectors of its plane, which may change between the two questions. */
async function shown(page: Page, twin: number): Promise<{ landscape: Landscape; vectors: PlaneVectors }> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const vectors = await page.session()?.vectors(twin);
    const landscape = store.landscapes.value[twin];
    if (landscape && vectors?.plane === landscape.plane) return { landscape, vectors };
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Refusal(word("plane.changing"));
}
