// Going back, forking, inserting layers, comparing runs; and the theorems' cards.
import assert from "node:assert/strict";
import { test } from "node:test";
import { collectErrors, moving, PATIENCE, stage, stepOf } from "./harness.mjs";

const state = (page) => page.evaluate(() => window.identityLab.state());
const opened = stage({ webgpu: true });

async function visit(hash, act) {
  const page = await opened.browser.newPage({ viewport: { width: 1440, height: 900 } });
  const errors = collectErrors(page);
  await page.goto(opened.server.url + hash);
  await moving(page);
  await act(page);
  assert.deepEqual(errors, []);
  await page.close();
}

/** Excess risk and parameters of both networks, now. */
function standing(page) {
  return page.evaluate(async () => {
    const session = window.identityLab.session();
    const { twins } = session.frame;
    const parameters = [];
    for (let i = 0; i < twins.length; i++) parameters.push([...(await session.parameters(i))]);
    return { excess: twins.map(({ excess }) => excess), parameters };
  });
}

test(
  "a run goes back to a step, the same bits, and on along another way",
  { timeout: PATIENCE },
  async () => {
    await visit("#optimizer.kind=adam&optimizer.learningRate=0.001", async (page) => {
      await moving(page, 60);
      await page.getByTestId("play").click();
      await page.waitForFunction(() => !window.identityLab.state().playing);
      await page.waitForTimeout(200);
      const at = await stepOf(page);
      const there = await standing(page);
      // A rate holds from the step at which it was set: this one belongs to later steps.
      await page.getByTestId("step").click();
      await page.waitForFunction((step) => window.identityLab.state().step === step, at + 1);
      await page.getByTestId("lr-select").selectOption("0.01");
      await page.getByTestId("play").click();
      await moving(page, at + 60);
      await page.getByTestId("play").click();
      await page.waitForTimeout(200);
      assert.equal(await page.getByTestId("rewind").isDisabled(), true);
      await page.getByTestId("scrub").fill(String(at));
      await page.getByTestId("rewind").click();
      await page.waitForFunction((step) => window.identityLab.state().step === step, at);
      const again = await standing(page);
      assert.deepEqual(again, there);
      const { experiment, runs, frame } = await state(page);
      assert.equal(experiment.optimizer.learningRate, 0.001, "the learning rate of then");
      assert.equal(frame.twins[0].history.steps.at(-1), at);
      // What came after is still to be seen.
      assert.equal(runs.length, 1);
      assert.ok(runs[0].step > at && runs[0].shown);
      await page
        .getByTestId("runs")
        .filter({ hasText: /learningRate/ })
        .waitFor();
      await page.getByTestId("play").click();
      await moving(page, at + 10);
    });
  },
);

test("a block of A = 0 moves nothing, a random layer does", { timeout: PATIENCE }, async () => {
  await visit("", async (page) => {
    await moving(page, 50);
    await page.getByTestId("play").click();
    await page.waitForFunction(() => !window.identityLab.state().playing);
    await page.waitForTimeout(200);
    const before = await standing(page);
    const at = await stepOf(page);
    await page.getByTestId("insert-after").fill("5");
    await page.getByTestId("insert-after").blur();
    await page.getByTestId("insert").click();
    await page.waitForFunction(() => window.identityLab.state().experiment.network.layers === 17);
    await page
      .getByTestId("notice")
      .filter({ hasText: /identity: .*the same to the last bit/ })
      .waitFor();
    const after = await standing(page);
    assert.equal(after.excess[0], before.excess[0]);
    assert.notEqual(after.excess[1], before.excess[1]);
    assert.deepEqual(after.parameters[0].slice(5 * 64, 6 * 64), Array(64).fill(0));
    assert.deepEqual(after.parameters[0].slice(6 * 64), before.parameters[0].slice(5 * 64));
    const { offset, runs } = await state(page);
    assert.deepEqual([offset, runs.length, runs[0].step], [at, 1, at]);
    await page.getByTestId("play").click();
    await moving(page, 20);
    // The earlier run can be run again.
    await page.getByRole("button", { name: "Run again" }).first().click();
    await page.waitForFunction(() => window.identityLab.state().experiment.network.layers === 16);
    assert.equal((await state(page)).offset, 0);
  });
});

