// The built page as a person meets it, in a real Chromium, with WebGPU and without.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { collectErrors, launch, serveDist } from "./harness.mjs";

const PATIENCE = 120_000;

for (const webgpu of [true, false]) {
  const where = webgpu ? "with WebGPU" : "without WebGPU";
  let server;
  let browser;
  before(async () => {
    server = await serveDist();
    browser = await launch({ webgpu });
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });

  const open = async (hash = "", viewport = { width: 1440, height: 900 }) => {
    const page = await browser.newPage({ viewport });
    const errors = collectErrors(page);
    await page.goto(server.url + hash);
    return { page, errors };
  };
  const stepOf = (page) => page.evaluate(() => window.identityLab?.state().step ?? 0);
  const moving = (page, beyond = 3) =>
    page.waitForFunction((least) => (window.identityLab?.state().step ?? 0) > least, beyond, {
      timeout: PATIENCE,
    });

  test(`${where}: opens alive, pauses, steps once, resets`, { timeout: PATIENCE }, async () => {
    const { page, errors } = await open();
    await moving(page);
    await page.getByTestId("play").click();
    await page.waitForFunction(() => !window.identityLab.state().playing);
    await page.waitForTimeout(300);
    const paused = await stepOf(page);
    await page.getByTestId("step").click();
    await page.waitForFunction((was) => window.identityLab.state().step === was + 1, paused);
    await page.getByTestId("reset").click();
    await page.waitForFunction(() => window.identityLab.state().step < 50, undefined, { timeout: 20_000 });
    assert.deepEqual(errors, []);
    await page.close();
  });

  test(`${where}: an engine can be chosen in mid-run`, { timeout: 2 * PATIENCE }, async () => {
    const { page, errors } = await open();
    await moving(page);
    for (const engine of webgpu ? ["burn", "webgpu", "cpu"] : ["burn", "cpu"]) {
      await page.getByTestId("engine-select").selectOption(engine);
      await page.waitForFunction((name) => window.identityLab.state().engine.name === name, engine, {
        timeout: PATIENCE,
      });
      await moving(page, await stepOf(page));
    }
    assert.deepEqual(errors, []);
    await page.close();
  });

  test(`${where}: a link carries its experiment`, { timeout: PATIENCE }, async () => {
    const { page, errors } = await open("#network.width=5&network.layers=9&seed=42");
    await moving(page);
    const experiment = await page.evaluate(() => window.identityLab.session().experiment);
    assert.equal(experiment.network.width, 5);
    assert.equal(experiment.network.layers, 9);
    assert.equal(experiment.seed, 42);
    assert.deepEqual(errors, []);
    await page.close();
  });

  test(`${where}: a bad link gets a sentence and a running page`, { timeout: PATIENCE }, async () => {
    const { page } = await open("#network.width=999");
    await moving(page);
    const sentence = await page.getByTestId("alert").textContent();
    assert.match(sentence, /network\.width/);
    assert.match(sentence, /1 to 64/);
    await page.close();
  });
}
