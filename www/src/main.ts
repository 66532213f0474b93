// The only file that joins engine, store, address and elements.
//
// For tests and curious people: `window.identityLab` holds
//   createSession   the public API of src/engine, to start a session of one's own
//   session()       the session that the page trains (undefined until it has started)
//   state()         a snapshot of the page's state: step, frame, engine, timings, alert, …
//   play() pause() step() reset()
import * as address from "./address";
import * as checking from "./checking";
import * as choosingEngine from "./choosing-engine";
import { scheduleTiming, useWantedEngine } from "./choosing-engine";
import { classify, samePoints } from "./classifying";
import { chosenInput, names, range } from "./derived";
import {
  asLabError,
  createSession,
  type Experiment,
  type ExperimentInput,
  type Frame,
  type LabSession,
} from "./engine";
import { listener } from "./events";
import * as expressing from "./expressing";
import * as imaging from "./imaging";
import * as keys from "./keys";
import { keepPlace } from "./language";
import { say } from "./live";
import { lock } from "./lock";
import * as looking from "./looking";
import * as mapping from "./mapping";
import { entryProblem } from "./matrix-text";
import { offerUpdate } from "./offline/offer";
import { keepForOffline } from "./offline/register";
import type { Page } from "./page";
import * as painting from "./painting";
import * as past from "./past";
import { Player } from "./player";
import type { PointsData } from "./points";
import * as proving from "./proving";
import * as recording from "./recording";
import { replaced } from "./replaced";
import { english, Refusal, whyOf } from "./said";
import { withoutGiven } from "./starts";
import * as store from "./store";
import { FINEST_LIVE, Watcher } from "./watcher";
import * as tour from "./tour";
import * as wayside from "./way";
import { keepWithinReach } from "./within-reach";
import { word } from "./words";

let session: LabSession | undefined;
/** Counts runs, so that what was begun for an earlier one is dropped. */
let run = 0;

const player = new Player({
  step: (count) => session!.step(count),
  speed: () => store.speed.value,
  onFrame: showFrame,
  onRate: (rate) => (store.stepsPerSecond.value = rate),
  onError: (error) => {
    store.playing.value = false;
    void fail(error);
  },
});

const watcher = new Watcher({
  landscape: (twin, options) => session!.landscape(twin, { ...looking.lookingAt(), ...options }),
  slices: (twin, options) => session!.slices(twin, { ...looking.lookingAt(), ...options }),
  sliced: () => store.pictureKind.value === "slices",
  finest: () => FINEST_LIVE[store.pictureKind.value === "surface" ? "surface" : "map"],
  estimate: (size) => session!.estimateLandscape(size),
  spectra: (twin) => session!.spectra(twin, chosenInput()),
  parameters: (twin) => session!.parameters(twin),
  classifiers: () => store.points.value !== undefined,
  classify: async (twin, still) => {
    const { value: points } = store.points;
    if (!session || !points) return;
    const of = run;
    const picture = await classify(session, twin, points, range.value, still);
    if (of === run) store.classifiers.value = replaced(store.classifiers.value, twin, picture);
  },
  exclusive: () => store.engine.value.name === "webgpu",
  playing: () => store.playing.value,
  step: () => store.frame.value?.step ?? 0,
  twins: () => store.frame.value?.twins.length ?? 0,
  onLandscape: (picture) => {
    store.landscapes.value = replaced(store.landscapes.value, picture.twin, picture);
    looking.planeShown(picture);
  },
  onSlices: (lines) => {
    store.slices.value = replaced(store.slices.value, lines.twin, lines);
    looking.planeShown(lines);
  },
  onSpectra: (twin, spectra) => (store.spectra.value = replaced(store.spectra.value, twin, spectra)),
  onParameters: (twin, values) => (store.parameters.value = replaced(store.parameters.value, twin, values)),
  onPlaneError: looking.planeRefused,
  onError: (error) => void fail(error),
});

const page: Page = {
  session: () => session,
  run: () => run,
  start,
  lookAgain: () => watcher.lookAgain(),
  nudge: () => watcher.nudge(),
  say,
  fail,
};

