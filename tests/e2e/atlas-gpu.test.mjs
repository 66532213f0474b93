// Maps trained on WebGPU: the same networks as on the processor, said so, stopped, and handed back when it fails.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { beforeWorker, collectErrors, launch, moving, PATIENCE, serveDist } from "./harness.mjs";

let browser;

before(async () => {
  browser = await launch({ webgpu: true });
});
after(() => browser?.close());

/** A page at rest with the section open and 16 × 16 cells asked for. */
async function visit({ hash = "", change, steps = "60" }, act) {
  const server = await serveDist({ change });
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  try {
    const errors = collectErrors(page);
    await page.goto(server.url + hash);
    await moving(page);
    await page.getByTestId("play").click();
    await page.locator("#maps > summary").click();
    await page.getByTestId("atlas-start").waitFor();
    await page.getByTestId("atlas-size").selectOption("16");
    for (const [name, value] of Object.entries({ steps, "y-high": "24" })) {
      await page.getByTestId(`atlas-${name}`).fill(value);
      await page.getByTestId(`atlas-${name}`).blur();
    }
    await act(page);
    assert.deepEqual(errors, []);
  } finally {
    await page.close();
    await server.close();
  }
}

const start = (page) => page.getByTestId("atlas-start").click();
const fleets = (page) =>
  page.workers().filter((worker) => worker.url().includes("atlas-fleet-worker")).length;

/** The map, once it is whole and on that engine. */
async function finished(page, engine) {
  await page.waitForFunction(
    (wanted) => {
      const { atlas, running, problem } = document.querySelector("lab-atlas");
      return problem || (!running && atlas?.trained === atlas?.networks && atlas?.engine === wanted);
    },
    engine,
    { timeout: PATIENCE },
  );
  const found = await page.locator("lab-atlas").evaluate(({ atlas, problem }) => ({
    problem,
    networks: atlas.networks,
    x: [...atlas.x],
    y: [...atlas.y],
    notice: atlas.notice ?? "",
    whole: atlas.grain.every((grain) => grain === 1),
    twins: atlas.twins.map((twin) =>
      Object.fromEntries(Object.entries(twin).map(([name, values]) => [name, [...values]])),
    ),
  }));
  assert.equal(found.problem, "");
  assert.ok(found.whole);
  return found;
}

/** Workers are heard of, and forgotten, a moment after they start or end. */
async function fleetsAre(page, wanted) {
  for (const end = Date.now() + 10_000; fleets(page) !== wanted; await page.waitForTimeout(20))
    assert.ok(Date.now() < end, `${fleets(page)} workers with a GPU, not ${wanted}`);
}

/** What differs by more than rounding: see tests/webgpu_maps.rs, which has the same tolerances. */
function differences(ours, theirs) {
  const found = [];
  const near = (a, b) => (Number.isNaN(a) && Number.isNaN(b)) || Math.abs(a - b) <= 1;
  ours.twins.forEach((twin, t) => {
    const other = theirs.twins[t];
    twin.excess.forEach((excess, i) => {
      const expected = other.excess[i];
      const diverged = [twin.divergedAt[i], other.divergedAt[i]];
      const close =
        !Number.isNaN(diverged[1]) || Math.abs(excess - expected) <= 2e-3 * Math.abs(expected) + 1e-7;
      if (!Object.is(...diverged) || !near(twin.steps[i], other.steps[i]) || !close)
        found.push({ t, i, excess, expected, diverged });
    });
  });
  return found;
}

