// What the lab offers beside its pictures: a tour, the list of keys, a film of the run.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { fitsAndIsAccessible } from "./fitting.mjs";
import { collectErrors, moving, PATIENCE, stage } from "./harness.mjs";

const opened = stage({ webgpu: false });

async function visit(act, options = {}) {
  const context = await opened.browser.newContext({
    viewport: { width: 1280, height: 900 },
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const errors = collectErrors(page);
  await page.goto(opened.server.url);
  await moving(page, 3);
  await act(page);
  assert.deepEqual(errors, []);
  await context.close();
}

for (const [screen, viewport] of [
  ["phone", { width: 360, height: 740 }],
  ["desktop", { width: 1280, height: 900 }],
]) {
  test(
    `${screen}: the tour is offered once, goes through, and Esc ends it`,
    { timeout: 2 * PATIENCE },
    async () => {
      await visit(
        async (page) => {
          const button = page.locator("#tour");
          assert.match(await button.innerText(), /New here/);
          await button.click();
          const note = page.locator(".driver-popover");
          await note.getByText("Two networks, one task").waitFor();
          await fitsAndIsAccessible(page, ".driver-popover");
          await page.keyboard.press("ArrowRight");
          await note.getByText("The other start").waitFor();
          for (let i = 0; i < 5; i++) await note.getByRole("button", { name: /next/i }).click();
          await note.getByText("What computes it").waitFor();
          await page.keyboard.press("Escape");
          await note.waitFor({ state: "detached" });
          // The run went on meanwhile.
          await moving(page, 20);
          await page.reload();
          await moving(page, 0);
          assert.equal(await button.innerText(), "Tour");
        },
        { viewport },
      );
    },
  );
}

test("a question mark lists the keys", { timeout: PATIENCE }, async () => {
  await visit(async (page) => {
    await page.keyboard.press("?");
    const dialog = page.locator("dialog.keys");
    await dialog.getByText("one step").waitFor();
    await fitsAndIsAccessible(page, "dialog.keys");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
  });
});

test("a film of the run is saved, and can be played", { timeout: 2 * PATIENCE }, async () => {
  await visit(async (page) => {
    await page.waitForFunction(() => window.identityLab.state().landscapes.filter(Boolean).length === 2);
    await page.getByTestId("record").click();
    const from = await page.evaluate(() => window.identityLab.state().step);
    await moving(page, from + 60);
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByTestId("record").click()]);
    assert.match(file.suggestedFilename(), /^identity-lab-run-step-\d+\.webm$/);
    const film = await readFile(await file.path());
    const shown = await page.evaluate(async (base64) => {
      const video = document.createElement("video");
      video.muted = true;
      video.src = `data:video/webm;base64,${base64}`;
      await video.play();
      await new Promise((resolve) => setTimeout(resolve, 400));
      const canvas = document.createElement("canvas");
      Object.assign(canvas, { width: video.videoWidth, height: video.videoHeight });
      const pen = canvas.getContext("2d", { willReadFrequently: true });
      pen.drawImage(video, 0, 0);
      const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
      const colours = new Set();
      for (let i = 0; i < data.length; i += 400)
        colours.add((data[i] >> 4) * 256 + (data[i + 1] >> 4) * 16 + (data[i + 2] >> 4));
      return { width: canvas.width, height: canvas.height, colours: colours.size };
    }, film.toString("base64"));
    assert.equal(shown.width, 1280);
    assert.ok(shown.height > 300 && shown.colours > 40, JSON.stringify(shown));
  });
});
