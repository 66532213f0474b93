// The way to the constructed optimum, walked and started from; and what has too many numbers for the address.
import assert from "node:assert/strict";
import { test } from "node:test";
import { collectErrors, moving, PATIENCE, stage } from "./harness.mjs";

const opened = stage({ webgpu: false });

async function visit(hash, act, options = {}) {
  const page = await opened.browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  const errors = collectErrors(page);
  await page.goto(opened.server.url + hash);
  await moving(page, 20);
  await page.getByTestId("play").click();
  await act(page);
  assert.deepEqual(errors, []);
  await page.close();
}

const state = (page) => page.evaluate(() => window.identityLab.state());
const marker = (page) =>
  page.evaluate(() => {
    const deep = (root, name) =>
      [...root.querySelectorAll("*")].flatMap((e) => [
        ...(e.matches(name) ? [e] : []),
        ...(e.shadowRoot ? deep(e.shadowRoot, name) : []),
      ]);
    return deep(document, "lab-map")[0].marker;
  });

async function openCards(page) {
  await page.getByTestId("theorems").click();
  await page.getByTestId("way-play").waitFor({ timeout: PATIENCE });
}

test(
  "the way to the constructed optimum is walked, stopped, and walked to its end",
  { timeout: PATIENCE },
  async () => {
    await visit("", async (page) => {
      await openCards(page);
      assert.equal(await marker(page), undefined);
      const { step } = await state(page);
      const play = page.getByTestId("way-play");
      await play.click();
      await page.waitForFunction(() => {
        const { way, plane } = window.identityLab.state();
        return way > 0.1 && plane.kind === "optimum";
      });
      assert.equal(await play.innerText(), "Stop");
      await play.click();
      await page.waitForFunction(() => {
        const { way, wayPoints } = window.identityLab.state();
        return wayPoints?.way === way;
      });
      const { way, wayPoints, walking } = await state(page);
      assert.ok(!walking && way < 1, `${way}`);
      await page.waitForTimeout(300);
      assert.equal((await state(page)).way, way, "it stands still");
      // The same part of the way, worked out by a session of its own: from A = 0 the norm grows in proportion.
      const { end, alone } = await page.evaluate(async (way) => {
        const session = await window.identityLab.createSession({}, { engine: "cpu" });
        const optimum = await session.optimum("identity");
        const point = optimum.map((value) => way * value);
        const bytes = new Uint8Array(point.buffer);
        const parameters = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
        const start = { kind: "given", parameters };
        const frame = await session.configure({ twins: [{ parametrization: "identity", start }] });
        const spectra = await session.spectra(0);
        const end = (await session.depths(16)).measured[15];
        session.dispose();
        return { end, alone: { excess: frame.twins[0].excess, norm: spectra.largestResidualNorm } };
      }, way);
      const [identity, standard] = wayPoints.points;
      assert.ok(Math.abs(identity.norm / alone.norm - 1) < 1e-4);
      assert.ok(Math.abs(identity.norm / (way * end) - 1) < 1e-4, `${identity.norm}, not ${way} of ${end}`);
      assert.ok(
        Math.abs(identity.excess / alone.excess - 1) < 1e-3,
        `${identity.excess}, not ${alone.excess}`,
      );
      assert.ok(standard.norm > identity.norm);
      // The ring is that part of the way from the start to the optimum on the landscape.
      await page.waitForFunction(() =>
        window.identityLab.state().landscapes.every((l) => l?.spec.kind === "optimum"),
      );
      const place = await marker(page);
      const [a, b] = (await state(page)).landscapes[0].optimum;
      assert.ok(
        Math.hypot(place[0] - way * a, place[1] - way * b) < 1e-3 * Math.hypot(a, b),
        `${place} ${a} ${b}`,
      );

      await play.click();
      await page.waitForFunction(() => !window.identityLab.state().walking, undefined, { timeout: 20_000 });
      await page.waitForFunction(() => window.identityLab.state().wayPoints?.way === 1);
      const last = (await state(page)).wayPoints.points;
      for (const { excess, norm } of last) {
        assert.ok(excess < 1e-9 && Math.abs(norm / end - 1) < 1e-4, `${excess} ${norm}`);
      }
      assert.match(
        await page.getByTestId("way-numbers").innerText(),
        /100 % of the way.*identity.*standard/s,
      );
      assert.equal((await state(page)).step, step, "nothing was trained for it");
      await page.getByTestId("theorems").click();
      await page.waitForFunction(() => window.identityLab.state().way === undefined);
      // The pictures follow with the next frame.
      for (const end = Date.now() + 5_000; (await marker(page)) !== undefined;) {
        assert.ok(Date.now() < end, "the ring stays");
        await page.waitForTimeout(20);
      }
    });
  },
);

