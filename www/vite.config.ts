/// <reference types="vitest/config" />
import { resolve } from "node:path";
import { defineConfig } from "vite";
import { offline } from "./offline/plugin";
import { manifests } from "./story/manifest";
import { messages } from "./story/messages";
import { allPages } from "./story/pages";
import { story } from "./story/plugin";

/** de/index.html is "de-index"; src/offline/service-worker.ts is "service-worker". */
const entryName = (file: string) =>
  file
    .replace(/^src\/.*\//, "")
    .replace(/\.\w+$/, "")
    .replaceAll("/", "-");

export default defineConfig({
  plugins: [story(), manifests(), messages(), offline()],
  // Relative addresses: the built folder works at any path of any web host.
  base: "./",
  // WebKit evaluates importers of a module that waits before it is done; see src/words.ts.
  esbuild: { supported: { "top-level-await": false } },
  // Messages are read faster as JSON than as a script.
  json: { stringify: true },
  build: {
    outDir: "../dist",
    emptyOutDir: true,
    target: "es2022",
    // The reference vectors and the wasm module stay files, fetched when they are needed.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: Object.fromEntries(
        [...allPages(), "src/offline/service-worker.ts"].map((file) => [
          entryName(file),
          resolve(__dirname, file),
        ]),
      ),
      output: {
        // A request costs more than the bytes that a page may not need: the first chapter had 50 of them.
        experimentalMinChunkSize: 40_000,
        // Sentences of another language stay by themselves.
        manualChunks: (id) => /\/messages\/(sentences\/.+)\.json$/.exec(id)?.[1]?.replaceAll("/", "-"),
        // The service worker stands above all that it serves, always under one name.
        entryFileNames: ({ name }) => (name === "service-worker" ? "[name].js" : "assets/[name]-[hash].js"),
      },
    },
  },
  worker: { format: "es" },
  // The page fetches ../tests/vectors in development.
  server: { fs: { allow: [".."] } },
  test: { environment: "node", include: ["test/**/*.test.ts"] },
});
