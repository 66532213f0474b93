// Tables of text (CSV) → labelled points, in a worker of their own that starts with the first file. No DOM.
import * as Comlink from "comlink";
import { carryErrors } from "./comlink-errors";
import { started, type Hosted } from "./hosted";
import { compiledModule } from "./loader";
import { NewestCall } from "./newest-call";
import type { TableHost } from "./table-host";
import { asLabError, LabError } from "./types";
import { Refusal } from "../said";
import { word } from "../words";

/** Larger files are refused before they are read. */
export const MAX_BYTES = 32 * 2 ** 20;

export type Separator = "," | ";" | "\t";

/** What is left out is guessed. */
export interface TableOptions {
  separator?: Separator;
  header?: boolean;
  /** Columns, counted from 0. */
  coordinates?: number[];
  label?: number;
  standardize?: boolean;
}

export interface TableReading {
  separator: Separator | null;
  decimalComma: boolean;
  header: boolean;
  columns: { name: string; numeric: boolean }[];
  /** The first rows. */
  preview: string[][];
  /** Good and bad. */
  rows: number;
  coordinates: number[];
  label: number;
  classes: { name: string; points: number }[];
  /** At most 100 of them. */
  bad: { line: number; reason: string }[];
  badCount: number;
  contradictions: { lines: [number, number]; labels: [string, string] }[];
  contradictionCount: number;
  /** Of each coordinate, where it was standardized. */
  standard: { mean: number; deviation: number }[] | null;
  /** Why there are no points. */
  problem: string | null;
}

/** Labelled points, row after row. */
export interface LabelledPoints {
  dimension: number;
  classes: number;
  inputs: Float32Array;
  labels: Uint16Array;
}

export interface TableResult {
  reading: TableReading;
  points: LabelledPoints | null;
}

interface Question {
  file: Blob;
  options: TableOptions;
}

carryErrors();

async function startHost(): Promise<Hosted<TableHost>> {
  // Only this module reads tables: every visitor downloads the other one.
  const compiled = await compiledModule("points");
  return started<TableHost>(
    new Worker(new URL("./table-worker.ts", import.meta.url), { type: "module", name: "table" }),
    (host) => host.start(compiled),
  );
}

/** Reads files as options say; of several requests only the newest is answered. */
export class TableReader {
  private hosted: Promise<Hosted<TableHost>> | undefined;
  private opened: Blob | undefined;
  private newest: Question | undefined;
  private calls = this.newCalls();

  constructor(
    private readonly onResult: (result: TableResult, file: Blob, options: TableOptions) => void,
    private readonly onError: (error: LabError, file: Blob) => void,
    private readonly start: () => Promise<Hosted<TableHost>> = startHost,
  ) {}

  read(file: Blob, options: TableOptions): void {
    this.newest = { file, options };
    this.calls.ask(this.newest);
  }

  /** Lets go of the worker; a later file starts another. */
  close(): void {
    this.newest = undefined;
    this.opened = undefined;
    void this.hosted?.then(({ worker }) => worker.terminate()).catch(() => undefined);
    this.hosted = undefined;
    // What that worker was asked is never answered.
    this.calls = this.newCalls();
  }

  private newCalls(): NewestCall<Question> {
    return new NewestCall((question) => this.answer(question));
  }

  private async answer(question: Question): Promise<void> {
    const { file, options } = question;
    const isNewest = () => this.newest === question;
    try {
      if (file.size > MAX_BYTES) {
        const size = (file.size / 2 ** 20).toFixed(1);
        throw new Refusal(word("table.tooLarge", { most: MAX_BYTES / 2 ** 20, size }));
      }
      const result = await this.ask(file, options, isNewest);
      if (result && isNewest()) this.onResult(result, file, options);
    } catch (error) {
      if (isNewest()) this.onError(asLabError(error), file);
    }
  }

  private async ask(
    file: Blob,
    options: TableOptions,
    isNewest: () => boolean,
  ): Promise<TableResult | undefined> {
    const bytes = this.opened === file ? undefined : await readable(file);
    if (!isNewest()) return undefined;
    const starting = (this.hosted ??= this.start());
    // A download that failed may succeed with the next file.
    starting.catch(() => this.hosted === starting && (this.hosted = undefined));
    const { host } = await starting;
    if (bytes) {
      await host.open(Comlink.transfer(bytes, [bytes]));
      this.opened = file;
    }
    return isNewest() ? host.read(options) : undefined;
  }
}

async function readable(file: Blob): Promise<ArrayBuffer> {
  try {
    return await file.arrayBuffer();
  } catch {
    throw new Refusal(word("table.unreadable"));
  }
}
