// Classifiers in a browser: what a person sees of ReLU networks, from the settings to the network of Theorem 3.2.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fitsAndIsAccessible } from "./fitting.mjs";
import { collectErrors, moving, PATIENCE, stage } from "./harness.mjs";

const opened = stage({ webgpu: false });

async function visit(hash, act, options = {}) {
  const context = await opened.browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const errors = collectErrors(page);
  await page.goto(opened.server.url + hash);
  await moving(page, 0);
  await act(page);
  assert.deepEqual(errors, []);
  await context.close();
}

const SMALL =
  "#network.kind=relu&network.width=8&network.blocks=6&data.kind=set&data.set=moons&data.points=80&data.noise=0.05" +
  "&data.heldOut=0.25&optimizer.kind=adam&optimizer.learningRate=0.01" +
  "&twins.0.parametrization=identity&twins.0.start.kind=identity&twins.1.parametrization=standard&twins.1.start.kind=he";

const state = (page) => page.evaluate(() => window.identityLab.state());

/** Pictures push what is below them down as they come: a click then would miss what it was meant for. */
async function pictured(page) {
  for (const name of ["identity", "standard"]) {
    for (const picture of ["decision", "hidden"])
      await page.getByTestId(`twin-${name}`).getByTestId(picture).waitFor();
  }
}

/** The share of points that are right, as the page says it. */
async function right(page, twin = "identity") {
  const text = await page.getByTestId(`twin-${twin}`).getByTestId("accuracy").innerText();
  const found = /^([\d.]+) % right, held out ([\d.]+) %$/.exec(text);
  assert.ok(found, text);
  return found.slice(1).map(Number);
}

test("the settings turn the page to classifiers and back", async () => {
  await visit("", async (page) => {
    await page.getByTestId("play").click();
    await page.getByTestId("setting-network").selectOption("relu");
    // The run has taken steps, so it asks before it is given up.
    await page.getByTestId("restart").click();
    await page.waitForFunction(() => window.identityLab.state().experiment.network.kind === "relu");
    const twin = page.getByTestId("twin-identity");
    await twin.getByTestId("decision").waitFor();
    await twin.getByTestId("hidden").waitFor();
    assert.match(await twin.locator("section.panel > header h2").innerText(), /Residual blocks/);
    await page.locator("lab-theorems").waitFor({ state: "hidden" });
    await page.locator("#points").waitFor();
    await page.getByTestId("setting-network").selectOption("linear");
    await page.waitForFunction(() => window.identityLab.state().experiment.network.kind === "linear");
    // Elements follow the experiment a moment later.
    await page.locator("lab-theorems").waitFor();
    for (const name of ["identity", "standard"])
      await page.getByTestId(`twin-${name}`).locator("lab-decision").waitFor({ state: "detached" });
  });
});

test("residual blocks learn the moons, and the decision is drawn as it is", async () => {
  await visit(SMALL, async (page) => {
    await page.waitForFunction(
      () => (window.identityLab.state().frame?.twins[0].excess ?? 1) < 0.01,
      undefined,
      { timeout: PATIENCE },
    );
    await page.getByTestId("play").click();
    const { step } = await state(page);
    const { evaluation } = await page.evaluate(() =>
      window.identityLab.session().classifier(0, { points: 1 }),
    );
    const said = page.getByTestId("twin-identity").getByTestId("accuracy");
    // The last picture of the run is that of the network as it stands.
    await said.filter({ hasText: `${(100 * evaluation.accuracy).toFixed(1)} % right` }).waitFor();
    const [trained, heldOut] = await right(page);
    assert.ok(trained === 100 && heldOut > 80, `${trained} and ${heldOut} at step ${step}`);
    // Under a point of a class the network's own class is that one.
    const wrong = await page.evaluate(async () => {
      const session = window.identityLab.session();
      const points = await session.points();
      let wrong = 0;
      for (let i = 0; i < points.labels.length; i++) {
        const [x, y] = [Float32Array.of(points.inputs[2 * i]), Float32Array.of(points.inputs[2 * i + 1])];
        const { logits } = await session.classifier(0, { x, y, points: 1 });
        wrong += Number(logits[points.labels[i]] <= logits[1 - points.labels[i]]);
      }
      return wrong;
    });
    assert.equal(wrong, 0);
  });
});

