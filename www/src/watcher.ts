// Keeps the costly pictures fresh without taking the run's time: landscapes, spectra, layer matrices.
import { asLabError, type Landscape, type LandscapeOptions, type Slices, type Spectra } from "./engine/types";

export interface WatcherHooks {
  landscape(twin: number, options: LandscapeOptions): Promise<Landscape | undefined>;
  slices(twin: number, options: LandscapeOptions): Promise<Slices | undefined>;
  /** Whether lines are wanted in place of pictures. */
  sliced(): boolean;
  /** The finest picture that may be drawn while the run goes on. */
  finest(): number;
  estimate(size: number): Promise<number>;
  spectra(twin: number): Promise<Spectra>;
  parameters(twin: number): Promise<Float32Array>;
  /** Whether the networks are classifiers, whose pictures {@link classify} makes anew, the finer at rest. */
  classifiers(): boolean;
  classify(twin: number, still: boolean): Promise<void>;
  /** Whether landscapes are wanted at all, and whether spectra and what else is counted are. */
  pictured?(): boolean;
  counted?(): boolean;
  /** Engine work that shares the session's own thread must leave it more time. */
  exclusive(): boolean;
  playing(): boolean;
  /** The step that the run has reached. */
  step(): number;
  twins(): number;
  onLandscape(landscape: Landscape): void;
  onSlices(slices: Slices): void;
  onSpectra(twin: number, spectra: Spectra): void;
  onParameters(twin: number, parameters: Float32Array): void;
  /** A plane that cannot be laid now, such as one to an optimum that does not exist; says what to show instead. */
  onPlaneError(twin: number, error: unknown): LandscapeOptions["plane"];
  onError(error: unknown): void;
}

export const SIZES = [9, 17, 33, 65, 129] as const;

/** A live picture may take this long; a paused one goes on to the finest. */
const LIVE_MILLISECONDS = 250;
const PAUSED_MILLISECONDS = 20_000;
/** Spectra: at most ten a second and at most this share of the time. */
const SPECTRA_SHARE = 0.15;
const SPECTRA_GAP = 100;

/**
 * Contours of a finer map take longer than a frame may; a surface has none to compute. Sizes are odd, so that each
 * holds the points of the one before.
 */
export const FINEST_LIVE = { map: 65, surface: 129 } as const;

/** The finest size that is expected to fit into the time given, by what a point is known to cost. */
export function liveSize(
  pointMilliseconds: number,
  limit = LIVE_MILLISECONDS,
  finest: number = FINEST_LIVE.map,
): number {
  // The first picture also measures: at the largest shapes one point takes tens of milliseconds.
  if (!(pointMilliseconds > 0)) return SIZES[0];
  const fitting = SIZES.filter((size) => size <= finest && size * size * pointMilliseconds <= limit);
  return fitting[fitting.length - 1] ?? SIZES[0];
}

export class Watcher {
  private generation = 0;
  private wake: (() => void)[] = [];
  /** Counts changes of plane and view, which a paused picture must follow too. */
  private looks = 0;
  /** Counts changes of what the numbers are about. */
  private counts = 0;

  constructor(private readonly hooks: WatcherHooks) {}

  /** Starts anew, for a new run or an engine that has changed. */
  restart(): void {
    const generation = ++this.generation;
    this.nudge();
    const { hooks } = this;
    if (hooks.pictured?.() ?? true) void this.loop(generation, this.landscapes);
    if (hooks.counted?.() ?? true) void this.loop(generation, this.numbers);
  }

  stop(): void {
    this.generation++;
    this.nudge();
  }

  /** The plane or the view is another. */
  lookAgain(): void {
    this.looks++;
    this.nudge();
  }

  /** Spectra are wanted elsewhere. */
  countAgain(): void {
    this.counts++;
    this.nudge();
  }

  /** Something happened while paused: look again. */
  nudge(): void {
    for (const wake of this.wake.splice(0)) wake();
  }

  private async loop(generation: number, body: (alive: () => boolean) => Promise<void>): Promise<void> {
    const alive = () => generation === this.generation;
    try {
      await body.call(this, alive);
    } catch (error) {
      if (alive()) this.hooks.onError(error);
    }
  }

