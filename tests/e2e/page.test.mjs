// The built page as a person meets it, in a real Chromium, with WebGPU and without.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { collectErrors, launch, moving, PATIENCE, serveDist, stepOf, webGpuSeen } from "./harness.mjs";

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

  test(`${where}: the browser is what the test says it is`, { timeout: PATIENCE }, async () => {
    const { page } = await open();
    const seen = await webGpuSeen(page);
    const expected = webgpu ? "swiftshader" : "no adapter";
    assert.deepEqual(seen, { page: expected, worker: expected });
    await page.close();
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
      const before = await page.evaluate(() => window.identityLab.state().frame);
      await page.getByTestId("engine-select").selectOption(engine);
      await page.waitForFunction((name) => window.identityLab.state().engine.name === name, engine, {
        timeout: PATIENCE,
      });
      await moving(page, await stepOf(page));
      // The run goes on where it was: further down the same curve, which begins with the same values.
      const now = await page.evaluate(() => window.identityLab.state().frame);
      assert.ok(now.step > before.step);
      assert.ok(now.twins[0].excess < before.twins[0].excess, `${engine}: ${now.twins[0].excess}`);
      assert.equal(now.twins[0].history.excess[0], before.twins[0].history.excess[0]);
    }
    assert.deepEqual(errors, []);
    await page.close();
  });

  test(`${where}: a link opened elsewhere shows the same run`, { timeout: PATIENCE }, async () => {
    const { page, errors } = await open(
      "#network.width=5&network.layers=9&seed=42&target.degrees=75&target.kind=rotation",
    );
    await moving(page);
    const experiment = await page.evaluate(() => window.identityLab.session().experiment);
    assert.deepEqual(experiment.network, { kind: "linear", width: 5, layers: 9 });
    assert.deepEqual(experiment.target, { kind: "rotation", degrees: 75 });
    assert.equal(experiment.seed, 42);
    // The page writes its own address, which another visitor opens.
    await page.waitForFunction(() => location.hash.includes("version=1"));
    const address = new URL(page.url()).hash;
    const other = await (await browser.newContext()).newPage();
    await other.goto(server.url + address);
    await moving(other);
    const curve = (of) =>
      of.evaluate(async () => {
        const { createSession, session } = window.identityLab;
        window.identityLab.pause();
        const own = await createSession(session().experiment, { engine: "cpu" });
        const { twins } = await own.step(40);
        const parameters = await own.parameters(1);
        own.dispose();
        return [twins.map(({ history }) => [...history.excess]), [...parameters]];
      });
    const [mine, theirs] = [await curve(page), await curve(other)];
    assert.equal(mine[0][0].length, 41);
    assert.deepEqual(mine, theirs);
    assert.deepEqual(errors, []);
    await other.context().close();
    await page.close();
  });

  test(`${where}: both twins are drawn, and the path moves`, { timeout: PATIENCE }, async () => {
    const { page, errors } = await open();
    await page.waitForFunction(
      () => window.identityLab?.state().landscapes.filter(Boolean).length === 2,
      undefined,
      {
        timeout: PATIENCE,
      },
    );
    await moving(page, 30);
    for (const twin of ["twin-identity", "twin-standard"]) {
      const canvases = await page.getByTestId(twin).locator("canvas").all();
      assert.equal(canvases.length, 4, "landscape, path, singular values, layer matrices");
      for (const [i, canvas] of canvases.entries()) {
        let colours = 0;
        for (const end = Date.now() + 20_000; colours <= 8 && Date.now() < end;) {
          colours = await canvas.evaluate((element) => {
            const { data } = element.getContext("2d").getImageData(0, 0, element.width, element.height);
            return new Set(new Uint32Array(data.buffer)).size;
          });
        }
        assert.ok(colours > 8, `canvas ${i} of ${twin} shows ${colours} colours`);
      }
    }
    const distances = await page.evaluate(() => window.identityLab.state().landscapes.map((l) => l.distance));
    assert.ok(distances.length === 2 && distances.every((distance) => distance > 0), `${distances}`);
    assert.deepEqual(errors, []);
    await page.close();
  });

  test(`${where}: minibatches bring burn, and the full batch leaves it`, { timeout: PATIENCE }, async () => {
    const { page, errors } = await open(
      "#data.kind=sample&data.points=96&batch=32&optimizer.learningRate=0.001&network.layers=6",
    );
    await page.waitForFunction(() => window.identityLab?.state().engine.name === "burn", undefined, {
      timeout: PATIENCE,
    });
    await moving(page, 30);
    const { frame } = await page.evaluate(() => window.identityLab.state());
    assert.ok(frame.twins[0].excess < frame.twins[0].history.excess[0]);
    // No other engine computes batches: the page says so and goes on as it was.
    await page.getByTestId("engine-select").selectOption("cpu");
    await page
      .getByTestId("notice")
      .filter({ hasText: /Minibatches.*burn only/ })
      .waitFor();
    assert.equal(await page.getByTestId("engine-select").inputValue(), "auto");
    await moving(page, await stepOf(page));
    assert.equal(await page.evaluate(() => window.identityLab.state().engine.name), "burn");
    await page.evaluate(() => (location.hash = "network.layers=6"));
    await page.waitForFunction(
      () => window.identityLab.state().engine.name !== "burn" && window.identityLab.state().step > 3,
      undefined,
      { timeout: PATIENCE },
    );
    assert.deepEqual(errors, []);
    await page.close();
  });

  test(`${where}: a click finds the nearest critical point`, { timeout: PATIENCE }, async () => {
    // Two layers of W: their zero is a saddle, and the run starts beside it.
    const { page, errors } = await open(
      "#network.width=3&network.layers=2&target.kind=rotation&target.degrees=40&optimizer.learningRate=0" +
        "&twins.1.start.kind=gaussian&twins.1.start.scale=0.01",
    );
    await page.waitForFunction(() => window.identityLab?.state().landscapes[1] !== undefined, undefined, {
      timeout: PATIENCE,
    });
    const probe = page.getByTestId("twin-standard").getByTestId("probe");
    await page.getByTestId("twin-standard").getByTestId("landscape-canvas").focus();
    await page.keyboard.press("Enter");
    await probe.filter({ hasText: /A saddle.*9 downhill directions.*rank 0 of 3/s }).waitFor();
    await page.getByTestId("twin-identity").getByTestId("landscape-canvas").click();
    await page.waitForFunction(() => typeof window.identityLab.state().probes[0] === "object");
    const [found] = await page.evaluate(() => window.identityLab.state().probes);
    assert.ok(found.critical.converged && found.critical.distance > 0);
    assert.deepEqual(errors, []);
    await page.close();
  });

  test(
    `${where}: every plane can be laid in mid-run, and says what it holds`,
    { timeout: PATIENCE },
    async () => {
      const { page, errors } = await open();
      await moving(page, 40);
      const names = await page
        .getByTestId("plane-select")
        .locator("option")
        .evaluateAll((all) => all.map((o) => o.value));
      assert.ok(names.length >= 10);
      for (const name of names) {
        const before = await stepOf(page);
        await page.getByTestId("plane-select").selectOption(name);
        await page.waitForFunction(
          (kind) => window.identityLab.state().landscapes.every((l) => l?.spec.kind === kind && l.checked),
          name.split(".")[0],
          { timeout: 30_000 },
        );
        for (const landscape of await page.evaluate(() => window.identityLab.state().landscapes)) {
          assert.equal(landscape.checked.cells, 16, name);
          assert.ok(landscape.checked.worst < 2e-4, `${name}: ${landscape.checked.worst}`);
          assert.ok(landscape.variance >= 0 && landscape.variance <= 1 && landscape.inPlane >= 0, name);
          if (name.startsWith("hessian"))
            assert.ok(landscape.captured.share > 0 && landscape.captured.share <= 1);
        }
        await moving(page, before);
      }
      assert.match(
        await page.getByTestId("honesty").first().textContent(),
        /holds \d+ % of the path.*off the plane.*float64 check/s,
      );
      assert.deepEqual(errors, []);
      await page.close();
    },
  );

  test(
    `${where}: the wheel zooms both landscapes, and the whole comes back`,
    { timeout: PATIENCE },
    async () => {
      const { page, errors } = await open();
      await moving(page, 20);
      await page.getByTestId("play").click();
      const width = () =>
        page.evaluate(() => window.identityLab.state().landscapes.map((l) => l.rangeA[1] - l.rangeA[0]));
      await page.waitForFunction(
        () => window.identityLab.state().landscapes.every((l) => l?.size === 129),
        undefined,
        {
          timeout: PATIENCE,
        },
      );
      const whole = await width();
      await page.getByTestId("twin-identity").getByTestId("landscape-canvas").hover();
      await page.mouse.wheel(0, -300);
      await page.waitForFunction(
        (was) =>
          window.identityLab.state().landscapes.every((l, i) => l.rangeA[1] - l.rangeA[0] < 0.9 * was[i]),
        whole,
        { timeout: 30_000 },
      );
      await page.getByTestId("view-reset").click();
      await page.waitForFunction(
        (was) =>
          window.identityLab
            .state()
            .landscapes.every((l, i) => Math.abs((l.rangeA[1] - l.rangeA[0]) / was[i] - 1) < 1e-3),
        whole,
        { timeout: 30_000 },
      );
      assert.deepEqual(errors, []);
      await page.close();
    },
  );

  test(`${where}: a bad link gets a sentence and a running page`, { timeout: PATIENCE }, async () => {
    const { page } = await open("#network.width=999");
    await moving(page);
    await page
      .getByTestId("alert")
      .filter({ hasText: /network\.width.*1 to 64/ })
      .waitFor();
    await page.close();
  });
}
