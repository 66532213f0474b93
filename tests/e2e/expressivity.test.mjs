// Theorem 3.2: building a network, stepping through its blocks, comparing widths, cancelling, and refusing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fitsAndIsAccessible } from "./fitting.mjs";
import { collectErrors, moving, PATIENCE, stage } from "./harness.mjs";

const opened = stage({ webgpu: false });

/** A page with the section open. */
async function visit(act, options = {}) {
  const context = await opened.browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const errors = collectErrors(page);
  await page.goto(opened.server.url);
  await moving(page);
  await page.getByTestId("play").click();
  assert.equal(builders(page), 0, "nothing is fetched or built before the section is opened");
  await page.locator("#expressivity > summary").click();
  await page.getByTestId("express-build").waitFor();
  await act(page);
  assert.deepEqual(errors, []);
  await context.close();
}

async function set(page, settings) {
  for (const [name, value] of Object.entries(settings)) {
    const control = page.getByTestId(`express-${name}`);
    if (await control.evaluate((element) => element.tagName === "SELECT")) await control.selectOption(value);
    else {
      await control.fill(value);
      await control.blur();
    }
  }
}

const builders = (page) =>
  page.workers().filter((worker) => worker.url().includes("expressivity-worker")).length;

/** Workers are heard of, and forgotten, a moment after they start or end. */
async function buildersAre(page, wanted, says) {
  for (const end = Date.now() + 5_000; builders(page) !== wanted; await page.waitForTimeout(20)) {
    assert.ok(Date.now() < end, `${says}: ${builders(page)} workers`);
  }
}

/** Builds and returns the report; a refusal fails. */
async function build(page) {
  await page.locator("lab-expressivity").evaluate((element) => (element.before = element.built));
  await page.getByTestId("express-build").click();
  await page.waitForFunction(
    () => {
      const { built, before, problem, progress } = document.querySelector("lab-expressivity");
      return problem || (built && built !== before && progress === undefined);
    },
    undefined,
    { timeout: PATIENCE },
  );
  const { report, problem } = await page
    .locator("lab-expressivity")
    .evaluate(({ built, problem }) => ({ report: built?.report, problem }));
  assert.equal(problem, "");
  return report;
}

const positions = (page) => page.locator("lab-hidden-steps").evaluate((element) => [...element.positions]);

/** The points that stand elsewhere in the second list. */
const moved = (before, after) => {
  const points = [];
  for (let i = 0; i < before.length / 2; i++) {
    if (before[2 * i] !== after[2 * i] || before[2 * i + 1] !== after[2 * i + 1]) points.push(i);
  }
  return points;
};

/** The positions once the picture stands still after so many blocks. */
async function standing(page, blocks) {
  await page
    .getByTestId("hidden-state")
    .filter({ hasText: new RegExp(`Block ${blocks} of`) })
    .waitFor();
  await page.waitForTimeout(700);
  return positions(page);
}

test(
  "spirals are built, fitted, and stepped through: k points a block, no others",
  { timeout: PATIENCE },
  async () => {
    await visit(async (page) => {
      const report = await build(page);
      assert.deepEqual(
        [report.points, report.width, report.blocks, report.layers, report.parameters],
        [200, 8, 25, 27, 8 * 2 + 25 * (2 * 64 + 8) + 2 * 8 + 4 + 2],
      );
      assert.equal(report.parameters, report.promised);
      assert.deepEqual([report.double.fitted, report.double.strays, report.double.moved], [200, 0, 200]);
      assert.ok(
        report.double.error < 1e-9 && report.single.error > report.double.error,
        JSON.stringify(report),
      );
      assert.match(await page.getByTestId("express-fitted").textContent(), /200 of 200/);
      assert.match(await page.getByTestId("express-parameters").textContent(), /3.?438/);

      const seen = [await positions(page)];
      assert.equal(seen[0].length, 400);
      for (let block = 1; block <= 3; block++) {
        await page.getByTestId("hidden-forward").click();
        seen.push(await standing(page, block));
        assert.equal(moved(seen[block - 1], seen[block]).length, 8, `block ${block}`);
      }
      await page.getByTestId("hidden-back").click();
      assert.deepEqual(await standing(page, 2), seen[2], "backwards is the same place");

      // The slider, by keys; at its end every point is on one of two surrogates.
      await page.getByTestId("hidden-at").focus();
      await page.keyboard.press("End");
      const end = await standing(page, 25);
      const places = new Set(Array.from({ length: 200 }, (_, i) => `${end[2 * i]} ${end[2 * i + 1]}`));
      assert.equal(places.size, 2);
      await page.keyboard.press("Home");
      await page.getByTestId("hidden-state").filter({ hasText: "Before the first block" }).waitFor();
      assert.deepEqual(await positions(page), seen[0]);

      // Playing goes to the end by itself, from wherever it begins.
      await page.getByTestId("hidden-speed").selectOption("20");
      await page.getByTestId("hidden-play").click();
      await page.getByTestId("hidden-state").filter({ hasText: "Block 25 of 25" }).waitFor();
      await page.waitForFunction(
        () =>
          document
            .querySelector("lab-expressivity")
            .shadowRoot.querySelector("lab-hidden-steps")
            .shadowRoot.querySelector("[data-testid=hidden-play]").ariaLabel === "Play",
      );
      await page.getByTestId("hidden-view").selectOption("2 3");
      assert.notDeepEqual(await positions(page), end);

      // The plane's picture agrees with the network at the points themselves.
      await page.waitForFunction(() => document.querySelector("lab-expressivity").decision?.side === 201);
      const found = await page.locator("lab-expressivity").evaluate(async ({ built, decision }) => {
        const classes = await built.classify(built.points.inputs);
        const parameters = await built.parameters();
        return {
          wrong: classes.filter((label, i) => label !== built.points.labels[i]).length,
          parameters: parameters.length,
          seen: [...new Set(decision.classes)].sort(),
        };
      });
      assert.equal(found.wrong, 0);
      assert.equal(found.parameters, report.parameters);
      assert.ok(found.seen.includes(0) && found.seen.includes(1), String(found.seen));
    });
  },
);

