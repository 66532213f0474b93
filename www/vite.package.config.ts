// The npm package: what createSession needs, for other people's bundlers and pages. The page has its own config.
import { existsSync } from "node:fs";
import { posix } from "node:path";
import { rollup } from "rollup";
import { dts } from "rollup-plugin-dts";
import { defineConfig, type Plugin } from "vite";

/** Entries of `exports` in package.json, by the name of their files. */
const ENTRIES = { index: "src/engine/index.ts", figure: "src/figure/index.ts" };
const FOLDER = "dist";

export default defineConfig({
  // Relative addresses, which bundlers follow and browsers resolve beside the file that holds them.
  base: "./",
  experimental: { renderBuiltUrl: (file, { hostId }) => ({ runtime: beside(file, hostId) }) },
  // The files of the page are not the package's.
  publicDir: false,
  plugins: [wasmIsBuilt(), ownRem(), types()],
  // As in vite.config.ts.
  esbuild: { supported: { "top-level-await": false } },
  build: {
    outDir: FOLDER,
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: false,
    rollupOptions: {
      input: ENTRIES,
      preserveEntrySignatures: "strict",
      output: { entryFileNames: "[name].js" },
    },
  },
  worker: {
    format: "es",
    // A worker in one file: bundlers that make classic scripts of workers cannot split them.
    rollupOptions: { output: { inlineDynamicImports: true } },
  },
});

/**
 * A file's address as bundlers recognize it. What names a worker stands in `new Worker(new URL(…, import.meta.url))`
 * already, and by default there would be another URL inside.
 */
function beside(file: string, host: string): string {
  const path = JSON.stringify(`./${posix.relative(posix.dirname(host), file)}`);
  return file.endsWith(".js") ? path : `new URL(${path}, import.meta.url).href`;
}

/**
 * Lengths in rem follow the root of the page, which other people's pages make 10 pixels, say. Those of a figure follow
 * a property that the figure sets there (src/figure/tokens.ts). Queries of the screen know no properties.
 */
function ownRem(): Plugin {
  return {
    name: "own-rem",
    enforce: "pre",
    transform: (code, id) =>
      /\/src\/[^?]*\.(ts|css)(\?|$)/.test(id)
        ? code.replace(/^(?!\s*@(?:media|container)).*$/gm, (line) =>
            line.replace(/(?<![\w.-])(-?\d*\.?\d+)rem\b/g, "calc($1 * var(--identity-lab-rem, 1rem))"),
          )
        : undefined,
  };
}

function wasmIsBuilt(): Plugin {
  return {
    name: "wasm-is-built",
    buildStart() {
      const missing = ["core", "webgpu", "points", "burn", "burn-webgpu"].filter(
        (name) => !existsSync(`src/wasm/${name}/${name}_bg.wasm`),
      );
      if (missing.length > 0) {
        this.error(
          `WebAssembly modules are missing (${missing.join(", ")}): run \`cargo xtask build\` first.`,
        );
      }
    },
  };
}

/** One declaration file for each entry. */
function types(): Plugin {
  return {
    name: "types",
    async writeBundle() {
      const bundle = await rollup({
        input: ENTRIES,
        plugins: [dts({ compilerOptions: { stripInternal: true } })],
      });
      await bundle.write({ dir: FOLDER, format: "es" });
      await bundle.close();
    },
  };
}
