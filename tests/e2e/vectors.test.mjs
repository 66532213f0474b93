// The reference values, checked by the engines inside a browser's worker.
import assert from "node:assert/strict";
import { test } from "node:test";
import { launch, serveDist } from "./harness.mjs";

test("every engine agrees with the reference values in Chromium", { timeout: 600_000 }, async () => {
  const server = await serveDist();
  const browser = await launch({ webgpu: true });
  try {
    const page = await browser.newPage();
    await page.goto(server.url);
    await page.waitForFunction(() => (window.identityLab?.state().step ?? 0) > 3, undefined, {
      timeout: 120_000,
    });
    await page.getByTestId("check-browser").click();
    // Four files on f64, cpu, webgpu and burn, and two on f64 alone.
    await page.waitForFunction(() => window.identityLab.state().checks.length === 18, undefined, {
      timeout: 500_000,
    });
    const reports = await page.evaluate(() => window.identityLab.state().checks);
    for (const report of reports) assert.equal(report.passes, report.cases, JSON.stringify(report));
  } finally {
    await browser.close();
    await server.close();
  }
});