function showFrame(frame: Frame): void {
  const before = store.frame.value;
  for (const [i, twin] of frame.twins.entries()) {
    if (twin.status === "diverged" && before?.twins[i]?.status === "running") {
      say(word("run.diverged", { name: names.value[i]!.name, step: twin.divergedAt ?? "–" }));
    }
  }
  if (frame.notice) store.notice.value = english(frame.notice);
  // The crate changes the engine by itself where a device is lost.
  if (frame.engine !== store.engine.value.name) {
    store.engine.value = { name: frame.engine, description: "", fallbackAdapter: false };
  }
  store.frame.value = frame;
  if (frame.twins.every((twin) => twin.status === "diverged") && store.playing.value) pause();
}

// ---------------------------------------------------------------- running

function play(): void {
  if (!session || store.playing.value) return;
  store.playing.value = true;
  player.play();
  watcher.nudge();
}

function pause(): void {
  store.playing.value = false;
  void player.pause().then(() => watcher.nudge());
}

async function stepOnce(): Promise<void> {
  if (!session) return;
  if (store.playing.value) pause();
  await player.pause();
  try {
    showFrame(await session.step(1));
    watcher.nudge();
  } catch (error) {
    await fail(error);
  }
}

/** Starts an experiment at step 0; a refused one leaves the run as it was and says why. */
async function start(next: ExperimentInput, offset = 0): Promise<boolean> {
  if (!session) return false;
  const wasPlaying = store.playing.value;
  const generation = ++run;
  store.playing.value = false;
  await player.pause();
  let started = false;
  // From here on parameters may be those of the next run, which the pictures of this one must not get.
  watcher.stop();
  try {
    const frame = await session.configure(next);
    const points = session.experiment.network.kind === "relu" ? await session.points() : undefined;
    if (generation !== run) return false;
    started = true;
    past.archive();
    store.offset.value = offset;
    store.alert.value = "";
    store.landscapes.value = [];
    store.slices.value = [];
    store.readings.value = [];
    store.planeProblems.value = [];
    store.scrub.value = undefined;
    store.spectra.value = [];
    store.parameters.value = [];
    store.probes.value = [];
    store.classifiers.value = [];
    if (!samePoints(points, store.points.value)) store.input.value = undefined;
    store.points.value = points;
    store.experiment.value = session.experiment;
    store.draft.value = session.experiment;
    store.engine.value = { name: "cpu", description: "", fallbackAdapter: false };
    showFrame(frame);
    await useWantedEngine(page);
    watcher.restart();
    scheduleTiming(page);
  } catch (error) {
    await fail(error);
    if (session && generation === run) watcher.restart();
  }
  if (wasPlaying && generation === run) play();
  return started;
}

// ---------------------------------------------------------------- settings

async function edit(next: Experiment): Promise<void> {
  if (!session) return;
  store.draft.value = next;
  try {
    const problem = entryProblem(next.target);
    if (problem) throw new Refusal(problem);
    const normalized = await session.normalize(next);
    if (store.draft.value !== next) return;
    store.draft.value = normalized;
    store.alert.value = "";
    // With nothing to lose there is nothing to ask.
    if (!store.playing.value && store.frame.value?.step === 0) await start(normalized);
  } catch (error) {
    await fail(error);
  }
}

async function setLearningRate(value: number): Promise<void> {
  if (!session) return;
  try {
    await session.setLearningRate(value);
    const withRate = (e: Experiment): Experiment => ({
      ...e,
      optimizer: { ...e.optimizer, learningRate: value },
    });
    store.experiment.value = withRate(store.experiment.value!);
    store.draft.value = withRate(store.draft.value!);
  } catch (error) {
    await fail(error);
  }
}

function setSeed(text: string): void {
  const seed = Number(text.trim());
  // What is no number goes to the crate as text: its sentence names the field.
  void edit({
    ...store.draft.value!,
    seed: text.trim() !== "" && Number.isFinite(seed) ? seed : (text as never),
  });
}

// ---------------------------------------------------------------- saying

