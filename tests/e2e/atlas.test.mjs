// Maps of networks: training them, reading, opening, zooming, stopping, refusing, and leaving nothing behind.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fitsAndIsAccessible } from "./fitting.mjs";
import { collectErrors, moving, PATIENCE, stage, stepOf } from "./harness.mjs";

const opened = stage({
  webgpu: false,
  args: ["--enable-precise-memory-info", "--js-flags=--expose-gc"],
});

/** A page with the section open; `settings` are the controls' values by their test ids. */
async function visit(settings, act, options = {}) {
  const page = await opened.browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  const errors = collectErrors(page);
  await page.goto(opened.server.url);
  await moving(page);
  await page.getByTestId("play").click();
  assert.equal(trainers(page), 0, "nothing is fetched or trained before the section is opened");
  await page.locator("#maps > summary").click();
  await page.getByTestId("atlas-start").waitFor();
  await set(page, settings);
  await act(page);
  assert.deepEqual(errors, []);
  await page.close();
}

async function set(page, settings) {
  for (const [name, value] of Object.entries(settings)) {
    const control = page.getByTestId(`atlas-${name}`);
    if (await control.evaluate((element) => element.tagName === "SELECT")) await control.selectOption(value);
    else {
      await control.fill(value);
      await control.blur();
    }
  }
}

/** How many workers train networks of a map. */
const trainers = (page) => page.workers().filter((worker) => worker.url().includes("atlas-worker")).length;

/** Workers are heard of, and forgotten, a moment after they start or end. */
async function trainersAre(page, wanted, says) {
  for (const end = Date.now() + 5_000; trainers(page) !== wanted; await page.waitForTimeout(20)) {
    assert.ok(Date.now() < end, `${says}: ${trainers(page)} workers`);
  }
}

/** What the section shows; the outcomes of a large map take seconds to come over. */
const shown = (page) =>
  page.locator("lab-atlas").evaluate(({ atlas, running, problem }) => ({
    running,
    problem,
    ...(atlas && {
      trained: atlas.trained,
      networks: atlas.networks,
      spec: { ...atlas.spec, experiment: undefined },
      x: [...atlas.x],
      y: [...atlas.y],
      twins: (atlas.x.length > 64 ? [] : atlas.twins).map((twin) =>
        Object.fromEntries(Object.entries(twin).map(([name, values]) => [name, [...values]])),
      ),
    }),
  }));

const start = (page) => page.getByTestId("atlas-start").click();

async function finished(page) {
  await page.waitForFunction(
    () => {
      const { atlas, running, problem } = document.querySelector("lab-atlas");
      return problem || (!running && atlas && atlas.trained === atlas.networks);
    },
    undefined,
    { timeout: PATIENCE },
  );
  const found = await shown(page);
  assert.equal(found.problem, "");
  return found;
}

const SMALL = { size: "16", steps: "200", "y-high": "32" };

/** Where on the screen the middle of a cell is. */
async function onScreen(page, twin, ix, iy, size = 16) {
  const canvas = page.getByTestId(`atlas-${twin}`).getByTestId("atlas-canvas");
  await canvas.scrollIntoViewIfNeeded();
  const box = await canvas.boundingBox();
  // The margins are those of plotFrame.
  return [
    box.x + 54 + ((ix + 0.5) / size) * (box.width - 64),
    box.y + 8 + (1 - (iy + 0.5) / size) * (box.height - 46),
  ];
}

