// What the generated module exports, typed here so that the page can be checked without building the crate.
import type { BuildReport, HiddenPoints, Perturbed } from "./expressivity";
import type {
  DepthBounds,
  Directions,
  EngineInfo,
  EngineName,
  Evaluation,
  Frame,
  Hidden,
  LabelledPoints,
  Parametrization,
  Probe,
  Shadow,
  SplitPoints,
  Spectra,
} from "./types";
import type {
  Branch,
  FeatureMaps,
  Filters,
  ImageLandscape,
  ImageSetInfo,
  RunStatus,
  ShownImages,
  StepRecord,
  Subset,
  Tally,
} from "./images";
import type { TableResult } from "./table";

export interface WasmSession {
  step(count: number): Promise<Omit<Frame, "milliseconds">>;
  setLearningRate(value: number): void;
  setEngine(name: EngineName): Promise<void>;
  engineInfo(): EngineInfo;
  /** Without its past it is smaller, and cannot be rewound. */
  snapshot(withPast: boolean): Uint8Array;
  rewind(step: number): Promise<Omit<Frame, "milliseconds">>;
  withLayer(twin: number, position: number): Float32Array;
  timeEngine(name: EngineName): Promise<number>;
  divergence(): number;
  parameters(twin: number): Float32Array;
  spectra(twin: number, input?: Float32Array): Spectra;
  points(): SplitPoints;
  evaluation(twin: number): Evaluation;
  decision(twin: number, x: Float32Array, y: Float32Array): Float32Array;
  hidden(twin: number, count: number): Hidden;
  parametrization(twin: number): Parametrization;
  path(twin: number, all: boolean): Float32Array;
  pathSteps(twin: number): Float64Array;
  setPlane(
    twin: number,
    origin: Float32Array,
    u: Float32Array,
    v: Float32Array,
    middle: number,
    half: number | undefined,
  ): Shadow;
  landscape(twin: number, a: Float32Array, b: Float32Array): Promise<Float32Array>;
  free(): void;
}

export interface WasmLandscapeWorker {
  directions(
    parametrization: string,
    spec: string,
    path: Float32Array,
    names: readonly string[],
    points: Float32Array,
  ): Directions;
  probe(
    parametrization: string,
    origin: Float32Array,
    u: Float32Array,
    v: Float32Array,
    a: number,
    b: number,
  ): Probe;
  /** Six numbers a point; see Certificates. */
  certificates(parametrization: string, path: Float32Array): Float64Array;
  /** Excess risk and squared gradient, one pair a network. */
  ball(parametrization: string, tau: number, from: number, count: number): Float64Array;
  ballPoint(parametrization: string, tau: number, number: number): Float32Array;
  smallestCovariance(): number;
  optimum(parametrization: string): Float32Array;
  depths(most: number): DepthBounds;
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
  exact(a: number, b: number): number;
  gradientNorm(a: number, b: number): number;
  free(): void;
}

export interface WasmAtlasWorker {
  x(): Float64Array;
  y(): Float64Array;
  cells(cells: Uint32Array): Float32Array;
  experiment(ix: number, iy: number): string;
  free(): void;
}

export interface WasmAtlasFleet {
  cells(cells: Uint32Array): Promise<Float32Array>;
  free(): void;
}

export interface WasmExpressivity {
  advance(steps: number): boolean;
  progress(): number;
  report(): BuildReport;
  hidden(): HiddenPoints;
  reads(): LabelledPoints;
  parameters(): Float64Array;
  perturbed(relative: number, seed: number): Perturbed;
  classify(inputs: Float32Array): Uint16Array;
  free(): void;
}

export interface WasmImageReader {
  beginFile(name: string, size: number): void;
  push(bytes: Uint8Array): void;
  endFile(): void;
  progress(): { bytes: number; images: number };
  finish(): WasmImages;
  free(): void;
}

export interface WasmImages {
  toBytes(): Uint8Array<ArrayBuffer>;
  info(): ImageSetInfo;
  show(subset: Subset, indices: Uint32Array): ShownPixels;
  free(): void;
}

/** Their buffers are given away. */
type ShownPixels = Pick<ShownImages, "width" | "height" | "pixels"> & { labels: Uint16Array<ArrayBuffer> };