  private async landscapes(alive: () => boolean): Promise<void> {
    const { hooks } = this;
    while (alive()) {
      const step = hooks.step();
      // Before anything is drawn: a change between the first picture and the second must not be missed.
      const looked = this.looks;
      const live = hooks.playing();
      const cost = (await hooks.estimate(100)) / 1e4;
      const begin = performance.now();
      const first = liveSize(cost, live ? LIVE_MILLISECONDS : 2 * LIVE_MILLISECONDS, hooks.finest());
      for (let twin = 0; twin < hooks.twins() && alive(); twin++) {
        await this.draw(twin, { size: first, background: live }, () => !alive());
      }
      const changed = () => !alive() || hooks.playing() || hooks.step() !== step || this.looks !== looked;
      if (!live) {
        await this.refine(first, changed);
        if (!changed()) await this.sleep();
      } else {
        const took = performance.now() - begin;
        await pause(Math.max(120, took * (hooks.exclusive() ? 1.5 : 1)));
      }
    }
  }

  private async draw(twin: number, options: LandscapeOptions, stale: () => boolean): Promise<void> {
    try {
      await this.show(twin, options, stale);
    } catch (error) {
      if (asLabError(error).fatal) throw error;
      // What nobody waits for any more needs no other plane, and must not end the loop.
      if (stale()) return;
      const plane = this.hooks.onPlaneError(twin, error);
      if (plane) await this.show(twin, { ...options, plane }, stale);
    }
  }

  private async show(twin: number, options: LandscapeOptions, stale: () => boolean): Promise<void> {
    const { hooks } = this;
    if (hooks.sliced()) {
      const { size: _, ...rest } = options;
      const lines = await hooks.slices(twin, rest);
      if (lines && !stale()) hooks.onSlices(lines);
    } else {
      const picture = await hooks.landscape(twin, options);
      if (picture && !stale()) hooks.onLandscape(picture);
    }
  }

  /** While nothing moves, ever finer pictures of the same planes. */
  private async refine(from: number, changed: () => boolean): Promise<void> {
    const { hooks } = this;
    // Lines are drawn as finely as they ever are.
    if (hooks.sliced()) return;
    for (const size of SIZES) {
      if (size <= from) continue;
      if ((await hooks.estimate(size)) > PAUSED_MILLISECONDS) return;
      for (let twin = 0; twin < hooks.twins(); twin++) {
        if (changed()) return;
        await this.draw(twin, { size, refine: true }, changed);
      }
    }
  }

  private async numbers(alive: () => boolean): Promise<void> {
    const { hooks } = this;
    let shown = -1;
    let counted = this.counts;
    // Milliseconds of the last round. A round that is once slow, as the first is while the engine starts, does not keep
    // the numbers waiting: at a share of 15 % they stood still for three seconds.
    let before = 0;
    while (alive()) {
      const step = hooks.step();
      if (step === shown && counted === this.counts) {
        if (hooks.playing()) await pause(SPECTRA_GAP);
        else await this.sleep();
        continue;
      }
      const begin = performance.now();
      counted = this.counts;
      for (let twin = 0; twin < hooks.twins() && alive(); twin++) {
        const spectra = await hooks.spectra(twin);
        if (!alive()) return;
        hooks.onSpectra(twin, spectra);
        if (hooks.classifiers()) await hooks.classify(twin, !hooks.playing());
        else {
          const parameters = await hooks.parameters(twin);
          if (!alive()) return;
          hooks.onParameters(twin, parameters);
        }
      }
      // A picture made while the run went on is made again, finer, once it rests.
      shown = hooks.classifiers() && hooks.playing() ? -1 : step;
      const took = performance.now() - begin;
      const usual = Math.min(took, before);
      before = took;
      await pause(Math.max(SPECTRA_GAP, usual / SPECTRA_SHARE - usual));
    }
  }

  private sleep(): Promise<void> {
    return new Promise((resolve) => this.wake.push(resolve));
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
