// Vite plugin: tells the service worker what the build consists of.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Plugin } from "vite";
import { hash } from "./hash";

const WORKER = "service-worker.js";

/** Fetched only when somebody asks for it, and large: burn on WebGPU, and the reference values to check a browser with. */
const ON_DEMAND = [/burn[-_]webgpu/, /assets\/linear_[a-z]+-.*\.json$/, /\.map$/];

interface Entry {
  url: string;
  /** Null where the name says it. */
  revision: string | null;
}

function* files(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else yield path;
  }
}

export function offline(): Plugin {
  let publicFolder = "";
  return {
    name: "identity-lab-offline",
    apply: "build",
    enforce: "post",
    configResolved({ publicDir }) {
      publicFolder = publicDir;
    },
    generateBundle(_, bundle) {
      const worker = bundle[WORKER];
      if (worker?.type !== "chunk") throw new Error(`The build has no ${WORKER}.`);
      const built = Object.values(bundle)
        .filter(({ fileName }) => fileName !== WORKER)
        .map((file): Entry => {
          const content = file.type === "chunk" ? file.code : file.source;
          return { url: file.fileName, revision: file.fileName.startsWith("assets/") ? null : hash(content) };
        });
      const copied = [...files(publicFolder)].map((path): Entry => ({
        url: relative(publicFolder, path).replaceAll("\\", "/"),
        revision: hash(readFileSync(path)),
      }));
      const kept = [...built, ...copied].filter(({ url }) => !ON_DEMAND.some((pattern) => pattern.test(url)));
      kept.sort((a, b) => (a.url < b.url ? -1 : 1));
      worker.code = `self.PRECACHED=${JSON.stringify(kept)};\n${worker.code}`;
    },
  };
}
