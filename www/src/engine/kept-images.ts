// What is kept of images in the browser between visits: sets that were read from files, and the run that was under way.
import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { ImageSetInfo } from "./images";
import { LabError } from "./types";

/** A set of images, by its name. */
export interface KeptSet {
  info: ImageSetInfo;
  bytes: Blob;
}

/** A run, to go on from. */
export interface KeptRun {
  /** The name of its set of images. */
  set: string;
  step: number;
  steps: number;
  /** A safetensors file. */
  checkpoint: Blob;
  /** What was drawn of it so far, as the page wants it. */
  drawn: unknown;
  /** Milliseconds since 1970. */
  at: number;
}

interface Shelves extends DBSchema {
  sets: { key: string; value: KeptSet };
  runs: { key: "last"; value: KeptRun };
}

let opened: Promise<IDBPDatabase<Shelves>> | undefined;

function open(): Promise<IDBPDatabase<Shelves>> {
  opened ??= openDB<Shelves>("identity-lab-images", 1, {
    upgrade(database) {
      database.createObjectStore("sets", { keyPath: "info.name" });
      database.createObjectStore("runs");
    },
  });
  opened.catch(() => (opened = undefined));
  return opened;
}

/** A browser may refuse storage, or have no room left. */
async function told<T>(what: string, act: (database: IDBPDatabase<Shelves>) => Promise<T>): Promise<T> {
  try {
    return await act(await open());
  } catch (error) {
    const full = error instanceof DOMException && error.name === "QuotaExceededError";
    const why = full ? "it has no room left for this page" : String(error);
    throw new LabError(`${what} in this browser: ${why}`);
  }
}

export async function keptSets(): Promise<KeptSet[]> {
  return told("Kept images cannot be read", (database) => database.getAll("sets"));
}

export async function keepSet(info: ImageSetInfo, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  await told("The images cannot be kept", (database) =>
    database.put("sets", { info, bytes: new Blob([bytes]) }),
  );
}

export async function removeSet(name: string): Promise<void> {
  await told("The images cannot be removed", (database) => database.delete("sets", name));
}

export async function keptRun(): Promise<KeptRun | undefined> {
  return told("The kept run cannot be read", (database) => database.get("runs", "last"));
}

export async function keepRun(run: KeptRun): Promise<void> {
  await told("The run cannot be kept", (database) => database.put("runs", run, "last"));
}

export async function removeRun(): Promise<void> {
  await told("The kept run cannot be removed", (database) => database.delete("runs", "last"));
}
