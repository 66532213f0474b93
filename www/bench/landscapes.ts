// Landscapes as the page draws them: through the public API, its worker and its pool.
import { createSession, type LabSession } from "../src/engine";
import { Watcher } from "../src/watcher";
import { layers, width } from "./problem";
import { median } from "./timing";

export interface LandscapeTimes {
  /** Milliseconds from the request to a first 9 × 9 picture of a new plane: workers to be started, or running. */
  cold: number;
  warm: number;
  /** [points a side or layers, milliseconds of the whole picture] */
  bySide: [number, number][];
  byDepth: [number, number][];
  /** Milliseconds a step, with and without landscapes being drawn as the page draws them. */
  alone: number;
  watched: number;
  pictures: number;
}

const SIDES = [17, 33, 65, 128, 257, 512];
const DEPTHS = [1, 4, 16, 64, 256];
const WATCHED_SIDE = 128;
/** Steps a call while training is timed. */
const STEPS = 100;

function open(depth = layers): Promise<LabSession> {
  return createSession({ network: { kind: "linear", width, layers: depth } }, { engine: "cpu" });
}

/** Median milliseconds of a picture of a plane that is laid anew each time. */
async function draw(session: LabSession, size: number, milliseconds: number): Promise<number> {
  const times: number[] = [];
  const end = performance.now() + milliseconds;
  while (times.length < 3 || (performance.now() < end && times.length < 50)) {
    const begin = performance.now();
    await session.landscape(0, { size });
    times.push(performance.now() - begin);
  }
  return median(times);
}

export async function measureLandscapes(milliseconds: number): Promise<LandscapeTimes> {
  const cold: number[] = [];
  for (let i = 0; i < 3; i++) {
    const session = await open();
    await session.step(3);
    const begin = performance.now();
    await session.landscape(0, { size: 9 });
    cold.push(performance.now() - begin);
    session.dispose();
  }
  const session = await open();
  await session.step(3);
  await draw(session, 65, milliseconds / 4);
  const warm = await draw(session, 9, milliseconds);
  const bySide: [number, number][] = [];
  for (const side of SIDES) bySide.push([side, await draw(session, side, milliseconds / 2)]);
  const byDepth: [number, number][] = [];
  for (const depth of DEPTHS) {
    await session.configure({ network: { kind: "linear", width, layers: depth } });
    await session.step(1);
    await draw(session, 33, 0);
    byDepth.push([depth, await draw(session, WATCHED_SIDE, milliseconds / 2)]);
  }
  session.dispose();
  return { cold: median(cold), warm, bySide, byDepth, ...(await measureDelay(milliseconds)) };
}

/** Alternates between training alone and training under the page's own watcher. */
async function measureDelay(milliseconds: number) {
  const session = await open();
  // Without steps that change anything, so that both halves do the same work.
  await session.setLearningRate(0);
  let step = 0;
  let pictures = 0;
  const watcher = new Watcher({
    landscape: (twin, options) => session.landscape(twin, options),
    slices: async () => undefined,
    sliced: () => false,
    classifiers: () => false,
    classify: async () => {},
    finest: () => 129,
    estimate: (size) => session.estimateLandscape(size),
    // Only what landscapes cost: they are never due.
    spectra: () => new Promise(() => undefined),
    parameters: () => new Promise(() => undefined),
    exclusive: () => false,
    playing: () => true,
    step: () => step,
    twins: () => 2,
    onLandscape: () => void pictures++,
    onSlices: () => undefined,
    onSpectra: () => undefined,
    onParameters: () => undefined,
    onPlaneError: () => undefined,
    onError: (error) => {
      throw error;
    },
  });
  const train = async (): Promise<number> => {
    const times: number[] = [];
    for (const end = performance.now() + milliseconds; performance.now() < end;) {
      // The worker's own time: messages to an idle page take longer than to a busy one.
      const frame = await session.step(STEPS);
      step = frame.step;
      times.push(frame.milliseconds / STEPS);
    }
    return median(times);
  };
  const [alone, watched]: [number[], number[]] = [[], []];
  await train();
  for (let i = 0; i < 4; i++) {
    alone.push(await train());
    watcher.restart();
    watched.push(await train());
    watcher.stop();
  }
  session.dispose();
  return { alone: median(alone), watched: median(watched), pictures };
}
