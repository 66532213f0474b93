// Maps of classifiers, and how deep each start trains: trained, read, opened, saved and trained again, stopped; what
// does not fit them is said.
import assert from "node:assert/strict";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fitsAndIsAccessible } from "./fitting.mjs";
import { collectErrors, launch, moving, native, PATIENCE, stage } from "./harness.mjs";

const opened = stage({ webgpu: false });

async function visit(hash, act, options = {}) {
  const page = await opened.browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  const errors = collectErrors(page);
  await page.goto(opened.server.url + hash);
  await moving(page, 0);
  await page.evaluate(() => window.identityLab.pause());
  await page.getByTestId("atlas-start").waitFor();
  await act(page);
  assert.deepEqual(errors, []);
  await page.close();
}

const CLASSIFIER =
  "#network.kind=relu&network.width=4&network.blocks=6&data.kind=set&data.set=moons&data.points=40&data.noise=0.05" +
  "&data.heldOut=0.25&optimizer.kind=adam&optimizer.learningRate=0.01" +
  "&twins.0.parametrization=identity&twins.0.start.kind=identity&twins.1.parametrization=standard&twins.1.start.kind=he";

async function train(page) {
  await page.getByTestId("atlas-start").click();
  await page.waitForFunction(
    () => {
      const { atlas, running } = document.querySelector("lab-atlas");
      return !running && atlas && atlas.trained === atlas.networks;
    },
    undefined,
    { timeout: PATIENCE },
  );
  return page.locator("lab-atlas").evaluate(({ atlas: { x, y, spec, twins } }) => ({
    x: [...x],
    y: [...y],
    spec,
    twins: twins.map((twin) =>
      Object.fromEntries(Object.entries(twin).map(([name, values]) => [name, [...values]])),
    ),
  }));
}

async function saved(page, kind) {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByTestId("atlas-save").selectOption(kind),
  ]);
  const path = join(await mkdtemp(join(tmpdir(), "identity-lab-")), download.suggestedFilename());
  await download.saveAs(path);
  return path;
}

test(
  "a map of classifiers: cells are separate runs, are opened, saved and trained again to the bit",
  { timeout: 4 * PATIENCE },
  async () => {
    const maps = "&maps=open&maps.size=16&maps.steps=60&maps.y.high=24&maps.x.high=1&maps.threshold=0.3";
    await visit(CLASSIFIER + maps, async (page) => {
      const { x, y, twins } = await train(page);
      const [residual] = twins;
      const [ix, iy] = [9, 10];
      const cell = 16 * iy + ix;
      const alone = await page.evaluate(
        async ([learningRate, blocks]) => {
          const { experiment } = window.identityLab.state();
          const session = await window.identityLab.createSession(
            {
              ...experiment,
              network: { ...experiment.network, blocks },
              optimizer: { ...experiment.optimizer, learningRate },
            },
            { engine: "cpu" },
          );
          const frame = await session.step(60);
          const right = [0, 1].map((twin) => session.classifier(twin, { points: 1 }));
          const accuracy = (await Promise.all(right)).map(({ evaluation }) =>
            Math.fround(evaluation.accuracy),
          );
          session.dispose();
          return frame.twins.map(({ excess }, twin) => ({ excess, accuracy: accuracy[twin] }));
        },
        [x[ix], y[iy]],
      );
      assert.deepEqual(
        twins.map(({ excess, accuracy }) => ({ excess: excess[cell], accuracy: accuracy[cell] })),
        alone,
      );
      assert.ok(residual.accuracy[cell] > 0.9 && residual.steps[cell] > 0);

      // The arrows choose the cell; what is read are its loss and its points.
      const canvas = page.getByTestId("atlas-identity").getByTestId("atlas-canvas");
      await canvas.focus();
      await page.keyboard.press("ArrowRight");
      await page
        .getByTestId("atlas-reading")
        .filter({ hasText: /learning rate .*, depth \d+.*loss [\d.·⁻\d]+ after 60 steps, [\d.]+ % right, /s })
        .waitFor();
      const shown = await page.locator("lab-atlas").evaluate(({ cursor }) => cursor);
      await page.keyboard.press("Enter");
      await page.waitForFunction(
        ([rate, depth]) => {
          const { optimizer, network } = window.identityLab.state().experiment;
          return optimizer.learningRate === rate && network.blocks === depth;
        },
        [x[shown[0]], y[shown[1]]],
      );
      assert.match(await page.locator("#maps figcaption").first().innerText(), /^Residual blocks/);

      const again = native("run", await saved(page, "json"));
      assert.deepEqual([again.cells, again.identical, again.largestRelativeDifference], [256, 256, 0]);
      const csv = await readFile(await saved(page, "csv"), "utf8");
      assert.match(csv, /^learningRate,depth,network,parametrization,loss,steps,divergedAt,accuracy$/m);
      assert.match(await readFile(await saved(page, "svg"), "utf8"), /ReLU networks on 40 points \(moons\)/);
    });
  },
);

test("what classifiers have no map of is said", { timeout: PATIENCE }, async () => {
  await visit(`${CLASSIFIER}&maps=open&maps.size=16&maps.steps=5`, async (page) => {
    assert.deepEqual(await page.getByTestId("atlas-x").locator("option").allInnerTexts(), [
      "learning rate",
      "depth",
      "width",
      "noise of the points",
      "scale of the start",
      "seed",
    ]);
    await page.getByTestId("atlas-view").selectOption("basins");
    await page.getByTestId("atlas-start").click();
    await page
      .getByTestId("atlas-problem")
      .filter({ hasText: /basins: .*linear networks apart/ })
      .waitFor();
  });
});

