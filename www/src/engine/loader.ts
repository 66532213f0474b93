// Fetches and compiles a module once in each realm; workers that are handed it only instantiate it.
import { LabError } from "./types";
import type { ModuleName } from "./wasm";

const files = import.meta.glob<string>("../wasm/*/*_bg.wasm", {
  query: "?url",
  import: "default",
  eager: true,
});

/** Whether this build of the page has a module. */
export const hasModule = (name: ModuleName): boolean =>
  files[`../wasm/${name}/${name}_bg.wasm`] !== undefined;

const compiled = new Map<ModuleName, Promise<WebAssembly.Module>>();

export function compiledModule(name: ModuleName): Promise<WebAssembly.Module> {
  const known = compiled.get(name);
  if (known) return known;
  const compiling = compile(name);
  compiled.set(name, compiling);
  // A failed download may succeed on the next try.
  compiling.catch(() => compiled.delete(name));
  return compiling;
}

async function compile(name: ModuleName): Promise<WebAssembly.Module> {
  const address = files[`../wasm/${name}/${name}_bg.wasm`];
  if (!address) throw new LabError("The engine has not been built: run `cargo xtask build` first.");
  const url = new URL(address, import.meta.url);
  const response = await fetch(url).catch(() => undefined);
  if (!response?.ok) {
    throw new LabError(`The engine could not be downloaded (${url.pathname}); reload the page to try again.`);
  }
  // Some web hosts serve .wasm with another type, which compileStreaming refuses.
  if (response.headers.get("content-type")?.startsWith("application/wasm")) {
    return WebAssembly.compileStreaming(response);
  }
  return WebAssembly.compile(await response.arrayBuffer());
}
