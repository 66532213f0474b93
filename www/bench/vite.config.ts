import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  build: {
    outDir: "build",
    emptyOutDir: true,
    target: "es2022",
    // WebAssembly stays in files, as any page would serve it.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 4096,
    // Absolute: a relative one is looked up from where the command was given.
    rollupOptions: { input: fileURLToPath(new URL("page.html", import.meta.url)) },
  },
  worker: { format: "es" },
});
