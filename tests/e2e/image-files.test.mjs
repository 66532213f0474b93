// Figures of the section on images, saved in every format; the run behind them trained again by the native command.
import assert from "node:assert/strict";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { collectErrors, nativeText, PATIENCE, stage } from "./harness.mjs";

const opened = stage({ webgpu: false });
const STEPS = 10;

/** Saves a figure in every format; returns the files by their endings. */
async function saved(page, figure, folder) {
  const files = {};
  for (const kind of ["png", "svg", "csv", "json"]) {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByTestId(`images-save-${figure}`).selectOption(kind),
    ]);
    assert.equal(download.suggestedFilename(), `identity-lab-images-${figure}-step-${STEPS}.${kind}`);
    files[kind] = join(folder, download.suggestedFilename());
    await download.saveAs(files[kind]);
  }
  return files;
}

/** How an SVG looks as an image: its share of pixels that are not white. */
const inked = (page, svg) =>
  page.evaluate(async (text) => {
    const image = new Image();
    image.src = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), {
      width: 360,
      height: 300,
    });
    const pen = canvas.getContext("2d");
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) if (data[i] + data[i + 1] + data[i + 2] < 3 * 250) count++;
    return count / (data.length / 4);
  }, svg);

test(
  "figures of a run are saved, and the run is trained again natively",
  { timeout: 2 * PATIENCE },
  async () => {
    const page = await opened.browser.newPage({
      viewport: { width: 1280, height: 900 },
    });
    const errors = collectErrors(page);
    await page.goto(`${opened.server.url}#images=open&images.training.steps=${STEPS}`);
    const lab = page.locator("lab-images");
    const until = (condition) => page.waitForFunction(condition, undefined, { timeout: PATIENCE });
    await until(() => document.querySelector("lab-images")?.status);
    await page.getByTestId("play").click();
    // Before the first step there is nothing to be saved but the blocks.
    assert.equal(await page.getByTestId("images-save-errors").count(), 0);
    await page.getByTestId("images-train").click();
    await until(() => {
      const { status, training, tally } = document.querySelector("lab-images");
      return status.over && !training && tally;
    });
    await page.getByTestId("images-plane").click();
    await until(() => {
      const { landscape, looking } = document.querySelector("lab-images");
      return landscape && looking === undefined && landscape.done === landscape.cells;
    });
    const { experiment, points, tally, landscape, branches } = await lab.evaluate((element) => ({
      experiment: element.status.experiment,
      points: element.points,
      tally: {
        ...element.tally,
        confusion: [...element.tally.confusion],
        predictions: [],
      },
      landscape: {
        ...element.landscape,
        values: [...element.landscape.values],
      },
      branches: element.branches,
    }));

    const folder = await mkdtemp(join(tmpdir(), "identity-lab-"));
    const read = {};
    for (const figure of ["errors", "landscape", "confusion", "branches"]) {
      const files = await saved(page, figure, folder);
      // Of eleven downloads within a second Chromium drops the last.
      await page.waitForTimeout(1000);
      read[figure] = {
        path: files.json,
        ...JSON.parse(await readFile(files.json, "utf8")),
      };
      assert.deepEqual(read[figure].experiment, experiment);
      const png = await readFile(files.png);
      assert.equal(png.subarray(1, 4).toString(), "PNG");
      assert.ok(png.includes(`"figure":"${figure}"`), "the PNG does not say what it shows");
      const svg = await readFile(files.svg, "utf8");
      const ink = await inked(page, svg);
      assert.ok(ink > 0.02 && ink < 0.95, `${figure}: ${ink} of the sheet is inked`);
      assert.match(await readFile(files.csv, "utf8"), /^# format: identity-lab images\n/);
    }
    assert.deepEqual(
      read.errors.runs[0].testError,
      points.map(({ test }) => test),
    );
    assert.deepEqual(read.confusion.confusion.flat(), tally.confusion);
    assert.deepEqual(read.landscape.loss.flat().map(Math.fround), landscape.values);
    assert.equal(read.landscape.loss.length, 33);
    assert.equal(read.branches.blocks.branch.length, branches.length);

    // Bits differ between the page's vectors and the processor's own, a few images' classes with them.
    const record = join(folder, "again.json");
    const every = String(points[0].step);
    nativeText(
      ...["images", "--data", "www/public/digits", "--experiment", read.errors.path],
      ...["--test-every", every, "--record", record],
    );
    const { rows } = JSON.parse(await readFile(record, "utf8"));
    assert.deepEqual(
      rows.map(({ step }) => step),
      points.map(({ step }) => step),
    );
    rows.forEach(({ testError }, i) => {
      const apart = 1797 * Math.abs(testError - points[i].test);
      assert.ok(apart < 5, `step ${points[i].step}: ${apart} images apart`);
    });
    assert.deepEqual(errors, []);
    await page.close();
  },
);
