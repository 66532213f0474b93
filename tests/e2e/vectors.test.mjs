// The reference values, checked by the engines inside a browser's worker.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { launch, PATIENCE, serveDist } from "./harness.mjs";

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

test(
  "a check is answered although the timing in its worker ends meanwhile",
  { timeout: 2 * PATIENCE },
  async () => {
    const server = await serveDist();
    const browser = await launch({ webgpu: true });
    try {
      const page = await browser.newPage();
      await page.goto(server.url);
      await page.waitForFunction(() => window.identityLab?.createSession, undefined, { timeout: PATIENCE });
      const text = await readFile(new URL("../vectors/linear_plane.json", import.meta.url), "utf8");
      const answers = await page.evaluate(async (text) => {
        const session = await window.identityLab.createSession({});
        const late = new Promise((resolve) => setTimeout(resolve, 30_000, "no answer"));
        const answers = [];
        // The second check finds the worker of the first one gone.
        for (let i = 0; i < 2; i++) {
          const answer = session.verify("linear_plane", text, "cpu");
          await session.endTiming();
          answers.push(await Promise.race([answer, late]));
        }
        session.dispose();
        return answers;
      }, text);
      for (const answer of answers) {
        assert.notEqual(answer, "no answer");
        assert.ok(answer[0].cases > 0 && answer[0].passes === answer[0].cases, JSON.stringify(answer));
      }
    } finally {
      await browser.close();
      await server.close();
    }
  },
);