export interface WasmImageTrainer {
  save(): Promise<Uint8Array<ArrayBuffer>>;
  step(count: number): Promise<StepRecord[]>;
  status(): RunStatus;
  setLearningRate(value: number): void;
  setSteps(value: number): void;
  evaluate(subset: Subset, first: number, count: number): Promise<Tally>;
  branches(subset: Subset, images: Uint32Array): Promise<Branch[]>;
  stemFilters(): Promise<Filters>;
  featureMaps(subset: Subset, image: number): Promise<FeatureMaps[]>;
  landscape(request: string): Promise<WasmImageLandscape>;
  free(): void;
}

export interface WasmImageLandscape {
  advance(cells: number): Promise<boolean>;
  state(): Omit<ImageLandscape, "axes" | "request" | "step">;
  free(): void;
}

export interface WasmModule {
  default(options: { module_or_path: WebAssembly.Module }): Promise<{ memory: WebAssembly.Memory }>;
  normalizeExperiment(json: string): string;
  presets(): string;
  verifyVectors(name: string, text: string, engine: EngineName): Promise<string>;
  /** In `burn` only. The options are JSON; see TableOptions. */
  readCsv(text: string, options: string): TableResult;
  Session: {
    create(experimentJson: string): Promise<WasmSession>;
    /** Goes on with a run of another module. */
    restore(snapshot: Uint8Array, engine: EngineName): Promise<WasmSession>;
  };
  LandscapeWorker: new (experimentJson: string) => WasmLandscapeWorker;
  AtlasWorker: new (atlasJson: string) => WasmAtlasWorker;
  /** The same on the webgpu engine. */
  AtlasFleet: { open(atlasJson: string): Promise<WasmAtlasFleet> };
  /** In the builds that have burn, like everything of images. */
  imagePresets(): string;
  normalizeImageExperiment(json: string): string;
  ImageReader: new (side: number) => WasmImageReader;
  Images: { fromBytes(bytes: Uint8Array): WasmImages };
  ImageTrainer: {
    create(experiment: string, images: WasmImages, device: string): Promise<WasmImageTrainer>;
    load(checkpoint: Uint8Array, images: WasmImages, device: string): Promise<WasmImageTrainer>;
  };
  drawPoints(
    set: string,
    points: number,
    classes: number,
    dimension: number,
    noise: number,
    seed: number,
  ): LabelledPoints;
  Expressivity: new (
    dimension: number,
    classes: number,
    inputs: Float32Array,
    labels: Uint16Array,
    width: number,
    seed: number,
    onSphere: boolean,
    printed: boolean,
    single: boolean,
  ) => WasmExpressivity;
}

/**
 * The crate's builds: `core` has the cpu engine, `webgpu` has that and what trains on a GPU, `burn` has burn and images, at
 * three times the size, `burn-webgpu` has all that and burn's GPU kernels, at more than twice the size again, and `points`
 * has tables of points and the network of Theorem 3.2.
 */
export type ModuleName = "core" | "webgpu" | "burn" | "burn-webgpu" | "points";

const MODULES: Record<EngineName, ModuleName> = {
  cpu: "core",
  webgpu: "webgpu",
  burn: "burn",
  "burn-webgpu": "burn-webgpu",
};

/** The build that has an engine. */
export const moduleOf = (engine: EngineName): ModuleName => MODULES[engine];

// A glob, because a plain import of a file that the build has yet to generate would not type-check.
const generated = import.meta.glob<WasmModule>([
  "../wasm/core/core.js",
  "../wasm/webgpu/webgpu.js",
  "../wasm/burn/burn.js",
  "../wasm/burn-webgpu/burn-webgpu.js",
  "../wasm/points/points.js",
]);

/** Instantiates a module in this realm from what was compiled already. */
export async function instantiate(compiled: WebAssembly.Module, name: ModuleName): Promise<WasmModule> {
  return (await instantiated(compiled, name)).module;
}

/** The same, with its memory. */
export async function instantiated(
  compiled: WebAssembly.Module,
  name: ModuleName,
): Promise<{ module: WasmModule; memory: WebAssembly.Memory }> {
  const load = generated[`../wasm/${name}/${name}.js`];
  if (!load) throw new Error("The engine has not been built: run `cargo xtask build` first.");
  const module = await load();
  const { memory } = await module.default({ module_or_path: compiled });
  return { module, memory };
}
