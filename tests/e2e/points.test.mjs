// People's own points: the drawing pad and tables from files, by mouse, finger and keyboard.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fitsAndIsAccessible } from "./fitting.mjs";
import { collectErrors, moving, PATIENCE, stage } from "./harness.mjs";

const opened = stage({ webgpu: false });

/** The built page, paused, with the element before everything else; `said()` gives the data it has said so far. */
async function openPoints({ width = 1200, height = 900, colorScheme = "light", hasTouch = false } = {}) {
  const context = await opened.browser.newContext({ viewport: { width, height }, colorScheme, hasTouch });
  const page = await context.newPage();
  const errors = collectErrors(page);
  await page.goto(opened.server.url);
  await moving(page);
  await page.evaluate(async () => {
    // The section fetches the element when it is opened; the page's own one is not what is looked at here.
    document.querySelector("#points").open = true;
    await customElements.whenDefined("lab-points");
    document.querySelector("#points > lab-points").remove();
    const element = document.createElement("lab-points");
    const said = [];
    element.addEventListener("lab-points", ({ detail }) => said.push(detail));
    Object.assign(window, { element, said });
    window.identityLab.pause();
    document.querySelector("main").prepend(element);
  });
  const said = () => page.evaluate(() => window.said);
  const last = async () => (await said()).at(-1);
  const close = async () => {
    assert.deepEqual(errors, []);
    await context.close();
  };
  return { page, said, last, close };
}

/** The float32 numbers in base64. */
function numbers(base64) {
  const bytes = Buffer.from(base64, "base64");
  return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
}

async function give(page, text, name = "points.csv") {
  await page
    .getByTestId("table-file")
    .setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
}

const shown = (page, id) => page.getByTestId(id).innerText({ timeout: PATIENCE });

const GOOD = "x,y,kind\n0.5,-1,b\n2,0.25,a\n1,1,b\n";

test("points are put, sprayed, erased, undone and cleared with a mouse", { timeout: PATIENCE }, async () => {
  const { page, said, last, close } = await openPoints();
  const pad = page.getByTestId("pad");
  const { x, y, width } = await pad.boundingBox();
  const at = (s, t) => [x + s * width, y + t * width];
  await page.mouse.click(...at(0.5, 0.5));
  assert.deepEqual(await said(), [], "one class is nothing to train on");
  assert.match(await shown(page, "pad-status"), /two classes/);
  await page.getByRole("radio", { name: /^class 3,/ }).check();
  await page.mouse.move(...at(0.8, 0.2));
  await page.mouse.down();
  await page.mouse.move(...at(0.8, 0.6), { steps: 40 });
  await page.mouse.up();
  const sprayed = await last();
  assert.equal(sprayed.classes, 3);
  assert.equal(sprayed.labels[0], 0);
  assert.ok(sprayed.labels.length > 10 && sprayed.labels.slice(1).every((label) => label === 2));
  const inputs = numbers(sprayed.inputs);
  assert.ok(Math.abs(inputs[0]) < 0.02 && Math.abs(inputs[1]) < 0.02, "the middle of the pad is the origin");
  assert.ok(inputs[3] > 0.5, "y grows upwards");
  assert.ok(inputs.every((value) => Math.abs(value) <= 1.2));
  await page.mouse.click(...at(0.5, 0.5), { button: "right" });
  assert.equal(await pad.getAttribute("data-count"), String(sprayed.labels.length - 1));
  assert.equal((await said()).length, 1, "without the first class there is nothing to train on");
  await page.getByTestId("pad-undo").click();
  assert.deepEqual(await last(), sprayed);
  await page.getByTestId("pad-undo").click();
  assert.equal(await pad.getAttribute("data-count"), "1");
  await page.getByTestId("pad-redo").click();
  await page.getByTestId("pad-erase").click();
  await page.mouse.move(...at(0.8, 0.15));
  await page.mouse.down();
  await page.mouse.move(...at(0.8, 0.65), { steps: 60 });
  await page.mouse.up();
  assert.ok(Number(await pad.getAttribute("data-count")) < sprayed.labels.length / 2);
  await page.getByTestId("pad-clear").click();
  assert.equal(await pad.getAttribute("data-count"), "0");
  await page.getByTestId("pad-undo").click();
  assert.notEqual(await pad.getAttribute("data-count"), "0");
  await close();
});