test(
  "a map of learning rate and depth: small rates converge, large ones diverge, a click opens a network",
  { timeout: PATIENCE },
  async () => {
    await visit(SMALL, async (page) => {
      assert.equal(trainers(page), 0, "nothing is trained before Start");
      await start(page);
      const { x, y, twins, trained, networks } = await finished(page);
      assert.deepEqual([x.length, y.length, twins.length], [16, 16, 2]);
      // Cells of one rounded depth are one network.
      assert.equal(networks, 2 * 16 * new Set(y).size);
      assert.equal(trained, networks);
      const [identity, standard] = twins;
      y.forEach((depth, iy) => {
        const row = (values) => values.slice(16 * iy, 16 * iy + 16);
        const column = (least) => x.findIndex((rate) => rate >= least);
        // The largest rate that is still small at this depth.
        const good = Math.max(0, column(0.04 / depth) - 1);
        assert.ok(Number.isNaN(row(identity.divergedAt)[good]), `depth ${depth}, rate ${x[good]}`);
        assert.ok(
          row(identity.excess)[good] < 0.3,
          `depth ${depth}, rate ${x[good]}: ${row(identity.excess)}`,
        );
        if (depth > 3) {
          for (const { divergedAt } of [identity, standard]) assert.ok(row(divergedAt)[15] < 200);
          // A deep standard network has learned next to nothing meanwhile.
          if (depth > 16) assert.ok(row(standard.excess)[good] > 1);
        }
      });

      // A cell is what a session of its own comes to, to the last bit.
      const [ix, iy] = [7, 9];
      assert.ok(identity.steps[16 * iy + ix] > 10);
      const alone = await page.evaluate(
        async ([learningRate, layers]) => {
          const session = await window.identityLab.createSession(
            {
              network: { kind: "linear", width: 8, layers },
              optimizer: { kind: "gradientDescent", learningRate },
            },
            { engine: "cpu" },
          );
          const frame = await session.step(200);
          session.dispose();
          return frame.twins.map(({ excess, history }) => ({
            excess,
            steps:
              history.steps[history.excess.findIndex((value) => value <= 0.01 * history.excess[0])] ?? NaN,
          }));
        },
        [x[ix], y[iy]],
      );
      assert.deepEqual(
        twins.map(({ excess, steps }) => ({ excess: excess[16 * iy + ix], steps: steps[16 * iy + ix] })),
        alone,
      );

      await page.mouse.move(...(await onScreen(page, "identity", 15, 15)));
      await page
        .getByTestId("atlas-reading")
        .filter({ hasText: /learning rate 0\.\d+, depth 29.*identity\s+diverged at step \d.*standard/s })
        .waitFor();
      await page.mouse.move(...(await onScreen(page, "standard", ix, iy)));
      await page
        .getByTestId("atlas-reading")
        .filter({ hasText: /identity\s+excess .* after 200 steps.*standard\s+excess/s })
        .waitFor();
      const before = await page.evaluate(() => window.identityLab.state().experiment);
      await page.mouse.click(...(await onScreen(page, "standard", ix, iy)));
      await page.waitForFunction(
        (rate) => window.identityLab.state().experiment.optimizer.learningRate === rate,
        x[ix],
      );
      const { experiment } = await page.evaluate(() => window.identityLab.state());
      assert.equal(experiment.network.layers, y[iy]);
      assert.deepEqual({ ...experiment, optimizer: 0, network: 0 }, { ...before, optimizer: 0, network: 0 });
      await page.mouse.move(5, 5);
      await page
        .getByTestId("atlas-opened")
        .filter({ hasText: `depth ${y[iy]}` })
        .waitFor();
      await trainersAre(page, 0, "after the map and the click");
      await page.getByTestId("step").click();
      await moving(page, 0);
    });
  },
);

test("keys choose a cell, open it, and zoom", { timeout: PATIENCE }, async () => {
  await visit({ ...SMALL, colour: "steps", "x-low": "0.001", "x-high": "0.1" }, async (page) => {
    await start(page);
    const { x, y, twins, spec } = await finished(page);
    assert.equal(spec.budget.stopAtThreshold, true);
    assert.ok(twins[0].steps.some((steps) => steps > 0 && steps < 200));
    const canvas = page.getByTestId("atlas-identity").getByTestId("atlas-canvas");
    await canvas.focus();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowDown");
    await page.waitForFunction(
      () =>
        /Arrow keys/.test(
          document
            .querySelector("lab-atlas")
            .shadowRoot.querySelector("lab-atlas-map")
            .shadowRoot.querySelector("canvas").ariaLabel,
        ) && document.querySelector("lab-atlas").shadowRoot.textContent.includes("of its start"),
    );
    assert.match(await canvas.getAttribute("aria-label"), /learning rate [\d.]+, depth \d+: /);
    await page.keyboard.press("Enter");
    await page.waitForFunction(
      ([rate, depth]) => {
        const { optimizer, network } = window.identityLab.state().experiment;
        return optimizer.learningRate === rate && network.layers === depth;
      },
      [x[7], y[7]],
    );
    await page.keyboard.press("+");
    await page.waitForFunction((old) => document.querySelector("lab-atlas").atlas?.x[0] > old, x[0]);
    await finished(page);
    await page.keyboard.press("0");
    await page.waitForFunction((old) => document.querySelector("lab-atlas").atlas?.x[0] === old, x[0]);
    await finished(page);
  });
});

