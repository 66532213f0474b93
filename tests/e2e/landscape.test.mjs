// What a person does with the landscapes: pointing, starting elsewhere, looking back, comparing, turning, saving.
import assert from "node:assert/strict";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { collectErrors, launch, moving, native, PATIENCE, pinch, stage, stepOf } from "./harness.mjs";
import { map, onScreen, pictures, rest, twin } from "./pictures.mjs";

const state = (page) => page.evaluate(() => window.identityLab.state());
// WebGL on a machine without a GPU.
const opened = stage({ webgpu: true, args: ["--enable-unsafe-swiftshader"] });

async function visit(hash, act, options = {}) {
  const page = await opened.browser.newPage({ viewport: { width: 1440, height: 900 }, ...options });
  const errors = collectErrors(page);
  await page.goto(opened.server.url + hash);
  await pictures(page);
  await act(page);
  assert.deepEqual(errors, []);
  await page.close();
}

test(
  "under the pointer stand excess risk, gradient norm and the way from the start",
  { timeout: PATIENCE },
  async () => {
    await visit("", async (page) => {
      await moving(page, 40);
      await rest(page);
      const { twins } = (await state(page)).frame;
      const { point, excess } = twins[0];
      await page.mouse.move(...(await onScreen(page, 0, [point.a, point.b])));
      await page.waitForFunction(() => window.identityLab.state().readings[0]);
      const [reading] = (await state(page)).readings;
      const { distance } = (await state(page)).landscapes[0];
      // The pixel under the pointer is not quite the iterate.
      assert.ok(Math.abs(reading.moved / distance - 1) < 0.05, `${reading.moved} and ${distance}`);
      assert.ok(reading.excess < 3 * excess + 0.1 && reading.gradientNorm > 0);
      await twin(page, "identity")
        .getByTestId("reading")
        .filter({ hasText: /excess .*gradient .*from the start/s })
        .waitFor();
      // At the start itself nothing has moved.
      await page.mouse.move(...(await onScreen(page, 0, [0, 0])));
      await page.waitForFunction(() => window.identityLab.state().readings[0]?.moved < 0.02);
      await page.mouse.move(5, 5);
      await page.waitForFunction(() => !window.identityLab.state().readings[0]);
    });
  },
);

test(
  "a run starts from a probed place, from a click and from a dragged start",
  { timeout: PATIENCE },
  async () => {
    await visit("#optimizer.learningRate=0.0001", async (page) => {
      await rest(page);
      await map(page, "standard").click({ position: { x: 150, y: 90 } });
      await twin(page, "standard").getByTestId("start-here").click();
      await page.waitForFunction(() => window.identityLab.state().experiment.twins[1].start.kind === "given");
      const first = (await state(page)).experiment.twins[1].start.parameters;
      // The address holds it, and brings it back.
      await page.waitForFunction(() => location.hash.includes("start.parameters="));
      const hash = await page.evaluate(() => location.hash);
      await pictures(page);
      // A click may start at once.
      await page.getByTestId("click-select").selectOption("start");
      await map(page, "identity").click({ position: { x: 200, y: 60 } });
      await page.waitForFunction(() => window.identityLab.state().experiment.twins[0].start.kind === "given");
      await pictures(page, "(s) => s.landscapes.every((l) => l.size === 129)");
      const before = (await state(page)).experiment.twins[0].start.parameters;
      const from = await onScreen(page, 0, [0, 0]);
      await page.mouse.move(...from);
      await page.mouse.down();
      await page.mouse.move(from[0] + 30, from[1] - 25, { steps: 4 });
      await page.mouse.up();
      await page.waitForFunction(
        (was) => window.identityLab.state().experiment.twins[0].start.parameters !== was,
        before,
      );
      assert.equal((await state(page)).view.a, 0, "dragging the start does not move the picture");
      // Another shape has no use for such a start: the usual one takes its place, and nothing is refused.
      await page.getByTestId("setting-depth").fill("5");
      await page.getByTestId("setting-depth").blur();
      await page.waitForFunction(() => window.identityLab.state().draft.network.layers === 5);
      assert.equal((await state(page)).draft.twins[1].start.kind, "xavier");
      assert.equal((await state(page)).alert, "");
      await visit(hash, async (again) => {
        assert.equal((await state(again)).experiment.twins[1].start.parameters, first);
      });
    });
  },
);

