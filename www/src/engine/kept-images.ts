// What is kept of images in the browser between visits: sets that were read from files, and the run that was under way.
import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { ImageSetInfo } from "./images";
import { Refusal } from "../said";
import { word, type Word } from "../words";

/** What a browser has stored: a blob, which is not read before it is wanted, or bytes, which is all that private windows of WebKit store. */
export type Stored = Blob | Uint8Array<ArrayBuffer>;

export const sizeOf = (stored: Stored) => (stored instanceof Blob ? stored.size : stored.byteLength);

export async function bytesOf(stored: Stored): Promise<Uint8Array<ArrayBuffer>> {
  return stored instanceof Blob ? new Uint8Array(await stored.arrayBuffer()) : stored;
}

/** A set of images, by its name. */
export interface KeptSet {
  info: ImageSetInfo;
  bytes: Stored;
}

/** A run, to go on from. */
export interface KeptRun {
  /** The name of its set of images. */
  set: string;
  step: number;
  steps: number;
  /** A safetensors file. */
  checkpoint: Stored;
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

const isFull = (error: unknown) => error instanceof DOMException && error.name === "QuotaExceededError";

/** As a blob where the browser stores such. */
async function stored(
  bytes: Uint8Array<ArrayBuffer>,
  put: (bytes: Stored) => Promise<unknown>,
): Promise<void> {
  try {
    await put(new Blob([bytes]));
  } catch (error) {
    if (isFull(error)) throw error;
    await put(bytes);
  }
}

/** A browser may refuse storage, or have no room left. */
async function told<T>(what: Word, act: (database: IDBPDatabase<Shelves>) => Promise<T>): Promise<T> {
  try {
    return await act(await open());
  } catch (error) {
    const why = isFull(error) ? word("kept.full") : String(error);
    throw new Refusal(word(what, { why }));
  }
}

export async function keptSets(): Promise<KeptSet[]> {
  return told("kept.readSets", (database) => database.getAll("sets"));
}

export async function keepSet(info: ImageSetInfo, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  await told("kept.keepSet", (database) => stored(bytes, (bytes) => database.put("sets", { info, bytes })));
}

export async function removeSet(name: string): Promise<void> {
  await told("kept.removeSet", (database) => database.delete("sets", name));
}

export async function keptRun(): Promise<KeptRun | undefined> {
  return told("kept.readRun", (database) => database.get("runs", "last"));
}

export async function keepRun(
  run: Omit<KeptRun, "checkpoint">,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  await told("kept.keepRun", (database) =>
    stored(bytes, (checkpoint) => database.put("runs", { ...run, checkpoint }, "last")),
  );
}

export async function removeRun(): Promise<void> {
  await told("kept.removeRun", (database) => database.delete("runs", "last"));
}
