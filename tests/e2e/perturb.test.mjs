// What becomes of the network of Theorem 3.2 under noise, and what training finds at its size.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fitsAndIsAccessible } from "./fitting.mjs";
import { collectErrors, moving, PATIENCE, stage } from "./harness.mjs";

const MOONS =
  "#network.kind=relu&network.width=8&network.blocks=6&data.kind=set&data.set=moons&data.points=60&data.noise=0.05" +
  "&optimizer.kind=adam&optimizer.learningRate=0.01";

const opened = stage({ webgpu: false });

/** A page that stands still, with the section open and `settings` built. */
async function visit(hash, settings, act, options = {}) {
  const context = await opened.browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const errors = collectErrors(page);
  await page.goto(opened.server.url + hash);
  await moving(page, 0);
  await page.getByTestId("play").click();
  await page.locator("#expressivity > summary").click();
  await page.getByTestId("express-build").waitFor();
  for (const [name, value] of Object.entries(settings)) {
    const control = page.getByTestId(`express-${name}`);
    if (await control.evaluate((element) => element.tagName === "SELECT")) await control.selectOption(value);
    else {
      await control.fill(value);
      await control.blur();
    }
  }
  await page.getByTestId("express-build").click();
  await page.getByTestId("express-fit-card").waitFor({ timeout: PATIENCE });
  await act(page);
  assert.deepEqual(errors, []);
  await context.close();
}

const state = (page) => page.evaluate(() => window.identityLab.state());

/** What the element knows of the perturbation that its controls ask for, once it is measured. */
async function tried(page, relative, seed) {
  await page.waitForFunction(
    ([relative, seed]) => {
      const { tried } = document.querySelector("lab-expressivity");
      return tried?.relative === relative && tried.seed === seed;
    },
    [relative, seed],
    { timeout: PATIENCE },
  );
  const { fitted } = await page.locator("lab-expressivity").evaluate(({ tried }) => tried);
  await page
    .getByTestId("express-perturb-said")
    .filter({ hasText: `${fitted} of 60` })
    .waitFor();
  return fitted;
}

/** Points that the lab's first network fits as it stands. */
const fittedInLab = (page) =>
  page.evaluate(async () => {
    const { evaluation } = await window.identityLab.session().classifier(0, { points: 1 });
    return Math.round(60 * evaluation.accuracy);
  });

/** Waits until the lab stands at the beginning of a run from given parameters, other than those before. */
async function startedFrom(page, before) {
  await page.waitForFunction(
    (before) => {
      const { experiment, step } = window.identityLab.state();
      const { start } = experiment.twins[0];
      return step === 0 && start.kind === "given" && start.parameters !== before;
    },
    before,
    { timeout: PATIENCE },
  );
  return (await state(page)).experiment.twins[0].start.parameters;
}

test(
  "noise on the network: so many points are left, the lab has the same, and trains from there",
  { timeout: PATIENCE },
  async () => {
    await visit(MOONS, {}, async (page) => {
      const size = page.getByTestId("express-perturb-size");
      await size.fill("0");
      assert.equal(await tried(page, 1e-6, 1), 60, "a millionth leaves all");
      await size.fill("60");
      const ruined = await tried(page, 1, 1);
      assert.ok(ruined < 55, `${ruined} of 60 after noise as large as the network`);
      await size.fill("40");
      const fitted = await tried(page, 0.01, 1);
      assert.ok(fitted < 60, `${fitted}`);
      await page.getByTestId("express-perturb").click();
      const first = await startedFrom(page, "");
      assert.equal(await fittedInLab(page), fitted);
      const { frame } = await state(page);
      assert.match(await page.locator("#live").textContent(), new RegExp(`by 1 %: ${fitted} of 60 points`));
      // Another seed is another direction; the first one is the first one again.
      const seed = page.getByTestId("express-perturb-seed");
      const reseed = async (text) => {
        await seed.fill(text);
        await seed.blur();
        await tried(page, 0.01, Number(text));
        await page.getByTestId("express-perturb").click();
      };
      await reseed("2");
      await startedFrom(page, first);
      await seed.fill("-3");
      await seed.blur();
      assert.equal(await seed.inputValue(), "2", "what is no seed goes back to the last one");
      await reseed("1");
      await page.waitForFunction(
        (first) => window.identityLab.state().experiment.twins[0].start.parameters === first,
        first,
        { timeout: PATIENCE },
      );
      // Training as usual.
      const [before] = frame.twins;
      await page.getByTestId("play").click();
      await page.waitForFunction(
        (loss) => window.identityLab.state().frame.twins[0].excess < 0.99 * loss,
        before.excess,
        { timeout: PATIENCE },
      );
    });
  },
);

test(
  "a network for points on the sphere is trained from where it stands",
  { timeout: PATIENCE },
  async () => {
    await visit(MOONS, {}, async (page) => {
      await page.getByTestId("express-sphere").check();
      await page.getByTestId("express-build").click();
      await page.waitForFunction(
        () => document.querySelector("lab-expressivity").built.report.dimension === 3,
        undefined,
        { timeout: PATIENCE },
      );
      await page.getByTestId("express-train").click();
      await startedFrom(page, "");
      const { frame, experiment } = await state(page);
      assert.equal(experiment.data.dimension, 3);
      assert.ok(frame.twins[0].excess < 1e-3, `loss ${frame.twins[0].excess}`);
      assert.equal(await fittedInLab(page), 60);
    });
  },
);

