// What people do with Theorem 3.2: open the section, build, cancel, compare widths, count parameters.
import type { Counted, LabExpressivity, Wanted } from "./elements/expressivity";
import type { WidthTrial } from "./draw/width-sweep";
import type { Perturbation } from "./elements/expressivity-perturb";
import { NewestCall } from "./engine/newest-call";
import { percentOf } from "./perturbation";
import type { BuildSpec, BuiltNetwork, DrawnPoints, LabelledPoints } from "./engine/expressivity";
import type { ExperimentInput } from "./engine/types";
import type { FitBudget } from "./fitting-plan";
import { Fitting } from "./fitting";
import { trainingOf } from "./lab-network";
import { put, whyOf } from "./said";
import { countOf, defaultWidth, drawnOf, GROWING, seedOf, sweepWidths, widthOf } from "./expressivity-form";
import { word } from "./words";

/** Cells along a side of the plane's picture: a coarse one first, and what a second or two allow after it. */
const COARSE = 41;
const FINE = 201;
const DECISION_WORK = 2e9;
/** Multiply-adds in one question: about 50 ms. */
const QUESTION_WORK = 5e7;

type Engine = typeof import("./engine/expressivity");

/** Fetches what the section needs when it is opened first, and lets go of all work when it is closed. */
export interface Page {
  say(sentence: string): void;
  start(experiment: ExperimentInput): Promise<boolean>;
}

export function listen(page: Page): void {
  const section = document.querySelector<HTMLDetailsElement>("#expressivity");
  if (!section) return;
  let opened: Promise<Expressing> | undefined;
  section.addEventListener("toggle", () => {
    if (section.open) {
      opened ??= open(section, page);
      void opened.catch((error: unknown) => {
        opened = undefined;
        put(section.querySelector("lab-expressivity")!, word("section.failed", { why: whyOf(error) }));
      });
    } else void opened?.then((expressing) => expressing.leave());
  });
}

async function open(section: HTMLElement, page: Page): Promise<Expressing> {
  const engine = await import("./engine/expressivity");
  // Last: once the element works, somebody may use it, and must be heard.
  await import("./elements/expressivity");
  const element = section.querySelector<LabExpressivity>("lab-expressivity")!;
  const expressing = new Expressing(element, engine, page);
  const on = <T>(name: string, act: (detail: T) => Promise<void> | void) =>
    element.addEventListener(name, (event) => void act((event as CustomEvent<T>).detail));
  on<Wanted>("lab-express-build", (wanted) => expressing.build(wanted));
  on("lab-express-train", () => expressing.train());
  on<Perturbation>("lab-express-perturb", (wanted) => expressing.perturb(wanted));
  on<Perturbation>("lab-express-perturb-train", (wanted) => expressing.train(wanted));
  on<FitBudget>("lab-express-fit", (budget) => expressing.fit(budget));
  on("lab-express-unfit", () => expressing.fitting.stop());
  on("lab-express-cancel", () => expressing.cancel());
  on("lab-express-sweep", () => expressing.sweep());
  on("lab-express-stop", () => expressing.stopSweep());
  on<Wanted>("lab-express-count", (wanted) => expressing.count(wanted));
  on("lab-express-uncount", () => expressing.stopCount());
  return expressing;
}

class Expressing {
  private building: AbortController | undefined;
  private sweeping: AbortController | undefined;
  private counting: AbortController | undefined;

  readonly fitting: Fitting;

  constructor(
    private readonly element: LabExpressivity,
    private readonly engine: Engine,
    private readonly page: Page,
  ) {
    this.fitting = new Fitting(() => element.renderRoot.querySelector("lab-expressivity-fit"));
  }

  async fit(budget: FitBudget): Promise<void> {
    const { built } = this.element;
    if (built) await this.fitting.begin(built, budget);
  }