test(
  "with reduced motion it is a few still pictures; the slider goes anywhere, and the run starts there",
  { timeout: PATIENCE },
  async () => {
    await visit(
      "#network.layers=8",
      async (page) => {
        await openCards(page);
        await page.evaluate(() => {
          window.ways = new Set();
          const look = () => {
            const { way } = window.identityLab.state();
            if (way !== undefined) window.ways.add(way);
            requestAnimationFrame(look);
          };
          look();
        });
        await page.getByTestId("way-play").click();
        await page.waitForFunction(() => window.identityLab.state().way === 1, undefined, {
          timeout: 20_000,
        });
        const ways = await page.evaluate(() => [...window.ways]);
        assert.ok(ways.length > 5 && ways.length <= 11, `${ways}`);
        await page.getByTestId("way").fill("0.3");
        await page.waitForFunction(() => window.identityLab.state().wayPoints?.way === 0.3);
        const { wayPoints } = await state(page);
        await page.getByTestId("start-optimum").click();
        await page.waitForFunction(
          () => window.identityLab.state().experiment.twins[0].start.kind === "given",
        );
        const { frame, way } = await state(page);
        assert.equal(way, undefined, "another run has another way");
        frame.twins.forEach(({ history }, i) => {
          const { excess } = wayPoints.points[i];
          assert.ok(Math.abs(history.excess[0] / excess - 1) < 1e-4, `${history.excess[0]}, not ${excess}`);
        });
      },
      { reducedMotion: "reduce" },
    );
  },
);

test(
  "a start too long for the address is said to be, however it came about",
  { timeout: 2 * PATIENCE },
  async () => {
    const said = (page) => page.getByTestId("notice").filter({ hasText: "too many numbers for the address" });
    await visit("#network.width=16&network.layers=32", async (page) => {
      await openCards(page);
      await page.getByTestId("start-optimum").click();
      await said(page).waitFor();
    });
    await visit("#network.width=16&network.layers=32", async (page) => {
      await page.getByTestId("insert").first().click();
      await page
        .getByTestId("notice")
        .filter({ hasText: /A layer was inserted.*too many numbers/s })
        .waitFor();
    });
    // A short one is not.
    await visit("#network.width=4&network.layers=8", async (page) => {
      await openCards(page);
      await page.getByTestId("start-optimum").click();
      await page.waitForFunction(() => window.identityLab.state().experiment.twins[0].start.kind === "given");
      assert.equal(await said(page).count(), 0);
    });
  },
);

test(
  "points too many for the address are said to be, once, and go on being trained",
  { timeout: 2 * PATIENCE },
  async () => {
    const count = 2500;
    const inputs = Buffer.from(
      Float32Array.from({ length: 2 * count }, (_, i) => Math.sin(i)).buffer,
    ).toString("base64");
    const labels = Array.from({ length: count }, (_, i) => i % 2).join(",");
    const data = `data.kind=points&data.dimension=2&data.classes=2&data.inputs=${encodeURIComponent(inputs)}&data.labels=${labels}`;
    await visit(`#network.kind=relu&${data}`, async (page) => {
      const notice = page
        .getByTestId("notice")
        .filter({ hasText: "These points have too many numbers for the address" });
      await notice.waitFor();
      await page.waitForFunction(() => !location.hash.includes("data."));
      assert.equal((await state(page)).experiment.data.labels.length, count);
      // Other changes do not say it again.
      await page.getByTestId("notice").getByRole("button").click();
      const rate = await page.evaluate(() => location.hash.match(/optimizer\.learningRate=([^&]*)/)[1]);
      await page.getByTestId("lr-select").selectOption({ index: 0 });
      await page.waitForFunction((old) => !location.hash.includes(`optimizer.learningRate=${old}&`), rate);
      assert.equal((await state(page)).experiment.data.labels.length, count);
      assert.equal(await notice.count(), 0);
    });
  },
);