test("a rectangle and the wheel zoom, and the whole comes back", { timeout: PATIENCE }, async () => {
  await visit({ ...SMALL, steps: "20" }, async (page) => {
    await start(page);
    const first = await finished(page);
    const [left, top] = await onScreen(page, "identity", 4, 11);
    const [right, bottom] = await onScreen(page, "identity", 11, 4);
    await page.mouse.move(left, top);
    await page.mouse.down();
    await page.mouse.move(right, bottom, { steps: 5 });
    await page.mouse.up();
    await page.waitForFunction((old) => document.querySelector("lab-atlas").atlas.x[0] > old[1], first.x);
    const near = await finished(page);
    assert.ok(near.x[0] > first.x[3] && near.x[0] < first.x[5], `${near.x[0]}`);
    assert.ok(near.x[15] > first.x[10] && near.x[15] < first.x[12], `${near.x[15]}`);
    assert.ok(near.y[0] >= first.y[3] && near.y[0] <= first.y[6], `${near.y[0]}`);
    assert.ok(near.y[15] >= first.y[9] && near.y[15] <= first.y[12], `${near.y[15]}`);
    // The same values stand in the form.
    assert.equal(Number(await page.getByTestId("atlas-x-low").inputValue()), near.spec.x.low);
    // Without the focus the wheel scrolls the page.
    await page.evaluate(() => document.activeElement?.blur());
    await page.mouse.move(...(await onScreen(page, "identity", 8, 8)));
    await page.mouse.wheel(0, 40);
    await page.waitForTimeout(600);
    assert.equal((await shown(page)).x[0], near.x[0]);
    await page.getByTestId("atlas-identity").getByTestId("atlas-canvas").focus();
    await page.mouse.move(...(await onScreen(page, "identity", 8, 8)));
    await page.mouse.wheel(0, -100);
    await page.waitForFunction((old) => document.querySelector("lab-atlas").atlas.x[0] > old, near.x[0]);
    await finished(page);
    await page.getByTestId("atlas-whole").click();
    await page.waitForFunction((old) => document.querySelector("lab-atlas").atlas.x[0] === old, first.x[0]);
    await finished(page);
  });
});

test("curves over seeds: steps against depth, with quartiles", { timeout: PATIENCE }, async () => {
  await visit({ view: "curves", seeds: "8", threshold: "0.1", "x-high": "16" }, async (page) => {
    await start(page);
    const { x, y, twins, spec } = await finished(page);
    assert.equal(spec.budget.stopAtThreshold, true);
    // The experiment's own seed, 1, is the first.
    assert.deepEqual(y, [1, 2, 3, 4, 5, 6, 7, 8]);
    const column = x.indexOf(8);
    const counts = y.map((_, iy) => twins[0].steps[24 * iy + column]).sort((a, b) => a - b);
    assert.ok(counts.every((count) => count > 0 && count < 1000));
    const text = `median ${counts[4]} steps, quartiles ${counts[2]} and ${counts[6]}, 8 of 8 seeds`;
    const canvas = page.getByTestId("sweep-canvas");
    await canvas.scrollIntoViewIfNeeded();
    const box = await canvas.boundingBox();
    await page.mouse.move(box.x + 54 + 0.75 * (box.width - 64), box.y + box.height / 2);
    await page
      .getByTestId("atlas-reading")
      .filter({ hasText: new RegExp(`depth 8.*identity: ${text}`, "s") })
      .waitFor();
    const colours = await canvas.evaluate((element) => {
      const { data } = element.getContext("2d").getImageData(0, 0, element.width, element.height);
      return new Set(new Uint32Array(data.buffer)).size;
    });
    assert.ok(colours > 50, `${colours} colours`);
  });
});

