// Without a network after the first visit, and safe when a new version comes.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { collectErrors, launch, moving, PATIENCE, serveDist, withoutAborted } from "./harness.mjs";

/** Waits until the service worker has everything and answers for the page. */
async function kept(page) {
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    if (registration.active?.state !== "activated")
      await new Promise((resolve) =>
        registration.active.addEventListener(
          "statechange",
          (event) => event.target.state === "activated" && resolve(),
        ),
      );
  });
}

test("after the first visit every page works without a network", { timeout: 3 * PATIENCE }, async () => {
  const server = await serveDist({ subpath: "/deep/in/a/course/" });
  const browser = await launch({ webgpu: false });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE);
    await page.goto(server.root);
    await kept(page);
    // Nothing of burn on WebGPU was fetched for that.
    assert.ok(!server.requests.some((path) => /burn[-_]webgpu/.test(path)));
    await server.close();
    const errors = collectErrors(page);
    await page.goto(server.root + "landscapes.html");
    await page.locator("#theorem-2-2").scrollIntoViewIfNeeded();
    await page.waitForFunction(() => document.querySelector("#bound")?.state?.frame?.step > 3);
    await page.goto(`${server.url}#network.layers=5&network.width=3`);
    await moving(page, 3);
    assert.equal(await page.evaluate(() => window.identityLab.state().experiment.network.layers), 5);
    await page.goto(server.root + "fitting.html");
    await page.locator("#expressivity").scrollIntoViewIfNeeded();
    await page.locator("lab-expressivity").getByRole("button", { name: /build/i }).first().waitFor();
    await page.goto(server.root + "images.html");
    await page.locator("#images").scrollIntoViewIfNeeded();
    // The digits and burn itself come from what was kept.
    await page.locator("lab-images").getByTestId("images-train").click();
    await page
      .locator("lab-images")
      .getByText(/images a second|images\/s/)
      .first()
      .waitFor();
    assert.deepEqual(withoutAborted(errors), []);
  } finally {
    await browser.close();
  }
});

test("a new version waits until it is wanted, and then takes over", { timeout: 3 * PATIENCE }, async () => {
  let version = "";
  const worker = await readFile(new URL("../../dist/service-worker.js", import.meta.url), "utf8");
  const server = await serveDist({
    change: (path) =>
      path.endsWith("/service-worker.js") ? { body: `${worker}\n// ${version}` } : undefined,
  });
  const browser = await launch({ webgpu: false });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE);
    await page.goto(server.root);
    await kept(page);
    await page.reload();
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    version = "the next one";
    await page.reload();
    await page.waitForFunction(
      () => document.querySelector("identity-lab-figure")?.state?.frame !== undefined,
    );
    await page.locator(".update button").waitFor();
    const before = await page.evaluate(() => performance.timeOrigin);
    await page.locator(".update button").click();
    await page.waitForFunction((before) => performance.timeOrigin !== before, before);
    await page.waitForFunction(
      () => document.querySelector("identity-lab-figure")?.state?.frame !== undefined,
    );
    await page.waitForTimeout(6000);
    assert.equal(await page.locator(".update").count(), 0);
  } finally {
    await browser.close();
    await server.close();
  }
});

test("it can be installed, in every language", { timeout: PATIENCE }, async () => {
  const server = await serveDist({ subpath: "/deep/in/a/course/" });
  const browser = await launch({ webgpu: false });
  try {
    const page = await browser.newPage();
    const found = [];
    for (const path of ["index.html", "lab.html", "de/near.html"]) {
      await page.goto(server.root + path);
      const devtools = await page.context().newCDPSession(page);
      const { manifest, errors } = await devtools.send("Page.getAppManifest");
      assert.deepEqual(errors, [], path);
      const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
      // What the browser has against it lies in the test's private window alone.
      const against = installabilityErrors.map(({ errorId }) => errorId);
      assert.deepEqual(
        against.filter((id) => id !== "in-incognito"),
        [],
        path,
      );
      for (const { url } of manifest.icons) {
        const icon = await page.request.get(url);
        assert.ok(icon.ok(), url);
      }
      found.push([manifest.startUrl, manifest.scope]);
    }
    assert.deepEqual(
      found,
      ["index.html", "index.html", "de/index.html"].map((start) => [server.root + start, server.root]),
    );
  } finally {
    await browser.close();
    await server.close();
  }
});
