// Starting a worker that hosts something of this engine.
import * as Comlink from "comlink";
import { LabError } from "./types";

export interface Hosted<T> {
  worker: Pick<Worker, "terminate">;
  host: Comlink.Remote<T>;
}

/** The script of a worker could not be loaded, or may not be. */
export class Unstarted extends LabError {}

/** A worker that has been started with its compiled module; one that could not be is ended. */
export async function started<T>(
  worker: Worker,
  start: (host: Comlink.Remote<T>) => Promise<unknown>,
): Promise<Hosted<T>> {
  const host = Comlink.wrap<T>(worker);
  // A worker whose script fails to load never answers; its error event must end the wait.
  const failed = new Promise<never>((_, reject) =>
    worker.addEventListener("error", ({ message }) =>
      reject(
        new Unstarted(message ? `The worker could not start: ${message}` : "The worker could not start."),
      ),
    ),
  );
  try {
    await Promise.race([start(host), failed]);
  } catch (error) {
    worker.terminate();
    throw error;
  }
  return { worker, host };
}

/** Resolves with undefined once the signal is given: a worker that is terminated never answers. */
export function abortion(signal: AbortSignal | undefined): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve(undefined);
    signal?.addEventListener("abort", () => resolve(undefined), { once: true });
  });
}
