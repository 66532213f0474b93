// Maps of classifiers: trained, read, opened, saved and trained again; what does not fit them is said.
import assert from "node:assert/strict";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { collectErrors, launch, moving, native, PATIENCE, serveDist } from "./harness.mjs";

let server;
let browser;

before(async () => {
  server = await serveDist();
  browser = await launch({ webgpu: false });
});
after(async () => {
  await browser?.close();
  await server?.close();
});

async function visit(hash, act, options = {}) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  const errors = collectErrors(page);
  await page.goto(server.url + hash);
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
    await page.goto(`${server.url}${CLASSIFIER}&engine=webgpu&maps=open&maps.size=16&maps.steps=5`);
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
