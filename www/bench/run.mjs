// node run.mjs [--quick] [--only=TEXT] [--fleet=TEXT] [--images=TEXT]: builds the benchmark page, opens it in one Chromium and measures
// every engine in it, one after the other; of many networks at once only the rows that contain TEXT, of images only the
// "preset, engine" that contain it. CHROME_PATH names the browser.
import { writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import { fileURLToPath } from "node:url";
import { build, preview } from "vite";
import { markdown } from "./report.mjs";
import { measureSurface } from "./surface.mjs";

// The page's own tests bring the browser driver; a second copy would need to be kept in step with it.
const require = createRequire(new URL("../node_modules/", import.meta.url));
const { chromium } = require("playwright-core");

const root = fileURLToPath(new URL(".", import.meta.url));
const quick = process.argv.includes("--quick");
const option = (name) => process.argv.find((argument) => argument.startsWith(name))?.slice(name.length) ?? "";
const only = option("--only=");
const fleet = option("--fleet=");
const images = option("--images=");
const milliseconds = quick ? 150 : 2000;
// An engine that takes longer than this is given up, so that the others still get their turn.
const patience = quick ? 60_000 : 120_000;
// A dozen steps of the larger network are long.
const imagePatience = 240_000;

const peers = [
  "TensorFlow.js cpu",
  "TensorFlow.js wasm",
  "TensorFlow.js webgpu",
  "jax-js wasm",
  "jax-js webgpu",
];

const say = (text) => process.stderr.write(`${text}\n`);

async function open(browser, address) {
  const page = await browser.newPage();
  page.on("pageerror", (error) => say(`  page: ${error.message}`));
  await page.goto(address);
  await page.waitForFunction(() => window.bench !== undefined);
  return page;
}

/** What `work` finds, unless it takes too long. */
async function patiently(work, limit = patience) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`gave up after ${limit / 1000} s`)), limit);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

const measure = (page, engine) =>
  patiently(page.evaluate(([name, budget]) => window.bench.measure(name, budget), [engine, milliseconds]));

const sentence = (error) => error.message.split("\n")[0].replace(/^page\.evaluate: (Error: )?/, "");

/**
 * Many networks at once, every engine in turn on one shape after the other. `reopen` gives a fresh page: what a
 * measurement was given up in would disturb the next one.
 */
async function measureFleets(page, reopen) {
  const rows = [];
  const shapes = await page.evaluate((short) => window.bench.fleetShapes(short), quick);
  // One that gave up is not asked for as much work again.
  const tooMuch = new Map();
  for (const shape of shapes.filter(({ what }) => what.includes(fleet))) {
    const times = {};
    const work = shape.networks * shape.layers * shape.width ** 3;
    for (const engine of ["lab cpu", "lab webgpu", ...peers]) {
      if (work >= (tooMuch.get(engine) ?? Infinity)) continue;
      try {
        times[engine] = await patiently(
          page.evaluate(
            ([name, given, budget]) => window.bench.fleet(name, given, { milliseconds: budget }),
            [engine, shape, quick ? 300 : 1000],
          ),
        );
      } catch (error) {
        times[engine] = { problem: sentence(error) };
        page = await reopen(page);
      }
      if (times[engine].milliseconds === undefined) tooMuch.set(engine, work);
    }
    rows.push({ ...shape, times });
    say(`  ${shape.what}: ${Object.entries(times).map(([name, { milliseconds: ms, problem }]) => `${name} ${ms?.toPrecision(3) ?? problem}`).join(", ")}`);
  }
  return { rows };
}

/**
 * Training on images, one row after the other. Every form has a page of its own: what one leaves behind, or was given
 * up in, would disturb the next.
 */