const card = (page) => page.locator("lab-expressivity-fit");
const sessions = (page) =>
  page.workers().filter((worker) => /\/(worker|survey-worker)-/.test(worker.url())).length;

test(
  "training at the network's size: live counts, the same as a session of one's own",
  { timeout: 2 * PATIENCE },
  async () => {
    await visit(MOONS, {}, async (page) => {
      await page.getByTestId("express-fit-steps").selectOption("500");
      await page.getByTestId("express-fit-learningRate").selectOption("0.01");
      await page.getByTestId("express-fit").click();
      await page.waitForFunction(
        () => {
          const { renderRoot } = document.querySelector("lab-expressivity");
          const { counts, progress } = renderRoot.querySelector("lab-expressivity-fit");
          return counts.length === 4 && counts[3].done && progress === undefined;
        },
        undefined,
        { timeout: PATIENCE },
      );
      const { counts, report } = await card(page).evaluate(({ counts, built }) => ({
        counts,
        report: built.report,
      }));
      assert.deepEqual(
        counts.map(({ given }) => given),
        [8, 15, 30, 60],
      );
      const alone = await page.evaluate(
        async ({ width, blocks, steps }) => {
          const { built } = document.querySelector("lab-expressivity");
          const { inputs, labels } = built.points;
          const bytes = new Uint8Array(inputs.buffer, inputs.byteOffset, inputs.byteLength);
          const session = await window.identityLab.createSession(
            {
              network: { kind: "relu", width, blocks },
              data: {
                kind: "points",
                dimension: 2,
                classes: 2,
                inputs: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")),
                labels: [...labels],
              },
              optimizer: { kind: "adam", learningRate: 0.01 },
              seed: built.spec.seed,
              twins: [
                { parametrization: "identity", start: { kind: "identity" } },
                { parametrization: "standard", start: { kind: "he", scale: 1 } },
              ],
            },
            { engine: "cpu" },
          );
          const found = [0, 0];
          for (const twin of steps[0] <= steps[1] ? [0, 1] : [1, 0]) {
            await session.step(steps[twin] - session.frame.step);
            const { evaluation } = await session.classifier(twin, { points: 1 });
            found[twin] = Math.round(60 * evaluation.accuracy);
          }
          session.dispose();
          return found;
        },
        { ...report, steps: counts[3].steps },
      );
      assert.deepEqual(alone, counts[3].fitted);
      assert.equal(counts[3].fitted[0], 60, "the identity start learns sixty points of the moons");
      const text = await page.getByTestId("express-fit-counts").innerText();
      assert.match(text, /60\s+all\s+all\s+at step/);
      const label = await page.locator("lab-fit-sweep canvas").getAttribute("aria-label");
      assert.ok(label.includes(`of 60 points ${counts[3].fitted.join(" and ")}`), label);
      // A new network has nothing of the old one's counts.
      await page.getByTestId("express-build").click();
      await page.waitForFunction(() => {
        const { renderRoot } = document.querySelector("lab-expressivity");
        return renderRoot.querySelector("lab-expressivity-fit").counts.length === 0;
      });
    });
  },
);

test(
  "too much training is refused by size, less is begun and stopped at once",
  { timeout: 2 * PATIENCE },
  async () => {
    await visit("", { set: "sphere", points: "2000" }, async (page) => {
      const idle = sessions(page);
      await page.getByTestId("express-fit-steps").selectOption("10000");
      await page.getByTestId("express-fit").click();
      await page
        .getByTestId("express-fit-problem")
        .filter({ hasText: /^steps: 10.000 steps .* multiply-adds; allowed are 1.00·10¹²/ })
        .waitFor();
      assert.equal(await card(page).evaluate(({ progress }) => progress), undefined);
      await page.getByTestId("express-fit-steps").selectOption("500");
      await page.getByTestId("express-fit").click();
      await page.waitForFunction(
        () => {
          const { renderRoot } = document.querySelector("lab-expressivity");
          const { counts, progress } = renderRoot.querySelector("lab-expressivity-fit");
          return counts[0]?.step > 10 && progress > 0;
        },
        undefined,
        { timeout: PATIENCE },
      );
      assert.equal(await page.getByTestId("express-fit-problem").count(), 0);
      assert.equal(sessions(page), idle + 2, "a session's two workers");
      await page.getByTestId("express-fit").filter({ hasText: "Stop" }).click();
      for (const end = Date.now() + 20_000; sessions(page) !== idle; await page.waitForTimeout(20)) {
        assert.ok(Date.now() < end, `${sessions(page)} workers after Stop, ${idle} before`);
      }
      const { progress, counts } = await card(page).evaluate(({ progress, counts }) => ({
        progress,
        counts,
      }));
      assert.equal(progress, undefined);
      assert.ok(counts.length > 0, "what was counted stays");
    });
  },
);

test("a phone has room for both cards, and axe finds nothing", { timeout: 2 * PATIENCE }, async () => {
  await visit(
    MOONS,
    {},
    async (page) => {
      await page.getByTestId("express-fit-steps").selectOption("500");
      await page.getByTestId("express-fit").click();
      await page.getByTestId("express-fit-counts").waitFor({ timeout: PATIENCE });
      await page.getByTestId("express-perturb-said").filter({ hasText: "still fitted" }).waitFor();
      await fitsAndIsAccessible(page);
    },
    { viewport: { width: 360, height: 740 }, colorScheme: "dark" },
  );
});
