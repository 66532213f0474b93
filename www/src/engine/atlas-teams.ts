// Who trains a map: workers on the processor, or one worker with a GPU; and which of them is the faster.
import type { Dealing } from "./atlas-deal";
import type { AtlasHost, Axes } from "./atlas-host";
import { started, type Hosted } from "./hosted";
import { compiledModule } from "./loader";
import { moduleOf } from "./wasm";

export type Member = Hosted<AtlasHost> & Axes;

export interface Team {
  engine: "cpu" | "webgpu";
  /** How many members. */
  size: number;
  dealing: Dealing;
  /** Starts a worker; what becomes of it is for `start` to say. */
  worker(): Worker;
}

export const pool = (size: number): Team => ({
  engine: "cpu",
  size,
  // Long enough to make messages cheap, short enough to show progress; never so many that others stand idle.
  dealing: { first: 1, milliseconds: 50, most: 4096, members: size },
  worker: () => new Worker(new URL("./atlas-worker.ts", import.meta.url), { type: "module", name: "atlas" }),
});

export const gpu: Team = {
  engine: "webgpu",
  size: 1,
  // Many at once, or a GPU stands idle; the first are the coarsest picture. Alone, it may take all that is left.
  dealing: { first: 64, milliseconds: 150, most: 16384, members: 0.5 },
  worker: () =>
    new Worker(new URL("./atlas-fleet-worker.ts", import.meta.url), {
      type: "module",
      name: "atlas on the GPU",
    }),
};

/** A member that has read the map. */
export async function start(team: Team, json: string): Promise<Member> {
  const compiled = await compiledModule(moduleOf(team.engine));
  const worker = team.worker();
  let axes: Axes | undefined;
  const hosted = await started<AtlasHost>(worker, async (host) => (axes = await host.start(compiled, json)));
  return { ...hosted, ...axes! };
}

/** What a team has trained, in how long. */
export interface Speed {
  cells: number;
  milliseconds: number;
}

/** A GPU has to be that much faster to take a map over that the pool has begun. */
const CLEARLY = 1.25;
/** A block of the GPU that took this long shows what it can do. */
const TELLING_MILLISECONDS = 60;

/**
 * Which of the two goes on, or undefined while neither is clearly faster. `blocks` are the GPU's, of which the first
 * compiles its kernels and the others get larger, and faster a cell, until they are long enough.
 */
export function judge(blocks: readonly Speed[], pool: Speed): Team["engine"] | undefined {
  const newest = blocks[blocks.length - 1];
  if (blocks.length < 2 || !newest || pool.cells === 0) return undefined;
  const ratio = newest.cells / newest.milliseconds / (pool.cells / pool.milliseconds);
  if (ratio > CLEARLY) return "webgpu";
  return newest.milliseconds >= TELLING_MILLISECONDS ? "cpu" : undefined;
}
