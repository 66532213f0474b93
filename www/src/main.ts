// The only file that joins engine, store, address and elements.
//
// For tests and curious people: `window.identityLab` holds
//   createSession   the public API of src/engine, to start a session of one's own
//   session()       the session that the page trains (undefined until it has started)
//   state()         a snapshot of the page's state: step, frame, engine, timings, alert, …
//   play() pause() step() reset()
import { computed, effect, signal } from "@preact/signals-core";
import curvatureUrl from "../../tests/vectors/linear_curvature.json?url";
import factorizationUrl from "../../tests/vectors/linear_factorization.json?url";
import planeUrl from "../../tests/vectors/linear_plane.json?url";
import reluUrl from "../../tests/vectors/relu_loss.json?url";
import riskUrl from "../../tests/vectors/linear_risk.json?url";
import trainingUrl from "../../tests/vectors/linear_training.json?url";
import type { LabBadge } from "./elements/badge";
import type { ChartSeries, LabChart } from "./elements/chart";
import type { LabEngines } from "./elements/engines";
import type { LabMessages } from "./elements/messages";
import type { LabSettings } from "./elements/settings";
import type { LabTransport } from "./elements/transport";
import type { LabTwin } from "./elements/twin";
import "./elements/badge";
import "./elements/chart";
import "./elements/engines";
import "./elements/messages";
import "./elements/runs";
import "./elements/settings";
import "./elements/theme";
import "./elements/theorems";
import type { LabTheorems } from "./elements/theorems";
import "./elements/transport";
import "./elements/twin";
import "./elements/view";
import "./elements/difference";
import type { LabRuns } from "./elements/runs";
import type { LabDifference } from "./elements/difference";
import type { LabView } from "./elements/view";
import {
  asLabError,
  createSession,
  depthOf,
  ENGINES,
  needsBurn,
  type EngineChoice,
  type EngineName,
  type Experiment,
  type ExperimentInput,
  type Frame,
  type LabSession,
} from "./engine";
import { ENGINE_TITLES, fastest } from "./engine/fastest";
import { fits } from "./engine/kept";
import * as looking from "./looking";
import { replaced } from "./looking";
import * as past from "./past";
import * as proving from "./proving";
import * as mapping from "./mapping";
import { classify, inputRange, samePoints, together } from "./classifying";
import * as wayside from "./way";
import * as expressing from "./expressing";
import { listener } from "./events";
import { entryProblem } from "./matrix-text";
import { capital, measureOf } from "./measure";
import { planeName, planeNamed } from "./plane-name";
import type { PointsData } from "./points";
import { withoutGiven } from "./starts";
import { Player } from "./player";
import * as store from "./store";
import { readMaps, writeMaps } from "./atlas-address";
import { experimentFrom, readHash, writeHash } from "./url";
import { twinNames } from "./twin-names";
import { FINEST_LIVE, Watcher } from "./watcher";

const VECTORS = [
  ["linear_risk", riskUrl],
  ["linear_training", trainingUrl],
  ["linear_plane", planeUrl],
  ["linear_curvature", curvatureUrl],
  ["linear_factorization", factorizationUrl],
  ["relu_loss", reluUrl],
] as const;
/** The run shows itself before anything is timed. */
const TIMING_DELAY = 1000;
const ADDRESS_DELAY = 250;

let session: LabSession | undefined;
/** What the crate fills in for an empty experiment. */
let defaults: Experiment | undefined;
/** Counts runs, so that what was begun for an earlier one is dropped. */
let run = 0;
let switching = false;

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

/** The input whose Jacobians are shown; the crate takes the first point where none is chosen. */
function chosenInput(): Float32Array | undefined {
  const { input, points } = store;
  return input.value && points.value?.dimension === 2 ? Float32Array.from(input.value) : undefined;
}

const range = computed(() => inputRange(store.points.value));
const everyPoint = computed(() => store.points.value && together(store.points.value));
/** The inputs that the pad told last. */
let lastDrawn = "";