async function measureImages(reopen) {
  let page = await reopen();
  const rows = await page.evaluate(() => window.bench.imageRows);
  for (const row of rows) {
    row.times = {};
    // TensorFlow.js has a third device, whose shaders are of use where the others lack operations.
    for (const engine of ["lab cpu", "lab burn-webgpu", ...peers, "TensorFlow.js webgl"]) {
      if (!`${row.preset}, ${engine}`.includes(images)) continue;
      const forms = (row.times[engine] = {});
      try {
        page = await reopen(page);
        for (const form of await page.evaluate((name) => window.bench.imageForms(name), engine)) forms[form] = undefined;
      } catch (error) {
        forms.any = sentence(error);
      }
      for (const form of Object.keys(forms).filter((form) => forms[form] === undefined)) {
        try {
          page = await reopen(page);
          forms[form] = await patiently(
            page.evaluate(
              ([name, preset, way, budget]) => window.bench.images(name, preset, way, budget),
              [engine, row.preset, form, milliseconds],
            ),
            imagePatience,
          );
        } catch (error) {
          forms[form] = sentence(error);
        }
        say(`  ${row.preset}, ${engine}, ${form}: ${forms[form]}`);
      }
    }
  }
  return { rows: rows.filter(({ times }) => Object.keys(times).length > 0) };
}

async function main() {
  await build({ root, logLevel: "warn" });
  const server = await preview({ root, logLevel: "warn", preview: { port: 4567, host: "127.0.0.1" } });
  const browser = await chromium.launch({
    executablePath: process.env.CHROME_PATH,
    args: ["--enable-unsafe-webgpu", "--enable-unsafe-swiftshader", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
  });
  const results = [];
  const extras = {};
  let machine;
  try {
    const address = `${server.resolvedUrls.local[0]}page.html`;
    let page = await open(browser, address);
    machine = {
      ...(await page.evaluate(() => window.bench.machine())),
      cpu: os.cpus()[0]?.model.trim(),
      cores: os.cpus().length,
      memory: os.totalmem(),
      system: `${os.type()} ${os.release()}`,
      load: os.loadavg()[0],
      browser: `Chromium ${browser.version()}`,
      peers: JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8")).dependencies,
      quick,
      date: new Date().toISOString(),
    };
    const engines = [...(await page.evaluate(() => window.bench.labEngines)), ...peers];
    for (const engine of engines.filter((name) => name.includes(only))) {
      const begin = Date.now();
      try {
        results.push({ engine, ...(await measure(page, engine)) });
      } catch (error) {
        results.push({
          engine,
          w1: {},
          w2: {},
          w3: {},
          w4: {},
          notes: [sentence(error)],
        });
        // Whatever it is still doing would disturb the next one.
        await page.close();
        page = await open(browser, address);
      }
      say(`${engine}: ${((Date.now() - begin) / 1000).toFixed(1)} s`);
    }
    for (const [name, work] of [
      ["landscapes", () => page.evaluate((time) => window.bench.landscapes(time), milliseconds)],
      ["maps", () => page.evaluate((short) => window.bench.maps(short), quick)],
      ["images", () =>
        measureImages(async (old) => {
          await old?.close();
          return (page = await open(browser, address));
        })],
      ["fleets of maps", async () => {
        // What shares of W1 refer to, in the same page and minutes.
        extras.w1 = {};
        for (const engine of ["cpu", "webgpu"])
          extras.w1[`lab ${engine}`] = await patiently(
            page.evaluate(([name, time]) => window.bench.step(name, time), [engine, milliseconds]),
          );
        const reopen = async (old) => {
          await old.close();
          return (page = await open(browser, address));
        };
        return measureFleets(page, reopen);
      }],
      ["surface", () => measureSurface(browser)],
    ]) {
      if (!name.includes(only)) continue;
      const begin = Date.now();
      extras[name] = await work().catch((error) => ({ problem: error.message.split("\n")[0] }));
      say(`${name}: ${((Date.now() - begin) / 1000).toFixed(1)} s`);
    }
    machine.loadAfter = os.loadavg()[0];
  } finally {
    await browser.close();
    await server.close();
  }
  const text = markdown(machine, results, extras);
  await writeFile(new URL("results.md", import.meta.url), text);
  await writeFile(
    new URL("results.json", import.meta.url),
    `${JSON.stringify({ machine, results, ...extras }, null, 2)}\n`,
  );
  console.log(text);
}

await main();
// The preview server may hold keep-alive connections open.
process.exit(0);
