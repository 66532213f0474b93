// The way from where the networks start to the optimum that Theorem 2.1 constructs: walked without training, or
// started from.
import { effect } from "@preact/signals-core";
import { NewestCall } from "./engine/newest-call";
import type { Experiment, LabSession, Parametrization } from "./engine";
import { sessionListener } from "./events";
import type { Page } from "./page";
import { look } from "./looking";
import { givenStart } from "./starts";
import * as store from "./store";
import { word } from "./words";

/** How long the whole way takes. */
const WALK_MILLISECONDS = 6000;
/** With reduced motion it is that many still pictures. */
const STILLS = 10;

/** What stands on the way of one network. */
export interface WayPoint {
  excess: number;
  gradientNorm: number;
  /** max_j ‖W_j − I‖₂. */
  norm: number;
}

interface Ends {
  parametrization: Parametrization;
  start: Float32Array;
  optimum: Float32Array;
}

/** That part of the way, exact at both ends. */
export function between({ start, optimum }: Pick<Ends, "start" | "optimum">, way: number): Float32Array {
  return start.map((from, i) => (1 - way) * from + way * optimum[i]!);
}

/** How far along one is, after so long, having begun at a part; with reduced motion in a few steps. */
export function walked(from: number, milliseconds: number, reduced: boolean): number {
  const part = Math.min(1, from + milliseconds / WALK_MILLISECONDS);
  return reduced ? Math.max(from, Math.floor(part * STILLS + 1e-9) / STILLS) : part;
}

function endsOf(session: LabSession, experiment: Experiment): Promise<Ends[]> {
  return Promise.all(
    experiment.twins.map(async ({ parametrization }, i) => {
      const [optimum, start] = await Promise.all([session.optimum(parametrization), session.startOf(i)]);
      return { parametrization, start, optimum };
    }),
  );
}

export function listen(page: Page): void {
  const on = sessionListener(page);
  /** Of the run that they were last asked of: megabytes, for the largest networks. */
  let known: { run: number; ends: Promise<Ends[]> } | undefined;

  const numbers = new NewestCall<number>(async (way) => {
    const [session, experiment, run] = [page.session(), store.experiment.value, page.run()];
    if (!session || !experiment) return;
    try {
      if (known?.run !== run) known = { run, ends: endsOf(session, experiment) };
      const ends = await known.ends;
      const points = await Promise.all(
        ends.map(async (end): Promise<WayPoint> => {
          const found = await session.certify(end.parametrization, between(end, way));
          return {
            excess: found.excess[0]!,
            gradientNorm: Math.sqrt(found.gradientSquared[0]!),
            norm: found.tau[0]!,
          };
        }),
      );
      if (run === page.run() && store.way.value !== undefined) store.wayPoints.value = { way, points };
    } catch (error) {
      known = undefined;
      store.walking.value = false;
      // A run that has just been replaced leaves nothing to say.
      if (run === page.run()) await page.fail(error);
    }
  });

  const go = (way: number | undefined) => {
    store.way.value = way;
    if (way === undefined) store.wayPoints.value = undefined;
    else numbers.ask(way);
  };

  const walk = () => {
    if (store.plane.value.kind !== "optimum") look(page, { kind: "optimum" });
    const from = (store.way.value ?? 1) < 1 ? store.way.value! : 0;
    const reduced = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const begin = performance.now();
    store.walking.value = true;
    page.say(word("way.going"));
    const next = () => {
      if (!store.walking.value) return;
      const way = walked(from, performance.now() - begin, reduced);
      if (way !== store.way.value) go(way);
      if (way < 1) requestAnimationFrame(next);
      else {
        store.walking.value = false;
        page.say(word("way.there"));
      }
    };
    next();
  };

  on<number | null>("lab-way", (way) => {
    store.walking.value = false;
    go(way ?? undefined);
  });
  on("lab-way-play", () => {
    if (store.walking.value) store.walking.value = false;
    else walk();
  });
  on<number>("lab-start-optimum", (way, session) => start(page, session, way));
  let last: Experiment | undefined;
  effect(() => {
    const experiment = store.experiment.value;
    const other = !last || !experiment || !store.sameRun(last, experiment);
    last = experiment;
    if (!other) return;
    store.walking.value = false;
    go(undefined);
  });
}

/** Every network starts that part of the way from where it started to the constructed optimum. */
async function start(page: Page, session: LabSession, way: number): Promise<void> {
  const experiment = store.experiment.value;
  if (!experiment) return;
  const ends = await endsOf(session, experiment);
  if (store.experiment.value !== experiment) return;
  const twins = experiment.twins.map((twin, i) => ({ ...twin, start: givenStart(between(ends[i]!, way)) }));
  if (!(await page.start({ ...experiment, twins }))) return;
  page.say(word("way.start", { part: Math.round(100 * way) }));
}
