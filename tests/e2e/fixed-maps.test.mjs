// Layers between fixed maps: the preset, the settings, and what the page says where theorems are silent.
import assert from "node:assert/strict";
import { test } from "node:test";
import { collectErrors, moving, PATIENCE, stage, stepOf } from "./harness.mjs";

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

const pause = async (page) => {
  await page.getByTestId("play").click();
  await page.waitForFunction(() => !window.identityLab.state().playing);
};
const network = (page) => page.evaluate(() => window.identityLab.state().experiment.network);

test(
  "the preset learns a target of negative determinant, whose address comes back",
  { timeout: PATIENCE },
  async () => {
    await visit("", async (page) => {
      await pause(page);
      await page.getByTestId("preset-select").selectOption("fixed-maps");
      const restart = page.getByTestId("restart");
      await restart.waitFor();
      await restart.click();
      await page.waitForFunction(() => window.identityLab.state().experiment.network.hidden === 32);
      for (let step = 1; step <= 23; step++) {
        await page.getByTestId("step").click();
        await page.waitForFunction((at) => window.identityLab.state().step === at, step);
      }
      const [identity, standard] = await page.evaluate(() =>
        window.identityLab.state().frame.twins.map(({ excess }) => excess),
      );
      assert.ok(identity < 1e-5 && standard > 0.01, `${identity} ${standard}`);
      // Spectra: layers of width 32, and the whole network beside its target of width 4.
      await page.waitForFunction(() => {
        const spectra = window.identityLab.session() && document.querySelector("#twin-0").spectra;
        return spectra?.width === 32 && spectra.layers.length === 16 * 32 && spectra.product.length === 4;
      });
      await page.waitForFunction(() => document.querySelector("#twin-0").landscape !== undefined);
      assert.equal(await page.getByTestId("lr-select").inputValue(), "0.00234375");
      await page.waitForFunction(() => location.hash.includes("network.hidden=32"));
      const address = new URL(page.url()).hash;
      await visit(address, async (other) => {
        assert.deepEqual(await network(other), { kind: "linear", width: 4, layers: 16, hidden: 32 });
      });
      // The past of the run.
      await page.getByTestId("scrub").fill("9");
      await page.getByTestId("rewind").click();
      await page.waitForFunction(() => window.identityLab.state().step === 9);
      // A layer with A = 0 between the fixed maps changes nothing.
      await page.getByTestId("insert").click();
      await page.getByText(/identity: .* the same to the last bit/).waitFor();
      assert.deepEqual(await network(page), { kind: "linear", width: 4, layers: 17, hidden: 32 });
    });
  },
);

test(
  "fixed maps are a setting, and theorems that do not speak of them are silent",
  { timeout: PATIENCE },
  async () => {
    await visit("#network.width=3&network.layers=4&engine=cpu", async (page) => {
      await page.getByTestId("setting-network").selectOption("fixedMaps");
      await page.getByTestId("restart").click();
      await page.waitForFunction(() => window.identityLab.state().experiment.network.hidden === 12);
      const inner = page.getByTestId("setting-inner width");
      await inner.fill("2");
      await inner.press("Enter");
      await page.getByText("network.hidden: allowed is a whole number from network.width to 64").waitFor();
      await inner.fill("6");
      await inner.press("Enter");
      await page.waitForFunction(
        () => document.querySelector("lab-settings").experiment.network.hidden === 6,
      );
      await page.getByTestId("restart").click();
      await page.waitForFunction(() => window.identityLab.state().experiment.network.hidden === 6);
      await page.getByTestId("theorems").click();
      await page.getByTestId("no-theorems").waitFor();
      assert.equal(await page.getByTestId("theorem-1").count(), 0);
      // Another engine goes on with the run.
      for (const engine of ["webgpu", "burn"]) {
        await page.getByTestId("engine-select").selectOption(engine);
        await page.waitForFunction((name) => window.identityLab.state().engine.name === name, engine, {
          timeout: PATIENCE,
        });
        await moving(page, await stepOf(page));
      }
      // Without the maps the theorems are back.
      await page.getByTestId("setting-network").selectOption("linear");
      await page.getByTestId("restart").click();
      await page.waitForFunction(() => window.identityLab.state().experiment.network.hidden === undefined);
      await page.getByTestId("theorem-1").waitFor();
      assert.deepEqual(await network(page), { kind: "linear", width: 3, layers: 4 });
    });
  },
);
