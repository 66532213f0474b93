// Maps that outlive the page: saved in every format, trained again natively, reopened from the address; and two fingers.
import assert from "node:assert/strict";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { collectErrors, moving, native, PATIENCE, pinch, stage } from "./harness.mjs";

const opened = stage({ webgpu: false });

async function visit(hash, act, options = {}) {
  const page = await opened.browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  const errors = collectErrors(page);
  await page.goto(opened.server.url + hash);
  await moving(page);
  await page.getByTestId("play").click();
  await act(page);
  assert.deepEqual(errors, []);
  await page.close();
}

const state = (page) => page.evaluate(() => window.identityLab.state());
const alert = (page) => page.getByTestId("alert");

/** Trains the map asked for to its end. */
async function train(page) {
  await page.getByTestId("atlas-start").click();
  await finished(page);
}

function finished(page) {
  return page.waitForFunction(
    () => {
      const { atlas, running } = document.querySelector("lab-atlas");
      return !running && atlas && atlas.trained === atlas.networks;
    },
    undefined,
    { timeout: PATIENCE },
  );
}

/** Saves what is on show in every format; returns the paths. */
async function saved(page, name) {
  const folder = await mkdtemp(join(tmpdir(), "identity-lab-"));
  const files = {};
  for (const kind of ["json", "csv", "png", "svg"]) {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByTestId("atlas-save").selectOption(kind),
    ]);
    assert.equal(download.suggestedFilename(), `${name}.${kind}`);
    files[kind] = join(folder, download.suggestedFilename());
    await download.saveAs(files[kind]);
  }
  return files;
}

const numbers = (text) => {
  const bytes = Buffer.from(text, "base64");
  return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
};

