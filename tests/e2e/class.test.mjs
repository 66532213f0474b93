// The class experiment: phones train, the presenter pools. No server in between.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fitsAndIsAccessible } from "./fitting.mjs";
import { collectErrors, PATIENCE, stage } from "./harness.mjs";

const opened = stage({ webgpu: false, subpath: "/school/" });

async function open(path, options = {}) {
  const context = await opened.browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const errors = collectErrors(page);
  await page.goto(opened.server.root + path);
  return { page, context, errors };
}

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

test(
  "phones train cells of their own, and their codes fill the presenter's map",
  { timeout: 3 * PATIENCE },
  async () => {
    const presenter = await open("class.html", { viewport: { width: 1280, height: 800 } });
    const { page: board } = presenter;
    const join = await board.getByTestId("join").getAttribute("href");
    assert.match(join, /\/school\/class\.html#join=0\.\d+$/);
    await fitsAndIsAccessible(board);

    const phone = await open(join.slice(join.indexOf("class.html")), PHONE);
    const { page } = phone;
    const codes = [];
    for (let i = 0; i < 2; i++) {
      const cell = await page.getByTestId("cell").innerText();
      assert.match(cell, /^\d+ layers, learning rate 0\.\d+$/);
      await page.getByTestId("train").click();
      await page.getByTestId("code").waitFor();
      codes.push(await page.getByTestId("code").innerText());
      if (i === 0) await fitsAndIsAccessible(page);
      await page.getByTestId("another").click();
    }

    await board.getByTestId("codes").fill(codes.join(" "));
    await board.getByTestId("add").click();
    await board
      .getByTestId("said")
      .getByText(/in all/)
      .waitFor();
    const filled = () => board.getByTestId("map-0").locator("td:not(:empty)").count();
    const cells = await filled();
    assert.ok(cells === 1 || cells === 2, `${cells} cells`);
    await fitsAndIsAccessible(board);

    // A slip of the tongue is refused with a sentence, and nothing is lost.
    const wrong = codes[0].replace(/.$/, (last) => (last === "7" ? "8" : "7"));
    await board.getByTestId("codes").fill(wrong);
    await board.getByTestId("add").click();
    await board.getByText(/has a slip in it/).waitFor();
    assert.equal(await board.getByTestId("codes").inputValue(), wrong);
    assert.equal(await filled(), cells);

    // A reload keeps the class, and phones that come later are of the same one.
    await board.reload();
    await board.getByTestId("map-0").waitFor();
    assert.equal(await filled(), cells);
    assert.equal(await board.getByTestId("join").getAttribute("href"), join);
    assert.deepEqual([...presenter.errors, ...phone.errors], []);
    await presenter.context.close();
    await phone.context.close();
  },
);

test("the QR code holds the way in", { timeout: PATIENCE }, async () => {
  const { page, context } = await open("class.html");
  const join = await page.getByTestId("join").getAttribute("href");
  const picture = await page.locator(".qr").screenshot();
  const { default: decodeQR } = await import("../../www/node_modules/qr/decode.js");
  const { data, width, height } = await page.evaluate(async (base64) => {
    const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob());
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const pen = canvas.getContext("2d");
    pen.drawImage(bitmap, 0, 0);
    const { data } = pen.getImageData(0, 0, bitmap.width, bitmap.height);
    return { data: [...data], width: bitmap.width, height: bitmap.height };
  }, picture.toString("base64"));
  assert.equal(decodeQR({ data: Uint8ClampedArray.from(data), width, height }), join);
  await context.close();
});

test("a link of another version says so", { timeout: PATIENCE }, async () => {
  const { page, context } = await open("class.html#join=9.1", PHONE);
  await page.getByText("not known here").waitFor();
  await context.close();
});
