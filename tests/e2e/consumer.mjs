// Another project that uses the package: the packed files unpacked where npm would put them, and Vite to bundle it.
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));
const require = createRequire(join(root, "www/package.json"));

/** A new project with these files, `{path: text}`, and the package installed. */
export async function project(files) {
  const folder = await mkdtemp(join(tmpdir(), "identity-lab-consumer-"));
  const installed = join(folder, "node_modules/identity-lab");
  await mkdir(installed, { recursive: true });
  const { status, stderr } = spawnSync(
    "tar",
    ["-xzf", await packed(), "-C", installed, "--strip-components=1"],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`The package could not be unpacked: ${stderr}`);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return { folder, installed, remove: () => rm(folder, { recursive: true, force: true }) };
}

async function packed() {
  const folder = join(root, "target/package");
  const files = await readdir(folder).catch(() => []);
  const found = files.filter((name) => name.endsWith(".tgz"));
  if (found.length === 1) return join(folder, found[0]);
  throw new Error(
    `There are ${found.length} packages in target/package: run \`cargo xtask test --only package\` first.`,
  );
}

const vite = () => import(pathToFileURL(require.resolve("vite")).href);

/** Vite with no settings but these, as a project has it that was just begun. */
export async function bundle(folder, out, pages, settings = {}) {
  const { build } = await vite();
  await build({
    root: folder,
    configFile: false,
    logLevel: "warn",
    build: { outDir: out, rollupOptions: { input: pages.map((page) => join(folder, page)) } },
    ...settings,
  });
  return join(folder, out);
}

/** Vite's server for development, which bundles nothing. */
export async function develop(folder, settings = {}) {
  const { createServer } = await vite();
  const server = await createServer({
    root: folder,
    configFile: false,
    logLevel: "warn",
    server: { port: 0, host: "localhost" },
    ...settings,
  });
  await server.listen();
  return { url: server.resolvedUrls.local[0], close: () => server.close() };
}

/** What TypeScript says against files of a project; empty where they are right. */
export async function typeErrors(folder, files, compilerOptions) {
  const strict = { strict: true, noEmit: true, target: "es2022", lib: ["es2022", "dom"], types: [] };
  const config = { compilerOptions: { ...strict, ...compilerOptions }, files };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
  const tsc = require.resolve("typescript/bin/tsc");
  return spawnSync("node", [tsc, "-p", folder], { encoding: "utf8" }).stdout;
}

/**
 * The examples of a text in Markdown, or in comments of a declaration file: `{language, code, expected}`, where
 * `expected` are the lines that an example says it prints, each after an arrow.
 */
export async function examples(file) {
  const text = (await readFile(file, "utf8")).replace(/^ *\*(?: |$)/gm, "");
  return [...text.matchAll(/^```(js|html)\n(.*?)^```/gms)].map(([, language, code]) => ({
    language,
    code,
    expected: [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, line]) => line.trim()),
  }));
}
