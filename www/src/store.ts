// What the page knows, as signals. Elements read it through main.ts only.
import { computed, signal } from "@preact/signals-core";
import { canonical } from "./canonical";
import { FIRST_CAMERA, type Camera } from "./draw/camera";
import { FIRST_FORM, type AtlasForm } from "./atlas-form";
import type { ColourScale } from "./draw/scale";
import type { BallState } from "./theorems";
import type { Speed } from "./engine/pace";
import type { ImagesForm } from "./images-form";
import type { ClassifierPicture } from "./classifying";
import type { PastRun } from "./runs";
import type { WayPoint } from "./way";
import type {
  Certificates,
  DepthBounds,
  EngineChoice,
  EngineInfo,
  EngineTiming,
  Experiment,
  Frame,
  KeptPoint,
  SplitPoints,
  Landscape,
  PlaneSpec,
  Preset,
  Probe,
  Reading,
  Slices,
  Spectra,
  VerifyResult,
  View,
} from "./engine/types";

export const experiment = signal<Experiment | undefined>(undefined);
/** The experiment as edited; the same as `experiment` until a structural change. */
export const draft = signal<Experiment | undefined>(undefined);
export const frame = signal<Frame | undefined>(undefined);
export const playing = signal(false);
export const speed = signal<Speed>(60);
/** Measured over the last second or so. */
export const stepsPerSecond = signal(0);

export const engine = signal<EngineInfo>({ name: "cpu", description: "", fallbackAdapter: false });
export const engineChoice = signal<EngineChoice>("auto");
export const timings = signal<readonly EngineTiming[]>([]);
export const timing = signal(false);
/** Whether an engine is being taken into use. */
export const switching = signal(false);
/** How far the download of the engine being switched to has come. */
export const download = signal("");

export const presets = signal<readonly Preset[]>([]);
export const landscapes = signal<readonly (Landscape | undefined)[]>([]);
export const slices = signal<readonly (Slices | undefined)[]>([]);
export const spectra = signal<readonly (Spectra | undefined)[]>([]);
export const parameters = signal<readonly (Float32Array | undefined)[]>([]);

/** Of classifiers: the points, what each network makes of them, and the input whose Jacobians are shown. */
export const points = signal<SplitPoints | undefined>(undefined);
export const classifiers = signal<readonly (ClassifierPicture | undefined)[]>([]);
/** The inputs that the drawing pad told last, as the experiment holds them. */
export const lastDrawn = signal("");
/** Drawings on their way into a run. */
export const drawing = signal(0);
export const input = signal<readonly [number, number] | undefined>(undefined);

/** How the landscapes are looked at, the same for both twins. */
export const plane = signal<PlaneSpec>({ kind: "startCurrent" });
export const view = signal<View>({ zoom: 1, a: 0, b: 0 });
/** In what form landscapes are drawn. */
export type PictureKind = "map" | "surface" | "slices";
export type ClickDoes = "explain" | "start";
export const pictureKind = signal<PictureKind>("map");
export const click = signal<ClickDoes>("explain");
export const camera = signal<Camera>(FIRST_CAMERA);
/** Same range and colours for both networks; a difference needs them. */
export const linked = signal(false);
export const difference = signal(false);
/** The earlier step that is being looked at: chosen by the slider, or under the pointer on a chart. */
export const scrub = signal<number | undefined>(undefined);
export const hoveredStep = signal<number | undefined>(undefined);
/** What the theorems promise and what was measured, while their cards are open. */
export const depthBounds = signal<DepthBounds | undefined>(undefined);
export const refusedOptimum = signal("");
export const certificates = signal<readonly (Certificates | undefined)[]>([]);
export const ball = signal<BallState | undefined>(undefined);
export const sampling = signal(false);
/** What part of the way to the constructed optimum is being looked at, what stands there, and whether it goes on. */
export const way = signal<number | undefined>(undefined);
export const wayPoints = signal<{ way: number; points: readonly WayPoint[] } | undefined>(undefined);
export const walking = signal(false);
/** What the maps section asks for, and whether it is open. */
export const mapsForm = signal<AtlasForm>(FIRST_FORM);
export const mapsOpen = signal(false);