async function fail(error: unknown): Promise<void> {
  const why = whyOf(error);
  store.alert.value = why;
  if (!asLabError(error).fatal || !session) return;
  // The engine's memory is gone: a fresh worker takes the same experiment, from step 0.
  const { experiment } = session;
  watcher.stop();
  session.dispose();
  session = undefined;
  store.playing.value = false;
  try {
    session = await createSession(experiment, { engine: "cpu" });
  } catch (again) {
    store.alert.value = `${why} ${whyOf(again)}`;
    return;
  }
  run++;
  store.engine.value = { name: "cpu", description: "", fallbackAdapter: false };
  showFrame(session.frame);
  watcher.restart();
}

// ---------------------------------------------------------------- events

const on = listener(fail);

on("lab-play", () => {
  if (store.playing.value) pause();
  else play();
  say(word(store.playing.value ? "run.playing" : "run.paused"));
});
on("lab-step", stepOnce);
const reset = () => start(store.experiment.value ?? {});
on("lab-reset", async () => {
  const draft = store.draft.value;
  // Reset repeats the run; edits that wait for a restart go on waiting.
  if ((await reset()) && draft) store.draft.value = draft;
});
on<number>("lab-speed", (speed) => (store.speed.value = speed));
on<number>("lab-learning-rate", setLearningRate);
on<string>("lab-seed", setSeed);
on<string>("lab-preset", (id) => {
  const preset = store.presets.value.find((p) => p.id === id);
  if (preset) void edit(preset.experiment);
});
on<Experiment>("lab-draft", edit);
on("lab-restart", () => store.draft.value && start(store.draft.value));
on("lab-discard", () => {
  store.draft.value = store.experiment.value;
  store.alert.value = "";
});
looking.listen(page);
proving.listen(page);
wayside.listen(page);
past.listen({
  ...page,
  showFrame,
  hold: () => {
    store.playing.value = false;
    return player.pause();
  },
});
mapping.listen(page);
on<readonly [number, number]>("lab-input", (at) => {
  store.input.value = at;
  watcher.countAgain();
});
expressing.listen({ say, start });
imaging.listen(say);
document
  .querySelector("#points")!
  .addEventListener("toggle", () => void import("./elements/points").catch(fail));
on<PointsData>("lab-points", async (data) => {
  const { value: experiment } = store.experiment;
  if (experiment?.network.kind !== "relu") return;
  store.lastDrawn.value = data.inputs;
  // The run on show is still the one before: its points are not to replace what was drawn meanwhile.
  store.drawing.value++;
  try {
    await start({ ...experiment, data, batch: null, twins: withoutGiven(experiment.twins) });
  } finally {
    store.drawing.value--;
  }
});
on("lab-close-alert", () => (store.alert.value = ""));
on("lab-close-notice", () => {
  store.notice.value = "";
  store.leftOut.value = "";
});
recording.listen(page);
painting.listen(page);
choosingEngine.listen(page, () => painting.menusAgain());
checking.listen(page);
keepWithinReach();
tour.listen();
keepPlace();
lock();
if (document.body.dataset["controls"] !== "none") keys.listen();
address.write();

// ---------------------------------------------------------------- opening

async function open(): Promise<void> {
  try {
    session = await createSession({}, { engine: "cpu" });
  } catch (error) {
    store.alert.value = whyOf(error);
    return;
  }
  // What the crate fills in for an empty experiment.
  const defaults = session.experiment;
  store.experiment.value = defaults;
  store.draft.value = defaults;
  showFrame(session.frame);
  watcher.restart();
  const generation = run;
  await address.listen(page, defaults);
  if (generation === run) scheduleTiming(page);
  play();
  store.presets.value = await session.presets();
}

declare global {
  interface Window {
    identityLab: {
      createSession: typeof createSession;
      session: () => LabSession | undefined;
      state: typeof store.snapshot;
      play: typeof play;
      pause: typeof pause;
      step: typeof stepOnce;
      reset: typeof reset;
    };
  }
}

window.identityLab = {
  createSession,
  session: () => session,
  state: store.snapshot,
  play,
  pause,
  step: stepOnce,
  reset,
};

void open();
keepForOffline(offerUpdate);
