// The story as readers and teachers use it: text that drives figures and follows them, keys, presenting, sharing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { figureState, running, visitor } from "./figures.mjs";
import { fitsAndIsAccessible } from "./fitting.mjs";
import { moving, PATIENCE, stage } from "./harness.mjs";

const opened = stage({ webgpu: false, subpath: "/a/course/" });

const CHAPTERS = ["index", "landscapes", "near", "failing", "fitting", "images", "maps"];

const visit = visitor(opened);

const texts = (page, figure, of) => page.locator(`lab-number[figure="${figure}"][of="${of}"]`).innerText();

for (const chapter of CHAPTERS) {
  test(`${chapter}: can be read without JavaScript`, { timeout: PATIENCE }, async () => {
    await visit(
      `${chapter}.html`,
      async (page) => {
        const text = await page.locator("main").innerText();
        assert.ok(text.length > 1200, `${text.length} characters`);
        // Formulas were typeset when the page was built.
        assert.doesNotMatch(text, /\$|\\[a-z]+\{/);
        assert.ok(
          (await page.locator("math").count()) > 0 || ["maps"].includes(chapter),
          "there are formulas",
        );
        assert.equal(await page.locator(".chapters a").count(), CHAPTERS.length + 1);
        assert.equal(await page.locator('.chapters a[aria-current="page"]').count(), 1);
        for (const cite of await page.locator(".cite").all()) {
          const target = await cite.getAttribute("href");
          assert.equal(await page.locator(target).count(), 1, target);
        }
        assert.ok(
          (await page.locator(".references a[href^='https://doi.org/10.']").count()) > 0 ||
            chapter === "maps",
        );
      },
      { javaScriptEnabled: false },
    );
  });

  for (const [screen, width, height, colorScheme] of [
    ["phone", 360, 740, "dark"],
    ["desktop", 1280, 900, "light"],
  ]) {
    test(`${chapter}, ${screen}: fits, and axe finds nothing`, { timeout: 2 * PATIENCE }, async () => {
      await visit(
        `${chapter}.html`,
        async (page) => {
          for (const figure of await page.locator("identity-lab-figure").all()) {
            await figure.scrollIntoViewIfNeeded();
            await figure.evaluate((element) => element.ready());
          }
          for (const section of await page.locator("details.section").all()) {
            await section.scrollIntoViewIfNeeded();
            await page.waitForFunction(() => document.querySelector("details.section").open);
          }
          await page.waitForTimeout(1500);
          await fitsAndIsAccessible(page);
        },
        { viewport: { width, height }, colorScheme },
      );
    });
  }
}

test("the text drives a figure, and follows it", { timeout: 2 * PATIENCE }, async () => {
  await visit("index.html", async (page) => {
    await page.locator("#race").scrollIntoViewIfNeeded();
    await running(page, "race-figure", 150);
    assert.match(await texts(page, "race-figure", "learned.0"), /^\d+$/);
    assert.equal(await texts(page, "race-figure", "depth"), "16");
    await page.locator("lab-knob input").focus();
    await page.keyboard.press("ArrowRight");
    await page.waitForFunction(
      () => document.querySelector("#race-figure").state.experiment.network.layers === 32,
    );
    await running(page, "race-figure", 20);
    assert.equal(await texts(page, "race-figure", "depth"), "32");
    assert.equal((await figureState(page, "race-figure")).experiment.optimizer.learningRate, 0.001);
    // Only the figure that the text is about.
    assert.equal((await figureState(page, "saddle")).experiment.network.layers, 2);
    // Reset brings the figure back as it was first, and the slider with it.
    await page.locator("#race-figure").getByLabel("Reset the figure").click();
    await page.waitForFunction(
      () => document.querySelector("#race-figure").state.experiment.network.layers === 16,
    );
    await page.locator("h1").click();
    await page.waitForFunction(() => document.querySelector("lab-knob output").textContent === "16");
  });
});

test("choices are pressed while they hold", { timeout: 2 * PATIENCE }, async () => {
  await visit("failing.html", async (page) => {
    await page.locator("#ways").scrollIntoViewIfNeeded();
    await running(page, "turn", 30);
    const choice = (name) => page.locator("#ways lab-set button", { hasText: name });
    assert.equal(await choice("120°").getAttribute("aria-pressed"), "true");
    await choice("180°").click();
    await running(page, "turn", 200);
    assert.equal(await choice("180°").getAttribute("aria-pressed"), "true");
    assert.equal(await choice("120°").getAttribute("aria-pressed"), "false");
    // Half a turn is never learned from the identity, and at once from the other start.
    assert.equal(await texts(page, "turn", "learned.0"), "not yet");
  });
});

test(
  "what the printed form gets wrong is counted, and none of the ball lies below the true one",
  {
    timeout: 2 * PATIENCE,
  },
  async () => {
    await visit("landscapes.html", async (page) => {
      await page.locator("#theorem-2-2").scrollIntoViewIfNeeded();
      await page.waitForFunction(
        () => Number(document.querySelector('lab-number[of="violated.0"]').textContent) > 5,
      );
      await page.locator("#the-ball").scrollIntoViewIfNeeded();
      await page.waitForFunction(
        () =>
          Number(document.querySelector('lab-number[of="sampled"]').textContent.replace(/\D/g, "")) > 2000,
      );
      assert.equal(await texts(page, "sample", "below"), "0");
    });
  },
);

test("a figure opens in the lab as it stands", { timeout: 2 * PATIENCE }, async () => {
  await visit("failing.html", async (page) => {
    await page.locator("#ways").scrollIntoViewIfNeeded();
    await running(page, "turn", 5);
    await page.locator("#ways lab-set button", { hasText: "170°" }).click();
    await page.waitForFunction(() => document.querySelector("#turn").state.experiment.target.degrees === 170);
    const { experiment } = await figureState(page, "turn");
    await page.locator("#turn").getByRole("link", { name: "Open in the lab" }).click();
    await moving(page, 0);
    await page.waitForFunction(() => window.identityLab.state().experiment.target.degrees === 170);
    assert.deepEqual(await page.evaluate(() => window.identityLab.state().experiment), experiment);
  });
});

test("keys run the figure in sight and turn the chapters", { timeout: 2 * PATIENCE }, async () => {
  await visit("near.html", async (page) => {
    await page.locator("#trained").scrollIntoViewIfNeeded();
    await running(page, "norms", 3);
    await page.keyboard.press("Space");
    await page.waitForFunction(() => document.querySelector("#norms").state.playing === false);
    await page.waitForTimeout(200);
    const { step } = await figureState(page, "norms");
    await page.keyboard.press("s");
    await page.waitForFunction((was) => document.querySelector("#norms").state.frame.step === was + 1, step);
    await page.keyboard.press("r");
    await page.waitForFunction(() => document.querySelector("#norms").state.frame.step === 0);
    await page.keyboard.press("?");
    await page.locator("dialog.keys").waitFor();
    await fitsAndIsAccessible(page, "dialog.keys");
    await page.keyboard.press("Escape");
    await page.locator("dialog.keys").waitFor({ state: "detached" });
    await page.keyboard.press("ArrowRight");
    await page.waitForURL(/failing\.html$/);
    await page.keyboard.press("ArrowLeft");
    await page.waitForURL(/near\.html$/);
  });
});

test(
  "presenting shows a figure at a time, and a clicker goes on to the next chapter",
  {
    timeout: 2 * PATIENCE,
  },
  async () => {
    await visit(
      "near.html",
      async (page) => {
        await page.locator("#present").click();
        await page.locator("#theorem-2-1.current").waitFor();
        assert.equal(await page.locator("#trained").isVisible(), false);
        assert.equal(await page.locator(".chapters").isVisible(), false);
        assert.equal(await page.locator("#theorem-2-1 .choices").isVisible(), true);
        await page.keyboard.press("h");
        await page.locator("#theorem-2-1 .choices").waitFor({ state: "hidden" });
        await page.keyboard.press("PageDown");
        await page.locator("#trained.current").waitFor();
        await running(page, "norms", 3);
        await fitsAndIsAccessible(page);
        // The address brings the slide back.
        assert.match(page.url(), /near\.html#present-trained$/);
        await page.keyboard.press("PageDown");
        await page.waitForURL(/failing\.html#present-/);
        await page.locator("#ways.current").waitFor();
        await page.keyboard.press("Escape");
        await page.locator(".chapters").waitFor();
        assert.match(page.url(), /failing\.html#ways$/);
      },
      { viewport: { width: 1024, height: 768 } },
    );
  },
);

test("with reduced motion nothing plays by itself", { timeout: 2 * PATIENCE }, async () => {
  await visit(
    "index.html",
    async (page) => {
      await page.locator("#two-weights").scrollIntoViewIfNeeded();
      await page.waitForFunction(() => document.querySelector("#saddle").state?.frame !== undefined);
      await page.waitForTimeout(700);
      assert.deepEqual((await figureState(page, "saddle")).step, 0);
    },
    { reducedMotion: "reduce" },
  );
});

test(
  "a figure goes by the last that a busy page tells it of where it is",
  { timeout: PATIENCE },
  async () => {
    const late = () => {
      const Observer = window.IntersectionObserver;
      window.IntersectionObserver = class extends Observer {
        constructor(tell, options) {
          super((all, observer) => {
            const last = all[all.length - 1];
            tell([{ target: last.target, isIntersecting: !last.isIntersecting }, ...all], observer);
          }, options);
        }
      };
    };
    await visit(
      "index.html",
      async (page) => {
        await page.locator("#two-weights").scrollIntoViewIfNeeded();
        await running(page, "saddle", 3);
      },
      { before: late },
    );
  },
);

test("figures out of sight rest", { timeout: 2 * PATIENCE }, async () => {
  await visit("failing.html", async (page) => {
    await page.locator("#ways").scrollIntoViewIfNeeded();
    await running(page, "turn", 3);
    await page.locator("#chain").scrollIntoViewIfNeeded();
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    await page.waitForFunction(() => document.querySelector("#turn").state.playing === false);
    await page.evaluate(() => scrollTo(0, 0));
    await page.waitForFunction(() => document.querySelector("#turn").state.playing === true);
  });
});

test(
  "a shared figure stands alone, with the controls that were left to it",
  { timeout: 2 * PATIENCE },
  async () => {
    await visit("index.html", async (page, context) => {
      await context.grantPermissions(["clipboard-read", "clipboard-write"]);
      await page.locator("#race").scrollIntoViewIfNeeded();
      await running(page, "race-figure", 3);
      await page.locator("#race-figure").getByText("Share").click();
      await page.locator("#race-figure").getByText("Copy the code that embeds it").click();
      const code = await page.evaluate(() => navigator.clipboard.readText());
      await page.locator("#race-figure").getByText("Copy a citation").click();
      const cited = await page.evaluate(() => navigator.clipboard.readText());
      assert.match(cited, /@misc\{identitylab,[^@]*figure\.html\?[^@]*@inproceedings\{hardt2017identity/);
      assert.match(code, /^<iframe src="http.*figure\.html\?/);
      const { experiment } = await figureState(page, "race-figure");
      await page.setContent(code);
      const frame = page.frameLocator("iframe");
      await frame.locator("identity-lab-figure .twin").first().waitFor();
      const inner = page.frames().find((other) => other.url().includes("figure.html"));
      assert.deepEqual(
        await inner.evaluate(() => document.querySelector("identity-lab-figure").state.experiment),
        experiment,
      );
    });
    await visit("figure.html?show=chart&controls=none#network.layers=4", async (page) => {
      await page.locator("identity-lab-figure lab-chart").waitFor();
      assert.equal(await page.locator("identity-lab-figure button").count(), 0);
    });
    await visit("figure.html?show=dance#network.layers=4", async (page) => {
      await page
        .locator("identity-lab-figure")
        .getByText(/show: allowed are landscapes, chart/)
        .waitFor();
    });
  },
);

test("links to the lab can leave less to be set", { timeout: 2 * PATIENCE }, async () => {
  await visit("lab.html?controls=run#network.layers=4", async (page) => {
    await moving(page, 0);
    assert.equal(await page.locator("lab-settings").isVisible(), false);
    assert.equal(await page.locator("lab-transport").isVisible(), true);
  });
  await visit("lab.html?controls=none#network.layers=4", async (page) => {
    await moving(page, 3);
    assert.equal(await page.locator("lab-transport").isVisible(), false);
    await page.keyboard.press("r");
    await page.waitForTimeout(300);
    assert.ok((await page.evaluate(() => window.identityLab.state().step)) > 0);
  });
});

test("on paper a chapter is its text and figures", { timeout: 2 * PATIENCE }, async () => {
  await visit("landscapes.html", async (page) => {
    await page.locator("#theorem-2-2").scrollIntoViewIfNeeded();
    await running(page, "bound", 10);
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.locator(".chapters").isVisible(), false);
    assert.equal(await page.locator(".turning").isVisible(), false);
    assert.equal(await page.locator("h1").isVisible(), true);
    assert.equal(await page.locator("#bound").isVisible(), true);
    const pdf = await page.pdf({ format: "A4" });
    assert.ok(pdf.length > 20_000, `${pdf.length} bytes`);
  });
});
