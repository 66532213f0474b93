// What people do with images: open the section, choose a set, train, pause, compare, look, keep and go on.
import type { ErrorPoint } from "./draw/error-curves";
import { formatDownload } from "./draw/scale";
import type { LabImages } from "./elements/images";
import { DIGITS, digitFiles } from "./digits";
import { canTrainOn, openImageLab, type ImageLab, type NamedFile } from "./engine/image-lab";
import {
  type ImageDevice,
  type ImageLandscapeRequest,
  type ImageSetInfo,
  type RunStatus,
  type StepRecord,
  type Tally,
} from "./engine/images";
import type { OnDownload } from "./engine/download-progress";
import { SerialQueue } from "./engine/queue";
import { asLabError } from "./engine/types";
import type { ExportedImages } from "./export/image-file";
import type { SaveKind } from "./export/save";
import { compare } from "./image-comparison";
import { ImageKeeping } from "./image-keeping";
import { ImageRun, isDone } from "./image-run";
import { ImageViews } from "./image-views";
import { settingsOf } from "./images-address";
import { adjustment, experimentOf, formOf, type ImagesForm } from "./images-form";
import { english, whyOf } from "./said";
import * as store from "./store";
import { Wake } from "./wake";
import { word } from "./words";

/** The section, once its element works; its images and first network are still on their way. */
export async function openSection(section: HTMLElement, say: (sentence: string) => void): Promise<Imaging> {
  await import("./elements/images");
  const element = section.querySelector<LabImages>("lab-images")!;
  const imaging = new Imaging(element, say);
  const on = <T>(name: string, act: (detail: T) => Promise<void> | void) =>
    element.addEventListener(`lab-images-${name}`, (event) => {
      void imaging.guarded(() => act((event as CustomEvent<T>).detail));
    });
  // What begins another run waits for its turn; what ends something does not.
  const inTurn = <T>(name: string, act: (detail: T) => Promise<void>) =>
    on<T>(name, (detail) => imaging.order.run(() => act(detail)));
  on("train", () => (element.training ? imaging.pause() : imaging.train()));
  inTurn("restart", () => imaging.restart());
  on<ImagesForm>("form", (form) => imaging.edit(form));
  inTurn<ImageDevice>("device", (device) => imaging.setDevice(device));
  on<readonly NamedFile[]>("files", (files) => {
    // Of two drops the later one counts.
    imaging.stopReading();
    return imaging.order.run(() => imaging.read(files));
  });
  on("stop-reading", () => imaging.stopReading());
  inTurn<string>("set", (name) => imaging.choose(name));
  on<string>("remove", (name) => imaging.keeping.removeSet(name));
  on<number>("choose", (position) => imaging.views.choosePicture(position));
  on<boolean>("mistakes", (only) => imaging.views.showMistakes(only));
  on("save", () => imaging.keeping.save());
  inTurn<File>("checkpoint", (file) => imaging.open(file));
  inTurn("resume", () => imaging.resume());
  on("forget", () => imaging.keeping.forgetRun());
  on("compare", () => (element.comparing ? imaging.stopComparing() : imaging.compare()));
  on<ImageLandscapeRequest>("look", (request) => imaging.views.look(request));
  on<ExportedImages & { as: SaveKind }>("export", async ({ as, ...exported }) => {
    const [{ save }, { imageExport }] = await Promise.all([
      import("./export/save"),
      import("./export/image-save"),
    ]);
    await save(as, imageExport(exported));
  });
  on("stop-looking", () => imaging.views.stopLooking());
  return imaging;
}

export class Imaging {
  /** Of everything that begins another run. */
  readonly order = new SerialQueue();
  readonly views: ImageViews;
  readonly keeping: ImageKeeping;
  private lab: ImageLab | undefined;
  private run: ImageRun | undefined;
  /** Resolves when the run under way has stopped. */
  private running: Promise<void> = Promise.resolve();
  private reading: AbortController | undefined;
  private comparing: AbortController | undefined;
  private readonly wake = new Wake();
  /** Steps made and milliseconds passed since training began or went on, for the time that is left. */
  private since: { step: number; at: number } | undefined;

