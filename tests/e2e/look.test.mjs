// How the page stands on different screens, for different people, and under a subpath.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { collectErrors, launch, moving, PATIENCE, serveDist } from "./harness.mjs";

const AXE = new URL("../../www/node_modules/axe-core/axe.min.js", import.meta.url);

let server;
let browser;
before(async () => {
  server = await serveDist({ subpath: "/some/course/lab/" });
  browser = await launch({ webgpu: false });
});
after(async () => {
  await browser?.close();
  await server?.close();
});

async function fitsAndIsAccessible(page) {
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(wider <= 0, `the page is ${wider} pixels wider than the screen`);
  await page.evaluate(await readFile(AXE, "utf8"));
  const { violations } = await page.evaluate(() =>
    window.axe.run({
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }),
  );
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  assert.deepEqual(found, []);
}

const SCREENS = { phone: [360, 740], tablet: [820, 1180], projector: [1024, 768], desktop: [1440, 900] };

for (const [screen, [width, height]] of Object.entries(SCREENS)) {
  for (const colorScheme of ["light", "dark"]) {
    test(`${screen}, ${colorScheme}: fits, and axe finds nothing`, { timeout: PATIENCE }, async () => {
      const context = await browser.newContext({ viewport: { width, height }, colorScheme });
      const page = await context.newPage();
      const errors = collectErrors(page);
      await page.goto(server.url);
      await moving(page, 20);
      await page.getByTestId("play").click();
      await page.waitForFunction(() => window.identityLab.state().timings.length === 2, undefined, {
        timeout: PATIENCE,
      });
      await fitsAndIsAccessible(page);
      assert.deepEqual(errors, []);
      await context.close();
    });
  }
}

for (const [screen, colorScheme] of [
  ["phone", "dark"],
  ["desktop", "light"],
]) {
  test(
    `${screen}, ${colorScheme}: theorems, earlier runs and slices fit, and axe finds nothing`,
    { timeout: PATIENCE },
    async () => {
      const [width, height] = SCREENS[screen];
      const context = await browser.newContext({ viewport: { width, height }, colorScheme });
      const page = await context.newPage();
      const errors = collectErrors(page);
      await page.goto(server.url);
      await moving(page, 20);
      await page.evaluate(() => window.identityLab.reset());
      await page.waitForFunction(() => window.identityLab.state().runs.length === 1);
      await moving(page, 10);
      await page.getByTestId("theorems").click();
      await page.waitForFunction(() => window.identityLab.state().depthBounds);
      await page.getByTestId("picture-select").selectOption("slices");
      await page.waitForFunction(() => window.identityLab.state().slices.filter(Boolean).length === 2);
      await page.getByTestId("play").click();
      await fitsAndIsAccessible(page);
      assert.deepEqual(errors, []);
      await context.close();
    },
  );
}

test("the keyboard plays, steps and resets", { timeout: PATIENCE }, async () => {
  const page = await browser.newPage();
  await page.goto(server.url);
  await moving(page);
  await page.keyboard.press("Space");
  await page.waitForFunction(() => !window.identityLab.state().playing);
  await page.waitForTimeout(300);
  const step = await page.evaluate(() => window.identityLab.state().step);
  await page.keyboard.press("s");
  await page.waitForFunction((was) => window.identityLab.state().step === was + 1, step);
  await page.keyboard.press("r");
  await page.waitForFunction(() => window.identityLab.state().step === 0);
  await page.close();
});
