// Reads, trains and looks into networks on images, in a worker. One question at a time: a network that is being
// trained cannot be looked at.
import * as Comlink from "comlink";
import type {
  Advance,
  Branch,
  FeatureMaps,
  Filters,
  ImageDevice,
  ImageExperiment,
  ImageLandscape,
  ImageLandscapeRequest,
  ImagePreset,
  ImageSetInfo,
  RunStatus,
  ShownImages,
  StepRecord,
  Subset,
  Tally,
} from "./images";
import { requireAdapter } from "./adapter";
import { SerialQueue } from "./queue";
import { told, toldLater } from "./told";
import { LabError } from "./types";
import {
  instantiated,
  type ModuleName,
  type WasmImageLandscape,
  type WasmImages,
  type WasmImageTrainer,
  type WasmModule,
} from "./wasm";

/** A file of images: its path's folders matter. */
export interface NamedFile {
  path: string;
  file: Blob;
}

/** How far reading has come: bytes as they are stored. */
export interface ReadProgress {
  bytes: number;
  total: number;
  images: number;
}

/** Between two tellings of progress, which also let a cancellation through. */
const TELLING_MILLISECONDS = 50;
/** Images that a test passes through the network in one question. */
const TESTED_AT_ONCE = 256;

export class ImagesHost {
  private module: WasmModule | undefined;
  private memory: WebAssembly.Memory | undefined;
  private device: ImageDevice = "cpu";
  private images: WasmImages | undefined;
  private trainer: WasmImageTrainer | undefined;
  private landscape: { inner: WasmImageLandscape; request: ImageLandscapeRequest; step: number } | undefined;
  private readonly queue = new SerialQueue();
  private reading = 0;
  /** Steps that take about as long as is asked for; starts small, because a first step compiles shaders. */
  private stepsAtOnce = 1;
  private cellsAtOnce = 1;

  async start(compiled: WebAssembly.Module, name: ModuleName, device: ImageDevice): Promise<void> {
    if (device === "webgpu") await requireAdapter();
    const { module, memory } = await instantiated(compiled, name);
    Object.assign(this, { module, memory, device });
  }

  presets(): ImagePreset[] {
    return told(() => JSON.parse(this.module!.imagePresets()) as ImagePreset[]);
  }

  normalize(experiment: unknown): ImageExperiment {
    return told(
      () => JSON.parse(this.module!.normalizeImageExperiment(JSON.stringify(experiment))) as ImageExperiment,
    );
  }

  /** Bytes of the module's memory. */
  bytes(): number {
    return this.memory?.buffer.byteLength ?? 0;
  }

  // ---------------------------------------------------------------- images

  /**
   * Reads files, piece by piece. What was read before stays until all of them have been; undefined where
   * `stopReading` came in between.
   */
  async read(
    files: readonly NamedFile[],
    side: number,
    onProgress: (progress: ReadProgress) => void,
  ): Promise<ImageSetInfo | undefined> {
    const mine = ++this.reading;
    const reader = told(() => new this.module!.ImageReader(side));
    const total = files.reduce((sum, { file }) => sum + file.size, 0);
    let toldAt = performance.now();
    try {
      for (const { path, file } of files) {
        told(() => reader.beginFile(path, file.size));
        const stream = file.stream().getReader();
        for (let piece = await next(stream, path); piece; piece = await next(stream, path)) {
          const bytes = piece;
          told(() => reader.push(bytes));
          if (performance.now() - toldAt < TELLING_MILLISECONDS) continue;
          onProgress({ ...told(() => reader.progress()), total });
          // A turn of the event loop: a cancellation may be waiting.
          await new Promise((resolve) => setTimeout(resolve));
          toldAt = performance.now();
          if (mine !== this.reading) {
            await stream.cancel().catch(() => undefined);
            return undefined;
          }
        }
        told(() => reader.endFile());
      }
      if (mine !== this.reading) return undefined;
      return await this.queue.run(() => this.take(told(() => reader.finish())));
    } finally {
      reader.free();
    }
  }

