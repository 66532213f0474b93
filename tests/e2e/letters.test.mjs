// Letters in pictures are of the page's own size: on dense screens, with large type and when presenting, each of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { running, visitor } from "./figures.mjs";
import { moving, PATIENCE, stage } from "./harness.mjs";
import { map, onScreen, rest } from "./pictures.mjs";

const opened = stage({ webgpu: false });
const visit = visitor(opened);

/** Beside a text of 1 rem, and never fewer CSS pixels than the second. */
const [SHARE, LEAST] = [0.72, 11];
/** The letters that the margins are made for; the picture is larger as a whole by what is beyond. */
const LARGEST = 15;

/** Keeps what sizes of letters, in CSS pixels, are written on each canvas in sight. */
function watchLetters() {
  const { fillText } = CanvasRenderingContext2D.prototype;
  window.letters = new Map();
  CanvasRenderingContext2D.prototype.fillText = function (...written) {
    const { canvas } = this;
    if (canvas.isConnected && canvas.clientWidth > 0) {
      const { a, b } = this.getTransform();
      const shrunk = canvas.clientWidth / canvas.width;
      const size = Number(/([\d.]+)px/.exec(this.font)[1]) * Math.hypot(a, b) * shrunk;
      const host = canvas.getRootNode().host?.localName ?? canvas.localName;
      window.letters.set(host, [...(window.letters.get(host) ?? []), size]);
    }
    return fillText.apply(this, written);
  };
}

async function lettersAreOf(page, pictures) {
  const root = await page.evaluate(() =>
    Number.parseFloat(getComputedStyle(document.documentElement).fontSize),
  );
  const wanted = Math.max(LEAST, SHARE * root);
  await page.waitForFunction((hosts) => hosts.every((host) => window.letters.get(host)), pictures);
  // What was written before the page had its size, or was presented, does not count.
  await page.evaluate(() => {
    window.letters.clear();
    document.documentElement.dataset.theme = "dark";
  });
  await page.waitForFunction((hosts) => hosts.every((host) => window.letters.get(host)), pictures);
  for (const [host, sizes] of await page.evaluate(() => [...window.letters])) {
    for (const size of sizes) {
      // The chart's are whole pixels.
      assert.ok(Math.abs(size - wanted) <= 0.55, `${host}: ${size} px, not ${wanted}`);
    }
  }
  return wanted;
}

for (const [name, options] of Object.entries({
  "a dense phone": { viewport: { width: 360, height: 740 }, deviceScaleFactor: 3 },
  "a dense laptop": { viewport: { width: 1680, height: 1050 }, deviceScaleFactor: 2 },
})) {
  test(
    `${name}: letters in the lab's pictures are as large as elsewhere`,
    { timeout: PATIENCE },
    async () => {
      await visit(
        "lab.html",
        async (page) => {
          await moving(page, 20);
          await lettersAreOf(page, ["lab-map", "lab-chart", "lab-spectrum"]);
        },
        { before: watchLetters, ...options },
      );
    },
  );
}

for (const [width, height] of [
  [1920, 1080],
  [3840, 2160],
]) {
  test(
    `presented at ${width} × ${height}: letters in pictures grow with the text`,
    { timeout: PATIENCE },
    async () => {
      for (const [path, figure, pictures] of [
        ["near.html#present-trained", "norms", ["lab-spectrum", "lab-chart"]],
        ["failing.html#present-ways", "turn", ["lab-eigenvalues", "lab-chart"]],
        ["failing.html#present-negative", "wall", ["lab-map", "lab-chart"]],
      ]) {
        await visit(
          path,
          async (page) => {
            await running(page, figure, 3);
            const letters = await lettersAreOf(page, pictures);
            assert.ok(letters > LARGEST, `${letters} px`);
          },
          { before: watchLetters, viewport: { width, height } },
        );
      }
    },
  );
}

test("with large type, what the pointer reads is what is drawn there", { timeout: PATIENCE }, async () => {
  await visit("lab.html", async (page) => {
    await page.addStyleTag({ content: "html { font-size: 32px !important }" });
    await moving(page, 20);
    await rest(page);
    await map(page, "identity").scrollIntoViewIfNeeded();
    // The run starts at (0, 0).
    await page.mouse.move(...(await onScreen(page, 0, [0, 0], (32 * SHARE) / LARGEST)));
    await page.waitForFunction(() => window.identityLab.state().readings[0]?.moved < 0.02);
  });
});
