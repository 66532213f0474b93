// What every end-to-end test needs: the built page on a port of its own, and a real Chromium with a
// software WebGPU adapter, or without any.
import { spawnSync } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join, normalize, sep } from "node:path";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const root = fileURLToPath(new URL("../..", import.meta.url));
const dist = join(root, "dist");

/** A host that Chromium is told to find on this machine. Unlike localhost it is no secure origin. */
const INSECURE_HOST = "lab.test";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
};

/**
 * Serves dist/ on a free port, as a plain web host would: no special headers, nothing outside dist/.
 *
 * `subpath` ("/some/folder/") puts the page there and nothing at the root. `change(request path)` may
 * return `{status, type, body}` to answer something else, for tests of what can go wrong.
 *
 * Returns `root` (always ends in "/", the first chapter), `url` (the lab), `insecureUrl` (the lab on an origin where
 * browsers have no navigator.gpu at all, neither in pages nor in workers), `requests` (the paths asked for), `close()`.
 */
export async function serveDist(options) {
  await stat(join(dist, "index.html")).catch(() => {
    throw new Error("There is no built page in dist/: run `cargo xtask build` first.");
  });
  return serveFolder(dist, options);
}

/** The same of another folder; `headers` are sent with every answer; `compress` does what most web hosts do. */
export async function serveFolder(folder, { subpath = "/", change, headers, compress } = {}) {
  const base = `/${subpath.split("/").filter(Boolean).join("/")}/`.replace("//", "/");
  const requests = [];
  const server = createServer((request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    requests.push(path);
    answer(folder, path, base, change)
      .catch((error) => ({ status: 500, type: TYPES[".txt"], body: String(error) }))
      .then(({ status, type, body }) => {
        const encoding = compress ? { "content-encoding": "gzip" } : {};
        response.writeHead(status, {
          "content-type": type,
          "cache-control": "no-store",
          ...encoding,
          ...headers,
        });
        response.end(request.method === "HEAD" ? undefined : compress ? gzipSync(body) : body);
      });
  });
  await new Promise((listening, failed) => {
    server.once("error", failed);
    server.listen(0, "127.0.0.1", listening);
  });
  const { port } = server.address();
  return {
    root: `http://localhost:${port}${base}`,
    url: `http://localhost:${port}${base}lab.html`,
    insecureUrl: `http://${INSECURE_HOST}:${port}${base}lab.html`,
    requests,
    close: () =>
      new Promise((closed) => {
        server.close(closed);
        server.closeAllConnections();
      }),
  };
}

async function answer(folder, path, base, change) {
  const changed = await change?.(path);
  if (changed) return { status: 200, type: TYPES[extname(path)] ?? TYPES[".txt"], body: "", ...changed };
  const nothing = { status: 404, type: TYPES[".txt"], body: "not found" };
  if (!path.startsWith(base)) return nothing;
  const name = decodeURIComponent(path.slice(base.length)) || "index.html";
  const file = normalize(join(folder, name));
  if (!file.startsWith(folder + sep)) return nothing;
  try {
    const body = await readFile(file);
    return { status: 200, type: TYPES[extname(file)] ?? "application/octet-stream", body };
  } catch {
    return nothing;
  }
}

/**
 * Starts the Chromium that CHROME_PATH names. With `webgpu: true` it has the SwiftShader adapter, on any
 * machine; with `webgpu: false` it has navigator.gpu but no adapter, in pages and in workers. (For no
 * navigator.gpu, open the server's `insecureUrl`.) `args` are further switches.
 */
export async function launch({ webgpu, args = [] }) {
  const executablePath = process.env.CHROME_PATH;
  if (!executablePath) {
    throw new Error(
      "CHROME_PATH is not set: run `cargo xtask test`, which finds a browser, or set it yourself.",
    );
  }
  return playwright().chromium.launch({
    executablePath,
    args: [
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
      "--no-proxy-server",
      // Containers often have a small /dev/shm.
      "--disable-dev-shm-usage",
      `--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`,
      ...(webgpu
        ? ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"]
        : // Switches named after WebGPU leave the adapter in place in today's headless Chromium; without a
          // GPU and without its software stand-in there is none.
          ["--disable-gpu", "--disable-software-rasterizer"]),
      ...args,
    ],
  });
}

/** The served page and an open browser for all tests of a file: `{ server, browser }`, there from the first test on. */
export function stage({ webgpu, args, ...served }) {
  const opened = {};
  before(async () => {
    opened.server = await serveDist(served);
    opened.browser = await launch({ webgpu, args });
    // What a service worker fetches beside the page, or has kept, must not stand between a test and the build.
    const { browser } = opened;
    const newContext = browser.newContext.bind(browser);
    browser.newContext = (options) => newContext({ serviceWorkers: "block", ...options });
    browser.newPage = async (options) => (await browser.newContext(options)).newPage();
  });
  after(async () => {
    await opened.browser?.close();
    await opened.server?.close();
  });
  return opened;
}

