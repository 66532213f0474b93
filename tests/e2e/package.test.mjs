// The package as other people use it: from a bundler, from a script of one's own or another origin, and in a frame
// without an origin, as notebooks show their outputs.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { bundle, develop, examples, project, root, typeErrors } from "./consumer.mjs";
import { collectErrors, launch, PATIENCE, serveFolder } from "./harness.mjs";

/** What every way of using the package has to do, with the same bits. */
const TRIAL = `
export async function trial({ createSession }) {
  const session = await createSession({ network: { kind: "linear", width: 4, layers: 6 }, seed: 3 });
  const trained = await session.step(50);
  const landscape = await session.landscape(0, { size: 17, onProgress: () => {} });
  const places = await session.places();
  await session.setEngine("burn");
  const reference = await session.step(5);
  const refused = await session.configure({ network: { kind: "linear", width: 999, layers: 2 } }).catch((error) => error);
  const rest = await session.step(0);
  session.dispose();
  const excess = (frame) => frame.twins.map(({ excess }) => excess);
  return {
    places,
    numbers: [...excess(trained), ...landscape.values, ...excess(reference)],
    steps: [trained.step, reference.step, rest.step],
    engine: reference.engine,
    refused: [refused.name, refused.field],
  };
}`;

/** Begins every page; without an icon of its own a browser would ask for one that is not there. */
const HEAD = `<!doctype html><meta charset="utf-8" /><link rel="icon" href="data:," /><title>A page</title>`;

const page = (head, script) => `${HEAD}${head}<script type="module">${script}</script>`;

/** A page that leaves the result of a trial where the test finds it. */
const trying = (address, head = "") =>
  page(
    head,
    `import * as lab from "${address}";
     import { trial } from "/trial.js";
     window.result = trial(lab);`,
  );

const MAIN = `import * as lab from "identity-lab";
import { trial } from "./trial.js";
window.result = trial(lab);`;

let consumer, own, other, browser;
/** What a page on the package's own origin finds: the others must have the same numbers. */
let first;

before(async () => {
  consumer = await project({
    "package.json": JSON.stringify({ name: "consumer", type: "module" }),
    "trial.js": TRIAL,
    "main.js": MAIN,
    "index.html": `${HEAD}<script type="module" src="/main.js"></script>`,
  });
  // Two ports are two origins.
  [own, other] = await Promise.all([
    serveFolder(consumer.folder, { change: pages }),
    serveFolder(consumer.folder, {
      headers: { "access-control-allow-origin": "*" },
    }),
  ]);
  browser = await launch({ webgpu: false });
  first = await visit(`${own.root}own.html`);
});

after(async () => {
  await browser?.close();
  await own?.close();
  await other?.close();
  await consumer?.remove();
});

const ENTRY = "node_modules/identity-lab/dist/index.js";
const NO_BLOBS = `<meta http-equiv="Content-Security-Policy" content="worker-src 'self'" />`;

/** Pages that examples run in. */
const bodies = new Map();

function pages(path) {
  const remote = `${other.root}${ENTRY}`;
  const body = {
    "/own.html": trying(`/${ENTRY}`),
    "/remote.html": trying(remote),
    "/strict.html": trying(remote, NO_BLOBS),
    "/notebook.html": notebook(remote, ""),
    "/strict-notebook.html": notebook(remote, NO_BLOBS),
    ...Object.fromEntries(bodies),
  }[path];
  return body && { body };
}

/** A page around a frame without an origin, whose script has nothing but the address of the package. */
function notebook(remote, head) {
  const cell = page(
    head,
    `${TRIAL.replace("export ", "")}
     try {
       parent.postMessage(await trial(await import("${remote}")), "*");
     } catch (error) {
       parent.postMessage({ failed: String(error) }, "*");
     }`,
  );
  return `${HEAD}<script>window.result = new Promise((seen) => addEventListener("message", ({ data }) => seen(data)));</script>
${frame(cell)}`;
}

function frame(cell) {
  const escaped = cell.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  return `<iframe sandbox="allow-scripts" srcdoc="${escaped}"></iframe>`;
}

