/// <reference types="vitest/config" />
import { resolve } from "node:path";
import { defineConfig } from "vite";
import { CHAPTERS, LAB } from "./story/chapters";
import { story } from "./story/plugin";

export default defineConfig({
  plugins: [story()],
  // Relative addresses: the built folder works at any path of any web host.
  base: "./",
  build: {
    outDir: "../dist",
    emptyOutDir: true,
    target: "es2022",
    // The reference vectors and the wasm module stay files, fetched when they are needed.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: [...CHAPTERS.map(({ file }) => file), LAB].map((file) => resolve(__dirname, file)) },
  },
  worker: { format: "es" },
  // The page fetches ../tests/vectors in development.
  server: { fs: { allow: [".."] } },
  test: { environment: "node", include: ["test/**/*.test.ts"] },
});