test(
  "a map on WebGPU is the processor's map, and says where it was trained",
  {
    timeout: 2 * PATIENCE,
  },
  async () => {
    await visit({ hash: "#engine=webgpu" }, async (page) => {
      await start(page);
      const ours = await finished(page, "webgpu");
      assert.equal(ours.notice, "");
      await page
        .getByTestId("atlas-time")
        .filter({ hasText: / s on\s+WebGPU/ })
        .waitFor();
      await fleetsAre(page, 0);
      await page.getByTestId("engine-select").selectOption("cpu");
      await start(page);
      const theirs = await finished(page, "cpu");
      await page
        .getByTestId("atlas-time")
        .filter({ hasText: / s on\s+CPU, \d+ worker/ })
        .waitFor();
      assert.equal(ours.networks, theirs.networks);
      const diverged = theirs.twins.flatMap(({ divergedAt }) => divergedAt).filter((step) => step > 0).length;
      const learned = theirs.twins.flatMap(({ steps }) => steps).filter((step) => step > 0).length;
      assert.ok(diverged > 30 && learned > 30, `${diverged} diverged, ${learned} learned`);
      // At the edge of stability runs are chaotic, and standard networks leave their saddle where rounding errors push
      // them: see tests/webgpu_maps.rs, which tells such runs apart.
      const found = differences(ours, theirs);
      const calm = found.filter(
        ({ t, i }) => t === 0 && theirs.x[i % 16] * theirs.y[Math.floor(i / 16)] <= 0.1,
      );
      assert.deepEqual(calm, []);
      assert.ok(found.length <= 50, JSON.stringify(found));
    });
  },
);

test(
  "where the only adapter is software, the processor trains maps by itself",
  { timeout: PATIENCE },
  async () => {
    await visit({}, async (page) => {
      let seen = 0;
      page.on("worker", (worker) => (seen += worker.url().includes("atlas-fleet-worker")));
      await start(page);
      assert.equal((await finished(page, "cpu")).notice, "");
      assert.equal(seen, 0);
    });
  },
);

test("a map on WebGPU shows itself coarse to fine, and stops at once", { timeout: PATIENCE }, async () => {
  await visit({ hash: "#engine=webgpu", steps: "20000" }, async (page) => {
    await start(page);
    await page.waitForFunction(() => document.querySelector("lab-atlas").running);
    await fleetsAre(page, 1);
    await start(page);
    await page.waitForFunction(() => !document.querySelector("lab-atlas").running);
    await fleetsAre(page, 0);
    await page.getByTestId("atlas-steps").fill("100");
    await page.getByTestId("atlas-steps").blur();
    // Keeps how coarse the map was each time that it was shown.
    await page.locator("lab-atlas").evaluate((element) => {
      window.grains = [];
      const look = () => {
        const { atlas, running } = element;
        if (atlas?.engine === "webgpu") window.grains.push(Math.max(...atlas.grain));
        if (running || window.grains.length === 0) requestAnimationFrame(look);
      };
      look();
    });
    await start(page);
    await finished(page, "webgpu");
    const grains = await page.evaluate(() => window.grains);
    assert.equal(Math.max(...grains), 2, "the first picture has 8 × 8 blocks");
    assert.equal(grains[grains.length - 1], 1);
  });
});

const LOSE = `
  const request = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (...options) {
    const device = await request.apply(this, options);
    const submit = device.queue.submit;
    let count = 0;
    device.queue.submit = (...work) => {
      if (++count === 9) device.destroy();
      return submit.apply(device.queue, work);
    };
    return device;
  }`;
for (const [what, script, expected] of [
  ["is lost", LOSE, /GPU was lost.*processor trained this map/],
  ["gives no adapter", "navigator.gpu.requestAdapter = async () => null", /no adapter.*processor trained/],
]) {
  test(
    `a GPU that ${what} leaves the map to the processor, and the map says so`,
    {
      timeout: PATIENCE,
    },
    async () => {
      const change = await beforeWorker(script, "atlas-fleet-worker");
      await visit({ hash: "#engine=webgpu", change }, async (page) => {
        await start(page);
        const { notice } = await finished(page, "cpu");
        assert.match(notice, expected);
        await page.getByTestId("atlas-notice").filter({ hasText: expected }).waitFor();
        await fleetsAre(page, 0);
      });
    },
  );
}