/** The result of the trial in a page, and what went wrong there. */
async function visit(url) {
  const page = await browser.newPage();
  const errors = collectErrors(page);
  await page.goto(url);
  const result = await page.evaluate(() => window.result);
  await page.close();
  return { result, errors };
}

/** Where the examples say that the package is, if it is on another host. */
const EXAMPLE_HOST = "https://example.org/identity-lab/";

/** Bundles those that import the package by its name. */
async function bundledExamples(found) {
  const named = [...found.keys()].filter((number) => /(from|import) "identity-lab/.test(found[number].code));
  for (const number of named) {
    await writeFile(join(consumer.folder, `example-${number}.js`), found[number].code);
    const html = `${HEAD}<script type="module" src="/example-${number}.js"></script>`;
    await writeFile(join(consumer.folder, `example-${number}.html`), html);
  }
  return bundle(
    consumer.folder,
    "examples",
    named.map((number) => `example-${number}.html`),
  );
}

/** The address, or the content, of the page in which an example runs: as it stands, where it says it would. */
function placeOf({ language, code }, number, bundled) {
  const remote = code.replaceAll(EXAMPLE_HOST, `${other.root}node_modules/identity-lab/`);
  if (language === "html") return { url: `${own.root}node_modules/example.html`, body: HEAD + code };
  if (remote !== code)
    return {
      url: `${own.root}example.html`,
      body: HEAD + frame(page("", remote)),
    };
  return { url: `${bundled.root}example-${number}.html` };
}

/** What a page prints, up to so many lines. */
async function prints({ url, body }, count) {
  const page = await browser.newPage();
  const errors = collectErrors(page);
  const lines = [];
  const done = new Promise((all) => {
    page.on("pageerror", all);
    page.on("console", (message) => {
      if (message.type() === "log" && lines.push(message.text()) === count) all();
    });
  });
  bodies.set(new URL(url).pathname, body);
  await page.goto(url);
  // What printed too little shows in the comparison.
  await Promise.race([done, new Promise((over) => setTimeout(over, 60_000))]);
  await page.close();
  return { lines, errors };
}

const everywhere = (place) => ({
  session: place,
  surveyor: place,
  pool: place,
});

function sameAs({ result, errors }, places) {
  assert.deepEqual(result.places, places);
  assert.deepEqual({ ...result, places: undefined }, { ...first.result, places: undefined });
  assert.deepEqual(errors, []);
}

/** The same but for what the browser reports of a page's policy. */
function sameUnderPolicy({ result, errors }, places) {
  sameAs(
    {
      result,
      errors: errors.filter((error) => !error.includes("Content Security Policy")),
    },
    places,
  );
}

test("a script from the page's own origin has workers", () => {
  const { result, errors } = first;
  assert.deepEqual(errors, []);
  assert.deepEqual(result.places, everywhere("worker"));
  assert.deepEqual(result.steps, [50, 55, 55]);
  assert.equal(result.engine, "burn");
  assert.deepEqual(result.refused, ["LabError", "network.width"]);
  assert.equal(result.numbers.length, 2 + 17 * 17 + 2);
  assert.ok(result.numbers.every((value) => value >= 0 && Number.isFinite(value)));
});

test("a script from another origin has workers that import it", { timeout: PATIENCE }, async () => {
  sameAs(await visit(`${own.root}remote.html`), everywhere("blobWorker"));
});

test("where such workers are forbidden it computes in the page", { timeout: PATIENCE }, async () => {
  sameUnderPolicy(await visit(`${own.root}strict.html`), everywhere("inline"));
});

test("a frame without an origin, as in notebooks, has them too", { timeout: PATIENCE }, async () => {
  sameAs(await visit(`${own.root}notebook.html`), everywhere("blobWorker"));
  sameUnderPolicy(await visit(`${own.root}strict-notebook.html`), everywhere("inline"));
});

test("Vite bundles it without any settings", { timeout: PATIENCE }, async () => {
  const served = await serveFolder(await bundle(consumer.folder, "bundled", ["index.html"]));
  try {
    sameAs(await visit(served.root), everywhere("worker"));
  } finally {
    await served.close();
  }
});

// Vite makes classic scripts of workers if not told otherwise, and these cannot be imported from elsewhere.
for (const [format, places] of [
  // The surveyor's alone needs no address of its own.
  ["iife", { session: "inline", surveyor: "blobWorker", pool: "inline" }],
  ["es", everywhere("blobWorker")],
]) {
  test(`a bundle on another host works too, with ${format} workers`, { timeout: PATIENCE }, async () => {
    const out = `elsewhere-${format}`;
    const folder = await bundle(consumer.folder, out, ["index.html"], {
      base: "./",
      worker: { format },
    });
    const html = await readFile(join(folder, "index.html"), "utf8");
    await writeFile(join(folder, "index.html"), html.replaceAll("./assets/", `${other.root}${out}/assets/`));
    const served = await serveFolder(folder);
    try {
      sameAs(await visit(served.root), places);
    } finally {
      await served.close();
    }
  });
}

test("Vite's server for development serves it", { timeout: PATIENCE }, async () => {
  const served = await develop(consumer.folder, {
    optimizeDeps: { exclude: ["identity-lab"] },
  });
  try {
    sameAs(await visit(served.url), everywhere("worker"));
  } finally {
    await served.close();
  }
});

test(
  "its types satisfy a strict project, whichever way it resolves modules",
  { timeout: PATIENCE },
  async () => {
    await writeFile(
      join(consumer.folder, "typed.ts"),
      `import { createSession, LabError, type Frame, type LabSession, type Landscape } from "identity-lab";
import type { FigureElement, Part } from "identity-lab/figure";
const session: LabSession = await createSession({ seed: 3 }, { engine: "cpu" });
const frame: Frame = await session.step(10);
const excess: number[] = frame.twins.map((twin) => twin.excess);
const picture: Landscape | undefined = await session.landscape(0, { size: 33, plane: { kind: "trajectory" } });
const values: Float32Array | undefined = picture?.values;
const { pool }: { pool: "worker" | "blobWorker" | "inline" | undefined } = await session.places();
// @ts-expect-error There is no such engine.
await session.setEngine("quantum");
const figure: FigureElement = document.createElement("identity-lab-figure");
const part: Part = "landscapes";
figure.show = part;
const reached: Frame | undefined = figure.state?.frame;
// @ts-expect-error There are no such controls.
figure.controls = "some";
export const seen = [excess, values, pool, new LabError("a sentence").field, reached];
`,
    );
    for (const [module, moduleResolution] of [
      ["esnext", "bundler"],
      ["nodenext", "nodenext"],
    ]) {
      const errors = await typeErrors(consumer.folder, ["typed.ts"], {
        module,
        moduleResolution,
      });
      assert.equal(errors, "", moduleResolution);
    }
  },
);

test("it brings what it needs and touches no document", async () => {
  const manifest = JSON.parse(await readFile(join(consumer.installed, "package.json"), "utf8"));
  assert.equal(manifest.name, "identity-lab");
  assert.equal(manifest.dependencies, undefined);
  assert.equal(manifest.license, "MIT OR Apache-2.0");
  assert.deepEqual((await readdir(consumer.installed)).sort(), ["README.md", "dist", "package.json"]);
  // Node has neither a document nor workers of this kind, and may import it all the same.
  const script = `const { LabError, ENGINES } = await import("identity-lab");
    console.log(new LabError("a sentence").message, ENGINES.length);`;
  const node = spawnSync("node", ["--input-type=module", "-e", script], {
    cwd: consumer.folder,
    encoding: "utf8",
  });
  assert.equal(node.stdout, "a sentence 4\n", node.stderr);
});

const FIGURE = ENTRY.replace("index.js", "figure.js");

/** A page whose own styles would make something else of a figure that let them in. */
const figurePage = (address, attributes = "") => `${HEAD}
<style>
  html { font-size: 62.5%; }
  button { display: none; font-size: 50px; }
</style>
<identity-lab-figure experiment="network.layers=4&amp;network.width=2" show="landscapes chart" heading="A race" until="20" autoplay ${attributes}></identity-lab-figure>
<script type="module" src="${address}"></script>`;

for (const [where, address] of [
  ["its own origin", () => `/${FIGURE}`],
  ["another origin", () => `${other.root}${FIGURE}`],
]) {
  test(`a figure runs in a page that is not ours, from ${where}`, { timeout: PATIENCE }, async () => {
    for (const theme of ["light", "dark"]) {
      bodies.set("/figure.html", figurePage(address(), theme === "dark" ? 'data-theme="dark"' : ""));
      const page = await browser.newPage();
      const errors = collectErrors(page);
      await page.goto(`${own.root}figure.html`);
      const figure = page.locator("identity-lab-figure");
      await page.waitForFunction(
        () => document.querySelector("identity-lab-figure").state?.frame?.step === 20,
      );
      await figure.getByRole("button", { name: /reset/i }).click();
      await page.waitForFunction(() => document.querySelector("identity-lab-figure").state.frame.step === 0);
      const { brightness, size, heading } = await figure.evaluate((element) => {
        const shown = element.shadowRoot.querySelector("figure");
        const { backgroundColor, fontSize } = getComputedStyle(shown.querySelector("button"));
        const [red, green, blue] = backgroundColor.match(/[\d.]+/g).map(Number);
        return {
          brightness: (red + green + blue) / 3,
          size: Number.parseFloat(fontSize),
          heading: getComputedStyle(shown.querySelector("h3")).fontSize,
        };
      });
      assert.ok(theme === "dark" ? brightness < 80 : brightness > 200, `${theme}: ${brightness}`);
      assert.ok(size < 20, `${size}`);
      // 1.0625 of 16 pixels, though the page's rem is 10.
      assert.equal(heading, "17px");
      assert.equal(await figure.locator("lab-landscape").count(), 2);
      assert.deepEqual(errors, []);
      if (process.env.PICTURES)
        await page.screenshot({
          path: join(process.env.PICTURES, `${theme}.png`),
        });
      await page.close();
    }
  });
}

test("a figure speaks the language of the page, from its first word on", { timeout: PATIENCE }, async () => {
  const german = figurePage(`/${FIGURE}`).replace("<!doctype html>", '<!doctype html><html lang="de">');
  bodies.set("/german.html", german);
  const page = await browser.newPage();
  const errors = collectErrors(page);
  await page.addInitScript(() => {
    window.shown = new Set();
    const look = () => {
      for (const button of document
        .querySelector("identity-lab-figure")
        ?.shadowRoot?.querySelectorAll("button") ?? [])
        window.shown.add(button.getAttribute("aria-label"));
      requestAnimationFrame(look);
    };
    look();
  });
  await page.goto(`${own.root}german.html`);
  await page.waitForFunction(() => document.querySelector("identity-lab-figure").state?.frame?.step === 20);
  const figure = page.locator("identity-lab-figure");
  await figure.getByRole("button", { name: "Zurücksetzen" }).waitFor();
  assert.match(await figure.locator("figure").first().innerText(), /Schritt.*Überschussrisiko/s);
  const shown = await page.evaluate(() => [...window.shown]);
  assert.deepEqual(
    shown.filter((label) => /reset|play|pause|step/i.test(label)),
    [],
  );
  assert.deepEqual(errors, []);
  await page.close();
});

for (const [what, file] of [
  ["the package's README", (installed) => join(installed, "README.md")],
  ["the package's declarations", (installed) => join(installed, "dist/index.d.ts")],
  ["the figure's declarations", (installed) => join(installed, "dist/figure.d.ts")],
  ["the repository's README", () => join(root, "README.md")],
]) {
  test(`the examples in ${what} print what they say`, { timeout: 2 * PATIENCE }, async () => {
    const found = await examples(file(consumer.installed));
    assert.ok(found.length > 0, "there are none");
    const bundled = await serveFolder(await bundledExamples(found));
    try {
      for (const [number, example] of found.entries()) {
        const printed = await prints(placeOf(example, number, bundled), example.expected.length);
        assert.deepEqual(printed, { lines: example.expected, errors: [] }, example.code);
      }
    } finally {
      await bundled.close();
    }
  });
}