test("a saved map is trained again natively, to the last bit", { timeout: 4 * PATIENCE }, async () => {
  await visit(
    "#network.width=5&data.kind=sample&data.points=40&data.covariance=7&maps=open&maps.size=16&maps.y.high=24",
    async (page) => {
      await train(page);
      const files = await saved(page, "identity-lab-map-learningRate-depth");
      const text = await readFile(files.json, "utf8");
      const map = JSON.parse(text);
      const { experiment } = await state(page);
      assert.deepEqual(map.map.experiment, experiment);
      assert.equal(map.map.y.high, 24);
      const shown = await page
        .locator("lab-atlas")
        .evaluate(({ atlas }) => atlas.twins.map(({ divergedAt }) => [...divergedAt]));
      assert.deepEqual(
        map.twins.map(({ divergedAt }) => numbers(divergedAt)),
        shown,
      );
      assert.ok(shown[0].some(Number.isNaN) && !shown[0].every(Number.isNaN));
      const again = native("run", files.json);
      assert.deepEqual([again.cells, again.identical, again.largestRelativeDifference], [256, 256, 0]);

      const csv = await readFile(files.csv, "utf8");
      assert.equal(csv.split("\n").filter((line) => /^[\d.]/.test(line)).length, 2 * 256);
      assert.match(csv, /^# experiment: .*"seed":1/m);
      const png = await readFile(files.png);
      assert.equal(png.subarray(1, 4).toString(), "PNG");
      assert.ok(
        png.includes("identity-lab") && png.includes('"points":40'),
        "the picture carries its experiment",
      );
      const svg = await readFile(files.svg, "utf8");
      assert.match(svg, /<metadata>.*seed/s);
      const viewer = await opened.browser.newPage();
      await viewer.goto(`file://${files.svg}`);
      assert.equal(await viewer.locator("svg").count(), 1, "it is well-formed");
      await viewer.close();
    },
  );
});

test("curves and a map that was stopped are saved and trained again", { timeout: 4 * PATIENCE }, async () => {
  const hash =
    "#network.width=4&maps=open&maps.view=curves&maps.seeds=4&maps.x.quantity=depth&maps.steps=300";
  await visit(hash, async (page) => {
    await train(page);
    const files = await saved(page, "identity-lab-curves-depth");
    const again = native("run", files.json);
    assert.deepEqual([again.cells, again.identical], [96, 96]);

    for (const [control, value] of [
      ["view", "map"],
      ["size", "128"],
      ["steps", "1000"],
    ]) {
      const field = page.getByTestId(`atlas-${control}`);
      if (control === "steps") await field.fill(value);
      else await field.selectOption(value);
    }
    await page.getByTestId("atlas-steps").blur();
    await page.getByTestId("atlas-start").click();
    // The curves are on show, whole, until the map's first networks come.
    await page.waitForFunction(() => {
      const { atlas, running } = document.querySelector("lab-atlas");
      return running && atlas.x.length === 128 && atlas.trained > 60;
    });
    await page.getByTestId("atlas-start").click();
    await page.getByTestId("atlas-status").filter({ hasText: "stopped" }).waitFor();
    const stopped = await saved(page, "identity-lab-map-learningRate-depth");
    const { trained, twins } = JSON.parse(await readFile(stopped.json, "utf8"));
    const own = numbers(trained);
    assert.equal(own.length, 128 * 128);
    const count = own.filter((one) => one === 1).length;
    assert.ok(count > 30 && count < 128 * 128, `${count}`);
    numbers(twins[0].excess).forEach((value, i) => own[i] || assert.ok(Number.isNaN(value)));
    const part = native("run", stopped.json);
    assert.deepEqual([part.cells, part.identical], [count, count]);
  });
});

test("the address reopens the same map, ready to start", { timeout: PATIENCE }, async () => {
  await visit("", async (page) => {
    assert.doesNotMatch(page.url(), /maps/);
    await page.locator("#maps > summary").click();
    await page.getByTestId("atlas-start").waitFor();
    await page.getByTestId("atlas-x").selectOption("startScale");
    await page.getByTestId("atlas-size").selectOption("16");
    await page.getByTestId("atlas-steps").fill("30");
    await page.getByTestId("atlas-steps").blur();
    await page.getByTestId("atlas-colour").selectOption("steps");
    await page.getByTestId("atlas-threshold").fill("0.2");
    await page.getByTestId("atlas-threshold").blur();
    await page.waitForFunction(() => /maps\.threshold=0\.2/.test(location.hash));
    await train(page);
    // A zoom is part of it.
    await page.getByTestId("atlas-identity").getByTestId("atlas-canvas").focus();
    await page.keyboard.press("+");
    await page.waitForFunction(() => /maps\.x\.low=/.test(location.hash));
    await finished(page);
    const { mapsForm } = await state(page);
    const other = await opened.browser.newPage();
    await other.goto(page.url());
    await other.getByTestId("atlas-start").waitFor();
    assert.deepEqual((await state(other)).mapsForm, mapsForm);
    assert.equal(await other.getByTestId("atlas-x-low").inputValue(), mapsForm.x.low);
    assert.equal(await other.getByTestId("atlas-threshold").inputValue(), "0.2");
    assert.equal(await other.evaluate(() => document.querySelector("lab-atlas").running), false);
    await train(other);
    await other.waitForTimeout(400);
    assert.equal(new URL(other.url()).hash, new URL(page.url()).hash);
    const outcomes = (one) =>
      one.locator("lab-atlas").evaluate(({ atlas }) => atlas.twins.map(({ steps }) => [...steps]));
    assert.deepEqual(await outcomes(other), await outcomes(page));
    await other.locator("#maps > summary").click();
    await other.waitForFunction(
      () => !/maps=open/.test(location.hash) && /maps\.size=16/.test(location.hash),
    );
    await other.close();
  });
});

test(
  "an address with a map that cannot be is refused in a sentence; the experiment stays",
  { timeout: PATIENCE },
  async () => {
    await visit("#seed=5&maps=open&maps.size=17", async (page) => {
      await alert(page)
        .filter({ hasText: /The address was not understood\. maps\.size: allowed are 16, .*"17"/ })
        .waitFor();
      const { experiment, mapsForm, mapsOpen } = await state(page);
      assert.deepEqual([experiment.seed, mapsForm.size, mapsOpen], [5, 64, false]);
      await page.waitForFunction(() => /seed=5/.test(location.hash) && !/maps/.test(location.hash));
      // A good one afterwards is followed.
      await page.evaluate(() => (location.hash = "#seed=5&maps=open&maps.size=32"));
      await page.getByTestId("atlas-start").waitFor();
      assert.equal(await page.getByTestId("atlas-size").inputValue(), "32");
    });
    // An address of before there were maps in it.
    await visit(
      "#network.width=6&target.kind=rotation&target.degrees=60&engine=cpu&plane=gradient",
      async (page) => {
        const { experiment, mapsOpen, plane } = await state(page);
        assert.deepEqual([experiment.network.width, mapsOpen, plane.kind], [6, false, "gradient"]);
        assert.equal(await alert(page).isVisible(), false);
      },
    );
  },
);

test("two fingers zoom a map", { timeout: PATIENCE }, async () => {
  await visit(
    "#maps=open&maps.size=16&maps.steps=20",
    async (page) => {
      await train(page);
      const canvas = page.getByTestId("atlas-identity").getByTestId("atlas-canvas");
      await canvas.scrollIntoViewIfNeeded();
      const box = await canvas.boundingBox();
      const before = await page.locator("lab-atlas").evaluate(({ atlas }) => atlas.spec.x);
      const { experiment } = await state(page);
      await pinch(page, [box.x + 54 + (box.width - 64) / 2, box.y + 8 + (box.height - 46) / 2], 30, 60);
      await page.waitForFunction(
        (low) => document.querySelector("lab-atlas").atlas.spec.x.low > low,
        before.low,
      );
      await finished(page);
      const x = await page.locator("lab-atlas").evaluate(({ atlas }) => atlas.spec.x);
      // Half of the decades, about the middle.
      assert.ok(Math.abs(Math.log10(x.high / x.low) - 2) < 0.1, `${x.low} to ${x.high}`);
      assert.ok(Math.abs(Math.log10(x.high * x.low) + 4) < 0.2, `${x.low} to ${x.high}`);
      assert.deepEqual((await state(page)).experiment, experiment, "no finger opened a network");
      await page.getByTestId("atlas-whole").tap();
      await page.waitForFunction(
        (low) => document.querySelector("lab-atlas").atlas.spec.x.low === low,
        before.low,
      );
    },
    { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  );
});