/** The section on images: whether it is open, and its settings that are not the first ones. */
export const imagesOpen = signal(false);
export const imageSettings = signal<Partial<ImagesForm>>({});
/** Runs that were left, and the steps before the present one's own first step, where it went on from another. */
export const runs = signal<readonly PastRun[]>([]);
export const offset = signal(0);
/** Points of runs that were kept for planes through them. */
export const kept = signal<readonly KeptPoint[]>([]);
/** Why the plane asked for is not shown, for each network. */
export const planeProblems = signal<readonly string[]>([]);
/** What stands under the pointer on each landscape. */
export const readings = signal<readonly (Reading | undefined)[]>([]);
/** What a click on each landscape found; "pending" while it is being looked for. */
export const probes = signal<readonly (Probe | "pending" | undefined)[]>([]);
export const colourScale = signal<ColourScale>("log");

/** Whether a film of the run is being made. */
export const recording = signal(false);

/** One sentence about what went wrong, and one about what to know. */
export const alert = signal("");
export const notice = signal("");
/** What the address leaves out, as a sentence; it stands beside any notice, since none may take its place. */
export const leftOut = signal("");
export const checks = signal<readonly VerifyResult[]>([]);
export const checking = signal(false);

export const changed = computed(
  () => experiment.value !== undefined && !sameRun(experiment.value, draft.value ?? experiment.value),
);

/** Whether two experiments are the same but for the learning rate, which may change while running. */
export function sameRun(x: Experiment, y: Experiment): boolean {
  return x === y || structure(x) === structure(y);
}

/** Asked in every frame, of the same few objects, one of which may hold a start of megabytes. */
const structures = new WeakMap<Experiment, string>();

function structure(e: Experiment): string {
  const known = structures.get(e);
  if (known !== undefined) return known;
  const text = canonical({ ...e, optimizer: { ...e.optimizer, learningRate: 0 } });
  structures.set(e, text);
  return text;
}

/** Where a frame's numbers come from: a copy for tests and other pages. */
export function snapshot() {
  return {
    experiment: experiment.value,
    draft: draft.value,
    step: frame.value?.step ?? 0,
    frame: frame.value,
    playing: playing.value,
    speed: speed.value,
    stepsPerSecond: stepsPerSecond.value,
    engine: engine.value,
    engineChoice: engineChoice.value,
    timings: timings.value,
    plane: plane.value,
    view: view.value,
    colourScale: colourScale.value,
    probes: probes.value,
    pictureKind: pictureKind.value,
    click: click.value,
    camera: camera.value,
    linked: linked.value,
    difference: difference.value,
    scrub: scrub.value,
    kept: kept.value,
    runs: runs.value.map(({ id, step, offset, shown }) => ({ id, step, offset, shown })),
    offset: offset.value,
    way: way.value,
    wayPoints: wayPoints.value,
    walking: walking.value,
    mapsForm: mapsForm.value,
    mapsOpen: mapsOpen.value,
    imagesOpen: imagesOpen.value,
    imageSettings: imageSettings.value,
    refusedOptimum: refusedOptimum.value,
    depthBounds: depthBounds.value,
    certificates: certificates.value,
    sampling: sampling.value,
    sampled: ball.value?.identity.excess.length ?? 0,
    planeProblems: planeProblems.value,
    readings: readings.value,
    slices: slices.value.map(
      (s) =>
        s && {
          plane: s.plane,
          at: s.at,
          labels: s.labels,
          step: s.step,
          distance: s.distance,
          points: s.a.length,
        },
    ),
    // Without the arrays, which are many and large.
    landscapes: landscapes.value.map((l) => {
      if (!l) return undefined;
      const { a, b, values: _values, trajectory: _trajectory, steps: _steps, ...rest } = l;
      return { ...rest, rangeA: [a[0], a[a.length - 1]], rangeB: [b[0], b[b.length - 1]] };
    }),
    alert: alert.value,
    notice: notice.value,
    checks: checks.value,
  };
}
