// What the page knows, as signals. Elements read it through main.ts only.
import { computed, signal } from "@preact/signals-core";
import type { ColourScale } from "./draw/scale";
import type { Speed } from "./engine/pace";
import type {
  EngineChoice,
  EngineInfo,
  EngineTiming,
  Experiment,
  Frame,
  Landscape,
  PlaneSpec,
  Preset,
  Probe,
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

export const presets = signal<readonly Preset[]>([]);
export const landscapes = signal<readonly (Landscape | undefined)[]>([]);
export const spectra = signal<readonly (Spectra | undefined)[]>([]);
export const parameters = signal<readonly (Float32Array | undefined)[]>([]);

/** How the landscapes are looked at, the same for both twins. */
export const plane = signal<PlaneSpec>({ kind: "startCurrent" });
export const view = signal<View>({ zoom: 1, a: 0, b: 0 });
/** What a click on each landscape found; "pending" while it is being looked for. */
export const probes = signal<readonly (Probe | "pending" | undefined)[]>([]);
export const colourScale = signal<ColourScale>("log");

/** One sentence about what went wrong, and one about what to know. */
export const alert = signal("");
export const notice = signal("");
export const checks = signal<readonly VerifyResult[]>([]);
export const checking = signal(false);

export const changed = computed(
  () => experiment.value !== undefined && !sameRun(experiment.value, draft.value ?? experiment.value),
);

/** Whether two experiments are the same but for the learning rate, which may change while running. */
export function sameRun(x: Experiment, y: Experiment): boolean {
  const structure = (e: Experiment) =>
    JSON.stringify({ ...e, optimizer: { ...e.optimizer, learningRate: 0 } }, (_, value: unknown) =>
      value !== null && typeof value === "object" && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value,
    );
  return structure(x) === structure(y);
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
    // Without the arrays, which are many and large.
    landscapes: landscapes.value.map((l) => {
      if (!l) return undefined;
      const { a, b, values: _values, trajectory: _trajectory, ...rest } = l;
      return { ...rest, rangeA: [a[0], a[a.length - 1]], rangeB: [b[0], b[b.length - 1]] };
    }),
    alert: alert.value,
    notice: notice.value,
    checks: checks.value,
  };
}
