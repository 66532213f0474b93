/// <reference types="vitest/config" />
import { basename, extname, resolve } from "node:path";
import { defineConfig } from "vite";
import { offline } from "./offline/plugin";
import { PAGES } from "./story/chapters";
import { story } from "./story/plugin";

export default defineConfig({
  plugins: [story(), offline()],
  // Relative addresses: the built folder works at any path of any web host.
  base: "./",
  build: {
    outDir: "../dist",
    emptyOutDir: true,
    target: "es2022",
    // The reference vectors and the wasm module stay files, fetched when they are needed.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: Object.fromEntries(
        [...PAGES, "src/offline/service-worker.ts"].map((file) => [
          basename(file, extname(file)),
          resolve(__dirname, file),
        ]),
      ),
      output: {
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
