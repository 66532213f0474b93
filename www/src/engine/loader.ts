// Fetches and compiles a module once in each realm; workers that are handed it only instantiate it.
import { downloaded, type OnDownload } from "./download-progress";
import { LabError } from "./types";
import type { ModuleName } from "./wasm";

const files = import.meta.glob<string>("../wasm/*/*_bg.wasm", {
  query: "?url",
  import: "default",
  eager: true,
});

/** What the build wrote beside each module: its bytes, as they are and compressed. */
const sizes = import.meta.glob<{ bytes: number; gzip: number }>("../wasm/*/size.json", {
  import: "default",
  eager: true,
});

/** Whether this build of the page has a module. */
export const hasModule = (name: ModuleName): boolean =>
  files[`../wasm/${name}/${name}_bg.wasm`] !== undefined;

/** Bytes that a web host that compresses sends for a module. */
export const downloadSize = (name: ModuleName): number | undefined =>
  sizes[`../wasm/${name}/size.json`]?.gzip;

const compiled = new Map<ModuleName, Promise<WebAssembly.Module>>();

/** A compiled module; `onDownload` hears of its download where that is not over yet. */
export function compiledModule(name: ModuleName, onDownload?: OnDownload): Promise<WebAssembly.Module> {
  const known = compiled.get(name);
  if (known) return known;
  const compiling = compile(name, onDownload);
  compiled.set(name, compiling);
  // A failed download may succeed on the next try.
  compiling.catch(() => compiled.delete(name));
  return compiling;
}

async function compile(name: ModuleName, onDownload?: OnDownload): Promise<WebAssembly.Module> {
  const address = files[`../wasm/${name}/${name}_bg.wasm`];
  if (!address) throw new LabError("The engine has not been built: run `cargo xtask build` first.");
  const url = new URL(address, import.meta.url);
  const failed = new LabError(
    `The engine could not be downloaded (${url.pathname}); reload the page to try again.`,
  );
  const total = sizes[`../wasm/${name}/size.json`]?.bytes;
  if (onDownload && total) {
    const bytes = await downloaded(url, total, onDownload);
    if (!bytes) throw failed;
    return WebAssembly.compile(bytes);
  }
  const response = await fetch(url).catch(() => undefined);
  if (!response?.ok) throw failed;
  // Some web hosts serve .wasm with another type, which compileStreaming refuses.
  if (response.headers.get("content-type")?.startsWith("application/wasm")) {
    return WebAssembly.compileStreaming(response);
  }
  return WebAssembly.compile(await response.arrayBuffer());
}
