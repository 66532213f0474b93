/// <reference types="vitest/config" />
import { defineConfig } from "vite";

export default defineConfig({
  // Relative addresses: the built folder works at any path of any web host.
  base: "./",
  build: {
    outDir: "../dist",
    emptyOutDir: true,
    target: "es2022",
    // The reference vectors and the wasm module stay files, fetched when they are needed.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  worker: { format: "es" },
  // The page fetches ../tests/vectors in development.
  server: { fs: { allow: [".."] } },
  test: { environment: "node", include: ["test/**/*.test.ts"] },
});
