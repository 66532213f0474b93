// Fetches and compiles the engine once; every worker instantiates the same compiled module.
import { LabError } from "./types";

const files = import.meta.glob<string>("../wasm/identity_lab_bg.wasm", {
  query: "?url",
  import: "default",
  eager: true,
});

let compiled: Promise<WebAssembly.Module> | undefined;

export function compiledEngine(): Promise<WebAssembly.Module> {
  compiled ??= compile().catch((error: unknown) => {
    // A failed download may succeed on the next try.
    compiled = undefined;
    throw error;
  });
  return compiled;
}

async function compile(): Promise<WebAssembly.Module> {
  const address = files["../wasm/identity_lab_bg.wasm"];
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
