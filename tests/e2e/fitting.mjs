// What every screen has to pass: nothing wider than it, and nothing that axe finds.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

const AXE = new URL("../../www/node_modules/axe-core/axe.min.js", import.meta.url);
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** The page fits its screen, and axe finds nothing in the element of that selector, or in the whole page. */
export async function fitsAndIsAccessible(page, within) {
  await settled(page);
  const wider = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  });
  assert.ok(wider <= 0, `the page is ${wider} pixels wider than the screen`);
  await page.evaluate(await readFile(AXE, "utf8"));
  const { violations } = await page.evaluate(
    ([within, runOnly]) => window.axe.run(within ?? document, { runOnly }),
    [within, RULES],
  );
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  assert.deepEqual(found, []);
}

/** What fades in has other contrasts on its way. */
function settled(page) {
  return page.evaluate(async () => {
    const ending = document.getAnimations().filter(({ effect, playState }) => {
      const end = effect?.getComputedTiming().endTime;
      return playState === "running" && typeof end === "number" && Number.isFinite(end);
    });
    await Promise.allSettled(ending.map(({ finished }) => finished));
  });
}
