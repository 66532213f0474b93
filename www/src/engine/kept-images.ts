// What is kept of images in the browser between visits: sets that were read from files, and the run that was under way.
import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { ImageSetInfo } from "./images";
import { Refusal } from "../said";
import { word, type Word } from "../words";

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
async function told<T>(what: Word, act: (database: IDBPDatabase<Shelves>) => Promise<T>): Promise<T> {
  try {
    return await act(await open());
  } catch (error) {
    const full = error instanceof DOMException && error.name === "QuotaExceededError";
    const why = full ? word("kept.full") : String(error);
    throw new Refusal(word(what, { why }));
  }
}

export async function keptSets(): Promise<KeptSet[]> {
  return told("kept.readSets", (database) => database.getAll("sets"));
}

export async function keepSet(info: ImageSetInfo, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  await told("kept.keepSet", (database) => database.put("sets", { info, bytes: new Blob([bytes]) }));
}

export async function removeSet(name: string): Promise<void> {
  await told("kept.removeSet", (database) => database.delete("sets", name));
}

export async function keptRun(): Promise<KeptRun | undefined> {
  return told("kept.readRun", (database) => database.get("runs", "last"));
}

export async function keepRun(run: KeptRun): Promise<void> {
  await told("kept.keepRun", (database) => database.put("runs", run, "last"));
}

export async function removeRun(): Promise<void> {
  await told("kept.removeRun", (database) => database.delete("runs", "last"));
}