test("the keyboard draws, and what it did is said", { timeout: PATIENCE }, async () => {
  const { page, last, close } = await openPoints();
  const pad = page.getByTestId("pad");
  await pad.focus();
  for (const key of ["2", "ArrowRight", "ArrowRight", "ArrowUp", "Enter"]) await page.keyboard.press(key);
  assert.match(await shown(page, "pad-status"), /Class 2 at \(0\.10, 0\.05\)\. 1 point\./);
  for (const key of ["1", "Shift+ArrowLeft", "Enter", "ArrowLeft"]) await page.keyboard.press(key);
  assert.match(await shown(page, "pad-status"), /nearest: class 1, 0\.05 away/);
  const data = await last();
  assert.deepEqual(data.labels, [1, 0]);
  const close32 = (value, expected) => Math.abs(value - expected) < 1e-6;
  const expected = [0.1, 0.05, -0.1, 0.05];
  assert.ok(numbers(data.inputs).every((value, i) => close32(value, expected[i])));
  await page.keyboard.press("Delete");
  assert.match(await shown(page, "pad-status"), /Removed class 1 at \(−0\.10, 0\.05\)\. 1 point\./);
  await page.keyboard.press("Control+z");
  assert.equal(await pad.getAttribute("data-count"), "2");
  await page.keyboard.press("Control+Shift+z");
  assert.equal(await pad.getAttribute("data-count"), "1");
  await close();
});

test("a finger draws and does not scroll", { timeout: PATIENCE }, async () => {
  const { page, close } = await openPoints({ width: 360, height: 740, hasTouch: true });
  const pad = page.getByTestId("pad");
  const { x, y, width } = await pad.boundingBox();
  const cdp = await page.context().newCDPSession(page);
  const touch = (type, points) => cdp.send("Input.dispatchTouchEvent", { type, touchPoints: points });
  await touch("touchStart", [{ x: x + 0.5 * width, y: y + 0.2 * width }]);
  for (let i = 1; i <= 20; i++) {
    await touch("touchMove", [{ x: x + 0.5 * width, y: y + (0.2 + 0.03 * i) * width }]);
  }
  await touch("touchEnd", []);
  assert.ok(Number(await pad.getAttribute("data-count")) > 8);
  assert.equal(await page.evaluate(() => window.scrollY), 0);
  await close();
});

test(
  "points that come from outside are shown, and the same again change nothing",
  { timeout: PATIENCE },
  async () => {
    const { page, said, close } = await openPoints();
    const set = (part) =>
      page.evaluate((part) => {
        const { inputs, labels } = part;
        window.element.points = {
          dimension: 2,
          classes: 2,
          ...part,
          inputs: Float32Array.from(inputs),
          labels: Uint16Array.from(labels),
        };
        return window.element.updateComplete;
      }, part);
    const pad = page.getByTestId("pad");
    await set({ inputs: [0, 0, 5, 5, 1, 0], labels: [0, 1, 1] });
    await page.waitForFunction(
      () => window.element.renderRoot.querySelector("lab-pad").drawing.points.length === 3,
    );
    await set({ inputs: [0, 0, 5, 5, 1, 0], labels: [0, 1, 1] });
    await page.getByTestId("pad-undo").click();
    assert.equal(await pad.getAttribute("data-count"), "0");
    assert.ok(await page.getByTestId("pad-undo").isDisabled(), "one step, not two");
    await set({ dimension: 3, inputs: [0, 0, 5, 5, 1, 0], labels: [0, 1] });
    assert.match(await shown(page, "pad-status"), /3 coordinates/);
    assert.deepEqual(await said(), []);
    await close();
  },
);

test("a table is looked at, chosen from and used", { timeout: PATIENCE }, async () => {
  const { page, said, last, close } = await openPoints();
  await give(page, GOOD);
  assert.equal(await shown(page, "table-summary"), "3 points, 2 coordinates, 2 classes.");
  assert.match(await shown(page, "table-preview"), /x\s*x₁\s*y\s*x₂\s*kind\s*label/);
  assert.deepEqual(await said(), [], "nothing is used before it is wanted");
  await page.getByTestId("table-use").click();
  const data = await last();
  assert.deepEqual([data.kind, data.dimension, data.classes, data.heldOut], ["points", 2, 2, 0]);
  assert.deepEqual(numbers(data.inputs), [0.5, -1, 2, 0.25, 1, 1]);
  assert.deepEqual(data.labels, [0, 1, 0]);
  assert.equal(await page.getByTestId("pad").getAttribute("data-count"), "3");
  await page.getByTestId("pad-clear").click();
  await page.getByTestId("table-use").click();
  assert.equal(await page.getByTestId("pad").getAttribute("data-count"), "3", "the same points, used again");
  await page.getByTestId("table-coordinate-0").uncheck();
  await page.getByTestId("table-standardize").check();
  assert.match(await shown(page, "table-standard"), /Standardized: the mean is subtracted/);
  await page.getByTestId("table-standard").locator("summary").click();
  assert.match(await shown(page, "table-standard"), /y: mean 0\.0833, standard deviation 0\.825/);
  await page.getByTestId("table-use").click();
  const standard = numbers((await last()).inputs);
  assert.equal(standard.length, 3);
  assert.ok(Math.abs(standard.reduce((sum, value) => sum + value)) < 1e-6);
  await page.getByTestId("table-label").selectOption("1");
  await page.waitForFunction(() =>
    window.element.renderRoot
      .querySelector("lab-table")
      .renderRoot.querySelector("[data-testid=table-problem]"),
  );
  assert.match(await shown(page, "table-problem"), /Choose 1 to 64 columns/);
  assert.ok(await page.getByTestId("table-use").isDisabled());
  await close();
});