  async build({ form, points }: Wanted): Promise<void> {
    const { element } = this;
    this.cancel();
    const mine = new AbortController();
    this.building = mine;
    const newest = () => this.building === mine;
    element.problem = "";
    try {
      const data = points ?? drawnOf(form);
      const spec = { width: widthOf(form, countOf(data)), seed: seedOf(form), onSphere: form.onSphere };
      element.progress = 0;
      const built = await this.engine.buildNetwork(data, spec, {
        signal: mine.signal,
        onProgress: (part) => newest() && (element.progress = part),
      });
      if (!newest()) return built?.close();
      if (built) this.show(built);
    } catch (error) {
      if (newest()) element.problem = whyOf(error);
    }
    if (!newest()) return;
    this.building = undefined;
    element.progress = undefined;
  }

  private show(built: BuiltNetwork): void {
    const { element } = this;
    this.stopSweep();
    this.fitting.stop();
    element.built?.close();
    Object.assign(element, { built, trials: [], decision: undefined, window: undefined, tried: undefined });
    const { double, points } = built.report;
    this.page.say(word("built.said", { fitted: double?.fitted ?? 0, points }));
    if (built.points.dimension === 2) void this.decide(built);
  }

  /** How many points a perturbation leaves; a slider asks faster than a large network answers. */
  private readonly perturbing = new NewestCall<Perturbation & { built: BuiltNetwork }>(
    async ({ built, relative, seed }) => {
      if (this.element.built !== built) return;
      try {
        const { fitted } = await built.perturbed(relative, seed);
        if (this.element.built === built) this.element.tried = { relative, seed, fitted };
      } catch (error) {
        if (this.element.built === built) this.element.problem = whyOf(error);
      }
    },
  );

  perturb(wanted: Perturbation): void {
    const { built } = this.element;
    if (built) this.perturbing.ask({ ...wanted, built });
  }

  /** The lab goes on from the network that stands, with noise on it where that is wanted. */
  async train(noise?: Perturbation): Promise<void> {
    const { built } = this.element;
    if (!built) return;
    try {
      const moved = noise && (await built.perturbed(noise.relative, noise.seed));
      const experiment = await trainingOf(built, moved?.parameters);
      if (!(await this.page.start(experiment))) return;
      this.page.say(
        noise && moved
          ? word("built.trainedPerturbed", {
              percent: percentOf(noise.relative),
              fitted: moved.fitted,
              points: built.report.points,
            })
          : word("built.trained"),
      );
    } catch (error) {
      this.element.problem = whyOf(error);
    }
  }

  cancel(): void {
    this.building?.abort();
    this.building = undefined;
    this.element.progress = undefined;
  }

  /** The plane about the points, coarse and then fine, some rows a question. */
  private async decide(built: BuiltNetwork): Promise<void> {
    const { element } = this;
    const { blocks, width } = built.report;
    const window = windowOf(built.points.inputs);
    element.window = window;
    const work = blocks * width ** 2;
    const side = Math.min(FINE, Math.floor(Math.sqrt(DECISION_WORK / work)));
    try {
      for (const cells of side > COARSE ? [COARSE, side] : [side]) {
        const classes = new Uint16Array(cells ** 2);
        const rows = Math.max(1, Math.floor(QUESTION_WORK / (work * cells)));
        for (let row = 0; row < cells; row += rows) {
          const end = Math.min(cells, row + rows);
          classes.set(await built.classify(cellsOf(window, cells, row, end)), row * cells);
          if (element.built !== built) return;
        }
        element.decision = { classes, side: cells };
      }
    } catch (error) {
      if (element.built === built) element.problem = whyOf(error);
    }
  }

