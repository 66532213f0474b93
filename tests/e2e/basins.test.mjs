// Basins of optima: pictures to begin with, reading and opening starts, the landscapes' plane, and where zooming ends.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fitsAndIsAccessible } from "./fitting.mjs";
import { collectErrors, moving, PATIENCE, stage } from "./harness.mjs";

const opened = stage({ webgpu: false });

/** A page that rests, with maps open and basins chosen. */
async function visit(act, options = {}) {
  const page = await opened.browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  const errors = collectErrors(page);
  await page.goto(opened.server.url);
  await moving(page);
  await page.getByTestId("play").click();
  await page.locator("#maps > summary").click();
  await page.getByTestId("atlas-view").selectOption("basins");
  await act(page);
  assert.deepEqual(errors, []);
  await page.close();
}

async function set(page, settings) {
  for (const [name, value] of Object.entries(settings)) {
    const control = page.getByTestId(`atlas-${name}`);
    if (await control.evaluate((element) => element.tagName === "SELECT")) await control.selectOption(value);
    else {
      await control.fill(value);
      await control.blur();
    }
  }
}

/** Waits for the map after `act`, and returns it. */
async function mapAfter(page, act) {
  const before = await page.locator("lab-atlas").evaluateHandle(({ atlas }) => atlas?.spec);
  await act();
  await page.waitForFunction(
    (old) => {
      const { atlas, running, problem } = document.querySelector("lab-atlas");
      return problem || (!running && atlas && atlas.spec !== old && atlas.trained === atlas.networks);
    },
    before,
    { timeout: PATIENCE },
  );
  return page.locator("lab-atlas").evaluate(({ atlas, problem }) => ({
    problem,
    spec: { ...atlas.spec, experiment: undefined },
    x: [...atlas.x],
    y: [...atlas.y],
    ends: atlas.twins.map(({ end }) => [...end]),
    steps: atlas.twins.map(({ steps }) => [...steps]),
  }));
}

const legend = (page) => page.locator("lab-atlas .legend").innerText();
const begin = (page, id) => mapAfter(page, () => page.getByTestId(`basins-${id}`).click());
const start = (page) => mapAfter(page, () => page.getByTestId("atlas-start").click());
const canvasOf = (page, index = 0) => page.getByTestId("atlas-canvas").nth(index);

/** Where on the screen the middle of a cell is; the margins are those of plotFrame. */
async function onScreen(page, ix, iy, size, index = 0) {
  await canvasOf(page, index).scrollIntoViewIfNeeded();
  const box = await canvasOf(page, index).boundingBox();
  return [
    box.x + 54 + ((ix + 0.5) / size) * (box.width - 64),
    box.y + 8 + (1 - (iy + 0.5) / size) * (box.height - 46),
  ];
}

/** The parameters that the lab's network starts from. */
const labStart = (page, twin = 0) =>
  page.evaluate((twin) => {
    const { start } = window.identityLab.state().experiment.twins[twin];
    const bytes = Uint8Array.from(atob(start.parameters), (c) => c.charCodeAt(0));
    return [...new Float32Array(bytes.buffer)];
  }, twin);

