// How the page stands on different screens, for different people, and under a subpath.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fitsAndIsAccessible } from "./fitting.mjs";
import { collectErrors, moving, PATIENCE, stage } from "./harness.mjs";

const opened = stage({ webgpu: false, subpath: "/some/course/lab/" });

const SCREENS = {
  phone: [360, 740],
  tablet: [820, 1180],
  projector: [1024, 768],
  desktop: [1440, 900],
  wall: [3840, 2160],
};

for (const [screen, [width, height]] of Object.entries(SCREENS)) {
  for (const colorScheme of ["light", "dark"]) {
    test(`${screen}, ${colorScheme}: fits, and axe finds nothing`, { timeout: PATIENCE }, async () => {
      const context = await opened.browser.newContext({ viewport: { width, height }, colorScheme });
      const page = await context.newPage();
      const errors = collectErrors(page);
      await page.goto(opened.server.url);
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
      const context = await opened.browser.newContext({ viewport: { width, height }, colorScheme });
      const page = await context.newPage();
      const errors = collectErrors(page);
      await page.goto(opened.server.url);
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

test(
  "on a phone the run's buttons come along with its pictures, and no further",
  { timeout: PATIENCE },
  async () => {
    const context = await opened.browser.newContext({ viewport: { width: 360, height: 740 } });
    const page = await context.newPage();
    await page.goto(opened.server.url);
    await moving(page);
    const within = () =>
      page.getByTestId("play").evaluate((button) => {
        const { top, bottom } = button.getBoundingClientRect();
        return top >= 0 && bottom <= innerHeight;
      });
    const { top } = await page.getByTestId("play").evaluate((button) => button.getBoundingClientRect());
    await page.locator("#chart-excess").scrollIntoViewIfNeeded();
    await page.locator("lab-transport[away]").waitFor({ state: "attached" });
    assert.equal(await within(), true);
    await page.getByTestId("play").click();
    await page.waitForFunction(() => !window.identityLab.state().playing);
    await fitsAndIsAccessible(page);
    await page.locator("#expressivity > summary").click();
    // It comes in its own time, and is long then.
    await page.waitForFunction(() => {
      scrollTo(0, document.documentElement.scrollHeight);
      return !document.querySelector("lab-transport").away;
    });
    assert.equal(await within(), false);
    await page.evaluate(() => scrollTo(0, 0));
    await page.waitForFunction(
      (was) =>
        document
          .querySelector("lab-transport")
          .shadowRoot.querySelector("[data-testid=play]")
          .getBoundingClientRect().top === was,
      top,
    );
    await context.close();
  },
);

test("the keyboard plays, steps and resets", { timeout: PATIENCE }, async () => {
  const page = await opened.browser.newPage();
  await page.goto(opened.server.url);
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