  stopReading(): void {
    this.reading++;
  }

  /** Takes images that were kept. */
  use(bytes: Uint8Array): Promise<ImageSetInfo> {
    return this.queue.run(() => this.take(told(() => this.module!.Images.fromBytes(bytes))));
  }

  /** The images as bytes, to be kept. */
  async keep(): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await this.queue.run(() => told(() => this.given().toBytes()));
    return Comlink.transfer(bytes, [bytes.buffer]);
  }

  info(): ImageSetInfo {
    return told(() => this.given().info());
  }

  show(subset: Subset, indices: Uint32Array): ShownImages {
    const shown = told(() => this.given().show(subset, indices));
    return Comlink.transfer({ subset, indices, ...shown }, [shown.pixels.buffer, shown.labels.buffer]);
  }

  /** The first of a subset whose class is not the predicted one. */
  mistakes(subset: Subset, predictions: Uint16Array, most: number): Uint32Array {
    const wrong: number[] = [];
    for (let first = 0; first < predictions.length && wrong.length < most; first += TESTED_AT_ONCE) {
      const count = Math.min(TESTED_AT_ONCE, predictions.length - first);
      const indices = Uint32Array.from({ length: count }, (_, i) => first + i);
      const { labels } = told(() => this.given().show(subset, indices));
      labels.forEach((label, i) => label !== predictions[first + i] && wrong.push(first + i));
    }
    return Uint32Array.from(wrong.slice(0, most));
  }

  private take(images: WasmImages): ImageSetInfo {
    // A run belongs to its images.
    this.dropRun();
    this.images?.free();
    this.images = images;
    return this.info();
  }

  private given(): WasmImages {
    if (!this.images) throw new LabError("There are no images yet.");
    return this.images;
  }

  // ---------------------------------------------------------------- the run

  /** A network at its start; the run before it goes on existing where this one is refused. */
  create(experiment: ImageExperiment): Promise<RunStatus> {
    return this.begin(() =>
      this.module!.ImageTrainer.create(JSON.stringify(experiment), this.given(), this.device),
    );
  }

  /** The run of a checkpoint. */
  load(checkpoint: Uint8Array): Promise<RunStatus> {
    return this.begin(() => this.module!.ImageTrainer.load(checkpoint, this.given(), this.device));
  }

  private begin(make: () => Promise<WasmImageTrainer>): Promise<RunStatus> {
    return this.queue.run(async () => {
      const trainer = await toldLater(make);
      this.dropRun();
      this.trainer = trainer;
      this.stepsAtOnce = 1;
      return told(() => trainer.status());
    });
  }

  /** Makes steps for about that long, at least one, and no more than `most`. */
  advance(milliseconds: number, most = Infinity): Promise<Advance> {
    return this.asked(async (trainer) => {
      const records: StepRecord[] = [];
      const begin = performance.now();
      let busy = 0;
      while (busy < milliseconds && records.length < most) {
        const before = performance.now();
        const wanted = Math.min(this.stepsAtOnce, most - records.length);
        const made = await trainer.step(wanted);
        const took = performance.now() - before;
        busy = performance.now() - begin;
        records.push(...made);
        if (made.length < wanted) break;
        // No more than doubled at once, and no longer than was asked for.
        const fitting = Math.floor((made.length * milliseconds) / Math.max(1, took));
        // What was cut short for its number says nothing against longer slices.
        if (wanted === this.stepsAtOnce || fitting < this.stepsAtOnce)
          this.stepsAtOnce = Math.max(1, Math.min(2 * this.stepsAtOnce, fitting, 1024));
        if (busy + took > milliseconds) break;
      }
      return { records, status: trainer.status() };
    });
  }

  /** Another learning rate and another end for the rest of the run. */
  adjust(learningRate: number, steps: number): Promise<RunStatus> {
    return this.asked((trainer) => {
      trainer.setLearningRate(learningRate);
      trainer.setSteps(steps);
      return trainer.status();
    });
  }

  /** The run as a safetensors file. */
  async save(): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await this.asked((trainer) => trainer.save());
    return Comlink.transfer(bytes, [bytes.buffer]);
  }

  /** How the network does on a subset: on all of it, or on its first images. */
  async test(subset: Subset, most = Infinity): Promise<Tally> {
    const count = Math.min(this.info()[subset], most);
    let sum: Tally | undefined;
    for (let first = 0; first < count; first += TESTED_AT_ONCE) {
      const at = first;
      // A question each: others may come in between.
      const part = await this.asked((trainer) =>
        trainer.evaluate(subset, at, Math.min(TESTED_AT_ONCE, count - at)),
      );
      sum = sum ? added(sum, part) : part;
    }
    return sum!;
  }

  branches(subset: Subset, images: Uint32Array): Promise<Branch[]> {
    return this.asked((trainer) => trainer.branches(subset, images));
  }

  filters(): Promise<Filters> {
    return this.asked((trainer) => trainer.stemFilters());
  }

  maps(subset: Subset, image: number): Promise<FeatureMaps[]> {
    return this.asked((trainer) => trainer.featureMaps(subset, image));
  }

  // ---------------------------------------------------------------- landscapes

  /** Begins the landscape around the network as it is now. */
  look(request: ImageLandscapeRequest): Promise<ImageLandscape> {
    return this.asked(async (trainer) => {
      const inner = await trainer.landscape(JSON.stringify(request));
      this.landscape?.inner.free();
      this.landscape = { inner, request, step: trainer.status().step };
      this.cellsAtOnce = 1;
      return this.seen();
    });
  }

  /** Computes cells for about that long. */
  lookOn(milliseconds: number): Promise<ImageLandscape> {
    return this.asked(async () => {
      if (!this.landscape) throw new LabError("No landscape has been begun.");
      const before = performance.now();
      await this.landscape.inner.advance(this.cellsAtOnce);
      const took = Math.max(1, performance.now() - before);
      const fitting = Math.floor((this.cellsAtOnce * milliseconds) / took);
      this.cellsAtOnce = Math.max(1, Math.min(2 * this.cellsAtOnce, fitting));
      return this.seen();
    });
  }

  private seen(): ImageLandscape {
    const { inner, request, step } = this.landscape!;
    return { axes: request.axes, request, step, ...inner.state() };
  }

  // ----------------------------------------------------------------

  private dropRun(): void {
    this.landscape?.inner.free();
    this.landscape = undefined;
    this.trainer?.free();
    this.trainer = undefined;
  }

  private asked<T>(question: (trainer: WasmImageTrainer) => T | Promise<T>): Promise<T> {
    return this.queue.run(() =>
      toldLater(async () => {
        if (!this.trainer) throw new LabError("There is no network yet.");
        return question(this.trainer);
      }),
    );
  }
}

async function next(
  stream: ReadableStreamDefaultReader<Uint8Array>,
  path: string,
): Promise<Uint8Array | undefined> {
  try {
    return (await stream.read()).value;
  } catch (error) {
    // Files that were changed or removed since they were chosen, and folders that look like files.
    throw new LabError(`${path}: cannot be read (${error instanceof Error ? error.message : String(error)})`);
  }
}

/** Both together. */
function added(a: Tally, b: Tally): Tally {
  const predictions = new Uint16Array(a.images + b.images);
  predictions.set(a.predictions);
  predictions.set(b.predictions, a.images);
  return {
    classes: a.classes,
    images: a.images + b.images,
    wrong: a.wrong + b.wrong,
    loss: (a.loss * a.images + b.loss * b.images) / (a.images + b.images),
    confusion: a.confusion.map((count, i) => count + b.confusion[i]!),
    predictions,
  };
}