test(
  "Stop stops, closing lets go of everything, and training goes on meanwhile",
  { timeout: PATIENCE },
  async () => {
    await visit({ size: "256", steps: "2000" }, async (page) => {
      await page.getByTestId("play").click();
      await start(page);
      await page.waitForFunction(() => document.querySelector("lab-atlas").atlas?.trained > 50);
      assert.ok(trainers(page) > 0);
      await moving(page, (await stepOf(page)) + 5);
      assert.equal(await page.getByTestId("atlas-start").innerText(), "Stop");
      await page.getByTestId("atlas-start").click();
      await trainersAre(page, 0, "after Stop");
      const { trained, networks, running } = await shown(page);
      assert.ok(trained < networks && !running);
      await page.waitForTimeout(300);
      assert.equal((await shown(page)).trained, trained);
      await page.getByTestId("atlas-status").filter({ hasText: "stopped" }).waitFor();
      // A newer request ends the one before it.
      await start(page);
      await page.waitForFunction((old) => document.querySelector("lab-atlas").atlas.trained < old, trained);
      await page.locator("#maps > summary").click();
      await trainersAre(page, 0, "after closing");
      assert.equal((await shown(page)).trained, undefined);
      await page.locator("#maps > summary").click();
      await set(page, { size: "16", steps: "20" });
      await start(page);
      await finished(page);
    });
  },
);

test("what makes no map is refused in a sentence", { timeout: PATIENCE }, async () => {
  await visit(SMALL, async (page) => {
    const refused = async (settings, sentence) => {
      await set(page, settings);
      await start(page);
      await page.getByTestId("atlas-problem").filter({ hasText: sentence }).waitFor();
      assert.equal((await shown(page)).running, false);
      await trainersAre(page, 0, "after a refusal");
    };
    await refused({ "x-low": "2" }, /x\.high: allowed is a number above x\.low, which is 2; got 1/);
    await refused({ "x-low": "0" }, /x\.low: .*logarithmic axis is a number above 0/);
    await refused({ "x-low": "abc" }, /x\.low: allowed is a number/);
    await refused({ "x-low": "0.001", y: "learningRate" }, /y\.quantity: .*another quantity/);
    await refused({ y: "depth", steps: "1000000" }, /budget\.steps: .*1 to 100000; got 1000000/);
    await refused({ steps: "100000", size: "512" }, /budget\.steps: .*fewer cells, steps or layers/);
    // What is mended runs.
    await set(page, { steps: "20", size: "16" });
    await start(page);
    await finished(page);
    assert.equal(await page.getByTestId("atlas-problem").count(), 0);
  });
});

test("fifty maps leave no worker and no memory behind", { timeout: 2 * PATIENCE }, async () => {
  await visit({ ...SMALL, steps: "20" }, async (page) => {
    const memory = () =>
      page.evaluate(async () => {
        for (let i = 0; i < 3; i++) {
          window.gc();
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        return performance.memory.usedJSHeapSize;
      });
    await start(page);
    await finished(page);
    const before = await memory();
    for (let round = 0; round < 50; round++) {
      await start(page);
      if (round % 2) await page.waitForTimeout(40);
      // Half of them end by themselves or are stopped at any time, workers just starting included.
      if (await page.locator("lab-atlas").evaluate(({ running }) => running)) await start(page);
    }
    await trainersAre(page, 0, "after fifty maps");
    const grown = (await memory()) - before;
    assert.ok(grown < 3e6, `${grown} bytes more`);
  });
});

test(
  "a phone shows both maps without scrolling sideways, and axe finds nothing",
  { timeout: PATIENCE },
  async () => {
    await visit(
      SMALL,
      async (page) => {
        await start(page);
        await finished(page);
        const [upper, lower] = await Promise.all(
          ["identity", "standard"].map((twin) =>
            page.getByTestId(`atlas-${twin}`).getByTestId("atlas-canvas").boundingBox(),
          ),
        );
        assert.ok(lower.y >= upper.y + upper.height && upper.width > 280);
        await fitsAndIsAccessible(page, "#maps");
        await page.evaluate(() => (document.documentElement.dataset.theme = "dark"));
        await set(page, { view: "curves", seeds: "4", steps: "50" });
        await start(page);
        await finished(page);
        await fitsAndIsAccessible(page, "#maps");
      },
      { viewport: { width: 360, height: 740 } },
    );
  },
);
