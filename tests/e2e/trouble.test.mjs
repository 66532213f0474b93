// What can go wrong, and that the page says so in a sentence and goes on.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  beforeWorker,
  collectErrors,
  launch,
  losableGpu,
  loseGpu,
  moving,
  PATIENCE,
  serveDist,
  stepOf,
} from "./harness.mjs";

/** Opens the page in a browser of its own and closes everything afterwards. */
async function visit({ hash = "", webgpu = false, change, insecure = false }, look) {
  const server = await serveDist({ change });
  const browser = await launch({ webgpu });
  try {
    // What a service worker fetches, the page has not asked for.
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, serviceWorkers: "block" });
    const errors = collectErrors(page);
    await page.goto((insecure ? server.insecureUrl : server.url) + hash);
    await look(page, errors);
  } finally {
    await browser.close();
    await server.close();
  }
}

const state = (page) => page.evaluate(() => window.identityLab.state());
/** Waits until the alert, the notice or the status of a place says something that matches. */
async function says(place, id, expected, what = id) {
  const element = place.getByTestId(id);
  await element
    .filter({ hasText: expected })
    .waitFor({ timeout: 20_000 })
    .catch(async () => assert.match(await element.textContent(), expected, what));
}

const BAD_ADDRESSES = [
  ["#network.width=999", /network\.width.*1 to 64/],
  ["#network.layers=0", /network\.layers.*1 to 256/],
  ["#version=7", /version.*1/],
  ["#seed=-1", /seed.*0 to 4294967295/],
  ["#optimizer.learningRate=NaN", /learningRate.*0 to 1e6/],
  ["#target.kind=cube", /target.*random/],
  ["#target.kind=matrix&target.rows=1,2;3", /target\.rows.*8|width/],
  ["#network.colour=blue", /colour/],
  ["#twins.0.start.kind=gaussian&twins.0.start.scale=-3", /scale.*0 to 1000/],
  ["#data.kind=sample&data.points=1e9", /data\.points.*1 to 65536/],
  ["#batch=8", /batch.*finite sample/],
  ["#nonsense", /nonsense/],
  ["#engine=quantum", /engine.*cpu/],
  ["#plane=sideways", /plane.*startCurrent/],
];

test("every bad address gets a sentence, and the page runs", { timeout: 3 * PATIENCE }, async () => {
  await visit({}, async (page, errors) => {
    await moving(page);
    for (const [hash, expected] of BAD_ADDRESSES) {
      const before = await stepOf(page);
      await page.evaluate((to) => (location.hash = to), hash);
      await page.waitForFunction(() => window.identityLab.state().alert !== "", undefined, {
        timeout: 20_000,
      });
      await says(page, "alert", expected, hash);
      await moving(page, before);
      assert.equal((await state(page)).experiment.network.width, 8, hash);
      await page.evaluate(() => document.dispatchEvent(new CustomEvent("lab-close-alert")));
      await page.waitForFunction(() => window.identityLab.state().alert === "");
    }
    assert.deepEqual(errors, []);
  });
});

test("a typed-in matrix that is wrong keeps the run and names the entry", { timeout: PATIENCE }, async () => {
  await visit({ hash: "#network.width=2&network.layers=4" }, async (page, errors) => {
    await moving(page);
    await page.getByTestId("setting-target").selectOption("matrix");
    const field = page.locator("textarea");
    for (const [text, expected] of [
      ["1 2\n3 x", /target\.rows\[1\]\[1\].*"x"/],
      ["1 2 3\n4 5 6", /target\.rows.*2/],
      ["1 2", /target\.rows/],
      ["1 1e9\n0 1", /target\.rows\[0\]\[1\].*1e6/],
    ]) {
      await field.fill(text);
      await field.blur();
      await page.waitForFunction(() => window.identityLab.state().alert !== "");
      await says(page, "alert", expected, text);
      await moving(page, await stepOf(page));
      assert.equal((await state(page)).experiment.target.kind, "random");
      await page.evaluate(() => document.dispatchEvent(new CustomEvent("lab-close-alert")));
    }
    await field.fill("0 -1\n1 0");
    await field.blur();
    await page.getByTestId("restart").click();
    await page.waitForFunction(() => window.identityLab.state().experiment.target.kind === "matrix");
    assert.deepEqual((await state(page)).experiment.target.rows, [
      [0, -1],
      [1, 0],
    ]);
    assert.deepEqual(errors, []);
  });
});

