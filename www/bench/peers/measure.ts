// Checks and times one peer in every form of both workloads.
import type { Measurement } from "../measurement";
import { axis, checkedSteps, referenceLoss, referencePoint, side, tolerance } from "../problem";
import * as relu from "../problem-relu";
import { agree, attempt, timeCall, type Budget } from "../timing";
import type { Landscape, LandscapeForm, Peer, Training, TrainingForm } from "./peer";

// Fetched only when its turn comes: a peer that fails to load must not stop the others.
export const peers: Record<string, () => Promise<Peer>> = {
  "TensorFlow.js cpu": async () => (await import("./tfjs")).open("cpu"),
  "TensorFlow.js wasm": async () => (await import("./tfjs")).open("wasm"),
  "TensorFlow.js webgl": async () => (await import("./tfjs")).open("webgl"),
  "TensorFlow.js webgpu": async () => (await import("./tfjs")).open("webgpu"),
  "jax-js wasm": async () => (await import("./jax")).open("wasm"),
  "jax-js webgpu": async () => (await import("./jax")).open("webgpu"),
};

/** Steps between two waits for the device: a queue needs a few in flight, a CPU none. */
const stepsPerWait = (engine: string) => (engine.endsWith("webgpu") ? [1, 8] : [1]);

export async function measurePeer(engine: string, budget: Budget): Promise<Measurement> {
  const peer = await peers[engine]!();
  const w1: Measurement["w1"] = {};
  const w2: Measurement["w2"] = {};
  for (const form of ["data", "chain", "tree"] as const)
    w1[form] = await attempt(() => timeTraining(peer, form, stepsPerWait(engine), budget));
  for (const form of ["data", "chain", "batch"] as const)
    w2[form] = await attempt(() => timeLandscape(peer, form, budget));
  const w3: Measurement["w3"] = {};
  const w4: Measurement["w4"] = {};
  const [trained, point] = [relu.referenceLoss(checkedSteps), relu.referencePoint(relu.axis[10]!, relu.axis[50]!)];
  for (const [form, open] of Object.entries(peer.relu.training))
    w3[form] = await attempt(() => timeSteps(open(), trained, stepsPerWait(engine), budget));
  for (const [form, open] of Object.entries(peer.relu.landscape))
    w4[form] = await attempt(() => timePoints(open(), point, budget));
  return { w1, w2, w3, w4, notes: [] };
}

/** Milliseconds a step. */
async function timeTraining(
  peer: Peer,
  form: TrainingForm,
  waits: number[],
  budget: Budget,
): Promise<number> {
  return timeSteps(peer.training(form), referenceLoss(checkedSteps), waits, budget);
}

async function timeSteps(training: Training, expected: number, waits: number[], budget: Budget): Promise<number> {
  try {
    // A step reports the loss before its update, so one more shows the loss after the checked ones.
    agree(
      `loss after ${checkedSteps} steps`,
      await training.run(checkedSteps + 1),
      expected,
      tolerance,
    );
    const medians: number[] = [];
    for (const steps of waits) medians.push((await timeCall(() => training.run(steps), budget)) / steps);
    return Math.min(...medians);
  } finally {
    training.dispose();
  }
}

/** Milliseconds a landscape of side × side points, from the time of one call. */
async function timeLandscape(peer: Peer, form: LandscapeForm, budget: Budget): Promise<number> {
  const landscape = peer.landscape(form);
  try {
    const a = form === "batch" ? axis : axis.slice(20, 21);
    const values = await landscape.losses(a, axis[90]!);
    for (const i of new Set([0, a.length >> 1, a.length - 1]))
      agree(`loss at (${a[i]}, ${axis[90]})`, values[i]!, referencePoint(a[i]!, axis[90]!), tolerance);
    let row = 0;
    const call = () => landscape.losses(a, axis[row++ % side]!);
    return ((await timeCall(call, budget)) / a.length) * side * side;
  } finally {
    landscape.dispose();
  }
}

/** Milliseconds a landscape of ReLU networks, from the time of one point. */
async function timePoints(landscape: Landscape, expected: number, budget: Budget): Promise<number> {
  const { axis, side } = relu;
  try {
    const [value] = Array.from(await landscape.losses(axis.slice(10, 11), axis[50]!));
    agree("loss on the plane of ReLU networks", value!, expected, tolerance);
    let row = 0;
    const call = () => landscape.losses(axis.slice(20, 21), axis[row++ % side]!);
    return (await timeCall(call, budget)) * side * side;
  } finally {
    landscape.dispose();
  }
}
