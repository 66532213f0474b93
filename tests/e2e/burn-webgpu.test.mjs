// The fourth engine: burn's own kernels on WebGPU, against the other engines and the reference values.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import {
  collectErrors,
  launch,
  losableGpu,
  loseGpu,
  moving,
  PATIENCE,
  serveDist,
  stepOf,
} from "./harness.mjs";

/** Shaders of some hundred kernels are compiled by a software adapter. */
const SHADERS = 4 * PATIENCE;

async function visit({ hash = "", webgpu = true, change }, look) {
  const server = await serveDist({ change });
  const browser = await launch({ webgpu });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const errors = collectErrors(page);
    await page.goto(server.url + hash);
    await look(page, server, errors);
    assert.deepEqual(errors, []);
  } finally {
    await browser.close();
    await server.close();
  }
}

const library = (page) =>
  page.waitForFunction(() => window.identityLab?.createSession, undefined, { timeout: PATIENCE });

const engineIs = (page, name) =>
  page.waitForFunction((name) => window.identityLab?.state().engine.name === name, name, {
    timeout: SHADERS,
  });

const TWINS = ["identity", "standard"].map((parametrization) => ({
  parametrization,
  start: { kind: "identity" },
}));

const CASES = {
  "a linear network by momentum": {
    network: { kind: "linear", width: 6, layers: 8 },
    optimizer: { kind: "momentum", learningRate: 0.002, momentum: 0.9 },
    twins: TWINS,
  },
  "a linear network by Adam, on minibatches": {
    network: { kind: "linear", width: 5, layers: 4 },
    data: { kind: "sample", points: 64, covariance: 3, noise: 0.1 },
    optimizer: { kind: "adam", learningRate: 0.003, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    batch: 16,
    twins: TWINS,
  },
  "a ReLU network by gradient descent": {
    network: { kind: "relu", width: 8, blocks: 3, loss: "crossEntropy", trainEnds: true },
    data: { kind: "set", set: "spirals", points: 60, classes: 3, dimension: 2, noise: 0.05, heldOut: 0.2 },
    optimizer: { kind: "gradientDescent", learningRate: 0.05 },
  },
};

test("60 steps are those of the other engines", { timeout: 2 * SHADERS }, async (t) => {
  await visit({}, async (page) => {
    await library(page);
    for (const [what, experiment] of Object.entries(CASES)) {
      await t.test(what, async () => {
        const run = (engine) =>
          page.evaluate(
            async ([experiment, engine]) => {
              const session = await window.identityLab.createSession(experiment, { engine });
              const frame = await session.step(60);
              const twins = await Promise.all(
                frame.twins.map(async ({ history }, twin) => ({
                  excess: [...history.excess],
                  parameters: [...(await session.parameters(twin))],
                })),
              );
              session.dispose();
              return { step: frame.step, engine: frame.engine, notice: frame.notice, twins };
            },
            [experiment, engine],
          );
        const others = experiment.batch ? ["burn"] : ["cpu", "burn"];
        const found = await run("burn-webgpu");
        assert.equal(found.engine, "burn-webgpu", found.notice);
        assert.equal(found.step, 60);
        for (const other of others) {
          const expected = await run(other);
          assert.equal(expected.engine, other);
          assert.equal(found.twins.length, expected.twins.length);
          for (const [i, twin] of found.twins.entries()) {
            for (const key of ["excess", "parameters"]) {
              assert.ok(
                distance(twin[key], expected.twins[i][key]) < 1e-4,
                `${key} of twin ${i} against ${other}: ${distance(twin[key], expected.twins[i][key])}`,
              );
            }
            assert.ok(twin.excess.at(-1) < twin.excess[0], "nothing was learned");
          }
        }
      });
    }
  });
});

/** The largest difference, relative to the largest number. */
function distance(found, expected) {
  assert.equal(found.length, expected.length);
  const scale = Math.max(...expected.map(Math.abs));
  return (
    Math.max(...found.map((x, i) => (Number.isFinite(x) ? Math.abs(x - expected[i]) : Infinity))) / scale
  );
}

/**
 * What is checked of each file: all kinds of network, parametrization and optimizer, with fewer shapes and steps than on
 * other engines. On a software adapter, which compiles shaders for every shape, the whole files took 186 s, these 40.
 */
const SOME = {
  linear_risk: (cases) => cases.filter((_, i) => i % 4 > 1),
  linear_training: (cases) =>
    cases.map((one) => {
      const few = one.at_steps.filter((step) => step <= MOST_STEPS).length;
      return { ...one, at_steps: one.at_steps.slice(0, few), excess: one.excess.slice(0, few) };
    }),
  linear_plane: (cases) => cases.slice(0, 2),
  relu_loss: (cases) => cases.slice(0, 4),
};
const MOST_STEPS = 10;

test(
  "gradients, training and landscapes are those of the reference values",
  { timeout: SHADERS },
  async () => {
    await visit({}, async (page) => {
      await library(page);
      for (const [name, some] of Object.entries(SOME)) {
        const whole = JSON.parse(await readFile(new URL(`../vectors/${name}.json`, import.meta.url), "utf8"));
        const text = JSON.stringify({ ...whole, cases: some(whole.cases) });
        const reports = await page.evaluate(
          async ([name, text]) => {
            window.checking ??= await window.identityLab.createSession({});
            return window.checking.verify(name, text, "burn-webgpu");
          },
          [name, text],
        );
        assert.equal(reports.length, 1, name);
        const [{ engine, cases, passes, problem, largestError }] = reports;
        assert.equal(engine, "burn-webgpu");
        assert.ok(cases > 0 && passes === cases, `${name}: ${problem ?? largestError}`);
      }
    });
  },
);

test("a run that diverges stops where it does on the CPU", { timeout: SHADERS }, async () => {
  await visit({}, async (page) => {
    await library(page);
    const run = (engine) =>
      page.evaluate(
        async ([engine, twins]) => {
          const session = await window.identityLab.createSession(
            {
              network: { kind: "linear", width: 4, layers: 6 },
              optimizer: { kind: "gradientDescent", learningRate: 0.1 },
              twins,
            },
            { engine },
          );
          const frame = await session.step(100);
          const parameters = [...(await session.parameters(0))];
          session.dispose();
          return { engine: frame.engine, divergedAt: frame.twins[0].divergedAt, parameters };
        },
        [engine, TWINS.slice(1)],
      );
    const [found, expected] = [await run("burn-webgpu"), await run("cpu")];
    assert.equal(found.engine, "burn-webgpu");
    // Not at the first step of a block, nor beyond the last: there is something to take back.
    assert.ok(expected.divergedAt > 1 && expected.divergedAt < 31, `${expected.divergedAt}`);
    assert.equal(found.divergedAt, expected.divergedAt);
    assert.ok(distance(found.parameters, expected.parameters) < 1e-3);
  });
});

test("it is fetched when it is chosen, and takes the run over", { timeout: SHADERS }, async () => {
  const module = (path) => /burn-webgpu_bg.*\.wasm$/.test(path);
  let send;
  const sent = new Promise((resolve) => (send = resolve));
  const change = async (path) => (module(path) ? void (await sent) : undefined);
  await visit({ change }, async (page, { requests }) => {
    await moving(page);
    assert.ok(!requests.some(module));
    const row = page.locator("lab-engines tr", { hasText: "burn on WebGPU" });
    assert.match(await row.textContent(), /fetched when chosen, \d\.\d MB/);
    const before = await stepOf(page);
    await page.getByTestId("engine-select").selectOption("burn-webgpu");
    await page.waitForFunction(() => document.querySelector("lab-engines").switching);
    // The run goes on while it is on its way.
    await moving(page, (await stepOf(page)) + 20);
    assert.ok(requests.some(module));
    assert.equal((await page.evaluate(() => window.identityLab.state())).engine.name, "cpu");
    send();
    await engineIs(page, "burn-webgpu");
    await moving(page, before + 5);
    const { frame, alert, notice } = await page.evaluate(() => window.identityLab.state());
    assert.deepEqual([alert, notice], ["", ""]);
    assert.equal(frame.twins[0].history.steps[0], 0);
    // It is timed once it is there, beside the others.
    await row.filter({ hasText: /\d (ms|µs)/ }).waitFor({ timeout: SHADERS });
  });
});

test(
  "without an adapter it is refused in a sentence, and the run goes on",
  { timeout: PATIENCE },
  async () => {
    await visit({ hash: "#engine=burn-webgpu", webgpu: false }, async (page, { requests }) => {
      await moving(page);
      await page
        .getByTestId("notice")
        .filter({ hasText: /no adapter.*goes on on CPU/ })
        .waitFor();
      assert.ok(!requests.some((path) => /burn-webgpu_bg/.test(path)));
      await moving(page, (await stepOf(page)) + 5);
    });
  },
);

test("a GPU that is lost hands the run to the processor", { timeout: SHADERS }, async () => {
  const change = await losableGpu();
  await visit({ hash: "#engine=burn-webgpu", change }, async (page) => {
    await engineIs(page, "burn-webgpu");
    await moving(page, (await stepOf(page)) + 5);
    const before = await stepOf(page);
    await loseGpu(page);
    await engineIs(page, "cpu");
    await page
      .getByTestId("notice")
      .filter({ hasText: /GPU was lost.*on the CPU/ })
      .waitFor();
    await moving(page, before + 20);
  });
});

const IMAGES = "lab-images";

/** The section on images, trained on one device for some steps: what it shows then. */
async function trained(page, device, steps) {
  const waiting = (what) =>
    page.waitForFunction(
      ([name, what]) => {
        const { status, loading, reading, training, device } = document.querySelector(name);
        if (!status || loading || reading) return false;
        if (what) return device === what;
        return !training && (status.over || status.divergedAt !== undefined);
      },
      [IMAGES, what],
      { timeout: SHADERS },
    );
  await page.locator("#images > summary").click();
  await waiting("cpu");
  await page.getByTestId("images-more").locator("summary").click();
  await page.getByTestId("images-training.steps").fill(`${steps}`);
  await page.getByTestId("images-training.steps").blur();
  await page.waitForFunction(
    ([name, steps]) => document.querySelector(name).status?.experiment.training.steps === steps,
    [IMAGES, steps],
  );
  if (device !== "cpu") {
    await page.getByTestId("images-device").selectOption(device);
    await waiting(device);
  }
  await page.getByTestId("images-train").click();
  await waiting();
  return page.locator(IMAGES).evaluate(({ problem, notice, points, tally, branches, loss, device }) => {
    const { wrong, images } = tally;
    return { problem, notice, points, wrong, images, branches, loss, device };
  });
}

test("images are learned on WebGPU as on the processor", { timeout: 2 * SHADERS }, async () => {
  const STEPS = 60;
  const found = {};
  for (const device of ["cpu", "webgpu"]) {
    await visit({}, async (page) => {
      await page.getByTestId("play").click();
      found[device] = await trained(page, device, STEPS);
      assert.deepEqual([found[device].problem, found[device].device], ["", device]);
    });
  }
  const { cpu, webgpu } = found;
  assert.equal(webgpu.images, 1797);
  // Guessing is wrong nine times in ten.
  assert.ok(webgpu.wrong / webgpu.images < 0.5, `${webgpu.wrong}`);
  assert.ok(Math.abs(webgpu.loss - cpu.loss) < 0.02 * cpu.loss, `${webgpu.loss}, ${cpu.loss}`);
  for (const [i, { branch, shortcut }] of webgpu.branches.entries()) {
    assert.ok(Math.abs(branch / cpu.branches[i].branch - 1) < 0.02);
    assert.ok(Math.abs(shortcut / cpu.branches[i].shortcut - 1) < 0.02);
  }
});