test(
  "a plane that cannot be laid is refused in a sentence, and another is shown",
  { timeout: PATIENCE },
  async () => {
    await visit({ hash: "#target.kind=negativeDeterminant" }, async (page, errors) => {
      await moving(page);
      await page.getByTestId("plane-select").selectOption("optimum");
      await page
        .getByTestId("honesty")
        .first()
        .filter({ hasText: /determinant must be positive.*shown meanwhile/s })
        .waitFor();
      await page.waitForFunction(
        () => window.identityLab.state().landscapes[0]?.spec.kind === "startCurrent",
      );
      await moving(page, await stepOf(page));
      assert.deepEqual(errors, []);
    });
  },
);

test("a diverging run stops, says at which step, and keeps its curve", { timeout: PATIENCE }, async () => {
  await visit({ hash: "#optimizer.learningRate=5" }, async (page, errors) => {
    await page.waitForFunction(
      () => window.identityLab?.state().frame?.twins.every(({ status }) => status === "diverged"),
      undefined,
      { timeout: PATIENCE },
    );
    const { frame, playing } = await state(page);
    assert.equal(playing, false);
    for (const twin of frame.twins) {
      assert.ok(twin.divergedAt > 0);
      await says(
        page.getByTestId(`twin-${twin.parametrization}`),
        "status",
        new RegExp(`diverged at step ${twin.divergedAt}`),
      );
      const steps = Object.values(twin.history.steps);
      assert.equal(steps[steps.length - 1], twin.divergedAt);
    }
    assert.deepEqual(errors, []);
  });
});

test("a GPU that is lost hands the run to the CPU, nothing lost", { timeout: 2 * PATIENCE }, async () => {
  const change = await losableGpu();
  await visit({ hash: "#engine=webgpu", webgpu: true, change }, async (page, errors) => {
    await page.waitForFunction(() => window.identityLab?.state().engine.name === "webgpu", undefined, {
      timeout: PATIENCE,
    });
    await moving(page, (await stepOf(page)) + 5);
    const before = await state(page);
    await loseGpu(page);
    await page.waitForFunction(() => window.identityLab.state().engine.name === "cpu", undefined, {
      timeout: PATIENCE,
    });
    await says(page, "notice", /GPU was lost.*on the CPU/i);
    await moving(page, before.step + 20);
    const after = await state(page);
    assert.ok(after.frame.twins[0].excess < before.frame.twins[0].excess);
    assert.equal(after.frame.twins[0].history.steps[0], 0);
    assert.deepEqual(errors, []);
  });
});

for (const [what, script] of [
  ["that throws", `navigator.gpu.requestAdapter = () => { throw new Error("driver trouble") }`],
  ["that rejects", `navigator.gpu.requestAdapter = () => Promise.reject(new Error("driver trouble"))`],
]) {
  test(
    `an adapter request ${what} leaves a page on the CPU that says so`,
    { timeout: PATIENCE },
    async () => {
      const change = await beforeWorker(script);
      await visit({ hash: "#engine=webgpu", webgpu: true, change }, async (page, errors) => {
        await moving(page);
        await page.waitForFunction(() => window.identityLab.state().notice !== "", undefined, {
          timeout: PATIENCE,
        });
        await says(page, "notice", /driver trouble.*CPU/);
        assert.equal((await state(page)).engine.name, "cpu");
        await moving(page, await stepOf(page));
        assert.deepEqual(errors, []);
      });
    },
  );
}

