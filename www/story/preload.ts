// Vite plugin: pages that compute at once fetch the engine while their scripts are still on their way.
import { basename } from "node:path";
import type { Plugin } from "vite";
import { LAB } from "./chapters";

/** In every language. Elsewhere a figure may be far below, and the engine is fetched when it comes near. */
const AT_ONCE = ["index.html", LAB, "figure.html"];
const ENGINE = /^assets\/core_bg-.*\.wasm$/;

export function preload(): Plugin {
  return {
    name: "identity-lab-preload",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(_, { bundle, filename, path }) {
        if (!AT_ONCE.includes(basename(filename))) return;
        const engine = Object.keys(bundle ?? {}).find((name) => ENGINE.test(name));
        if (!engine) throw new Error("The build has no engine.");
        const up = "../".repeat(path.split("/").length - 2) || "./";
        // As `fetch` asks for it, or it would be fetched twice.
        const attrs = {
          rel: "preload",
          as: "fetch",
          type: "application/wasm",
          href: up + engine,
          crossorigin: true,
        };
        return [{ tag: "link", attrs, injectTo: "head" }];
      },
    },
  };
}