test("bad rows and contradictions are named with their lines", { timeout: PATIENCE }, async () => {
  const { page, close } = await openPoints();
  await give(page, "x;y;kind\r\n0,5;1;a\r\n;1;a\r\n2;drei;b\r\n0,5;1;b\r\n1;2\r\n3;4;b\r\n", "daten.csv");
  assert.equal(await shown(page, "table-summary"), "3 points of 6 rows, 2 coordinates, 2 classes.");
  const bad = await shown(page, "table-bad");
  assert.match(bad, /3 rows are not used/);
  assert.match(bad, /line 3: expected a number in column x; it is empty/);
  assert.match(bad, /line 4: expected a number with a decimal comma in column y; found “drei”/);
  assert.match(bad, /line 6: expected 3 columns; found 2/);
  assert.match(await shown(page, "table-contradictions"), /lines 2 and 5: “a” and “b”/);
  assert.equal(await page.getByTestId("table-separator").inputValue(), ";");
  await close();
});

test("a bad file loses nothing", { timeout: PATIENCE }, async () => {
  const { page, said, close } = await openPoints();
  await give(page, GOOD);
  await page.getByTestId("table-use").click({ timeout: PATIENCE });
  assert.equal((await said()).length, 1);
  await give(page, "\u0000\u0001binary", "picture.png");
  assert.match(await shown(page, "table-problem"), /binary/);
  assert.ok(await page.getByTestId("table-use").isDisabled());
  await page.evaluate(() => {
    const table = window.element.renderRoot.querySelector("lab-table");
    table.open(new File([new Uint8Array(33 * 2 ** 20)], "large.csv"));
  });
  assert.match(await shown(page, "table-refusal"), /large\.csv: Allowed are files of up to 32 MB/);
  assert.equal((await said()).length, 1);
  assert.equal(await page.getByTestId("pad").getAttribute("data-count"), "3");
  // A mended file is read again.
  await give(page, GOOD);
  assert.match(await shown(page, "table-summary"), /3 points/);
  await close();
});

test("20,000 rows are read while the page stays responsive", { timeout: PATIENCE }, async () => {
  const { page, last, close } = await openPoints();
  const rows = Array.from({ length: 20_000 }, (_, i) => `${Math.cos(i)},${Math.sin(i)},${i % 16}`).join("\n");
  await page.evaluate(() => {
    window.longest = 0;
    let before = performance.now();
    const tick = (now) => {
      window.longest = Math.max(window.longest, now - before);
      before = now;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  await give(page, rows);
  assert.match(await shown(page, "table-summary"), /20\s000 points, 2 coordinates, 16 classes/);
  const longest = await page.evaluate(() => window.longest);
  assert.ok(longest < 1000, `a frame took ${longest} ms`);
  await page.getByTestId("table-use").click();
  assert.equal((await last()).labels.length, 20_000);
  await give(page, `${rows}\n1,1,1\n`);
  assert.match(await shown(page, "table-problem"), /20000 rows/);
  await close();
});

for (const [screen, width, height, colorScheme] of [
  ["phone", 360, 740, "light"],
  ["phone", 360, 740, "dark"],
  ["desktop", 1440, 900, "light"],
  ["desktop", 1440, 900, "dark"],
]) {
  test(`${screen}, ${colorScheme}: fits, and axe finds nothing`, { timeout: PATIENCE }, async () => {
    const { page, close } = await openPoints({ width, height, colorScheme });
    const wide = Array.from({ length: 20 }, (_, i) => `a long heading ${i}`).join(",");
    const row = (last) => `${Array.from({ length: 19 }, (_, i) => i / 7).join(",")},${last}`;
    await give(page, `${wide}\n${row("a")}\n${row("b")}\n${row("a")}\n1,2\n`);
    await page.getByTestId("table-bad").waitFor({ timeout: PATIENCE });
    await page.getByTestId("table-standardize").check();
    await page.getByTestId("table-standard").waitFor({ timeout: PATIENCE });
    await fitsAndIsAccessible(page, "lab-points");
    await close();
  });
}
