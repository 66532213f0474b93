// A presented slide is one screen of a projector, with pictures as large as that allows.
import assert from "node:assert/strict";
import { test } from "node:test";
import { visitor } from "./figures.mjs";
import { PATIENCE, stage } from "./harness.mjs";

const opened = stage({ webgpu: false });
const visit = visitor(opened);

/** Slides whose figure is all there is to be seen. */
const SLIDES = [
  ["index", "two-weights", "race"],
  ["landscapes", "theorem-2-2", "the-ball"],
  ["near", "theorem-2-1", "trained"],
  ["failing", "ways", "negative", "chain"],
  ["fitting", "spirals"],
];

/** Waits until the figure of the current slide is whole, and is as high as the screen; gives the heights of pictures. */
async function fitted(page) {
  await page.locator(".current identity-lab-figure").evaluate((figure) => figure.ready());
  await page.waitForFunction(() => {
    const shown = document.querySelector(".current identity-lab-figure").shadowRoot;
    return shown.querySelector(".parts") && !shown.querySelector(".waiting");
  });
  await page.waitForTimeout(500);
  await page.waitForFunction(() => {
    const { scrollHeight, clientHeight } = document.documentElement;
    return scrollHeight <= clientHeight;
  });
  return page.evaluate(() => {
    const heights = [];
    const within = (root) => {
      for (const element of root.querySelectorAll("*")) {
        if (element.localName === "canvas") heights.push(element.clientHeight);
        if (element.shadowRoot) within(element.shadowRoot);
      }
    };
    within(document.querySelector(".current identity-lab-figure").shadowRoot);
    return heights;
  });
}

for (const [width, height] of [
  [1024, 768],
  [1280, 720],
  [1366, 768],
  [1920, 1080],
]) {
  test(`at ${width} × ${height} nobody has to scroll`, { timeout: 2 * PATIENCE }, async () => {
    for (const [chapter, ...slides] of SLIDES) {
      for (const slide of slides) {
        await visit(
          `${chapter}.html#present-${slide}`,
          async (page) => {
            const tallest = Math.max(...(await fitted(page)));
            assert.ok(tallest > height / 5, `${slide}: its largest picture has ${tallest} px`);
          },
          { viewport: { width, height } },
        );
      }
    }
  });
}

test(
  "without controls pictures take their room, and afterwards have their own height again",
  { timeout: PATIENCE },
  async () => {
    await visit(
      "index.html#present-race",
      async (page) => {
        const before = Math.max(...(await fitted(page)));
        await page.keyboard.press("h");
        await page.locator("#race .knobs").waitFor({ state: "hidden" });
        const bare = Math.max(...(await fitted(page)));
        assert.ok(bare > before + 20, `${bare} px after ${before} px`);
        await page.keyboard.press("Escape");
        await page.waitForFunction(() => !document.querySelector("#race").style.cssText);
      },
      { viewport: { width: 1366, height: 768 } },
    );
  },
);

test(
  "a section leaves its explanations to the lecturer, and its settings with the other controls",
  { timeout: PATIENCE },
  async () => {
    await visit(
      "maps.html#present-atlas",
      async (page) => {
        const settings = page.locator("lab-atlas lab-atlas-settings");
        await settings.waitFor();
        await page.locator("lab-atlas .intro").waitFor({ state: "hidden" });
        await page.keyboard.press("h");
        await settings.waitFor({ state: "hidden" });
        await page.locator("lab-atlas-map canvas").first().waitFor();
        await page.keyboard.press("Escape");
        await page.locator("lab-atlas .intro").waitFor();
        await settings.waitFor();
      },
      { viewport: { width: 1366, height: 768 } },
    );
  },
);
