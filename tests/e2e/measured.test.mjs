// What the first chapter costs on a slow computer and a slow network: printed, so that it can be followed; sizes, which
// do not depend on the machine, are held to their limits.
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { collectErrors, PATIENCE, stage } from "./harness.mjs";

const opened = stage({ webgpu: false, compress: true });
const dist = fileURLToPath(new URL("../../dist", import.meta.url));

/** Fast 3G as browsers' own tools have it. */
const FAST_3G = { offline: false, latency: 562.5, downloadThroughput: 180_000, uploadThroughput: 84_375 };
const CPU_SLOWDOWN = 4;
/** Bytes that a first visit to the first chapter may take, compressed, until its first figure moves. */
const MOST_BYTES = 500_000;

/** Long tasks and shifts of what is shown, from the very beginning. */
const WATCH = () => {
  window.seen = { tasks: [], largest: 0, shift: 0, frames: 0 };
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.seen.tasks.push(duration);
  }).observe({ type: "longtask", buffered: true });
  new PerformanceObserver((list) => {
    for (const { startTime } of list.getEntries()) window.seen.largest = startTime;
  }).observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput } of list.getEntries())
      if (!hadRecentInput) window.seen.shift += value;
  }).observe({ type: "layout-shift", buffered: true });
  const count = () => {
    window.seen.frames++;
    requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
};

async function slow(page, network) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: CPU_SLOWDOWN });
  if (network) {
    await devtools.send("Network.enable");
    await devtools.send("Network.emulateNetworkConditions", FAST_3G);
  }
}

/** The error function to 1.5e-7 (Abramowitz and Stegun 7.1.26). */
function erf(x) {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const series =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - series * Math.exp(-x * x));
}

/** The share of a log-normal distribution above a value: 0.9 at `good`, 0.5 at `median`. */
function share(value, good, median) {
  const deviations = (0.9061938 * Math.log(Math.max(value, 1e-9) / median)) / Math.log(median / good);
  return (1 - erf(deviations)) / 2;
}

/** Milliseconds by which tasks were longer than 50 ms. */
const blocked = (tasks) => tasks.reduce((sum, duration) => sum + Math.max(0, duration - 50), 0);

/**
 * From 0 to 100 as Lighthouse 12 weighs phones: first and largest paint, blocking, shifts. Its speed index, a tenth, is
 * left out.
 */
function performanceScore({ paint, largest, tasks, shift }) {
  const parts = [
    [10, share(paint, 1800, 3000)],
    [25, share(largest, 2500, 4000)],
    [30, share(blocked(tasks), 200, 600)],
    [25, share(shift, 0.1, 0.25)],
  ];
  return (100 * parts.reduce((sum, [weight, part]) => sum + weight * part, 0)) / 90;
}

const DESKTOP = { viewport: { width: 1280, height: 900 } };
/** The phone that Lighthouse has. */
const PHONE = {
  viewport: { width: 412, height: 823 },
  deviceScaleFactor: 1.75,
  isMobile: true,
  hasTouch: true,
};

for (const [name, screen, network] of [
  ["from this machine", DESKTOP, false],
  ["over Fast 3G", DESKTOP, true],
  ["over Fast 3G on a phone", PHONE, true],
]) {
  test(
    `the first chapter with a processor ${CPU_SLOWDOWN} times slower, ${name}`,
    { timeout: 2 * PATIENCE },
    async (t) => {
      const context = await opened.browser.newContext(screen);
      const page = await context.newPage();
      const errors = collectErrors(page);
      await page.addInitScript(WATCH);
      await slow(page, network);
      const already = opened.server.requests.length;
      await page.goto(opened.server.root, { waitUntil: "commit" });
      await page.waitForFunction(() => document.querySelector("#saddle")?.state?.frame?.step > 0, undefined, {
        timeout: PATIENCE,
      });
      const moved = await page.evaluate(() => performance.now());
      const files = [...new Set(opened.server.requests.slice(already))];
      let bytes = 0;
      for (const file of files)
        bytes += gzipSync(await readFile(join(dist, file === "/" ? "index.html" : file)), {
          level: 9,
        }).length;
      await page.evaluate(() => Object.assign(window.seen, { frames: 0, from: performance.now() }));
      await page.waitForTimeout(3000);
      const { paint, largest, tasks, shift, rate } = await page.evaluate(() => ({
        paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
        ...window.seen,
        rate: (1000 * window.seen.frames) / (performance.now() - window.seen.from),
      }));
      const score = performanceScore({ paint, largest, tasks, shift });
      t.diagnostic(
        `first paint ${Math.round(paint)} ms, first figure moves after ${Math.round(moved)} ms, ${files.length} files of ` +
          `${bytes} bytes compressed, longest task ${Math.round(Math.max(0, ...tasks))} ms, all tasks ${Math.round(blocked(tasks))} ms too long, ${rate.toFixed(0)} frames a second, layout shift ${shift.toFixed(3)}` +
          (screen === PHONE ? `, performance ${score.toFixed(0)} of 100` : ""),
      );
      assert.ok(bytes < MOST_BYTES, `${bytes} bytes`);
      assert.ok(shift < 0.1, `layout shift ${shift}`);
      assert.deepEqual(errors, []);
      await context.close();
    },
  );
}
