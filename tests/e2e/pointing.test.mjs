// A pointer that rests on a picture of a run that goes on: what is told is what lies below it now.
import assert from "node:assert/strict";
import { test } from "node:test";
import { visitor } from "./figures.mjs";
import { moving, PATIENCE, stage } from "./harness.mjs";
import { map, pictures, twin } from "./pictures.mjs";

const visit = visitor(stage({ webgpu: false }));

/** A run whose pictures change for as long as a test may take. */
const SLOW = "optimizer.learningRate=0.0005";
const MOONS =
  "network.kind=relu&network.width=8&network.blocks=6&data.kind=set&data.set=moons&data.points=80" +
  "&optimizer.kind=adam&optimizer.learningRate=0.0005";

/** Puts the pointer on the middle of a part of the page. */
async function pointAt(page, target) {
  await target.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await target.boundingBox();
  await page.mouse.move(x + width / 2, y + height / 2);
}

/** Rests on a target until what is told of it has been three different things. */
async function goesOn(page, target, told) {
  await pointAt(page, target);
  const seen = new Set();
  for (const end = Date.now() + 60_000; seen.size < 3; await page.waitForTimeout(50)) {
    const text = await told.innerText();
    if (text) seen.add(text);
    assert.ok(Date.now() < end, `only ${[...seen].join(" and ") || "nothing"}`);
  }
}

test("a landscape's reading is of the place that the picture has there", { timeout: PATIENCE }, async () => {
  await visit(`lab.html#${SLOW}`, async (page) => {
    await moving(page, 3);
    await pictures(page);
    await pointAt(page, map(page, "identity"));
    await page.waitForFunction(() => window.identityLab.state().readings[0]);
    const { a } = await page.evaluate(() => window.identityLab.state().readings[0]);
    // The middle of the picture's margins is not quite that of its plot.
    await page.waitForFunction((first) => {
      const { readings, landscapes } = window.identityLab.state();
      const [low, high] = landscapes[0].rangeA;
      const there = (readings[0].a - low) / (high - low);
      return Math.abs(readings[0].a / first - 1) > 0.05 && there > 0.42 && there < 0.5;
    }, a);
  });
});

test("singular values and the step of a chart go on below the pointer", { timeout: PATIENCE }, async () => {
  await visit(`lab.html#${SLOW}`, async (page) => {
    await moving(page, 3);
    const spectrum = twin(page, "identity").locator("lab-spectrum");
    await goesOn(page, spectrum.locator("canvas"), spectrum.locator(".head span"));
    const chart = page.locator("#chart-excess");
    await goesOn(page, chart.locator(".u-over"), chart.locator("h3 .muted"));
  });
});

test("the class below the pointer is what the classifier says now", { timeout: PATIENCE }, async () => {
  await visit(`lab.html#${MOONS}`, async (page) => {
    await moving(page, 3);
    const decision = twin(page, "identity").locator("lab-decision");
    await goesOn(page, decision.locator("canvas"), decision.locator("p"));
  });
});