function playwright() {
  const require = createRequire(join(root, "www/package.json"));
  try {
    return require("playwright-core");
  } catch (error) {
    throw new Error("The page's packages are not installed: run `npm ci` in www/.", { cause: error });
  }
}

/** How long a test waits for something before it fails: software adapters compile shaders for seconds. */
export const PATIENCE = 120_000;

/** Waits until the open page has gone beyond that step. */
export function moving(page, beyond = 3) {
  return page.waitForFunction((least) => (window.identityLab?.state().step ?? 0) > least, beyond, {
    timeout: PATIENCE,
  });
}

/** The step that the open page has reached. */
export function stepOf(page) {
  return page.evaluate(() => window.identityLab?.state().step ?? 0);
}

/** For `serveDist({change})`: a session's worker whose GPU `loseGpu` takes away, as a driver reset would. */
export function losableGpu() {
  return beforeWorker(`
    const request = GPUAdapter.prototype.requestDevice;
    GPUAdapter.prototype.requestDevice = async function (...options) {
      const device = await request.apply(this, options);
      new BroadcastChannel("lose").onmessage = () => device.destroy();
      return device;
    }`);
}

export function loseGpu(page) {
  return page.evaluate(() => new BroadcastChannel("lose").postMessage("now"));
}

/** For `serveDist({change})`: puts `script` in front of a worker, by default the session's. */
export async function beforeWorker(script, worker = "worker") {
  const name = (await readdir(join(dist, "assets"))).find(
    (file) => file.startsWith(`${worker}-`) && file.endsWith(".js"),
  );
  const own = await readFile(join(dist, "assets", name), "utf8");
  return (path) => (path.endsWith(`/${name}`) ? { body: `${script};\n${own}` } : undefined);
}

/**
 * Collects what went wrong in a page and its workers, as sentences: console errors, exceptions nobody
 * caught, requests that failed or were refused. Call it before the page is opened; the returned array grows.
 */
export function collectErrors(page) {
  const errors = [];
  page.on("pageerror", (error) => errors.push(`uncaught: ${error.stack ?? error}`));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) errors.push(`request: ${response.url()} ${response.status()}`);
  });
  page.on("requestfailed", (request) => {
    errors.push(`request: ${request.url()} ${request.failure()?.errorText}`);
  });
  page.on("crash", () => errors.push("the page crashed"));
  return errors;
}

/** Those errors that are none: what a page that is left had asked for is given up. */
export const withoutAborted = (errors) => errors.filter((error) => !error.endsWith("net::ERR_ABORTED"));

/**
 * What the open page and a worker of it can see of WebGPU: each "absent" (no navigator.gpu), "no adapter",
 * or the adapter's architecture ("swiftshader").
 */
export async function webGpuSeen(page) {
  return page.evaluate(async () => {
    const look = async () => {
      if (!("gpu" in navigator)) return "absent";
      const adapter = await navigator.gpu.requestAdapter();
      return adapter ? adapter.info.architecture || "unnamed" : "no adapter";
    };
    const script = `(${look})().then(postMessage)`;
    const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    const worker = new Worker(url);
    const inWorker = await new Promise((seen, failed) => {
      worker.onmessage = ({ data }) => seen(data);
      worker.onerror = ({ message }) => failed(new Error(message));
    });
    worker.terminate();
    URL.revokeObjectURL(url);
    return { page: await look(), worker: inWorker };
  });
}

/** What the native command answers, as JSON. */
export const native = (...words) => JSON.parse(nativeText(...words));

/** What the native command writes to its standard output: the one that IDENTITY_LAB names, or one that cargo makes. */
export function nativeText(...words) {
  const command = process.env.IDENTITY_LAB;
  const [program, ...first] = command
    ? [command]
    : ["cargo", "run", "--quiet", "--bin", "identity-lab", "--"];
  const { status, stdout, stderr } = spawnSync(program, [...first, ...words], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`identity-lab ${words.join(" ")} failed: ${stderr}`);
  return stdout;
}

/** Two fingers about a place of the page, side by side, from one distance to it to another. */
export async function pinch(page, [x, y], from, to) {
  const touch = await page.context().newCDPSession(page);
  const send = (type, ...points) =>
    touch.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: points.map(([x, y], id) => ({ x, y, id })),
    });
  const fingers = (apart) => [
    [x - apart, y],
    [x + apart, y],
  ];
  await send("touchStart", ...fingers(from));
  for (let i = 1; i <= 6; i++) await send("touchMove", ...fingers(from + ((to - from) * i) / 6));
  await send("touchEnd");
}
