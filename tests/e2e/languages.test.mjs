// The German pages: read without JavaScript, alive with it, and never far from the English ones.
import assert from "node:assert/strict";
import { test } from "node:test";
import { figureState, running, visitor } from "./figures.mjs";
import { fitsAndIsAccessible } from "./fitting.mjs";
import { moving, PATIENCE, stage } from "./harness.mjs";

const opened = stage({ webgpu: false, subpath: "/a/course/" });

const visit = visitor(opened);

const here = (page) => page.url().slice(opened.server.root.length);

test("German: the first chapter can be read without JavaScript", { timeout: PATIENCE }, async () => {
  await visit(
    "de/index.html",
    async (page) => {
      assert.equal(await page.locator("html").getAttribute("lang"), "de");
      const text = await page.locator("main").innerText();
      assert.match(text, /Ein tiefes Netz sollte auch nichts tun können/);
      assert.doesNotMatch(text, /\$|\\[a-z]+\{/);
      assert.match(text, /Literatur/);
      assert.match(text, /He und andere, 2016/);
      assert.ok((await page.locator("math").count()) > 0);
      assert.equal(
        await page.locator('.chapters a[aria-current="page"] span').innerText(),
        "Warum die Identität",
      );
      for (const [language, path] of [
        ["en", "index.html"],
        ["de", "de/index.html"],
      ]) {
        const link = page.locator(`link[rel="alternate"][hreflang="${language}"]`);
        assert.equal(await link.evaluate(({ href }) => href), opened.server.root + path);
      }
      // Whatever the page leads to is there.
      const links = await page
        .locator("a[href]")
        .evaluateAll((all) => all.map(({ href }) => href.replace(/#.*/, "")));
      for (const link of new Set(links.filter((link) => link.startsWith(opened.server.root)))) {
        const response = await page.request.get(link);
        assert.equal(response.status(), 200, link);
      }
      await page.locator("header .language").click();
      await page.waitForURL(/course\/index\.html$/);
    },
    { javaScriptEnabled: false },
  );
});

const CHAPTERS = ["index", "landscapes", "near", "failing", "fitting", "images", "maps"];

/** All that an element says: its text, names and titles; what the crate says in English is marked as such. */
const saidBy = (locator) =>
  locator.evaluate((element) => {
    const roots = [element, element.shadowRoot].filter(Boolean);
    let text = "";
    while (roots.length > 0) {
      const root = roots.pop();
      for (const one of root.querySelectorAll("*:not(style, script)")) {
        if (one.shadowRoot) roots.push(one.shadowRoot);
        // What a menu offers is in sight once it is opened.
        const seen = one.checkVisibility() || one.closest("select")?.checkVisibility();
        if (!seen || one.closest("[lang=en]")) continue;
        for (const name of ["aria-label", "aria-valuetext", "aria-roledescription", "title", "placeholder"])
          text += ` ${one.getAttribute(name) ?? ""}`;
        for (const child of one.childNodes) if (child.nodeType === Node.TEXT_NODE) text += ` ${child.data}`;
      }
    }
    return text;
  });

/** Words of which English figures and sections are full. */
const ENGLISH =
  /\b(the|of|to|(?<!CC )by|at|steps?|and|not|networks?|layers?|measured|promised|bound|risk|loss|points?|with|from|is|are|image|train(ed)?|error)\b/i;

const speaksGerman = async (locator) => assert.doesNotMatch(await saidBy(locator), ENGLISH);

/** Has the section of a page show what it can: a map is trained by itself, a network is to be built. */
async function filled(page) {
  const section = await page.evaluate(() => document.querySelector("details.section")?.id);
  if (section === "maps") await page.getByTestId("atlas-progress").waitFor();
  if (section === "images") await page.getByTestId("images-step").waitFor();
  if (section !== "expressivity") return;
  for (const name of ["express-build", "express-sweep", "express-fit"])
    await page.locator(`[data-testid=${name}]:enabled`).click();
  await page.getByTestId("express-fit-counts").waitFor();
}

const PHONE = ["phone", 360, 740, "dark"];
const SCREENS = [PHONE, ["desktop", 1280, 900, "light"]];

// German words are longer than English ones, and a phone has the least room for them.
for (const path of [...CHAPTERS, "class"]) {
  const [screen, width, height, colorScheme] = PHONE;
  test(
    `German, ${path}, ${screen}: fits, speaks German, and axe finds nothing`,
    { timeout: 2 * PATIENCE },
    async () => {
      await visit(
        `de/${path}.html`,
        async (page) => {
          for (const figure of await page.locator("identity-lab-figure").all()) {
            await figure.scrollIntoViewIfNeeded();
            await figure.evaluate((element) => element.ready());
          }
          for (const section of await page.locator("details.section").all()) {
            await section.scrollIntoViewIfNeeded();
            await page.waitForFunction(() => document.querySelector("details.section").open);
          }
          await filled(page);
          await page.waitForTimeout(1500);
          for (const part of await page.locator("identity-lab-figure, details.section").all())
            await speaksGerman(part);
          await fitsAndIsAccessible(page);
        },
        { viewport: { width, height }, colorScheme },
      );
    },
  );
}

for (const [screen, width, height, colorScheme] of SCREENS) {
  const options = { viewport: { width, height }, colorScheme };

  test(
    `German, lab, ${screen}: fits, speaks German, and axe finds nothing`,
    { timeout: 2 * PATIENCE },
    async () => {
      await visit(
        "de/lab.html",
        async (page) => {
          await moving(page, 20);
          await page.getByTestId("theorems").click();
          await page.getByTestId("measured-norm").waitFor();
          await page.getByTestId("way").fill("0.5");
          await page.getByTestId("landscape-canvas").first().click();
          await page.getByTestId("start-here").first().waitFor();
          await page.waitForTimeout(1500);
          await speaksGerman(page.locator("body"));
          await fitsAndIsAccessible(page);
        },
        options,
      );
    },
  );

  test(`German, lab, ${screen}: classifiers and points of one's own`, { timeout: 2 * PATIENCE }, async () => {
    await visit(
      "de/lab.html#network.kind=relu&data.kind=set&optimizer.kind=adam",
      async (page) => {
        await moving(page, 5);
        await page.locator("#points > summary").click();
        const file = {
          name: "punkte.csv",
          mimeType: "text/csv",
          buffer: Buffer.from("0.1,0.2,a\n0.3,x,b\n0.5,0.4,b\n"),
        };
        await page.getByTestId("table-file").setInputFiles(file);
        await page.getByTestId("table-bad").waitFor();
        // The reason is the crate's.
        await page.locator("lab-table li", { hasText: "erwartet wird eine Zahl in Spalte" }).waitFor();
        await page.waitForTimeout(1500);
        await speaksGerman(page.locator("body"));
        await fitsAndIsAccessible(page);
      },
      options,
    );
  });

  test(`German, lab, ${screen}: the tour is German`, { timeout: PATIENCE }, async () => {
    await visit(
      "de/lab.html",
      async (page) => {
        await moving(page, 0);
        await page.getByRole("button", { name: "Neu hier? Rundgang" }).click();
        const popover = page.locator(".driver-popover");
        await popover.getByText("Zwei Netze, eine Aufgabe").waitFor();
        await popover.getByRole("button", { name: "Schließen" }).waitFor();
        for (const [i, next] of [...Array(6).fill("Weiter →"), "Fertig"].entries()) {
          await popover.getByText(`${i + 1} von 7`).waitFor();
          await speaksGerman(popover);
          await popover.getByRole("button", { name: next }).click();
        }
        await popover.waitFor({ state: "detached" });
        await page.keyboard.press("?");
        await speaksGerman(page.locator("dialog.keys"));
      },
      options,
    );
  });
}

test("German: what the crate refuses is German", { timeout: PATIENCE }, async () => {
  await visit("de/lab.html#network.width=999", async (page) => {
    await moving(page, 0);
    const alert = page.getByTestId("alert");
    await alert.getByText("Die Adresse war nicht zu verstehen.").waitFor();
    await alert
      .getByText("network.width: erlaubt ist eine ganze Zahl von 1 bis 64; angegeben ist 999")
      .waitFor();
    assert.equal(await alert.locator("[lang=en]").count(), 0);
  });
});

test("German: what the page itself refuses is German", { timeout: PATIENCE }, async () => {
  await visit("de/lab.html#plane=nowhere", async (page) => {
    await moving(page, 0);
    const alert = page.getByTestId("alert");
    await alert.getByText(/angegeben ist „nowhere“/).waitFor();
    assert.equal(await alert.locator("[lang=en]").count(), 0);
  });
});

test("German: what a figure is refused is German", { timeout: PATIENCE }, async () => {
  for (const [address, sentence] of [
    ["#network.width=999", "network.width: erlaubt ist eine ganze Zahl von 1 bis 64; angegeben ist 999"],
    ["?show=nothing", /angegeben ist „nothing“/],
  ])
    await visit(`de/figure.html${address}`, async (page) => {
      const alert = page.locator("identity-lab-figure").getByRole("alert");
      await alert.getByText(sentence).waitFor();
      assert.equal(await alert.locator("[lang=en]").count(), 0);
    });
});

test("the lab's switch takes the experiment along", { timeout: 2 * PATIENCE }, async () => {
  await visit("lab.html?controls=run#network.layers=7", async (page) => {
    await moving(page, 0);
    await page.locator("header .language").click();
    await page.waitForURL(/course\/de\/lab\.html\?controls=run#.*network\.layers=7/);
    await moving(page, 0);
    assert.equal(await page.evaluate(() => window.identityLab.state().experiment.network.layers), 7);
  });
});

test("German: a figure runs, and speaks German", { timeout: 2 * PATIENCE }, async () => {
  await visit("de/landscapes.html", async (page) => {
    await page.locator("#theorem-2-2").scrollIntoViewIfNeeded();
    await running(page, "bound", 10);
    const figure = page.locator("#bound");
    for (const name of ["Abbildung zurücksetzen", "Anhalten", "Ein Schritt"])
      await figure.getByRole("button", { name }).waitFor();
    await figure.getByText(/Überschussrisiko \d/).waitFor();
    await figure.getByText("zugesichert").waitFor();
    const canvas = figure.getByTestId("landscape-canvas");
    assert.match(await canvas.getAttribute("aria-label"), /^Landschaft des Netzes „Identität“/);
    await page.keyboard.press("?");
    await page.locator("dialog.keys").getByText("die Abbildung zurücksetzen").waitFor();
  });
});

test("German: the text drives its figure", { timeout: 2 * PATIENCE }, async () => {
  await visit("de/failing.html", async (page) => {
    await page.locator("#ways").scrollIntoViewIfNeeded();
    await running(page, "turn", 5);
    await page.locator("#ways lab-set button", { hasText: "180°" }).click();
    await running(page, "turn", 200);
    assert.equal(await page.locator('lab-number[figure="turn"][of="learned.0"]').innerText(), "noch nicht");
    const { experiment } = await figureState(page, "turn");
    await page.locator("#turn").getByRole("link", { name: "Im Labor öffnen" }).click();
    await moving(page, 0);
    assert.match(here(page), /^de\/lab\.html#/);
    assert.deepEqual(await page.evaluate(() => window.identityLab.state().experiment), experiment);
  });
});

test("German: a section opens its runs in the lab", { timeout: 3 * PATIENCE }, async () => {
  await visit("de/maps.html", async (page) => {
    await page.locator("#maps").scrollIntoViewIfNeeded();
    const map = page.locator("lab-atlas canvas").first();
    await map.waitFor();
    await page.waitForFunction(() => document.querySelector("#maps").open);
    // The first map trains by itself; a cell of it is a network for the lab.
    await page.waitForTimeout(4000);
    const { width, height } = await map.boundingBox();
    await map.click({ position: { x: width / 2, y: height / 2 } });
    await page.waitForURL(/course\/de\/lab\.html/);
    await moving(page, 0);
  });
});

test("German: a shared figure is German, and leads to the lab", { timeout: 2 * PATIENCE }, async () => {
  await visit("de/index.html", async (page, context) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.locator("#race").scrollIntoViewIfNeeded();
    await running(page, "race-figure", 3);
    const figure = page.locator("#race-figure");
    await figure.getByText("Teilen").click();
    await figure.getByText("Adresse der Abbildung kopieren").click();
    const address = await page.evaluate(() => navigator.clipboard.readText());
    assert.ok(address.startsWith(`${opened.server.root}de/figure.html?`), address);
    await page.goto(address);
    await page
      .getByRole("button", { name: "Starten" })
      .or(page.getByRole("button", { name: "Anhalten" }))
      .waitFor();
    assert.equal(
      await page
        .getByRole("link", { name: "Im Labor öffnen" })
        .evaluate(({ href }) => href.replace(/#.*/, "")),
      `${opened.server.root}de/lab.html`,
    );
  });
});

test("the switch leads to the same place and back", { timeout: 2 * PATIENCE }, async () => {
  await visit("near.html#trained", async (page) => {
    const other = () => page.locator("header .language");
    assert.equal(await other().innerText(), "Deutsch");
    assert.equal(await other().getAttribute("hreflang"), "de");
    await other().click();
    await page.waitForURL(/course\/de\/near\.html#trained$/);
    assert.equal(await page.locator("h1").innerText(), "Je tiefer, desto näher");
    assert.equal(await other().innerText(), "English");
    await other().click();
    await page.waitForURL(/course\/near\.html#trained$/);
    assert.equal(await page.locator("h1").innerText(), "The deeper, the nearer");
  });
});

test("German: presenting goes on to the next German chapter", { timeout: 2 * PATIENCE }, async () => {
  await visit("de/near.html#present-trained", async (page) => {
    await page.locator("#trained.current").waitFor();
    await page.keyboard.press("PageDown");
    await page.waitForURL(/course\/de\/failing\.html#present-/);
    await page.locator("#ways.current").waitFor();
    await page.keyboard.press("Escape");
    await page.locator(".chapters").waitFor();
  });
});

test("German: phones of a class come to the German page", { timeout: 2 * PATIENCE }, async () => {
  await visit("de/class.html", async (page) => {
    const join = await page.getByTestId("join").getAttribute("href");
    assert.match(join, /\/course\/de\/class\.html#join=0\.\d+$/);
    await page.getByTestId("codes").fill("OTTO");
    await page.getByTestId("add").click();
    await page.getByText(/„OTTO“ ist kein Code/).waitFor();
    // Another fragment alone would not open the page anew.
    await page.goto("about:blank");
    await page.goto(join);
    await page.getByRole("button", { name: "Netze trainieren" }).waitFor();
    await fitsAndIsAccessible(page);
  });
});

test("German pages are kept for use without a network", { timeout: 2 * PATIENCE }, async () => {
  await visit(
    "de/index.html",
    async (page) => {
      const scope = await page.evaluate(async () => (await navigator.serviceWorker.ready).scope);
      assert.equal(scope, opened.server.root);
    },
    { serviceWorkers: "allow" },
  );
});