const lookers: looking.Page = {
  session: () => session,
  run: () => run,
  start,
  lookAgain: () => watcher.lookAgain(),
  say,
  fail,
};

function showFrame(frame: Frame): void {
  const before = store.frame.value;
  for (const [i, twin] of frame.twins.entries()) {
    if (twin.status === "diverged" && before?.twins[i]?.status === "running") {
      say(`The ${names()[i]!.name} network diverged at step ${twin.divergedAt}.`);
    }
  }
  if (frame.notice) store.notice.value = frame.notice;
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
  try {
    const frame = await session.configure(next);
    const points = session.experiment.network.kind === "relu" ? await session.points() : undefined;
    if (generation !== run) return false;
    started = true;
    past.archive();
    store.offset.value = offset;
    watcher.stop();
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
    await useWantedEngine();
    watcher.restart();
    scheduleTiming(generation);
  } catch (error) {
    await fail(error);
  }
  if (wasPlaying && generation === run) play();
  return started;
}

/** A minibatch needs burn; a choice by hand stays; otherwise the last measurement decides. */
async function useWantedEngine(): Promise<void> {
  const { value: choice } = store.engineChoice;
  const { value: experiment } = store.experiment;
  const wanted = experiment && needsBurn(experiment) ? "burn" : choice === "auto" ? timedBest() : choice;
  if (wanted && wanted !== store.engine.value.name) await switchEngine(wanted);
}

let timedShape = "";
const shape = () => JSON.stringify(session?.experiment.network);

function timedBest(): EngineName | undefined {
  return timedShape === shape() ? fastest(store.timings.value)?.engine : undefined;
}

async function switchEngine(name: EngineName): Promise<void> {
  if (!session) return;
  switching = true;
  schedulePaint();
  try {
    store.engine.value = await session.setEngine(name);
    say(`Training on ${ENGINE_TITLES[name]}.`);
  } catch (error) {
    store.engineChoice.value = "auto";
    if (name === "webgpu") {
      store.notice.value = `${asLabError(error).message} Training goes on on ${ENGINE_TITLES[store.engine.value.name]}.`;
    } else await fail(error);
  }
  switching = false;
  schedulePaint();
  watcher.nudge();
}

/** The engines that "fastest here" decides between; burn, the reference, is fetched only when it is asked for. */
const CANDIDATES: readonly EngineName[] = ["cpu", "webgpu"];

function scheduleTiming(generation: number): void {
  if (timedShape === shape()) return;
  setTimeout(() => void timeEngines(generation, CANDIDATES), TIMING_DELAY);
}

async function timeEngines(generation: number, names: readonly EngineName[]): Promise<void> {
  if (!session || generation !== run || store.checking.value || store.timing.value) return;
  const timed = shape();
  store.timing.value = true;
  store.timings.value =
    timedShape === timed ? store.timings.value.filter(({ engine }) => !names.includes(engine)) : [];
  try {
    for (const name of names) {
      const timing = await session.timeEngine(name);
      if (generation !== run) break;
      store.timings.value = [...store.timings.value, timing];
    }
    if (generation === run) {
      timedShape = timed;
      const webgpu = store.timings.value.find(({ engine }) => engine === "webgpu");
      if (webgpu?.problem && !needsBurn(session.experiment))
        store.notice.value = `${webgpu.problem} Training goes on on the CPU.`;
      if (store.engineChoice.value === "auto" && !needsBurn(session.experiment)) await useWantedEngine();
    }
  } catch (error) {
    // Not being able to measure is no reason to disturb the run.
    store.notice.value = `The engines could not be timed: ${asLabError(error).message}`;
  } finally {
    if (!store.checking.value) await session.endTiming();
    store.timing.value = false;
  }
}

// ---------------------------------------------------------------- settings

