// Sets of images and a run that stay in the browser for the next visit, and checkpoints as files.
import type { ErrorPoint } from "./draw/error-curves";
import type { LabImages } from "./elements/images";
import type { ImageLab } from "./engine/image-lab";
import type { ImageSetInfo } from "./engine/images";
import * as kept from "./engine/kept-images";
import { download } from "./export/download";
import { Refusal, whyOf } from "./said";
import { word } from "./words";

/** Between two checkpoints kept in the browser. */
const KEEPING_MILLISECONDS = 15_000;

/** What of a run is drawn, and kept with its checkpoint. */
interface Drawn {
  points: readonly ErrorPoint[];
}

/** A run that was kept, with what was drawn of it. */
export interface KeptState {
  set: string;
  checkpoint: Uint8Array;
  points: readonly ErrorPoint[];
}

/** A browser that keeps nothing is no reason to stop: that is noticed in the section. */
export class ImageKeeping {
  private keptAt = 0;
  /** The newest checkpoint of this run that was kept. */
  private last: Uint8Array<ArrayBuffer> | undefined;

  constructor(
    private readonly element: LabImages,
    private readonly host: () => ImageLab["host"],
  ) {}

  /** Sets and a run of earlier visits. */
  async list(): Promise<void> {
    try {
      this.element.kept = (await kept.keptSets()).map(({ info, bytes }) => ({
        info,
        bytes: kept.sizeOf(bytes),
      }));
      this.element.keptRun = await kept.keptRun();
    } catch (error) {
      this.element.notice = whyOf(error);
    }
  }

  async keepSet(info: ImageSetInfo): Promise<void> {
    try {
      await kept.keepSet(info, await this.host().keep());
      await this.list();
    } catch (error) {
      this.element.notice = whyOf(error);
    }
  }

  async setNamed(name: string): Promise<Uint8Array> {
    const set = (await kept.keptSets()).find(({ info }) => info.name === name);
    if (!set) throw new Refusal(word("images.gone", { name }));
    return kept.bytesOf(set.bytes);
  }

  async removeSet(name: string): Promise<void> {
    await kept.removeSet(name);
    await this.list();
  }

  /** Another run: nothing of it has been kept. */
  begin(): void {
    this.last = undefined;
  }

  /** Training goes on: its next checkpoint is due after a while. */
  start(): void {
    this.keptAt = performance.now();
  }

  /** Keeps the run if that is due. */
  now(at: number): void {
    if (at - this.keptAt <= KEEPING_MILLISECONDS) return;
    this.keptAt = at;
    void this.keepRun();
  }

  /** Keeps the run, to go on from after a reload. */
  async keepRun(): Promise<void> {
    const { element } = this;
    const { status, info } = element;
    if (!status || !info || status.step === 0) return;
    try {
      const checkpoint = await this.host().save();
      this.last = checkpoint;
      const drawn: Drawn = { points: element.points };
      const { steps } = status.experiment.training;
      await kept.keepRun({ set: info.name, step: status.step, steps, drawn, at: Date.now() }, checkpoint);
    } catch (error) {
      element.notice = whyOf(error);
    }
  }

  async run(): Promise<KeptState> {
    const run = await kept.keptRun();
    if (!run) throw new Refusal(word("images.runGone"));
    const checkpoint = await kept.bytesOf(run.checkpoint);
    return { set: run.set, checkpoint, points: (run.drawn as Drawn).points };
  }

  async forgetRun(): Promise<void> {
    await kept.removeRun();
    this.element.keptRun = undefined;
  }

  /** The run as it stands, or as it stood when it was kept last: a GPU that was lost gives nothing back. */
  async checkpoint(): Promise<Uint8Array<ArrayBuffer>> {
    try {
      return await this.host().save();
    } catch (error) {
      if (!this.last) throw error;
      return this.last;
    }
  }

  /** As a file. */
  async save(): Promise<void> {
    const bytes = await this.host().save();
    const name = `identity-lab-${this.element.info!.name}-step-${this.element.status!.step}.safetensors`;
    download(new Blob([bytes], { type: "application/octet-stream" }), name.replace(/[^\w.-]+/g, "-"));
  }
}
