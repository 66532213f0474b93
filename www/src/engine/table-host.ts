// Reads tables of text, away from the page's thread.
import * as Comlink from "comlink";
import type { TableOptions, TableResult } from "./table";
import { asLabError } from "./types";
import { instantiate, type WasmModule } from "./wasm";

export class TableHost {
  private module: WasmModule | undefined;
  private text = "";

  async start(compiled: WebAssembly.Module): Promise<void> {
    this.module = await instantiate(compiled, "points");
  }

  /** Takes the bytes of a file, to be read as often as is wanted. */
  open(bytes: ArrayBuffer): void {
    this.text = decode(bytes);
  }

  read(options: TableOptions): TableResult {
    try {
      const result = this.module!.readCsv(this.text, JSON.stringify(options));
      const { points } = result;
      const moved = points ? [points.inputs.buffer, points.labels.buffer] : [];
      return Comlink.transfer(result, moved as ArrayBuffer[]);
    } catch (error) {
      throw asLabError(error);
    }
  }
}

/** UTF-8, UTF-16 where the file begins with its mark, and Windows' Latin where the bytes are no UTF-8. */
export function decode(bytes: ArrayBuffer): string {
  const [first, second] = new Uint8Array(bytes);
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
