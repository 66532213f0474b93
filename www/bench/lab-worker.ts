// One of the workers that share a landscape.
import { compiledModule } from "../src/engine/loader";
import { instantiate, type WasmLandscapeWorker, type WasmModule } from "../src/engine/wasm";
import type { Plane } from "./problem";

type Message = { experiment: string; plane: Plane; a: Float32Array } | { b: Float32Array };

let module: WasmModule | undefined;
let worker: WasmLandscapeWorker | undefined;
let plane: Plane;
let a: Float32Array;

async function answer(message: Message): Promise<Float32Array> {
  if ("b" in message) {
    // A fresh plane each time, as when the page re-evaluates a landscape that moves.
    const survey = worker!.survey("identity", plane.origin, plane.u, plane.v, a.length, message.b.length);
    const values = survey.rows(a, message.b);
    survey.free();
    return values;
  }
  module ??= await instantiate(await compiledModule("core"), "core");
  worker?.free();
  worker = new module.LandscapeWorker(message.experiment);
  ({ plane, a } = message);
  return new Float32Array();
}

onmessage = async (event: MessageEvent<Message>) => {
  try {
    const values = await answer(event.data);
    postMessage({ values }, { transfer: [values.buffer] });
  } catch (error) {
    postMessage({ error: error instanceof Error ? error.message : String(error) });
  }
};