test("a click and the arrow keys choose the input whose Jacobians are shown", async () => {
  await visit(SMALL, async (page) => {
    await page.getByTestId("play").click();
    const decision = page.getByTestId("twin-identity").getByTestId("decision");
    await decision.click({ position: { x: 60, y: 60 } });
    await page.waitForFunction(() =>
      /Jacobian at \(/.test(
        document
          .querySelector("#twin-0")
          .shadowRoot.querySelector("lab-spectrum")
          .shadowRoot.querySelector("h3").textContent,
      ),
    );
    const heading = () => page.getByTestId("twin-identity").locator("lab-spectrum h3").innerText();
    const before = await heading();
    await decision.focus();
    await page.keyboard.press("Shift+ArrowRight");
    await page.waitForFunction(
      (old) =>
        document
          .querySelector("#twin-0")
          .shadowRoot.querySelector("lab-spectrum")
          .shadowRoot.querySelector("h3").textContent !== old,
      before,
    );
    // The values drawn are those at the input that the heading names, and not those at the first point.
    const input = await page.evaluate(() => [...document.querySelector("#twin-0").chosen]);
    const named = /\((.*), (.*)\)/
      .exec(await heading())
      .slice(1)
      .map(Number);
    named.forEach((value, i) => assert.ok(Math.abs(value - input[i]) <= 0.01, `${named}, not ${input}`));
    const spectra = (at) =>
      page.evaluate(async (at) => {
        const { layers, target } = await window.identityLab.session().spectra(0, at && Float32Array.from(at));
        return { layers: [...layers], target: [...target] };
      }, at);
    const wanted = await spectra(input);
    assert.equal(wanted.layers.length, 48);
    assert.equal(wanted.target.length, 0);
    assert.notDeepEqual(wanted, await spectra());
    await page.waitForFunction((wanted) => {
      const { layers } = document.querySelector("#twin-0").shadowRoot.querySelector("lab-spectrum").spectra;
      return layers.length === wanted.length && layers.every((value, i) => value === wanted[i]);
    }, wanted.layers);
  });
});

test("the variance that each block adds is drawn, read and put in words", async () => {
  await visit(SMALL, async (page) => {
    await page.getByTestId("play").click();
    const twin = (name) => page.getByTestId(`twin-${name}`);
    const reset = async () => {
      await page.keyboard.press("r");
      await page.waitForFunction(() => window.identityLab.state().step === 0);
    };
    // What is drawn is what the session says of the network that stands, once its picture has followed.
    const shown = async (name, step) => {
      await page.waitForFunction(
        ([name, step]) => {
          const { picture } = document.querySelector(`[data-testid=twin-${name}]`);
          return picture?.step === step;
        },
        [name, step],
        { timeout: PATIENCE },
      );
      return twin(name)
        .locator("lab-variance")
        .evaluate((element) => [...element.ratios]);
    };
    await reset();
    // The identity start adds nothing; He-drawn plain blocks keep some of the variance, not all and not none.
    assert.deepEqual(await shown("identity", 0), [0, 0, 0, 0, 0, 0]);
    await twin("identity").getByTestId("variance-said").filter({ hasText: "Now 0 of 6 are above" }).waitFor();
    const plain = await shown("standard", 0);
    assert.ok(
      plain.every((gain) => gain > 0.01 && gain < 10),
      `${plain}`,
    );
    await page.evaluate(async () => {
      for (let i = 0; i < 3; i++) await window.identityLab.step();
    });
    const ratios = await shown("identity", 3);
    const said = await page.evaluate(async () => {
      const { hidden } = await window.identityLab.session().classifier(0, { points: 60 });
      return [...hidden.ratios];
    });
    assert.deepEqual(ratios, said);
    assert.ok(
      ratios.every((ratio) => ratio > 0 && ratio < 1),
      `${ratios}`,
    );
    // Worked out here from the points in every layer: a network of width 2 shows them as they are.
    const agree = await page.evaluate(async () => {
      const session = await window.identityLab.createSession(
        {
          network: { kind: "relu", width: 2, blocks: 3 },
          data: { kind: "set", set: "moons", points: 50 },
          twins: ["identity", "standard"].map((parametrization) => ({
            parametrization,
            start: { kind: "he", scale: 1 },
          })),
        },
        { engine: "cpu" },
      );
      const found = [];
      for (const twin of [0, 1]) {
        const { hidden } = await session.classifier(twin, { points: 50 });
        const { places, points, layers, ratios } = hidden;
        const variance = (value) => {
          let sum = 0;
          for (const c of [0, 1]) {
            const all = Array.from({ length: points }, (_, i) => value(2 * i + c));
            const mean = all.reduce((x, y) => x + y) / points;
            sum += all.reduce((s, x) => s + (x - mean) ** 2, 0) / points;
          }
          return sum;
        };
        for (let j = 1; j < layers; j++) {
          const [before, after] = [2 * points * (j - 1), 2 * points * j];
          const skip = variance((at) => places[before + at]);
          const branch = variance((at) => places[after + at] - (twin === 0 ? places[before + at] : 0));
          found.push([ratios[j - 1], skip > 0 ? branch / skip : Number.NaN]);
        }
      }
      session.dispose();
      return found;
    });
    assert.equal(agree.length, 6);
    for (const [said, wanted] of agree) {
      assert.ok(Math.abs(said - wanted) <= 1e-4 * wanted || Number.isNaN(wanted), `${said}, not ${wanted}`);
    }
    // The pointer reads a block; the picture has words for those who do not see it.
    const chart = twin("identity").getByTestId("variance");
    const { width } = await chart.boundingBox();
    await chart.hover({ position: { x: 40 + (1.5 / 6) * (width - 44), y: 40 } });
    await twin("identity")
      .getByTestId("variance-reading")
      .filter({ hasText: /^block 2: .* of the skip’s variance$/ })
      .waitFor();
    assert.match(await chart.getAttribute("aria-label"), /Variance of branch \/ skip.* to .* over 6 blocks/);
    assert.match(
      await twin("standard").getByTestId("variance-said").innerText(),
      /no skip connection.*All blocks together now/s,
    );
  });
});

test("drawn points are learned at once, and what is held out does not get lost", async () => {
  await visit(SMALL, async (page) => {
    await page.getByTestId("play").click();
    await pictured(page);
    await page.locator("#points > summary").click();
    const pad = page.locator("lab-pad canvas").first();
    // A click on the element itself waits until nothing above it moves it any more.
    const put = async (across) => {
      const { width, height } = await pad.boundingBox();
      await pad.click({ position: { x: across * width, y: 0.1 * height } });
    };
    await put(0.5);
    await page.waitForFunction(() => window.identityLab.state().experiment.data.kind === "points");
    const { experiment } = await state(page);
    assert.equal(experiment.data.labels.length, 81);
    assert.equal(experiment.data.heldOut, 0.25);
    await put(0.6);
    await page.waitForFunction(() => window.identityLab.state().experiment.data.labels.length === 82);
  });
});

test("the network of Theorem 3.2 for the lab's points is trained from where it stands", async () => {
  await visit(SMALL, async (page) => {
    await page.getByTestId("play").click();
    await pictured(page);
    await page.locator("#expressivity > summary").click();
    await page.getByTestId("express-build").click();
    await page.getByTestId("express-train").click({ timeout: PATIENCE });
    await page.waitForFunction(() => window.identityLab.state().experiment.twins[0].start.kind === "given");
    const { frame, experiment } = await state(page);
    // Logits are the labels but for float32.
    assert.ok(frame.twins[0].excess < 1e-3, `loss ${frame.twins[0].excess}`);
    assert.ok(frame.twins[1].excess > 0.1);
    assert.equal(experiment.network.loss, "squared");
    await page.waitForFunction(() => {
      const said = document
        .querySelector("#twin-0")
        .shadowRoot.querySelector("[data-testid=accuracy]")?.textContent;
      return said?.startsWith("100.0 % right");
    });
  });
});

test("an inserted block does not move the loss by a bit", async () => {
  await visit(SMALL, async (page) => {
    await moving(page, 20);
    await page.getByTestId("play").click();
    await page.waitForFunction(() => !window.identityLab.state().playing);
    await page.getByTestId("insert").click();
    await page.waitForFunction(() => window.identityLab.state().experiment.network.blocks === 7);
    const { notice } = await state(page);
    assert.match(notice, /A block was inserted after block 3\. Loss, identity: .*the same to the last bit/);
  });
});

for (const [name, options] of [
  ["desktop, light", { colorScheme: "light" }],
  ["phone, dark", { viewport: { width: 390, height: 844 }, colorScheme: "dark" }],
]) {
  test(`axe finds nothing and nothing is wider than the page (${name})`, async () => {
    await visit(
      SMALL,
      async (page) => {
        await page.getByTestId("play").click();
        await page.getByTestId("twin-identity").getByTestId("hidden").waitFor();
        await page.locator("#points > summary").click();
        await page.locator("lab-pad canvas").first().waitFor();
        await fitsAndIsAccessible(page);
      },
      options,
    );
  });
}