test("a browser without navigator.gpu is told so", { timeout: PATIENCE }, async () => {
  await visit({ webgpu: true, insecure: true }, async (page, errors) => {
    await moving(page);
    await page.waitForFunction(() => window.identityLab.state().timings.length === 2, undefined, {
      timeout: PATIENCE,
    });
    await says(page, "notice", /no WebGPU.*CPU/);
    assert.deepEqual(errors, []);
  });
});

test("an engine that cannot be downloaded is named", { timeout: PATIENCE }, async () => {
  const change = (path) => (path.endsWith(".wasm") ? { status: 404, body: "gone" } : undefined);
  await visit({ change }, async (page) => {
    await page.getByTestId("alert").waitFor({ timeout: 20_000 });
    await says(page, "alert", /could not be downloaded/);
  });
});

const GPU_MODULE = /\/webgpu_bg.*\.wasm$/;

test(
  "what trains on a GPU is fetched to be timed, and the run does not wait for it",
  { timeout: 2 * PATIENCE },
  async () => {
    let send;
    let asked = false;
    const sent = new Promise((resolve) => (send = resolve));
    const change = async (path) => (GPU_MODULE.test(path) ? void ((asked = true), await sent) : undefined);
    await visit({ webgpu: true, change }, async (page, errors) => {
      while (!asked) await page.waitForTimeout(50);
      await moving(page, (await stepOf(page)) + 20);
      const timed = () => page.evaluate(() => document.querySelector("lab-engines").timings);
      assert.deepEqual(
        (await timed()).map(({ engine }) => engine),
        ["cpu"],
      );
      send();
      await page.waitForFunction(
        () => document.querySelector("lab-engines").timings.length === 2,
        undefined,
        {
          timeout: PATIENCE,
        },
      );
      const [, gpu] = await timed();
      assert.equal(gpu.engine, "webgpu");
      assert.ok(gpu.milliseconds > 0, gpu.problem);
      assert.deepEqual(errors, []);
    });
  },
);

test("it is not fetched where there is no adapter", { timeout: PATIENCE }, async () => {
  let asked = false;
  const change = (path) => void (asked ||= GPU_MODULE.test(path));
  await visit({ change }, async (page, errors) => {
    await says(page, "notice", /no adapter.*CPU/);
    assert.ok(!asked);
    assert.deepEqual(errors, []);
  });
});

test(
  "if it cannot be downloaded, the page says so and trains on the CPU",
  { timeout: PATIENCE },
  async () => {
    const change = (path) => (GPU_MODULE.test(path) ? { status: 404, body: "gone" } : undefined);
    for (const hash of ["", "#engine=webgpu"])
      await visit({ webgpu: true, hash, change }, async (page) => {
        await says(page, "notice", /could not be downloaded.*CPU/);
        await moving(page, (await stepOf(page)) + 20);
        assert.equal((await state(page)).engine.name, "cpu");
      });
  },
);

test(
  "a slow machine does not replace the address that the page was opened with",
  { timeout: PATIENCE },
  async () => {
    // Every message to the session takes so long that the page's own writing of the address would come in between.
    const change = await beforeWorker(`
    const listen = self.addEventListener.bind(self);
    self.addEventListener = (type, act, options) =>
      listen(type, type === "message" ? (event) => setTimeout(act, 300, event) : act, options);
  `);
    await visit({ hash: "#network.width=5&seed=42", change }, async (page, errors) => {
      const widths = new Set();
      for (;;) {
        const hash = await page.evaluate(() => location.hash);
        widths.add(/network\.width=(\d+)/.exec(hash)?.[1]);
        if (hash.includes("version=1")) break;
        await page.waitForTimeout(20);
      }
      await moving(page);
      widths.add(/network\.width=(\d+)/.exec(await page.evaluate(() => location.hash))?.[1]);
      assert.deepEqual([...widths], ["5"]);
      assert.deepEqual(errors, []);
    });
  },
);