test("Theorem 2.1: promised, measured, and started from", { timeout: PATIENCE }, async () => {
  await visit("", async (page) => {
    await page.getByTestId("theorems").click();
    await page.waitForFunction(() => window.identityLab.state().depthBounds);
    const { depthBounds: b } = await state(page);
    const values = (column) => Object.values(column);
    const [measured, sharp, promised] = [b.measured, b.sharp, b.promised].map(values);
    assert.equal(measured.length, 256);
    for (let i = 0; i < 256; i++) {
      assert.ok(measured[i] <= sharp[i] * (1 + 1e-9), `depth ${i + 1}`);
      if (i + 1 >= 3 * b.gamma) assert.ok(sharp[i] <= promised[i], `depth ${i + 1}`);
    }
    assert.ok(b.error < 1e-12);
    await page.getByTestId("start-optimum").click();
    await page.waitForFunction(() => window.identityLab.state().experiment.twins[0].start.kind === "given");
    const { frame } = await state(page);
    assert.ok(frame.twins[0].history.excess[0] < 1e-9, `${frame.twins[0].history.excess[0]}`);
  });
});

test("Theorem 2.1 where det R < 0: why not, and both remedies", { timeout: 2 * PATIENCE }, async () => {
  for (const remedy of ["flip", "augment"]) {
    await visit("#target.kind=negativeDeterminant&network.width=4", async (page) => {
      await page.getByTestId("theorems").click();
      await page
        .getByTestId("theorem-1")
        .filter({ hasText: /determinant must be positive.*stays above/s })
        .waitFor();
      await page.getByTestId(`remedy-${remedy}`).click();
      await page.waitForFunction(() => window.identityLab.state().depthBounds);
      const { experiment } = await state(page);
      assert.equal(experiment.network.width, remedy === "flip" ? 4 : 5);
      assert.equal(experiment.target.kind, "matrix");
    });
  }
});

test("Theorem 2.2 along the run and over the ball", { timeout: PATIENCE }, async () => {
  await visit("#network.width=4&network.layers=6", async (page) => {
    await moving(page, 60);
    await page.getByTestId("theorems").click();
    await page.waitForFunction(() => window.identityLab.state().certificates[0]);
    const [found] = (await state(page)).certificates;
    const steps = Object.values(found.steps);
    assert.ok(steps.length > 10 && steps[0] === 0);
    steps.forEach((_, i) => {
      assert.ok(found.gradientSquared[i] >= found.sharp[i] * (1 - 1e-9), `sharper bound at ${steps[i]}`);
      if (found.tau[i] < 1) assert.ok(found.gradientSquared[i] >= found.bound[i], `bound at ${steps[i]}`);
    });
    await page.getByTestId("theorem-2").getByTestId("printed").check();
    await page
      .getByTestId("theorem-2")
      .filter({ hasText: /violated at\s+\d+ of \d+\s+points/ })
      .waitFor();
    await page.getByTestId("tau").fill("0.2");
    await page.getByTestId("tau").blur();
    await page.getByTestId("sample").click();
    await page.waitForFunction(() => window.identityLab.state().sampled > 500, undefined, {
      timeout: PATIENCE,
    });
    await page
      .getByTestId("below")
      .filter({ hasText: /^\s*0 of/ })
      .waitFor();
    await page.getByTestId("sample").click();
    await page.waitForFunction(() => !window.identityLab.state().sampling);
    await page.getByTestId("start-tightest").click();
    await page.waitForFunction(() => window.identityLab.state().experiment.twins[0].start.kind === "given");
    // A radius beyond the theorem is refused in a sentence.
    await page.getByTestId("tau").fill("1.5");
    await page.getByTestId("tau").blur();
    await page.getByTestId("sample").click();
    await page
      .getByTestId("alert")
      .filter({ hasText: /tau: allowed is a number above 0 and below 1/ })
      .waitFor();
  });
});

test("eigenvalues of the product go from 1 to the rotation's", { timeout: PATIENCE }, async () => {
  await visit(
    "#network.width=4&target.kind=rotation&target.degrees=60&optimizer.learningRate=0.002",
    async (page) => {
      await page.getByTestId("theorems").click();
      const canvas = page.getByTestId("eigenvalues-canvas");
      await canvas.waitFor();
      await page.waitForFunction(() => window.identityLab.state().frame.twins[0].excess < 1e-3, undefined, {
        timeout: PATIENCE,
      });
      const found = await page.evaluate(() => window.identityLab.session().spectra(0));
      const angles = (list) => {
        const values = Object.values(list);
        return [0, 2, 4, 6].map((i) => Math.abs(Math.atan2(values[i + 1], values[i]))).sort();
      };
      for (const angle of angles(found.targetEigenvalues)) assert.ok(Math.abs(angle - Math.PI / 3) < 1e-5);
      for (const angle of angles(found.productEigenvalues)) assert.ok(Math.abs(angle - Math.PI / 3) < 0.05);
      const colours = await canvas.evaluate((element) => {
        const { data } = element.getContext("2d").getImageData(0, 0, element.width, element.height);
        return new Set(new Uint32Array(data.buffer)).size;
      });
      assert.ok(colours > 20, `${colours} colours`);
    },
  );
});