test("where motion is to be reduced, a step is there at once", { timeout: PATIENCE }, async () => {
  await visit(
    async (page) => {
      await build(page);
      const begin = await positions(page);
      const steps = await page.locator("lab-hidden-steps").evaluate(async (element) => {
        element.shadowRoot.querySelector("[data-testid=hidden-forward]").click();
        return [...element.positions];
      });
      assert.equal(moved(begin, steps).length, 8);
      await page.waitForTimeout(300);
      assert.deepEqual(await positions(page), steps);
    },
    { reducedMotion: "reduce" },
  );
});

test("the sphere at the reference size has the reference numbers", { timeout: PATIENCE }, async () => {
  await visit(async (page) => {
    await set(page, { set: "sphere" });
    const report = await build(page);
    assert.deepEqual(
      [report.points, report.dimension, report.classes, report.width, report.layers, report.parameters],
      [2000, 50, 10, 11, 184, 46816],
    );
    assert.deepEqual([report.double.fitted, report.single.fitted], [2000, 2000]);
    assert.ok(report.double.error < 1e-9 && report.single.error < 1e-3, JSON.stringify(report));
    await set(page, { points: "300", classes: "4" });
    await build(page);
    await page.getByTestId("express-sweep").click();
    await page.waitForFunction(
      () => {
        const { trials, sweeping } = document.querySelector("lab-expressivity");
        return trials.length > 0 && sweeping === undefined;
      },
      undefined,
      { timeout: PATIENCE },
    );
    const trials = await page.locator("lab-expressivity").evaluate(({ trials }) => trials);
    assert.deepEqual(
      trials.map(({ width }) => width),
      [2, 3, 4, 6, 8, 11, 16, 23, 32, 45, 64, 91, 128, 181, 256],
    );
    for (const { width, corrected } of trials) assert.equal(corrected, 300, `k = ${width}`);
    assert.ok(trials[3].printed < 300 && trials[3].separated < trials[3].blocks, JSON.stringify(trials[3]));
    const last = trials.at(-1);
    assert.deepEqual([last.printed, last.separated], [300, last.blocks]);
    await page
      .getByTestId("express-sweep-said")
      .filter({ hasText: /the printed construction fits/ })
      .waitFor();
    await buildersAre(page, 1, "after the sweep");
  });
});

test("parameters counted grow as the formula says", { timeout: PATIENCE }, async () => {
  await visit(async (page) => {
    await page.getByTestId("express-growth").click();
    await page.waitForFunction(
      () => {
        const { counted, counting } = document.querySelector("lab-expressivity");
        return counted.length === 9 && counting === undefined;
      },
      undefined,
      { timeout: PATIENCE },
    );
    const counted = await page.locator("lab-expressivity").evaluate(({ counted }) => counted);
    for (const { points, parameters, promised } of counted) {
      assert.equal(parameters, promised, String(points));
      assert.ok(parameters < 4 * points * Math.log2(points), `${points}: ${parameters}`);
    }
    await buildersAre(page, 0, "after the count");
  });
});