test(
  "two numbers: the sign of their sum decides, the line between stalls, a click opens a start",
  { timeout: PATIENCE },
  async () => {
    await visit(async (page) => {
      const { x, y, ends, steps, problem } = await begin(page, "two");
      assert.equal(problem, "");
      assert.deepEqual([x.length, y.length, ends.length], [64, 64, 1]);
      ends[0].forEach((end, cell) => {
        const [ix, iy] = [cell % 64, Math.floor(cell / 64)];
        const wanted = ix + iy === 63 ? -1 : x[ix] + y[iy] > 0 ? 0 : 3;
        assert.equal(end, wanted, `w₁ = ${x[ix]}, w₂ = ${y[iy]}`);
      });
      const text = await legend(page);
      assert.match(text, /signs of the numbers/);
      assert.match(text, /\+\+\s+49 %/);
      assert.match(text, /−−\s+49 %/);
      assert.match(text, /stalled at a saddle\s+2 %/);
      await page.getByTestId("basins-hint").filter({ hasText: "w₁ + w₂" }).waitFor();

      const [ix, iy] = [10, 40];
      await page.mouse.move(...(await onScreen(page, ix, iy, 64)));
      await page
        .getByTestId("atlas-reading")
        .filter({ hasText: /w₁ = −2\.02, w₂ = 0\.797.*optimum −− after \d+ steps/s })
        .waitFor();
      await page.mouse.move(...(await onScreen(page, 20, 43, 64)));
      await page
        .getByTestId("atlas-reading")
        .filter({ hasText: "stalled at a saddle, excess 1.00" })
        .waitFor();
      await page.mouse.click(...(await onScreen(page, ix, iy, 64)));
      await page.waitForFunction(
        (first) => window.identityLab.state().experiment.twins[0].start.parameters !== first,
        await page.evaluate(
          () => document.querySelector("lab-atlas").atlas.spec.experiment.twins[0].start.parameters,
        ),
      );
      assert.deepEqual(await labStart(page), [Math.fround(x[ix]), Math.fround(y[iy])]);
      // The run of that start has those signs at the step that the map names, and has learned there.
      const run = await page.evaluate(
        async (count) => {
          const session = await window.identityLab.createSession(window.identityLab.state().experiment, {
            engine: "cpu",
          });
          const before = await session.step(count - 1);
          const after = await session.step(1);
          const parameters = [...(await session.parameters(0))];
          session.dispose();
          return { before: before.twins[0].excess, after: after.twins[0].excess, parameters };
        },
        steps[0][64 * iy + ix],
      );
      assert.ok(run.after <= 0.01 && run.before > 0.01, JSON.stringify(run));
      assert.ok(
        run.parameters.every((w) => w < 0),
        JSON.stringify(run),
      );
    });
  },
);

test(
  "four optima of three numbers; a zoom stays on its plane and keeps its colours",
  { timeout: PATIENCE },
  async () => {
    await visit(async (page) => {
      const { ends, spec } = await begin(page, "three");
      assert.deepEqual([...new Set(ends[0].filter((end) => end >= 0))].sort(), [0, 3, 5, 6]);
      const text = await legend(page);
      for (const pattern of ["+++", "−−+", "−+−", "+−−"]) assert.ok(text.includes(pattern), text);
      const colours = () =>
        page
          .locator("lab-atlas")
          .evaluate((element) =>
            [...element.shadowRoot.querySelectorAll("[data-testid=basin]")]
              .map(
                (item) =>
                  `${item.querySelector("strong").innerText} ${item.querySelector(".swatch").style.background}`,
              )
              .sort(),
          );
      const first = await colours();
      await canvasOf(page).focus();
      await page.mouse.move(...(await onScreen(page, 20, 44, 64)));
      const near = await mapAfter(page, () => page.mouse.wheel(0, -100));
      assert.deepEqual(near.spec.plane, spec.plane);
      assert.ok(near.x[0] > -2 && near.x[63] < 2);
      const second = await colours();
      assert.ok(second.length > 1);
      for (const colour of second) assert.ok(first.includes(colour), `${colour} of ${first}`);
      await page.getByTestId("atlas-whole").waitFor();
    });
  },
);

test(
  "a negative eigenvalue: the lab's identity start stalls, the zero-asymmetric one learns, basins have odd signs",
  { timeout: PATIENCE },
  async () => {
    await visit(async (page) => {
      const { ends } = await begin(page, "negative");
      for (const twin of ends) {
        const found = new Set(twin.filter((end) => end >= 0));
        assert.deepEqual([...found].sort(), [1, 2, 4, 7]);
      }
      assert.ok(ends[0].includes(-1));
      assert.match(await legend(page), /signs of det W₁ … det Wℓ/);
      await page.getByTestId("play").click();
      await moving(page, 1500);
      const excess = await page.evaluate(() =>
        window.identityLab.state().frame.twins.map(({ excess }) => excess),
      );
      assert.ok(Math.abs(excess[0] - 0.25) < 1e-3, `${excess}`);
      assert.ok(excess[1] < 1e-4, `${excess}`);
    });
  },
);