test("looking back puts a ring where each run stood", { timeout: PATIENCE }, async () => {
  await visit("", async (page) => {
    await moving(page, 60);
    await rest(page);
    const last = await stepOf(page);
    // The element shows what the page knows one frame later.
    const marker = async (wanted) => {
      const element = twin(page, "identity").locator("lab-map");
      for (const end = Date.now() + 10_000; ; await page.waitForTimeout(20)) {
        const place = await element.evaluate(({ marker }) => marker);
        if (wanted(place) || Date.now() > end) return place;
      }
    };
    assert.equal(await marker((place) => place === undefined), undefined);
    await page.getByTestId("scrub").fill("0");
    await page.waitForFunction(() => window.identityLab.state().scrub === 0);
    const start = await marker((place) => place !== undefined);
    assert.ok(Math.hypot(...start) < 1e-6, `${start}`);
    await page.getByTestId("scrub").fill(String(Math.floor(last / 2)));
    await page.waitForFunction(() => window.identityLab.state().scrub > 0);
    const middle = await marker((place) => place?.[0] > 0.01);
    const { point } = (await state(page)).frame.twins[0];
    assert.ok(middle[0] > 0 && middle[0] < point.a, `${middle} before ${point.a}`);
    // The charts show the values of that step.
    const chart = page.locator("#chart-excess");
    await chart.filter({ hasText: /at step/ }).waitFor();
    await page.getByTestId("scrub").fill(String(last));
    await page.waitForFunction(() => window.identityLab.state().scrub === undefined);
    assert.equal(await marker((place) => place === undefined), undefined);
    // Pointing at a chart looks back too.
    await chart.locator(".u-over").hover();
    await page.waitForFunction(() => document.querySelector("lab-twin").scrub !== undefined);
    assert.notEqual(await marker((place) => place !== undefined), undefined);
  });
});

test("planes go through finished runs that were kept", { timeout: PATIENCE }, async () => {
  await visit("#network.layers=6", async (page) => {
    await moving(page, 30);
    await page.getByTestId("plane-select").selectOption("points");
    await pictures(page, "(s) => s.landscapes.every((l) => l.spec.kind === 'points')");
    await page.getByTestId("keep").click();
    await page.waitForFunction(() => window.identityLab.state().kept.length === 2);
    await page.getByTestId("seed").fill("7");
    await page.getByTestId("seed").blur();
    await page.waitForFunction(() => window.identityLab.state().draft.seed === 7);
    await page.getByTestId("restart").click();
    await moving(page, 30);
    await page.getByTestId("keep").click();
    await page.waitForFunction(() => window.identityLab.state().kept.length === 4);
    await page.getByTestId("point-0-select").selectOption("kept1");
    await page.getByTestId("point-1-select").selectOption("kept4");
    await page.getByTestId("point-2-select").selectOption("optimum");
    await pictures(
      page,
      "(s) => s.landscapes.every((l) => l.spec.points?.join() === 'kept1,kept4,optimum' && l.checked)",
    );
    const { landscapes, kept } = await state(page);
    assert.deepEqual(
      kept.map(({ seed, parametrization }) => [seed, parametrization]),
      [
        [1, "identity"],
        [1, "standard"],
        [7, "identity"],
        [7, "standard"],
      ],
    );
    const [mine, other] = landscapes;
    assert.deepEqual(
      mine.marks.map(({ label }) => label),
      ["kept1", "kept4", "optimum"],
    );
    // The same three points in either parametrization: the same plane, up to rounding of float32.
    for (const [i, { a, b }] of mine.marks.entries()) {
      assert.ok(Math.hypot(a - other.marks[i].a, b - other.marks[i].b) < 1e-4 * mine.half);
    }
    assert.ok(Math.abs(mine.optimum[2]) < 1e-3);
    // Two of the points the same: a sentence, and the last picture of what can be shown.
    await page.getByTestId("point-1-select").selectOption("kept1");
    await twin(page, "identity")
      .getByTestId("honesty")
      .filter({ hasText: /same point/ })
      .waitFor();
    await moving(page, await stepOf(page));
    // A network of another shape does not go through them.
    await page.evaluate(() => (location.hash = "network.layers=7&plane=points.kept1.kept2.kept3"));
    await twin(page, "identity")
      .getByTestId("honesty")
      .filter({ hasText: /no point called kept1/ })
      .waitFor();
  });
});

test("two points chosen within one frame are both chosen", { timeout: PATIENCE }, async () => {
  await visit("#network.layers=6", async (page) => {
    await page.getByTestId("plane-select").selectOption("points");
    await page.getByTestId("keep").click();
    await page.waitForFunction(() => window.identityLab.state().kept.length === 2);
    await page.getByTestId("point-0-select").locator("option[value=kept2]").waitFor({ state: "attached" });
    await page.locator("lab-view").evaluate(async (view) => {
      for (const [i, name] of [
        [0, "kept1"],
        [1, "kept2"],
      ]) {
        const select = view.shadowRoot.querySelector(`[data-testid=point-${i}-select]`);
        select.value = name;
        select.dispatchEvent(new Event("change"));
        // Later than a promise, sooner than the next frame.
        await new Promise((resolve) => setTimeout(resolve));
      }
    });
    assert.deepEqual((await state(page)).plane.points, ["kept1", "kept2", "optimum"]);
  });
});

