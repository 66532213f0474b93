// Many networks trained at once: the work of a map, on this lab's engines and by the peers.
import { compiledModule } from "../src/engine/loader";
import { instantiate, moduleOf } from "../src/engine/wasm";
import { peers } from "./peers/measure";
import type { Fleet, FleetWork } from "./peers/peer";
import { agree, median, type Budget } from "./timing";

/** Steps after which every engine's losses are compared, before anything is timed. */
const CHECKED = 3;
const TOLERANCE = 1e-3;
/** Nobody is asked for a call that would take longer. */
const PATIENCE_MILLISECONDS = 20_000;

export interface FleetShape {
  /** What grows, and where: the title of a row. */
  what: string;
  networks: number;
  width: number;
  layers: number;
}

/** Milliseconds a step of all networks, or why there is no number. */
export type FleetTimes = Record<string, { milliseconds?: number; form?: string; problem?: string }>;

export function fleetShapes(quick: boolean): FleetShape[] {
  const shape = (what: string, networks: number, width = 8, layers = 16) => ({ what, networks, width, layers });
  return [
    ...(quick ? [16, 256, 4096] : [16, 64, 256, 1024, 4096, 16384, 65536]).map((n) =>
      shape(`${n} networks`, n),
    ),
    ...(quick ? [64] : [4, 64]).map((layers) => shape(`depth ${layers}`, 256, 8, layers)),
    ...(quick ? [16] : [4, 16, 32]).map((width) => shape(`width ${width}`, 256, width, 16)),
    // W1's shape.
    shape("width 16, depth 32", 256, 16, 32),
  ];
}

/** Columns differ in the rate, rows in nothing: their seeds decide nothing here. */
function atlas({ networks, width, layers }: FleetShape, steps: number): string {
  const columns = Math.min(256, 2 ** Math.ceil(Math.log2(networks) / 2));
  const target = rotations(width);
  return JSON.stringify({
    experiment: {
      network: { kind: "linear", width, layers },
      target: {
        kind: "matrix",
        rows: Array.from({ length: width }, (_, i) => [...target.slice(i * width, (i + 1) * width)]),
      },
      data: { kind: "population", covariance: 1, noise: 0 },
      twins: [{ parametrization: "identity", start: { kind: "identity" } }],
    },
    x: { quantity: "learningRate", scale: "log", low: 1e-5, high: 2e-3 },
    y: { quantity: "seed", scale: "linear", low: 0, high: networks / columns },
    columns,
    rows: networks / columns,
    budget: { steps, threshold: 1e-6, stopAtThreshold: false },
  });
}

/** Every pair of coordinates turned by an angle of its own. */
function rotations(width: number): Float32Array {
  const matrix = new Float32Array(width * width);
  for (let i = 0; i < width; i += 2) {
    const angle = 0.4 + i / width;
    matrix[i * width + i] = matrix[(i + 1) * width + i + 1] = Math.cos(angle);
    matrix[(i + 1) * width + i] = Math.sin(angle);
    matrix[i * width + i + 1] = -Math.sin(angle);
  }
  return matrix;
}

async function work(shape: FleetShape): Promise<FleetWork> {
  const module = await instantiate(await compiledModule("core"), "core");
  const worker = new module.AtlasWorker(atlas(shape, CHECKED));
  const x = worker.x();
  worker.free();
  return {
    ...shape,
    target: rotations(shape.width),
    rates: Float32Array.from({ length: shape.networks }, (_, i) => x[i % x.length]!),
  };
}

/** This lab's engine as a fleet, in the one thread that the peers have too. */
async function lab(engine: "cpu" | "webgpu", shape: FleetShape): Promise<Fleet> {
  const name = moduleOf(engine);
  const module = await instantiate(await compiledModule(name), name);
  const all = Uint32Array.from({ length: shape.networks }, (_, i) => i);
  const known = new Map<number, { cells(cells: Uint32Array): unknown; free(): void }>();
  return {
    async run(steps) {
      const worker =
        known.get(steps) ??
        (engine === "cpu"
          ? new module.AtlasWorker(atlas(shape, steps))
          : await module.AtlasFleet.open(atlas(shape, steps)));
      known.set(steps, worker);
      const values = (await worker.cells(all)) as Float32Array;
      // Several numbers a network, its loss first.
      const each = values.length / all.length;
      return values.filter((_, i) => i % each === 0);
    },
    dispose: () => known.forEach((worker) => worker.free()),
  };
}

/** The losses that all are compared with. */
async function expected(shape: FleetShape): Promise<ArrayLike<number>> {
  const fleet = await lab("cpu", shape);
  const losses = await fleet.run(CHECKED);
  fleet.dispose();
  return losses;
}

/** One engine on one shape: checked, then timed in every form it has; the fastest counts. */
export async function measureFleet(
  engine: string,
  shape: FleetShape,
  budget: Budget,
): Promise<FleetTimes[string]> {
  const losses = await expected(shape);
  const own = engine.startsWith("lab ");
  const fleets: [string, () => Promise<Fleet>][] = own
    ? [["", () => lab(engine.slice(4) as "cpu" | "webgpu", shape)]]
    : Object.entries((await peers[engine]!()).fleets).map(([form, open]) => [
        form,
        async () => open(await work(shape)),
      ]);
  let best: FleetTimes[string] = {};
  const problems: string[] = [];
  for (const [form, open] of fleets) {
    try {
      const fleet = await open();
      try {
        const found = await fleet.run(CHECKED);
        for (let i = 0; i < shape.networks; i++)
          agree(`loss of network ${i} after ${CHECKED} steps`, found[i]!, losses[i]!, TOLERANCE);
        const milliseconds = await timeSteps(fleet, budget);
        if (milliseconds < (best.milliseconds ?? Infinity)) best = { milliseconds, form };
      } finally {
        fleet.dispose();
      }
    } catch (error) {
      problems.push(`${form}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return best.milliseconds === undefined ? { problem: problems.join("; ") } : best;
}

/**
 * Milliseconds a step: what a call of several steps takes longer than a call of one. This lab prepares every network
 * and reads back once a call, a peer makes its tensors and waits for its device: neither is a step.
 */
async function timeSteps(fleet: Fleet, budget: Budget): Promise<number> {
  await fleet.run(1);
  const time = async (steps: number) => {
    const begin = performance.now();
    await fleet.run(steps);
    return performance.now() - begin;
  };
  const once = await time(1);
  if (once > PATIENCE_MILLISECONDS) throw new Error(`gave up: a step takes ${(once / 1000).toFixed(0)} s`);
  let more = 1;
  let longer = (await time(2)) - once;
  // Enough steps to stand out of the noise of a call.
  while (more < 1024 && longer < budget.milliseconds / 2) {
    more *= longer > budget.milliseconds / 8 ? 2 : 4;
    longer = (await time(1 + more)) - once;
  }
  const differences: number[] = [];
  for (let round = 0; round < 3; round++) {
    const one = await time(1);
    differences.push(((await time(1 + more)) - one) / more);
  }
  return median(differences);
}