test("the landscapes' plane becomes one of starts, to the bit", { timeout: PATIENCE }, async () => {
  await visit(async (page) => {
    await page.getByTestId("honesty").first().waitFor();
    await set(page, { starts: "lab", size: "16", steps: "100" });
    await page.getByTestId("atlas-lay").waitFor();
    const { spec, x, y, problem } = await start(page);
    assert.equal(problem, "");
    assert.equal(spec.plane.kind, "given");
    // The run rests, so that its landscapes keep their planes: these are taken over, and what is seen of them.
    const shown = await page.evaluate(async () => {
      const base64 = (values) => btoa(String.fromCharCode(...new Uint8Array(values.buffer)));
      const twins = [...document.querySelectorAll("lab-twin")];
      return Promise.all(
        twins.map(async (twin, index) => {
          const { a } = twin.shadowRoot.querySelector("lab-landscape").landscape;
          const { origin, u, v } = await window.identityLab.session().vectors(index);
          return { low: a[0], high: a.at(-1), vectors: [origin, u, v].map(base64) };
        }),
      );
    });
    assert.deepEqual(
      spec.plane.twins.map(({ origin, u, v }) => [origin, u, v]),
      shown.map(({ vectors }) => vectors),
    );
    const [low, high] = [Math.min(...shown.map((s) => s.low)), Math.max(...shown.map((s) => s.high))];
    assert.ok(Math.abs(spec.x.low - low) < 0.01 * (high - low), `${spec.x.low} and ${low}`);
    assert.ok(Math.abs(spec.x.high - high) < 0.01 * (high - low), `${spec.x.high} and ${high}`);
    await page.mouse.move(...(await onScreen(page, 3, 5, 16)));
    await page
      .getByTestId("atlas-reading")
      .filter({ hasText: /start → iterate = .*, random direction = / })
      .waitFor();
    await page.mouse.click(...(await onScreen(page, 3, 5, 16)));
    await page.waitForFunction(() => window.identityLab.state().experiment.twins[0].start.kind === "given");
    for (const twin of [0, 1]) {
      const wanted = await page.evaluate(
        ([{ origin, u, v }, a, b]) => {
          const [o, p, q] = [origin, u, v].map(
            (text) => new Float32Array(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer),
          );
          return [...o].map((value, i) => Math.fround(value + a * p[i] + b * q[i]));
        },
        [spec.plane.twins[twin], x[3], y[5]],
      );
      assert.deepEqual(await labStart(page, twin), wanted);
    }
    // The ring stands where the lab now starts.
    await page.waitForFunction(() => {
      const maps = document.querySelector("lab-atlas").shadowRoot.querySelectorAll("lab-atlas-map");
      return maps.length === 2 && [...maps].every(({ here }) => here?.every(Number.isFinite));
    });
    // A learning rate against a line of starts.
    await set(page, { y: "learningRate" });
    const line = await start(page);
    assert.equal(line.problem, "");
    assert.equal(line.spec.y.quantity, "learningRate");
    assert.deepEqual(line.spec.plane, spec.plane);
  });
});

test("a zoom beyond float32 is refused in a sentence, on every map", { timeout: PATIENCE }, async () => {
  await visit(async (page) => {
    await begin(page, "two");
    const sentence = /x\.high: cells of this range lie closer together than float32 tells apart/;
    const refused = async () => {
      await page.getByTestId("atlas-start").click();
      await page.getByTestId("atlas-problem").filter({ hasText: sentence }).waitFor();
    };
    await set(page, { size: "16", "x-low": "1.2", "x-high": "1.200001" });
    await refused();
    await set(page, { "x-high": "1.20001" });
    assert.equal((await start(page)).problem, "");
    // Two entries that are one.
    await set(page, { second: "0" });
    await page.getByTestId("atlas-start").click();
    await page
      .getByTestId("atlas-problem")
      .filter({ hasText: /plane\.second: .*another entry/ })
      .waitFor();
    await set(page, { view: "map", y: "seed", size: "16", "x-low": "0.1", "x-high": "0.10000001" });
    await refused();
  });
});

test(
  "a phone shows basins without scrolling sideways, and axe finds nothing",
  { timeout: PATIENCE },
  async () => {
    const phone = { viewport: { width: 390, height: 844 } };
    await visit(async (page) => {
      await begin(page, "negative");
      await fitsAndIsAccessible(page, "#maps");
      await page.evaluate(() => (document.documentElement.dataset.theme = "dark"));
      await begin(page, "two");
      await fitsAndIsAccessible(page, "#maps");
      // A finger chooses a start.
      const label = await canvasOf(page).getAttribute("aria-label");
      assert.match(label, /w₁ to the right, w₂ upwards/);
      await canvasOf(page).focus();
      await page.keyboard.press("ArrowRight");
      await page.waitForFunction(() =>
        /optimum|stalled/.test(
          document.querySelector("lab-atlas").shadowRoot.querySelector(".reading").innerText,
        ),
      );
      assert.match(await canvasOf(page).getAttribute("aria-label"), /(optimum|stalled)/);
    }, phone);
  },
);
