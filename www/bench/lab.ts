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

export async function measureLab(engine: string, budget: Budget): Promise<Measurement> {
  const name = engine as EngineName;
  const build = moduleOf(name);
  const module = (await instantiate(await compiledModule(build), build)) as BenchModule;
  const measurement: Measurement = { w1: {}, w2: {}, notes: [] };
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
    w2.chain = await attempt(() => timeWorkers(budget));
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
  return measurement;
}

/** W1 alone, for what is compared with it in the same run. */
export async function measureStep(engine: string, budget: Budget): Promise<number> {
  const module = await instantiate(await compiledModule("core"), "core");
  const session = await module.Session.create(sample);
  await session.setEngine(engine as EngineName);
  const milliseconds = await timeTraining(session, budget);
  session.free();
  return milliseconds;
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
async function timeWorkers(budget: Budget): Promise<number> {
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
  const share = side / landscapeWorkers;
  const draw = () =>
    Promise.all(workers.map((worker, i) => ask(worker, { b: axis.slice(i * share, (i + 1) * share) })));
  try {
    await Promise.all(workers.map((worker) => ask(worker, { experiment: population, plane, a: axis })));
    const halves = await draw();
    for (const [i, j] of [
      [0, 0],
      [60, 64],
      [127, 127],
      [90, 20],
    ] as const)
      checkPoint(halves[Math.floor(j / share)]![(j % share) * side + i]!, axis[i]!, axis[j]!);
    await Promise.all(workers.map((worker) => ask(worker, { experiment: sample, plane, a: axis })));
    return await timeCall(draw, budget);
  } finally {
    workers.forEach((worker) => worker.terminate());
  }
}
