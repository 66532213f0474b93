// This lab's engines at the same work.
import { compiledModule } from "../src/engine/loader";
import type { EngineName } from "../src/engine/types";
import { instantiate, moduleOf, type WasmModule, type WasmSession } from "../src/engine/wasm";
import type { Measurement } from "./measurement";
import {
  axis,
  checkedSteps,
  layers,
  learningRate,
  plane,
  type Plane,
  points,
  pointMultiplyAdds,
  referenceLoss,
  referencePoint,
  side,
  stepMultiplyAdds,
  target,
  tolerance,
  width,
} from "./problem";
import * as relu from "./problem-relu";
import { agree, attempt, timeCall, type Budget } from "./timing";

export const labEngines = ["lab cpu", "lab webgpu", "lab burn"];
const landscapeWorkers = 2;

/** The page has no use for this export. */
type BenchModule = WasmModule & { simdPeakGflops(): number };

/** The checks run on Σ = I, where the answer is known; the clock runs on a sample, which costs at least as much. */
function experiment(data: object): string {
  const rows = Array.from({ length: width }, (_, i) => [...target.slice(i * width, (i + 1) * width)]);
  return JSON.stringify({
    version: 1,
    seed: 1,
    network: { kind: "linear", width, layers },
    target: { kind: "matrix", rows },
    data,
    optimizer: { kind: "gradientDescent", learningRate },
    twins: [{ parametrization: "identity", start: { kind: "identity" } }],
  });
}
const population = experiment({ kind: "population", covariance: 1, noise: 0 });
const sample = experiment({ kind: "sample", points, covariance: 1, noise: 0.1 });

const spirals = JSON.stringify({
  version: 1,
  seed: 1,
  network: { kind: "relu", width: relu.width, blocks: relu.blocks, loss: "crossEntropy", trainEnds: true },
  data: {
    kind: "points",
    dimension: 2,
    classes: relu.classes,
    inputs: [...relu.inputs],
    labels: relu.labels,
    heldOut: 0,
  },
  optimizer: { kind: "gradientDescent", learningRate: relu.learningRate },
  twins: [
    {
      parametrization: "identity",
      start: { kind: "given", parameters: [...relu.flat(relu.start, 1)], gains: false },
    },
  ],
});
const reluPlane: Plane = {
  origin: relu.flat(relu.plane.origin, 1),
  u: relu.flat(relu.plane.u, 0),
  v: relu.flat(relu.plane.v, 0),
};

/** A landscape as two workers share it: checked on one experiment, timed on another. */
interface Shared {
  checked: string;
  timed: string;
  plane: Plane;
  axis: Float32Array;
  check(value: number, a: number, b: number): void;
}

export async function measureLab(engine: string, budget: Budget): Promise<Measurement> {
  const name = engine as EngineName;
  const build = moduleOf(name);
  const module = (await instantiate(await compiledModule(build), build)) as BenchModule;
  const measurement: Measurement = { w1: {}, w2: {}, w3: {}, w4: {}, notes: [] };
  const { w1, w2, notes } = measurement;

  const trained = await module.Session.create(population);
  await trained.setEngine(name);
  const info = trained.engineInfo();
  notes.push(info.fallbackAdapter ? `${info.description} (software adapter)` : info.description);
  const frame = await trained.step(checkedSteps);
  agree(`loss after ${checkedSteps} steps`, frame.twins[0]!.excess, referenceLoss(checkedSteps), tolerance);

  const timed = await module.Session.create(sample);
  const onCpu = await module.Session.create(sample);
  await timed.setEngine(name);
  const [own, cpus] = [await timed.step(checkedSteps), await onCpu.step(checkedSteps)];
  agree("loss on the sample", own.twins[0]!.excess, cpus.twins[0]!.excess, tolerance);
  w1.chain = await timeTraining(timed, budget);

  if (name === "cpu") {
    w2.chain = await attempt(() =>
      timeWorkers(budget, { checked: population, timed: sample, plane, axis, check: checkPoint }),
    );
    const peak = Math.max(...Array.from({ length: 40 }, () => module.simdPeakGflops()));
    notes.push(`SIMD multiply-add peak of one thread: ${peak.toFixed(1)} GFLOP/s`);
    notes.push(`W1: ${share(stepMultiplyAdds, w1.chain, peak, 1)}`);
    if (typeof w2.chain === "number")
      notes.push(`W2: ${share(pointMultiplyAdds * side * side, w2.chain, peak, landscapeWorkers)}`);
  } else if (name === "webgpu") {
    w2.chain = await attempt(async () => {
      await checkLandscape(trained);
      lay(timed);
      return timeCall(() => timed.landscape(0, axis, axis), budget);
    });
  } else {
    w2.chain = "landscapes are the cpu engine's";
  }
  for (const session of [trained, timed, onCpu]) session.free();
  await measureRelu(module, name, measurement, budget);
  return measurement;
}