test(
  "principal components wait for three points, and come by themselves",
  { timeout: PATIENCE },
  async () => {
    await visit("#plane=trajectory", async (page) => {
      await page.getByTestId("play").click();
      await page.getByTestId("reset").click();
      await twin(page, "identity")
        .getByTestId("honesty")
        .filter({ hasText: /at least three points/ })
        .waitFor();
      await page.getByTestId("play").click();
      await pictures(page, "(s) => s.landscapes.every((l) => l.spec.kind === 'trajectory')");
      await page.waitForFunction(() => window.identityLab.state().planeProblems.every((p) => !p));
    });
  },
);

test("slices, the same scale for both, and their difference", { timeout: PATIENCE }, async () => {
  await visit("", async (page) => {
    await moving(page, 40);
    const widths = () =>
      page.evaluate(() => window.identityLab.state().landscapes.map((l) => l.rangeA[1] - l.rangeA[0]));
    await page.getByTestId("play").click();
    const [first, second] = await widths();
    assert.notEqual(first, second);
    await page.getByTestId("difference-check").check();
    await pictures(
      page,
      "({ landscapes: [x, y] }) => Math.abs((x.rangeA[1] - x.rangeA[0]) / (y.rangeA[1] - y.rangeA[0]) - 1) < 1e-5",
    );
    assert.equal(await page.getByTestId("linked-check").isChecked(), true);
    await page
      .getByTestId("difference-summary")
      .filter({ hasText: /\d+ % of the cells/ })
      .waitFor();
    const colours = await page.getByTestId("difference-canvas").evaluate((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer)).size;
    });
    assert.ok(colours > 50, `${colours} colours`);
    // Unlinking takes the difference with it, which would mean nothing.
    await page.getByTestId("linked-check").uncheck();
    await page.waitForFunction(() => !window.identityLab.state().difference);
    await page.getByTestId("picture-select").selectOption("slices");
    await page.waitForFunction(() => window.identityLab.state().slices.filter(Boolean).length === 2);
    const { slices } = await state(page);
    assert.ok(slices.every(({ points }) => points === 129));
    // The first direction of this plane leads from the start to the iterate.
    assert.ok(Math.abs(slices[0].at[0] / slices[0].distance - 1) < 1e-4);
    await page.getByTestId("picture-select").selectOption("map");
    await pictures(page);
  });
});