  constructor(
    readonly element: LabImages,
    private readonly say: (sentence: string) => void,
  ) {
    this.views = new ImageViews(element, () => this.host);
    this.keeping = new ImageKeeping(element, () => this.host);
    // The last moment in which a page that is closed can still do something.
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && this.element.training) void this.keeping.keepRun();
    });
  }

  /** Does what was asked for, and says what is wrong with it. */
  async guarded(act: () => Promise<void> | void): Promise<void> {
    this.element.problem = "";
    try {
      await act();
    } catch (error) {
      await this.fail(error);
    }
  }

  private async fail(error: unknown): Promise<void> {
    const { message, fatal } = asLabError(error);
    if (!fatal) {
      this.element.problem = whyOf(error);
      return;
    }
    // The worker's memory is gone.
    this.lab?.close();
    this.lab = undefined;
    this.element.training = false;
    this.element.problem = english(
      message.replace("training starts again from step 0", "the section starts afresh"),
    );
    await this.begin().catch((again: unknown) => (this.element.problem = whyOf(again)));
  }

  // ---------------------------------------------------------------- opening

  /** Opened, for the first time or again: what failed then may succeed now. */
  async enter(): Promise<void> {
    await this.order.run(async () => {
      if (!this.element.status) await this.guarded(() => this.begin());
    });
  }

  async begin(): Promise<void> {
    const { element } = this;
    const what = word("images.loading");
    element.loading = what;
    try {
      this.lab ??= await openImageLab(element.device, this.onDownload(what));
      element.presets = await this.lab.host.presets();
      element.devices = (["cpu", "webgpu"] as const).filter(canTrainOn);
      await this.keeping.list();
      await this.load(await digitFiles());
      this.setForm({ ...formOf(element.presets[0]!.experiment), ...store.imageSettings.value });
      await this.restart();
    } finally {
      element.loading = "";
    }
  }

  /** Says how far the download of burn has come. */
  private onDownload(what: string): OnDownload {
    return (download) => {
      if (this.element.loading)
        this.element.loading = word("images.loadingAt", { what, download: formatDownload(download) });
    };
  }

  private get host() {
    return this.lab!.host;
  }

  // ---------------------------------------------------------------- images

  async read(files: readonly NamedFile[]): Promise<void> {
    const { element } = this;
    if (files.length === 0) return;
    await this.halt();
    if (!(await this.load(files))) return;
    await this.startSuited();
    const info = element.info!;
    this.say(word("images.read", { name: info.name, count: info.train }));
    await this.keeping.keepSet(info);
  }

  /** Whether the files were read, and not stopped. */
  private async load(files: readonly NamedFile[]): Promise<boolean> {
    const { element } = this;
    const mine = new AbortController();
    this.reading = mine;
    element.reading = { bytes: 0, total: files.reduce((sum, { file }) => sum + file.size, 0), images: 0 };
    try {
      const info = await this.lab!.read(files, {
        side: element.side,
        signal: mine.signal,
        onProgress: (progress) => this.reading === mine && (element.reading = progress),
      });
      if (!info) return false;
      this.took(files[0]?.path.startsWith(`${DIGITS}/`) ? { ...info, name: DIGITS } : info);
      return true;
    } finally {
      if (this.reading === mine) {
        this.reading = undefined;
        element.reading = undefined;
      }
    }
  }

  stopReading(): void {
    this.reading?.abort();
  }

  private took(info: ImageSetInfo): void {
    this.views.stopLooking();
    this.stopComparing();
    Object.assign(this.element, { info, rows: [], status: undefined });
  }

  /** Digits, or a set that was kept. */
  async choose(name: string): Promise<void> {
    await this.halt();
    if (name === DIGITS) await this.load(await digitFiles());
    else {
      const set = await this.keeping.setNamed(name);
      this.took(await this.host.use(set));
    }
    await this.startSuited();
  }

  /** Other images want another network: the preset of their size. */
  private async startSuited(): Promise<void> {
    const { element } = this;
    const preset = element.presets[element.info!.width < 16 ? 0 : 1]!;
    const { training } = preset.experiment;
    const batch = Math.min(training.batch, element.info!.train);
    this.setForm(formOf({ ...preset.experiment, training: { ...training, batch } }));
    await this.restart();
  }

  // ---------------------------------------------------------------- the run

  private setForm(form: ImagesForm): void {
    this.element.form = form;
    store.imageSettings.value = settingsOf(form, formOf(this.element.presets[0]!.experiment));
  }

  /** These settings, and the first ones for all others. */
  async set(settings: Partial<ImagesForm>): Promise<void> {
    await this.guarded(async () => {
      // Until the presets are there, the section begins with the settings of the store anyway.
      await this.order.run(() => undefined);
      const [first] = this.element.presets;
      if (first) await this.edit({ ...formOf(first.experiment), ...settings });
    });
  }

  /** Takes over settings: a run that has not begun takes all of them at once, another one those that it can. */
  async edit(form: ImagesForm): Promise<void> {
    this.setForm(form);
    await this.order.run(async () => {
      // Of several edits the last one counts.
      if (this.element.form !== form) return;
      const wanted = await this.host.normalize(experimentOf(form));
      const { status, training } = this.element;
      if (!status || (status.step === 0 && !training)) return this.restart();
      const adjusted = adjustment(status.experiment, wanted);
      if (adjusted) this.element.status = await this.host.adjust(adjusted.learningRate, adjusted.steps);
    });
  }

  async restart(): Promise<void> {
    await this.halt();
    const experiment = await this.host.normalize(experimentOf(this.element.form!));
    await this.follow(await this.host.create(experiment), []);
  }

  /** Shows a run that is new here. */
  private async follow(status: RunStatus, points: readonly ErrorPoint[]): Promise<void> {
    this.views.stopLooking();
    this.keeping.begin();
    Object.assign(this.element, {
      status,
      points,
      rate: undefined,
      left: undefined,
      loss: undefined,
      tally: undefined,
      landscape: undefined,
      start: [],
    });
    await this.views.showPictures();
    await this.views.seeInside();
    this.element.start = status.step === 0 ? this.element.branches : [];
  }

  async train(): Promise<void> {
    const { element } = this;
    await this.order.run(async () => {
      if (element.status && isDone(element.status)) await this.restart();
    });
    const { status } = element;
    if (!status || element.training) return;
    element.training = true;
    this.wake.hold();
    this.keeping.start();
    this.since = undefined;
    const run = new ImageRun(this.lab!, {
      onStatus: (status, last) => this.onStatus(status, last),
      onTest: (point, tally) => this.onTest(point, tally),
    });
    this.run = run;
    this.running = run.train(status);
    try {
      await this.running;
    } finally {
      this.wake.release();
      element.training = false;
      if (this.lab) await this.keeping.keepRun();
    }
    const { divergedAt, over } = element.status ?? {};
    if (divergedAt !== undefined) this.say(word("images.diverged", { step: divergedAt }));
    else if (over) this.say(word("images.over"));
  }

  /** Ends the run under way after its slice. */
  async pause(): Promise<void> {
    this.run?.stop();
    await this.running.catch(() => undefined);
  }

  private async halt(): Promise<void> {
    await this.pause();
    this.element.training = false;
  }

  private onStatus(status: RunStatus, last: StepRecord | undefined): void {
    const { element } = this;
    const at = performance.now();
    this.since ??= { step: status.step, at };
    const steps = status.step - this.since.step;
    if (steps > 0) {
      const perStep = (at - this.since.at) / steps;
      element.rate = (1000 * status.experiment.training.batch) / perStep;
      element.left = ((status.experiment.training.steps - status.step) * perStep) / 1000;
    }
    element.status = status;
    element.loss = last?.loss ?? element.loss;
    this.keeping.now(at);
  }

  private async onTest(point: ErrorPoint, tally: Tally): Promise<void> {
    const { element } = this;
    element.points = [...element.points, point];
    element.tally = tally;
    if (element.mistakes) await this.views.showPictures();
    await this.views.seeInside();
    element.memory = await this.host.bytes();
  }

  // ---------------------------------------------------------------- devices and comparison

  /** The same run, on another device: by way of a checkpoint. */
  async setDevice(device: ImageDevice): Promise<void> {
    const { element } = this;
    const wasTraining = element.training;
    await this.halt();
    const before = this.lab!;
    const what = word("images.loadingFor", { device: word(`device.${device}`) });
    element.loading = what;
    try {
      const next = await openImageLab(device, this.onDownload(what));
      try {
        const checkpoint = await this.keeping.checkpoint();
        await next.host.use(await before.host.keep());
        const status = await next.host.load(checkpoint);
        element.points = element.points.filter(({ step }) => step <= status.step);
        element.status = status;
      } catch (error) {
        next.close();
        throw error;
      }
      this.views.stopLooking();
      this.lab = next;
      element.device = device;
      before.close();
    } finally {
      element.loading = "";
    }
    await this.views.seeInside();
    // Not awaited: it waits for this to end.
    if (wasTraining) void this.guarded(() => this.train());
  }

  async compare(): Promise<void> {
    const { element } = this;
    this.stopComparing();
    const mine = new AbortController();
    this.comparing = mine;
    const newest = () => this.comparing === mine;
    element.rows = [];
    element.comparing = true;
    this.wake.hold();
    try {
      const experiment = await this.host.normalize(experimentOf(element.form!));
      const images = await this.host.keep();
      await compare(
        { experiment, images, device: element.device },
        (row) => {
          if (!newest()) return;
          const others = element.rows.filter(({ id }) => id !== row.id);
          element.rows = [...others, row];
        },
        mine.signal,
      );
    } finally {
      if (newest()) this.stopComparing();
      this.wake.release();
    }
  }

  stopComparing(): void {
    this.comparing?.abort();
    this.comparing = undefined;
    this.element.comparing = false;
  }

  // ---------------------------------------------------------------- keeping

  async resume(): Promise<void> {
    const run = await this.keeping.run();
    if (run.set !== this.element.info?.name) await this.choose(run.set);
    await this.halt();
    this.took(this.element.info!);
    await this.goOn(run.checkpoint, run.points);
    this.element.keptRun = undefined;
  }

  async open(file: File): Promise<void> {
    await this.halt();
    await this.goOn(new Uint8Array(await file.arrayBuffer()), []);
  }

  private async goOn(checkpoint: Uint8Array, points: readonly ErrorPoint[]): Promise<void> {
    const status = await this.host.load(checkpoint);
    this.setForm(formOf(status.experiment));
    await this.follow(status, points);
  }

  /** Closed: everything stops, and stays as it is. */
  leave(): void {
    this.stopReading();
    this.views.stopLooking();
    this.stopComparing();
    void this.pause();
  }
}