/** W1 alone, for what is compared with it in the same run. */
export async function measureStep(engine: string, budget: Budget): Promise<number> {
  const build = moduleOf(engine as EngineName);
  const module = await instantiate(await compiledModule(build), build);
  const session = await module.Session.create(sample);
  await session.setEngine(engine as EngineName);
  const milliseconds = await timeTraining(session, budget);
  session.free();
  return milliseconds;
}

async function measureRelu(
  module: BenchModule,
  name: EngineName,
  { w3, w4 }: Measurement,
  budget: Budget,
): Promise<void> {
  const session = await module.Session.create(spirals);
  await session.setEngine(name);
  const frame = await session.step(checkedSteps);
  const expected = relu.referenceLoss(checkedSteps);
  agree(`loss of ReLU networks after ${checkedSteps} steps`, frame.twins[0]!.excess, expected, tolerance);
  w3.plain = await attempt(() => timeTraining(session, budget));
  const check = (value: number, a: number, b: number) =>
    agree(`loss of ReLU networks at (${a}, ${b})`, value, relu.referencePoint(a, b), tolerance);
  if (name === "cpu") {
    const work = { checked: spirals, timed: spirals, plane: reluPlane, axis: relu.axis, check };
    w4.plain = await attempt(() => timeWorkers(budget, work));
  } else {
    w4.plain = await attempt(async () => {
      const { origin, u, v } = reluPlane;
      session.setPlane(0, origin, u, v, 0, undefined);
      const [a, b] = [Float32Array.of(-0.5, 1), Float32Array.of(0.25, -1)];
      const values = await session.landscape(0, a, b);
      values.forEach((value, i) => check(value, a[i % 2]!, b[i >> 1]!));
      return timeCall(() => session.landscape(0, relu.axis, relu.axis), budget);
    });
  }
  session.free();
}

/** Speed, and its share of the peak of that many threads; a multiply-add is two operations. */
function share(multiplyAdds: number, milliseconds: number, peak: number, threads: number): string {
  const speed = (2e-6 * multiplyAdds) / milliseconds;
  const percent = (100 * speed) / (peak * threads);
  return `${speed.toFixed(1)} GFLOP/s, ${percent.toFixed(0)} % of the peak of ${threads} thread${threads > 1 ? "s" : ""}`;
}

/** Milliseconds a step, many steps a call: as the page trains. */
async function timeTraining(session: WasmSession, budget: Budget): Promise<number> {
  await session.step(1);
  const begin = performance.now();
  await session.step(4);
  const once = (performance.now() - begin) / 4;
  const steps = Math.max(8, Math.min(200, Math.round(100 / Math.max(once, 0.01))));
  return (await timeCall(() => session.step(steps), budget)) / steps;
}

/** The picture that the session itself draws, at a few points, against plain float64. */
async function checkLandscape(session: WasmSession): Promise<void> {
  lay(session);
  const [a, b] = [Float32Array.of(-0.5, 0.25, 1), Float32Array.of(-1, 0.5)];
  const values = await session.landscape(0, a, b);
  values.forEach((value, i) => checkPoint(value, a[i % 3]!, b[Math.floor(i / 3)]!));
}

function lay(session: WasmSession): void {
  session.setPlane(0, plane.origin, plane.u, plane.v, 0, undefined);
}

function checkPoint(value: number, a: number, b: number): void {
  agree(`loss at (${a}, ${b})`, value, referencePoint(a, b), tolerance);
}

/** Half of the rows to each of two workers; from posting to the last row received. */
async function timeWorkers(budget: Budget, work: Shared): Promise<number> {
  const workers = Array.from(
    { length: landscapeWorkers },
    () => new Worker(new URL("./lab-worker.ts", import.meta.url), { type: "module" }),
  );
  const ask = (worker: Worker, message: object) =>
    new Promise<Float32Array>((resolve, reject) => {
      worker.onmessage = (event) =>
        event.data.error ? reject(new Error(event.data.error)) : resolve(event.data.values);
      worker.onerror = (event) => reject(new Error(event.message));
      worker.postMessage(message);
    });
  const { plane, axis } = work;
  const side = axis.length;
  const share = side / landscapeWorkers;
  const draw = () =>
    Promise.all(workers.map((worker, i) => ask(worker, { b: axis.slice(i * share, (i + 1) * share) })));
  try {
    await Promise.all(workers.map((worker) => ask(worker, { experiment: work.checked, plane, a: axis })));
    const halves = await draw();
    for (const [i, j] of [
      [0, 0],
      [side / 2 - 4, side / 2],
      [side - 1, side - 1],
      [side - 7, 20],
    ] as const)
      work.check(halves[Math.floor(j / share)]![(j % share) * side + i]!, axis[i]!, axis[j]!);
    await Promise.all(workers.map((worker) => ask(worker, { experiment: work.timed, plane, a: axis })));
    return await timeCall(draw, budget);
  } finally {
    workers.forEach((worker) => worker.terminate());
  }
}
