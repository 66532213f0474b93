// What the store holds, handed to the elements once an animation frame.
import { effect } from "@preact/signals-core";
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
import { everyPoint, names, range } from "./derived";
import { depthOf, type Frame } from "./engine";
import { ENGINE_TITLES } from "./engine/fastest";
import { fits } from "./engine/kept";
import * as looking from "./looking";
import { hasFixedMaps, widthOf } from "./engine/types";
import { capital, measureName, measureOf } from "./measure";
import type { Page } from "./page";
import { presetCommentary, presetTitle } from "./presets";
import * as store from "./store";
import { word } from "./words";

type Painted = Pick<Page, "session" | "run">;

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

let painting = false;

/** However fast frames come in, elements see one an animation frame. */
function schedulePaint(page: Painted): void {
  if (painting) return;
  painting = true;
  requestAnimationFrame(() => {
    painting = false;
    paint(page);
  });
}

function paint(page: Painted): void {
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
    ready: page.session() !== undefined,
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
    notice: [store.notice.value, store.leftOut.value].filter(Boolean).join(" "),
    changed: store.changed.value,
    commentary: preset ? presetCommentary(preset) : "",
    commentaryTitle: preset ? presetTitle(preset) : "",
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
    recording: store.recording.value,
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
  const data = experiment?.data;
  const heldOut = data && "heldOut" in data ? data.heldOut : 0;
  // What came from the pad is there already, in the order in which it was drawn.
  const drawn = store.drawing.value > 0 || (data?.kind === "points" && data.inputs === store.lastDrawn.value);
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
    fixedMaps: network !== undefined && hasFixedMaps(network),
    sigmaMin: target?.[target.length - 1] ?? 0,
    spectra: store.spectra.value,
    names: names.value,
    run: page.run(),
  });
  Object.assign(engines, {
    engine: store.engine.value,
    timings: store.timings.value,
    timing: store.timing.value,
    choice: store.engineChoice.value,
    switching: store.switching.value,
    download: store.download.value,
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
    element.dataset["testid"] = spec ? `twin-${names.value[i]!.colour}` : `twin-none-${i}`;
    Object.assign(element, {
      spec,
      ...names.value[i],
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
      width: widthOf(experiment.network),
      scale: store.colourScale.value,
      view: store.view.value,
    });
  });
  differenceView.hidden =
    !store.difference.value || frame.twins.length < 2 || store.pictureKind.value === "slices";
  if (!differenceView.hidden) {
    const both = names.value;
    const index = both.findIndex(({ colour }) => colour === "identity");
    Object.assign(differenceView, {
      first: store.landscapes.value[index],
      second: store.landscapes.value[1 - index],
      names: [both[index]!.name, both[1 - index]!.name],
    });
  }
  paintCharts(page, frame);
}

let charted: Frame | undefined;
let chartedRuns = store.runs.value;
let chartedAt = 0;

/** Two thousand points twice are not for every animation frame. */
const CHART_MILLISECONDS = 50;

function paintCharts(page: Painted, frame: Frame): void {
  const { offset: begun, runs: earlier } = store;
  const scrubbed = store.hoveredStep.value ?? store.scrub.value;
  excessChart.scrub = gradientChart.scrub = scrubbed === undefined ? undefined : scrubbed + begun.value;
  if (charted === frame && chartedRuns === earlier.value) return;
  const wait = chartedAt + CHART_MILLISECONDS - performance.now();
  if (wait > 0) {
    setTimeout(() => schedulePaint(page), wait);
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
          name: names.value[i]?.name ?? "",
          twin: names.value[i]?.colour ?? "identity",
          steps: history.steps,
          values: history[pick],
          past: true,
        })),
      ),
    ...frame.twins.map(({ history }, i) => ({
      name: names.value[i]!.name,
      twin: names.value[i]!.colour,
      steps: offset ? history.steps.map((step) => step + offset) : history.steps,
      values: history[pick],
    })),
  ];
  const { value: experiment } = store.experiment;
  const heading = experiment ? capital(measureName(measureOf(experiment.network))) : "";
  Object.assign(excessChart, { heading, series: series("excess") });
  Object.assign(gradientChart, { heading: word("figure.gradientNorm"), series: series("gradientNorm") });
}

/** Shows what the store holds, and what it comes to hold. */
export function listen(page: Painted): void {
  effect(() => {
    // Reading them all subscribes to them all.
    store.snapshot();
    void [store.presets.value, store.spectra.value, store.parameters.value, store.timing.value];
    void [store.checking.value, store.changed.value, store.hoveredStep.value, store.switching.value];
    void store.recording.value;
    void [store.classifiers.value, store.points.value, store.input.value, store.drawing.value];
    schedulePaint(page);
  });
  // The same points for the network that is built as for those that are trained.
  effect(() => void Object.assign(find("lab-expressivity"), { points: store.points.value }));
}

/** A menu shows what was chosen; where that was refused it goes back to what holds. */
export function menusAgain(): void {
  engines.requestUpdate();
}