test("two fingers zoom and move both landscapes", { timeout: PATIENCE }, async () => {
  await visit(
    "",
    async (page) => {
      await moving(page, 20);
      await rest(page);
      await map(page, "identity").scrollIntoViewIfNeeded();
      const box = await map(page, "identity").boundingBox();
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      await pinch(page, [x, y], 30, 60);
      await page.waitForFunction(() => window.identityLab.state().view.zoom > 1.6);
      const { zoom, a } = (await state(page)).view;
      assert.ok(zoom < 2.2 && Math.abs(a) < 0.3, `zoom ${zoom}, moved ${a}`);
    },
    { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  );
});

test("the surface turns, both together, with the run on it", { timeout: PATIENCE }, async () => {
  await visit("", async (page) => {
    await moving(page, 30);
    await page.getByTestId("picture-select").selectOption("surface");
    const surface = twin(page, "identity").getByTestId("surface-canvas");
    await surface.waitFor();
    // WebGL's own canvas, without what is drawn above it.
    await surface.evaluate((canvas) => (canvas.style.opacity = 0));
    for (const end = Date.now() + 30_000; ; await page.waitForTimeout(200)) {
      const colours = await coloursOf(page, await surface.screenshot());
      if (colours > 50) break;
      assert.ok(Date.now() < end, `the surface shows ${colours} colours`);
    }
    await surface.evaluate((canvas) => (canvas.style.opacity = 1));
    const before = (await state(page)).camera;
    const box = await surface.boundingBox();
    await page.mouse.move(box.x + 200, box.y + 120);
    await page.mouse.down();
    await page.mouse.move(box.x + 280, box.y + 140, { steps: 4 });
    await page.mouse.up();
    const { camera } = await state(page);
    assert.notEqual(camera.azimuth, before.azimuth);
    const cameras = await page.locator("lab-surface").evaluateAll((all) => all.map((s) => s.camera));
    assert.deepEqual(cameras, [camera, camera]);
    await moving(page, await stepOf(page));
  });
});

test("without WebGL the map stays, and a sentence says why", { timeout: PATIENCE }, async () => {
  const plain = await launch({ webgpu: false });
  const page = await plain.newPage();
  await page.goto(opened.server.url);
  await moving(page);
  await page.getByTestId("picture-select").selectOption("surface");
  await page.getByTestId("notice").filter({ hasText: /WebGL/ }).waitFor();
  await page.waitForFunction(() => window.identityLab.state().pictureKind === "map");
  await map(page, "identity").waitFor();
  await moving(page, await stepOf(page));
  await plain.close();
});

test("a saved landscape is computed again natively, to the last bit", { timeout: 4 * PATIENCE }, async () => {
  await visit(
    "#network.width=6&network.layers=9&data.kind=sample&data.points=50&data.covariance=7",
    async (page) => {
      await moving(page, 60);
      await rest(page);
      const folder = await mkdtemp(join(tmpdir(), "identity-lab-"));
      const files = {};
      for (const kind of ["json", "csv", "png", "svg"]) {
        const [download] = await Promise.all([
          page.waitForEvent("download"),
          twin(page, "standard").getByTestId("save-select").selectOption(kind),
        ]);
        assert.match(download.suggestedFilename(), new RegExp(`^identity-lab-.*standard.*\\.${kind}$`));
        files[kind] = join(folder, download.suggestedFilename());
        await download.saveAs(files[kind]);
      }
      const saved = JSON.parse(await readFile(files.json, "utf8"));
      const { landscapes, experiment } = await state(page);
      assert.deepEqual(saved.experiment, experiment);
      assert.equal(saved.excess.length, 129);
      assert.equal(saved.step, landscapes[1].step);
      const again = native("run", files.json);
      assert.deepEqual([again.identical, again.cells], [129 * 129, 129 * 129]);
      assert.equal(again.largestRelativeDifference, 0);

      const csv = await readFile(files.csv, "utf8");
      assert.equal(csv.split("\n").filter((line) => line.startsWith("grid,")).length, 129 * 129);
      assert.match(csv, /^# .*"seed":/m);
      const png = await readFile(files.png);
      assert.equal(png.subarray(1, 4).toString(), "PNG");
      assert.ok(
        png.includes("identity-lab") && png.includes('"seed":'),
        "the picture carries its experiment",
      );
      const svg = await readFile(files.svg, "utf8");
      assert.match(svg, /<metadata>.*seed/s);
      const shown = await opened.browser.newPage();
      await shown.goto(`file://${files.svg}`);
      assert.equal(await shown.locator("svg").count(), 1, "it is well-formed");
      await shown.close();
    },
  );
});

test("a run is the same bits natively and in the browser", { timeout: 4 * PATIENCE }, async () => {
  await visit("", async (page) => {
    const { experiment, parameters } = await page.evaluate(async () => {
      const session = await window.identityLab.createSession(
        {
          network: { kind: "linear", width: 5, layers: 7 },
          data: { kind: "sample", points: 40, covariance: 9, noise: 0.1 },
          optimizer: { kind: "adam", learningRate: 0.01 },
        },
        { engine: "cpu" },
      );
      await session.step(300);
      const parameters = [];
      for (let twin = 0; twin < 2; twin++) parameters.push([...(await session.parameters(twin))]);
      const { experiment } = session;
      session.dispose();
      return { experiment, parameters };
    });
    const folder = await mkdtemp(join(tmpdir(), "identity-lab-"));
    const file = join(folder, "experiment.json");
    await writeFile(file, JSON.stringify(experiment));
    const { twins } = native("run", file, "--steps", "300");
    for (const [i, { parameters: found }] of twins.entries()) {
      assert.deepEqual(found.map(Math.fround), parameters[i].map(Math.fround), `twin ${i}`);
    }
  });
});

test("a size or a range that makes no picture is refused in a sentence", { timeout: PATIENCE }, async () => {
  await visit("", async (page) => {
    const refusals = await page.evaluate(async () => {
      const session = window.identityLab.session();
      const asked = [
        { size: 0 },
        { size: 1e9 },
        { view: { zoom: 1, a: 1e300, b: 0 } },
        { half: Infinity },
        { plane: { kind: "coordinates", first: 0, second: 99999 } },
      ];
      const answers = [];
      for (const options of asked) {
        answers.push(await session.landscape(0, options).then(String, (error) => error.message));
      }
      return answers;
    });
    for (const [i, sentence] of [/size: .*1024/, /size/, /view/, /half/, /plane.second: .*1023/].entries()) {
      assert.match(refusals[i], sentence);
    }
    await moving(page, await stepOf(page));
  });
});

/** How many colours a screenshot has. */
function coloursOf(page, png) {
  return page.evaluate(
    async (source) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [image.width, image.height];
      const context = canvas.getContext("2d");
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, image.width, image.height);
      return new Set(new Uint32Array(data.buffer)).size;
    },
    `data:image/png;base64,${png.toString("base64")}`,
  );
}
