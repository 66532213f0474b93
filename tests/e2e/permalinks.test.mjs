// Addresses that people were given stay good: those stored here open as they did. None is ever taken out.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { collectErrors, moving, PATIENCE, stage, withoutAborted } from "./harness.mjs";

const opened = stage({ webgpu: false, subpath: "/lab/" });
const STORED = JSON.parse(readFileSync(new URL("permalinks.json", import.meta.url), "utf8"));

for (const { why, path, holds } of STORED) {
  test(why, { timeout: 2 * PATIENCE }, async () => {
    const context = await opened.browser.newContext();
    const page = await context.newPage();
    const errors = collectErrors(page);
    await page.goto(opened.server.root + path);
    await page.waitForURL(/lab\.html#/);
    await moving(page, 0);
    const { experiment, alert } = await page.evaluate(() => {
      const { experiment, alert } = window.identityLab.state();
      return { experiment, alert };
    });
    assert.equal(alert, "");
    for (const [field, value] of Object.entries(holds)) {
      const found = field.split(".").reduce((part, name) => part[name], experiment);
      assert.equal(found, value, field);
    }
    assert.deepEqual(withoutAborted(errors), []);
    await context.close();
  });
}