async function edit(next: Experiment): Promise<void> {
  if (!session) return;
  store.draft.value = next;
  try {
    const problem = entryProblem(next.target);
    if (problem) throw new Error(problem);
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

// ---------------------------------------------------------------- checking

async function check(): Promise<void> {
  if (!session || store.checking.value) return;
  store.checking.value = true;
  store.checks.value = [];
  try {
    for (const [name, url] of VECTORS) {
      const response = await fetch(url);
      if (!response.ok) throw new Error(`The reference values ${name} could not be downloaded.`);
      const text = await response.text();
      for (const engine of ENGINES) {
        store.checks.value = [...store.checks.value, ...(await session.verify(name, text, engine))];
      }
    }
    const passed = store.checks.value.every((c) => !c.problem && c.passes === c.cases);
    say(passed ? "Every engine passed the check." : "A check failed; see the table.");
  } catch (error) {
    await fail(error);
  } finally {
    store.checking.value = false;
    if (!store.timing.value) await session.endTiming();
  }
}

// ---------------------------------------------------------------- saying

function say(sentence: string): void {
  document.querySelector("#live")!.textContent = sentence;
}

async function fail(error: unknown): Promise<void> {
  const { message, fatal } = asLabError(error);
  store.alert.value = message;
  if (!fatal || !session) return;
  // The engine's memory is gone: a fresh worker takes the same experiment, from step 0.
  const { experiment } = session;
  watcher.stop();
  session.dispose();
  session = undefined;
  store.playing.value = false;
  try {
    session = await createSession(experiment, { engine: "cpu" });
  } catch (again) {
    store.alert.value = `${message} ${asLabError(again).message}`;
    return;
  }
  run++;
  store.engine.value = { name: "cpu", description: "", fallbackAdapter: false };
  showFrame(session.frame);
  watcher.restart();
}

// ---------------------------------------------------------------- address

let addressTimer: ReturnType<typeof setTimeout> | undefined;
/** Until the address that the page was opened with has been followed, it is not to be replaced. */
const followed = signal(false);

effect(() => {
  const experiment = store.experiment.value;
  const engine = store.engineChoice.value;
  const plane = planeName(store.plane.value);
  const maps = writeMaps({ open: store.mapsOpen.value, form: store.mapsForm.value });
  if (!experiment || !followed.value) return;
  clearTimeout(addressTimer);
  addressTimer = setTimeout(
    () => history.replaceState(history.state, "", writeHash({ experiment, engine, plane, maps })),
    ADDRESS_DELAY,
  );
});

/** Takes over what the address says; whatever is wrong with it is said, and the run stays. */
async function followAddress(hash: string): Promise<void> {
  if (!session || !defaults || hash.length < 2) return;
  let maps: ReadonlyMap<string, string> = new Map();
  try {
    const { fields, engine, plane, ...rest } = readHash(hash);
    maps = rest.maps;
    if (plane !== undefined) looking.look(lookers, planeNamed(plane));
    if (engine !== undefined) {
      if (engine !== "auto" && !ENGINES.some((name) => name === engine)) {
        throw new Error(`engine: allowed are auto, cpu, webgpu and burn; the address says "${engine}".`);
      }
      store.engineChoice.value = engine as EngineChoice;
    }
    const wanted = experimentFrom(fields, defaults);
    const problem = entryProblem(wanted.target);
    if (problem) throw new Error(problem);
    if (fields.size > 0) await start(wanted);
    else await useWantedEngine();
  } catch (error) {
    await fail(error);
  }
  try {
    const wanted = readMaps(maps);
    if (wanted) mapping.show(wanted);
  } catch (error) {
    // Its sentence must not hide one about the experiment.
    store.alert.value = [store.alert.value, asLabError(error).message].filter(Boolean).join(" ");
  }
  if (store.alert.value && store.experiment.value) {
    // An address that was refused must not stay: the one shown is the one that runs.
    store.alert.value = `The address was not understood. ${store.alert.value}`;
    store.experiment.value = { ...store.experiment.value };
  }
}

// ---------------------------------------------------------------- elements

const find = <T extends Element>(selector: string) => document.querySelector<T>(selector)!;
const badge = find<LabBadge>("lab-badge");
const transport = find<LabTransport>("lab-transport");
const settings = find<LabSettings>("lab-settings");
const messages = find<LabMessages>("lab-messages");
const viewStrip = find<LabView>("lab-view");
const twins = [find<LabTwin>("#twin-0"), find<LabTwin>("#twin-1")];
const excessChart = find<LabChart>("#chart-excess");
const gradientChart = find<LabChart>("#chart-gradient");
const runs = find<LabRuns>("lab-runs");
const theorems = find<LabTheorems>("lab-theorems");
const differenceView = find<LabDifference>("lab-difference");
const engines = find<LabEngines>("lab-engines");

const called = computed(() => twinNames(store.experiment.value?.twins ?? []));
const names = () => called.value;

let painting = false;

/** However fast frames come in, elements see one an animation frame. */
function schedulePaint(): void {
  if (painting) return;
  painting = true;
  requestAnimationFrame(() => {
    painting = false;
    paint();
  });
}

function paint(): void {
  const experiment = store.experiment.value;
  const frame = store.frame.value;
  const preset = store.presets.value.find(
    (p) => store.draft.value && store.sameRun(p.experiment, store.draft.value),
  );
  Object.assign(badge, {
    engine: frame ? ENGINE_TITLES[store.engine.value.name] : "",
    software: store.engine.value.fallbackAdapter,
  });
  Object.assign(transport, {
    ready: session !== undefined,
    playing: store.playing.value,
    step: frame?.step ?? 0,
    speed: store.speed.value,
    learningRate: experiment?.optimizer.learningRate ?? 0.001,
    seed: store.draft.value?.seed ?? 1,
    presets: store.presets.value,
    preset: preset?.id ?? "",
  });
  settings.experiment = store.draft.value;
  Object.assign(messages, {
    alert: store.alert.value,
    notice: store.notice.value,
    changed: store.changed.value,
    commentary: preset?.commentary ?? "",
    commentaryTitle: preset?.title ?? "",
  });
  const { zoom, a, b } = store.view.value;
  const network = experiment?.network;
  Object.assign(viewStrip, {
    plane: store.plane.value,
    kind: store.pictureKind.value,
    scale: store.colourScale.value,
    clickDoes: store.click.value,
    moved: zoom !== 1 || a !== 0 || b !== 0,
    linked: store.linked.value,
    difference: store.difference.value,
    twins: frame?.twins.length === 2,
    kept: network ? store.kept.value.filter((point) => fits(point, network)) : [],
    step: frame?.step ?? 0,
    scrub: store.scrub.value,
  });
  runs.hidden = store.runs.value.length === 0;
  Object.assign(runs, {
    runs: store.runs.value,
    experiment,
    offset: store.offset.value,
    step: frame?.step ?? 0,
    twins: frame?.twins ?? [],
  });
  const target = store.spectra.value[0]?.target;
  const classifier = network?.kind === "relu";
  theorems.hidden = classifier;
  find<HTMLElement>("#points").hidden = !classifier;
  find<HTMLElement>("#maps").hidden = classifier;
  const data = experiment?.data;
  const heldOut = data && "heldOut" in data ? data.heldOut : 0;
  // What came from the pad is there already, in the order in which it was drawn.
  const drawn = data?.kind === "points" && data.inputs === lastDrawn;
  const pad = document.querySelector("#points > lab-points");
  if (pad) Object.assign(pad, drawn ? { heldOut } : { heldOut, points: everyPoint.value });
  Object.assign(theorems, {
    bounds: store.depthBounds.value,
    refused: store.refusedOptimum.value,
    certificates: store.certificates.value,
    twins: experiment?.twins ?? [],
    ball: store.ball.value,
    sampling: store.sampling.value,
    layers: network ? depthOf(network) : 1,
    way: store.way.value,
    wayPoints: store.wayPoints.value?.points ?? [],
    walking: store.walking.value,
    width: network?.width ?? 1,
    sigmaMin: target?.[target.length - 1] ?? 0,
    spectra: store.spectra.value,
    names: names(),
    run,
  });
  Object.assign(engines, {
    engine: store.engine.value,
    timings: store.timings.value,
    timing: store.timing.value,
    choice: store.engineChoice.value,
    switching,
    rate: store.stepsPerSecond.value,
    checks: store.checks.value,
    checking: store.checking.value,
  });
  if (!experiment || !frame) return;
  find(".stage").classList.toggle("single", frame.twins.length === 1);
  const domain = looking.sharedDomain();
  twins.forEach((element, i) => {
    const spec = experiment.twins[i];
    element.hidden = spec === undefined;
    element.dataset["testid"] = spec ? `twin-${names()[i]!.colour}` : `twin-none-${i}`;
    Object.assign(element, {
      spec,
      ...names()[i],
      frame: frame.twins[i],
      landscape: store.landscapes.value[i],
      slices: store.slices.value[i],
      kind: store.pictureKind.value,
      reading: store.readings.value[i],
      domain,
      camera: store.camera.value,
      scrub: store.hoveredStep.value ?? store.scrub.value,
      way: store.way.value,
      problem: store.planeProblems.value[i] ?? "",
      spectra: store.spectra.value[i],
      parameters: store.parameters.value[i],
      probe: store.probes.value[i],
      picture: store.classifiers.value[i],
      points: store.points.value,
      range: range.value,
      chosen: store.input.value,
      index: i,
      network: experiment.network,
      width: experiment.network.width,
      scale: store.colourScale.value,
      view: store.view.value,
    });
  });
  differenceView.hidden =
    !store.difference.value || frame.twins.length < 2 || store.pictureKind.value === "slices";
  if (!differenceView.hidden) {
    const both = names();
    const index = both.findIndex(({ colour }) => colour === "identity");
    Object.assign(differenceView, {
      first: store.landscapes.value[index],
      second: store.landscapes.value[1 - index],
      names: [both[index]!.name, both[1 - index]!.name],
    });
  }
  paintCharts(frame);
}

let charted: Frame | undefined;
let chartedRuns = store.runs.value;
let chartedAt = 0;

/** Two thousand points twice are not for every animation frame. */
const CHART_MILLISECONDS = 50;

function paintCharts(frame: Frame): void {
  const { offset: begun, runs: earlier } = store;
  const scrubbed = store.hoveredStep.value ?? store.scrub.value;
  excessChart.scrub = gradientChart.scrub = scrubbed === undefined ? undefined : scrubbed + begun.value;
  if (charted === frame && chartedRuns === earlier.value) return;
  const wait = chartedAt + CHART_MILLISECONDS - performance.now();
  if (wait > 0) {
    setTimeout(schedulePaint, wait);
    return;
  }
  charted = frame;
  chartedRuns = earlier.value;
  chartedAt = performance.now();
  const offset = store.offset.value;
  const series = (pick: "excess" | "gradientNorm"): ChartSeries[] => [
    ...store.runs.value
      .filter(({ shown }) => shown)
      .flatMap(({ twins }) =>
        twins.map(({ history }, i) => ({
          name: names()[i]?.name ?? "",
          twin: names()[i]?.colour ?? "identity",
          steps: history.steps,
          values: history[pick],
          past: true,
        })),
      ),
    ...frame.twins.map(({ history }, i) => ({
      name: names()[i]!.name,
      twin: names()[i]!.colour,
      steps: offset ? history.steps.map((step) => step + offset) : history.steps,
      values: history[pick],
    })),
  ];
  const { value: experiment } = store.experiment;
  const heading = experiment ? capital(measureOf(experiment.network)) : "";
  Object.assign(excessChart, { heading, series: series("excess") });
  Object.assign(gradientChart, { heading: "Gradient norm", series: series("gradientNorm") });
}

effect(() => {
  // Reading them all subscribes to them all.
  store.snapshot();
  void [store.presets.value, store.spectra.value, store.parameters.value, store.timing.value];
  void [store.checking.value, store.changed.value, store.hoveredStep.value];
  void [store.classifiers.value, store.points.value, store.input.value];
  schedulePaint();
});

// The same points for the network that is built as for those that are trained.
effect(() => void Object.assign(find("lab-expressivity"), { points: store.points.value }));

// ---------------------------------------------------------------- events

const on = listener(fail);

on("lab-play", () => {
  if (store.playing.value) pause();
  else play();
  say(store.playing.value ? "Playing." : "Paused.");
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
on<EngineChoice>("lab-engine", async (choice) => {
  const { value: experiment } = store.experiment;
  if (experiment && needsBurn(experiment) && (choice === "cpu" || choice === "webgpu")) {
    store.notice.value =
      "Minibatches of linear networks are computed by burn only; choose the full batch for the other engines.";
    // The menu shows what was chosen; it goes back to what holds.
    engines.requestUpdate();
    return;
  }
  store.engineChoice.value = choice;
  await useWantedEngine();
  const timed = store.timings.value.some(({ engine }) => engine === "burn");
  if (store.engine.value.name === "burn" && !timed) await timeEngines(run, ["burn"]);
});
looking.listen(lookers);
proving.listen(lookers);
wayside.listen(lookers);
past.listen({
  ...lookers,
  showFrame,
  hold: () => {
    store.playing.value = false;
    return player.pause();
  },
});
mapping.listen(lookers);
on<readonly [number, number]>("lab-input", (at) => {
  store.input.value = at;
  watcher.countAgain();
});
expressing.listen({ say, start });
find("#points").addEventListener("toggle", () => void import("./elements/points").catch(fail));
on<PointsData>("lab-points", (data) => {
  const { value: experiment } = store.experiment;
  if (experiment?.network.kind !== "relu") return;
  lastDrawn = data.inputs;
  return start({ ...experiment, data, batch: null, twins: withoutGiven(experiment.twins) });
});
on("lab-check", check);
on("lab-close-alert", () => (store.alert.value = ""));
on("lab-close-notice", () => (store.notice.value = ""));
window.addEventListener("hashchange", ({ newURL }) => {
  // What the event brought: the page's own, delayed writing may have replaced the address since.
  clearTimeout(addressTimer);
  void followAddress(new URL(newURL).hash);
});

document.addEventListener("keydown", (event) => {
  const target = event.composedPath()[0];
  const typing = target instanceof Element && target.matches("input, select, textarea, button, summary, a");
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  // Letters act on buttons too; Space there presses the button.
  const letters = typing && !(target as Element).matches("button, summary");
  if (event.code === "Space" && !typing) {
    event.preventDefault();
    document.dispatchEvent(new CustomEvent("lab-play"));
  } else if (letters) return;
  else if (event.key === "s" || event.key === "S") document.dispatchEvent(new CustomEvent("lab-step"));
  else if (event.key === "r" || event.key === "R") document.dispatchEvent(new CustomEvent("lab-reset"));
});

// ---------------------------------------------------------------- opening

async function open(): Promise<void> {
  try {
    session = await createSession({}, { engine: "cpu" });
  } catch (error) {
    store.alert.value = asLabError(error).message;
    return;
  }
  defaults = session.experiment;
  store.experiment.value = defaults;
  store.draft.value = defaults;
  showFrame(session.frame);
  watcher.restart();
  const generation = run;
  await followAddress(location.hash);
  followed.value = true;
  if (generation === run) scheduleTiming(run);
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
