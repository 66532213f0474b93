// `openImageLab(device)`: a worker of its own that reads images and trains networks on them. No DOM.
import * as Comlink from "comlink";
import { carryErrors } from "./comlink-errors";
import type { OnDownload } from "./download-progress";
import { started, type Hosted } from "./hosted";
import type { ImageDevice, ImageSetInfo } from "./images";
import type { ImagesHost, NamedFile, ReadProgress } from "./images-host";
import { compiledModule, hasModule } from "./loader";
import type { ModuleName } from "./wasm";

export type { NamedFile, ReadProgress } from "./images-host";

const MODULES: Record<ImageDevice, ModuleName> = { cpu: "burn", webgpu: "burn-webgpu" };

/** Whether this build and this browser can train there; whether a GPU answers shows when it is asked. */
export function canTrainOn(device: ImageDevice): boolean {
  return hasModule(MODULES[device]) && (device === "cpu" || "gpu" in navigator);
}

/** A worker for images; every question is a method of its host. */
export interface ImageLab extends Hosted<ImagesHost> {
  device: ImageDevice;
  /** Reads files; undefined where the signal ended that. Images read before stay until then. */
  read(files: readonly NamedFile[], options?: ReadOptions): Promise<ImageSetInfo | undefined>;
  /** Ends all work at once. */
  close(): void;
}

export interface ReadOptions {
  /** Pixels a side that pictures of a folder are resized to. */
  side?: number;
  signal?: AbortSignal;
  onProgress?: (progress: ReadProgress) => void;
}

carryErrors();

export async function openImageLab(device: ImageDevice, onDownload?: OnDownload): Promise<ImageLab> {
  const name = MODULES[device];
  const compiled = await compiledModule(name, onDownload);
  const created = new Worker(new URL("./images-worker.ts", import.meta.url), {
    type: "module",
    name: "images",
  });
  const { worker, host } = await started<ImagesHost>(created, (host) => host.start(compiled, name, device));
  return {
    worker,
    host,
    device,
    close: () => worker.terminate(),
    read: async (files, { side = 32, signal, onProgress } = {}) => {
      const stop = () => void host.stopReading();
      signal?.addEventListener("abort", stop);
      try {
        if (signal?.aborted) return undefined;
        return await host.read(files, side, Comlink.proxy(onProgress ?? (() => undefined)));
      } finally {
        signal?.removeEventListener("abort", stop);
      }
    },
  };
}