test("with webgpu asked for, the processor trains them and says so", { timeout: 2 * PATIENCE }, async () => {
  const withGpu = await launch({ webgpu: true });
  const page = await withGpu.newPage({ viewport: { width: 1280, height: 900 } });
  try {
    await page.goto(`${opened.server.url}${CLASSIFIER}&engine=webgpu&maps=open&maps.size=16&maps.steps=5`);
    await page.waitForFunction(() => window.identityLab?.state().engine.name === "webgpu", undefined, {
      timeout: PATIENCE,
    });
    await page.evaluate(() => window.identityLab.pause());
    await page.getByTestId("atlas-start").waitFor();
    await train(page);
    await page
      .getByTestId("atlas-notice")
      .filter({ hasText: "Maps of classifiers are trained by the processor only." })
      .waitFor();
  } finally {
    await withGpu.close();
  }
});

/** Few and shallow networks; the lab is left at the linear ones. */
const DEEP = "#maps=open&maps.view=deep&maps.seeds=4&maps.steps=200";

const reaches = (page) => page.getByTestId("deep-reach").locator("li").allInnerTexts();

test(
  "starts near the identity train at depths where He branches do not",
  { timeout: 4 * PATIENCE },
  async () => {
    await visit(`${DEEP}&maps.x.low=15&maps.x.high=150`, async (page) => {
      const { x, y, spec, twins } = await train(page);
      assert.deepEqual([x[0], x[12], y.join()], [15, 150, "1,2,3,4"]);
      assert.equal(twins.length, 6);
      const found = (await reaches(page)).map((text) => text.replace(/\s+/g, " "));
      for (const name of ["identity", "Fixup", "SkipInit", "ReZero"]) {
        assert.ok(found.includes(`${name} ≥ 150`), found.join());
      }
      assert.ok(/^He, with skips (< 15|\d\d)$/.test(found[4]), found[4]);
      assert.equal(found[5], "He, no skips < 15");

      // A network of the picture is what a session of its own comes to.
      const column = 12;
      const alone = await page.evaluate(
        async ([experiment, blocks, twins]) => {
          const found = [];
          for (const twin of twins) {
            const session = await window.identityLab.createSession(
              { ...experiment, network: { ...experiment.network, blocks }, seed: 3, twins: [twin] },
              { engine: "cpu" },
            );
            found.push((await session.step(200)).twins[0].excess);
            session.dispose();
          }
          return found;
        },
        [spec.experiment, x[column], [spec.networks[1], spec.networks[5]]],
      );
      assert.deepEqual(
        [1, 5].map((start) => twins[start].excess[2 * 13 + column]),
        alone,
      );

      const canvas = page.getByTestId("deep-canvas");
      await canvas.scrollIntoViewIfNeeded();
      const { width, height } = await canvas.boundingBox();
      await canvas.hover({ position: { x: width - 130, y: height / 4 } });
      await page
        .getByTestId("atlas-reading")
        .filter({ hasText: /depth 150.*identity: median [\d.]+ % right, quartiles .*\d of 4 seeds trained/s })
        .waitFor();
      await canvas.focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowLeft");
      const [at, start] = await page.locator("lab-atlas").evaluate(({ cursor }) => cursor);
      await page.keyboard.press("Enter");
      await page.waitForFunction(
        ([depth, kind]) => {
          const { network, twins } = window.identityLab.state().experiment;
          return network.blocks === depth && twins[1].start.kind === kind;
        },
        [x[at], spec.networks[start || 5].start.kind],
      );

      const again = native("run", await saved(page, "json"));
      assert.deepEqual([again.cells, again.identical], [52, 52]);
      assert.match(await readFile(await saved(page, "svg"), "utf8"), /How deep each start trains/);
    });
  },
);

test("the picture of starts fills in, and stops when it is asked to", { timeout: PATIENCE }, async () => {
  await visit("#maps=open&maps.view=deep&maps.seeds=64&maps.steps=2000", async (page) => {
    await page.getByTestId("atlas-start").click();
    await page.waitForFunction(() => document.querySelector("lab-atlas").atlas?.trained > 12, undefined, {
      timeout: PATIENCE,
    });
    await page
      .getByTestId("deep-reach")
      .filter({ hasText: /identity/ })
      .waitFor();
    await page.getByTestId("atlas-start").click();
    await page.getByTestId("atlas-status").filter({ hasText: "stopped" }).waitFor();
    const trained = () => page.locator("lab-atlas").evaluate(({ atlas }) => atlas.trained);
    const before = await trained();
    await page.waitForTimeout(300);
    assert.equal(await trained(), before);
    assert.ok(before < 6 * 13 * 64);
    // Deeper than there are networks is refused in a sentence.
    await page.getByTestId("atlas-x-high").fill("1500");
    await page.getByTestId("atlas-x-high").blur();
    await page.getByTestId("atlas-start").click();
    await page
      .getByTestId("atlas-problem")
      .filter({ hasText: /network\.blocks: allowed is a whole number from 1 to 1024; got 1500/ })
      .waitFor();
  });
});

test("a phone shows how deep each start trains, and axe finds nothing", { timeout: PATIENCE }, async () => {
  await visit(
    "#maps=open&maps.view=deep&maps.seeds=4&maps.steps=20&maps.x.high=40",
    async (page) => {
      await train(page);
      assert.equal((await reaches(page)).length, 6);
      for (const theme of ["light", "dark"]) {
        await page.evaluate((wanted) => (document.documentElement.dataset.theme = wanted), theme);
        await fitsAndIsAccessible(page, "#maps");
      }
    },
    { viewport: { width: 360, height: 740 } },
  );
});