  /** Both constructions, from narrow to wide, for the points that were built. */
  async sweep(): Promise<void> {
    const { element } = this;
    const { built } = element;
    if (!built) return;
    this.stopSweep();
    const mine = new AbortController();
    this.sweeping = mine;
    const newest = () => this.sweeping === mine;
    const widths = sweepWidths(built.report.points);
    const common: BuildSpec = { ...built.spec, single: false };
    const list = widths.flatMap((width) => [
      { data: built.points, spec: { ...common, width, printed: true } },
      { data: built.points, spec: { ...common, width } },
    ]);
    element.trials = [];
    element.sweeping = 0;
    const trials = new Map<number, WidthTrial>();
    try {
      await this.engine.buildEach(
        list,
        ({ width, blocks, double, separated }) => {
          if (!newest()) return;
          const fitted = double?.fitted ?? 0;
          const trial = trials.get(width) ?? { width, blocks };
          trials.set(
            width,
            separated === undefined
              ? { ...trial, corrected: fitted }
              : { ...trial, printed: fitted, separated },
          );
          element.trials = [...trials.values()];
        },
        { signal: mine.signal, onProgress: (part) => newest() && (element.sweeping = part) },
      );
    } catch (error) {
      if (newest()) element.problem = whyOf(error);
    }
    if (!newest()) return;
    this.sweeping = undefined;
    element.sweeping = undefined;
  }

  stopSweep(): void {
    this.sweeping?.abort();
    this.sweeping = undefined;
    this.element.sweeping = undefined;
  }

  /** Networks for more and more points of the kind that is chosen. */
  async count({ form, points }: Wanted): Promise<void> {
    const { element } = this;
    this.stopCount();
    const mine = new AbortController();
    this.counting = mine;
    const newest = () => this.counting === mine;
    element.counted = [];
    element.counting = 0;
    element.problem = "";
    try {
      const seed = seedOf(form);
      const list = growing(points ?? drawnOf(form)).map((data) => ({
        data,
        spec: { width: defaultWidth(countOf(data)), seed, onSphere: form.onSphere, single: false },
      }));
      await this.engine.buildEach(
        list,
        ({ points, parameters, promised, classes }) => {
          const row: Counted = { points, parameters, promised, classes };
          if (newest()) element.counted = [...element.counted, row];
        },
        { signal: mine.signal, onProgress: (part) => newest() && (element.counting = part) },
      );
    } catch (error) {
      if (newest()) element.problem = whyOf(error);
    }
    if (!newest()) return;
    this.counting = undefined;
    element.counting = undefined;
  }

  stopCount(): void {
    this.counting?.abort();
    this.counting = undefined;
    this.element.counting = undefined;
  }

  /** All work ends; what was built stays to be looked at again. */
  leave(): void {
    this.cancel();
    this.stopSweep();
    this.stopCount();
    this.fitting.stop();
  }
}

/** Sets of growing size; of given points the first so many, as far as they go. */
function growing(data: LabelledPoints | DrawnPoints): (LabelledPoints | DrawnPoints)[] {
  if ("set" in data) {
    // As many classes as chosen, but never more than points.
    return GROWING.map((points) => ({ ...data, points, classes: Math.min(data.classes, points) }));
  }
  const { dimension, inputs, labels } = data;
  return GROWING.filter((n) => n <= labels.length).map((n) => ({
    ...data,
    inputs: inputs.slice(0, n * dimension),
    labels: labels.slice(0, n),
  }));
}

/** A square about all points, with some room. */
function windowOf(inputs: Float32Array): { x: number; y: number; half: number } {
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  inputs.forEach((value, i) => {
    low[i % 2] = Math.min(low[i % 2]!, value);
    high[i % 2] = Math.max(high[i % 2]!, value);
  });
  const half = Math.max(high[0]! - low[0]!, high[1]! - low[1]!) / 2 || 1;
  return { x: (low[0]! + high[0]!) / 2, y: (low[1]! + high[1]!) / 2, half: 1.12 * half };
}

/** The middles of a window's cells in some rows, from below. */
function cellsOf(
  { x, y, half }: { x: number; y: number; half: number },
  cells: number,
  from: number,
  to: number,
): Float32Array {
  const places = new Float32Array(2 * cells * (to - from));
  for (let row = from; row < to; row++) {
    for (let column = 0; column < cells; column++) {
      const at = 2 * ((row - from) * cells + column);
      places[at] = x - half + ((column + 0.5) / cells) * 2 * half;
      places[at + 1] = y - half + ((row + 0.5) / cells) * 2 * half;
    }
  }
  return places;
}
