// What the generated module exports, typed here so that the page can be checked without building the crate.
import type { EngineInfo, EngineName, Frame, Plane, Spectra } from "./types";

export interface WasmSession {
  step(count: number): Promise<Omit<Frame, "milliseconds">>;
  setLearningRate(value: number): void;
  setEngine(name: EngineName): Promise<EngineInfo>;
  timeEngine(name: EngineName): Promise<number>;
  parameters(twin: number): Float32Array;
  spectra(twin: number): Spectra;
  plane(twin: number): Plane;
  landscape(twin: number, a: Float32Array, b: Float32Array): Promise<Float32Array>;
  free(): void;
}

export interface WasmLandscapeWorker {
  survey(
    parametrization: string,
    origin: Float32Array,
    u: Float32Array,
    v: Float32Array,
    columns: number,
    rows: number,
  ): WasmSurvey;
  free(): void;
}

export interface WasmSurvey {
  rows(a: Float32Array, b: Float32Array): Float32Array;
  free(): void;
}

export interface WasmModule {
  default(options: { module_or_path: WebAssembly.Module }): Promise<unknown>;
  normalizeExperiment(json: string): string;
  presets(): string;
  verifyVectors(name: string, text: string, engine: EngineName): Promise<string>;
  Session: { create(experimentJson: string): Promise<WasmSession> };
  LandscapeWorker: new (experimentJson: string) => WasmLandscapeWorker;
}

// A glob, because a plain import of a file that the build has yet to generate would not type-check.
const generated = import.meta.glob<WasmModule>("../wasm/identity_lab.js");

/** Instantiates the engine in this realm from an already compiled module. */
export async function instantiate(compiled: WebAssembly.Module): Promise<WasmModule> {
  const load = generated["../wasm/identity_lab.js"];
  if (!load) throw new Error("The engine has not been built: run `cargo xtask build` first.");
  const module = await load();
  await module.default({ module_or_path: compiled });
  return module;
}