test(
  "what cannot be fitted is refused with a sentence, and what stood stays",
  { timeout: PATIENCE },
  async () => {
    await visit(async (page) => {
      await build(page);
      const refused = async (settings, sentence) => {
        await set(page, settings);
        await page.getByTestId("express-build").click();
        await page.getByTestId("express-problem").filter({ hasText: sentence }).waitFor();
        await page.waitForFunction(() => document.querySelector("lab-expressivity").progress === undefined);
        const built = await page.locator("lab-expressivity").evaluate(({ built }) => built.report.points);
        assert.equal(built, 200);
      };
      await refused({ points: "30000" }, "points: allowed is a whole number from 2 to 20000; got 30000");
      await refused({ points: "200", width: "1" }, "width: allowed is a whole number from 2 to 512; got 1");
      await refused({ width: "", noise: "-2" }, "noise: allowed is a number from 0 to 10; got -2");
      await refused({ noise: "0", seed: "x" }, "seed: allowed is a whole number from 0 to 4294967295; got x");
      await refused(
        { seed: "1", points: "3", classes: "5" },
        "classes: allowed are as many as there are points",
      );
      // Points from elsewhere: a contradiction, and the origin, which the sphere has room for.
      const give = (inputs) =>
        page.locator("lab-expressivity").evaluate((element, inputs) => {
          element.points = {
            dimension: 2,
            classes: 2,
            inputs: Float32Array.from(inputs),
            labels: Uint16Array.of(0, 1, 1),
          };
        }, inputs);
      await give([1, 2, 3, 4, 1, 2]);
      await refused({}, "points 1 and 3 are equal and have the labels 0 and 1: no function fits both");
      await give([1, 2, 0, 0, 3, 4]);
      await refused({}, "point 2 is the origin");
      await page.getByTestId("express-sphere").check();
      const report = await build(page);
      assert.deepEqual([report.points, report.dimension, report.double.fitted], [3, 3, 3]);
      await page.waitForFunction(() => document.querySelector("lab-expressivity").decision);
      await buildersAre(page, 1, "after refusals");
    });
  },
);

test("20,000 points: progress, cancel at once, and the page stays quick", { timeout: PATIENCE }, async () => {
  await visit(async (page) => {
    await page.evaluate(() => {
      window.longest = 0;
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
      }).observe({ type: "longtask" });
    });
    await set(page, { set: "sphere", points: "20000" });
    await page.getByTestId("express-build").click();
    await page.waitForFunction(() => document.querySelector("lab-expressivity").progress > 0.02);
    await page.getByTestId("express-build").filter({ hasText: "Cancel" }).click();
    await buildersAre(page, 0, "after Cancel");
    const { built, progress } = await page
      .locator("lab-expressivity")
      .evaluate(({ built, progress }) => ({ built: built !== undefined, progress }));
    assert.deepEqual([built, progress], [false, undefined]);
    const report = await build(page);
    assert.deepEqual([report.points, report.width, report.blocks], [20000, 15, 1334]);
    assert.deepEqual([report.double.fitted, report.double.strays], [20000, 0]);
    const { longest, milliseconds } = await page.evaluate(() => ({
      longest: window.longest,
      milliseconds: document.querySelector("lab-expressivity").built.milliseconds,
    }));
    console.log(`n = 20,000, k = 15: ${Math.round(milliseconds)} ms; longest task of the page ${longest} ms`);
    // A build on the page itself would take seconds.
    assert.ok(longest < 1000, `a task of ${longest} ms`);
    // Closing the section ends what is under way.
    await page.getByTestId("express-build").click();
    await page.waitForFunction(() => document.querySelector("lab-expressivity").progress > 0);
    await page.locator("#expressivity > summary").click();
    await buildersAre(page, 1, "after the section is closed, only what was built is kept");
  });
});

for (const [screen, viewport, colorScheme] of [
  ["phone", { width: 360, height: 740 }, "dark"],
  ["desktop", { width: 1440, height: 900 }, "light"],
]) {
  test(`${screen}, ${colorScheme}: fits, and axe finds nothing`, { timeout: PATIENCE }, async () => {
    await visit(
      async (page) => {
        await build(page);
        await page.getByTestId("express-sweep").click();
        await page.getByTestId("express-growth").click();
        await page.waitForFunction(() => {
          const { trials, counted } = document.querySelector("lab-expressivity");
          return trials.length > 3 && counted.length > 3;
        });
        await fitsAndIsAccessible(page);
      },
      { viewport, colorScheme },
    );
  });
}
