// What the tests of chapters share: a page is visited, and its figures are waited for and asked.
import assert from "node:assert/strict";
import { collectErrors, PATIENCE, withoutAborted } from "./harness.mjs";

/** Opens a page of the site, with `before` run in it first, lets `act` do something with it, and finds nothing wrong. */
export const visitor =
  (opened) =>
  async (path, act, { before, ...options } = {}) => {
    const context = await opened.browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    if (before) await context.addInitScript(before);
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    const errors = collectErrors(page);
    await page.goto(opened.server.root + path);
    await act(page, context);
    assert.deepEqual(withoutAborted(errors), []);
    await context.close();
  };

/** Waits until a figure of the page has gone beyond that step. */
export const running = (page, id, beyond = 0) =>
  page.waitForFunction(
    ([id, least]) => (document.querySelector(`#${id}`)?.state?.frame?.step ?? 0) > least,
    [id, beyond],
  );

export const figureState = (page, id) =>
  page.evaluate((id) => {
    const { state } = document.querySelector(`#${id}`);
    return { experiment: state.experiment, step: state.frame?.step, playing: state.playing };
  }, id);
