// What the lab keeps of long use: nothing, neither in its page nor in its workers nor on the GPU. By default as many
// rounds as show what grows with each of them; SOAK_ROUNDS=5000 takes the better part of an hour.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { collectErrors, moving, stage } from "./harness.mjs";

const ROUNDS = Number(process.env.SOAK_ROUNDS ?? 60);
const LOOKS = 4;

/** Megabytes of the page's heap that are in use once everything that can go has gone. */
async function heap(devtools) {
  await devtools.send("HeapProfiler.collectGarbage");
  const { usedSize } = await devtools.send("Runtime.getHeapUsage");
  return usedSize / 1e6;
}

/** Kilobytes of memory that a process holds. */
async function held(id) {
  const status = await readFile(`/proc/${id}/status`, "utf8").catch(() => undefined);
  if (status) return Number(/^VmRSS:\s*(\d+) kB/m.exec(status)[1]);
  // Where there is no /proc, as on a Mac.
  const { stdout, error } = spawnSync("ps", ["-o", "rss=", "-p", id], { encoding: "utf8" });
  if (error) throw new Error("Neither /proc nor `ps` is here to tell what processes hold.", { cause: error });
  return Number(stdout);
}

/** Megabytes of memory that the browser's processes of a type hold: all workers are in the page's renderer. */
async function resident(browser, type) {
  const devtools = await browser.newBrowserCDPSession();
  const { processInfo } = await devtools.send("SystemInfo.getProcessInfo");
  await devtools.detach();
  const ids = processInfo.filter((process) => process.type === type).map(({ id }) => String(id));
  assert.ok(ids.length > 0, `no process of type ${type}: ${processInfo.map((process) => process.type)}`);
  const sizes = await Promise.all(ids.map(held));
  return sizes.reduce((sum, kilobytes) => sum + kilobytes, 0) / 1e3;
}

/** What a class does in a few minutes: other depths and planes, runs, resets. */
const round = (page, i) =>
  page.evaluate(async (i) => {
    const { state, reset, session } = window.identityLab;
    const say = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
    const { experiment } = state();
    say("lab-plane", { kind: ["startCurrent", "gradient", "random"][i % 3] });
    document.dispatchEvent(
      new CustomEvent("lab-draft", {
        detail: { ...experiment, network: { ...experiment.network, layers: 4 + (i % 5) * 4 } },
      }),
    );
    say("lab-restart");
    await new Promise((resolve) => setTimeout(resolve, 250));
    await session().step(200);
    await reset();
  }, i);

for (const webgpu of [false, true]) {
  const opened = stage({ webgpu });
  const engine = webgpu ? "webgpu" : "cpu";

  test(
    `the lab in use keeps neither memory nor workers, on ${engine}`,
    { timeout: ROUNDS * 10_000 },
    async (t) => {
      const { browser, server } = opened;
      const context = await browser.newContext();
      const page = await context.newPage();
      const errors = collectErrors(page);
      await page.goto(`${server.url}#engine=${engine}`);
      await moving(page, 3);
      assert.equal(await page.evaluate(() => window.identityLab.state().engine.name), engine);
      const devtools = await context.newCDPSession(page);
      // Without WebGPU a browser may do without that process.
      const sizes = { heap: [], renderer: [], ...(webgpu && { gpu: [] }) };
      const look = async () => {
        sizes.heap.push(await heap(devtools));
        sizes.renderer.push(await resident(browser, "renderer"));
        sizes.gpu?.push(await resident(browser, "GPU"));
      };
      for (let i = 0; i < ROUNDS; i++) {
        if (i % Math.ceil(ROUNDS / LOOKS) === 0) await look();
        await round(page, i);
      }
      await look();
      const workers = page.workers().length;
      const text = Object.entries(sizes).map(
        ([name, sizes]) => `${name} ${sizes.map((size) => size.toFixed(1)).join(", ")}`,
      );
      t.diagnostic(`MB after every ${ROUNDS / LOOKS} rounds: ${text.join("; ")}; ${workers} workers`);
      // The first rounds load what is loaded on demand, and fill the list of the last twelve runs. Beyond the page's heap
      // no one can ask for a collection: over 400 rounds processes rise for 80 (renderer to 640 MB, GPU to 165 MB), then the
      // renderer falls to 520 MB, and both stay there.
      const grown = (sizes) => sizes.at(-1) - sizes[1];
      assert.ok(grown(sizes.heap) < 3, text[0]);
      assert.ok(grown(sizes.renderer) < 250, text[1]);
      if (webgpu) assert.ok(grown(sizes.gpu) < 60, text[2]);
      assert.ok(workers <= 8, `${workers} workers`);
      assert.deepEqual(errors, []);
      await context.close();
    },
  );
}
