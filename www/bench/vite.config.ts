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
    rollupOptions: { input: "page.html" },
  },
  worker: { format: "es" },
});
