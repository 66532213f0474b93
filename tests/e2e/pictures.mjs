// What tests of the lab's landscapes share: a picture is waited for, and a place in it is found on the screen.
import { PATIENCE } from "./harness.mjs";

export const twin = (page, which) => page.getByTestId(`twin-${which}`);
export const map = (page, which) => twin(page, which).getByTestId("landscape-canvas");

/** Waits until both landscapes are there, and as that function of the state wants them. */
export async function pictures(page, wanted = "() => true") {
  await page.waitForFunction(
    `(() => { const s = window.identityLab?.state(); return s?.landscapes.filter(Boolean).length === s?.frame?.twins.length && (${wanted})(s); })()`,
    undefined,
    { timeout: PATIENCE },
  );
}

/** Stops the run and waits for the finest pictures: those of a run that goes on change their range. */
export async function rest(page) {
  await page.getByTestId("play").click();
  await pictures(page, "(s) => !s.playing && s.landscapes.every((l) => l.size === 129)");
}

/** Where on the screen a place of a landscape is; `unit` is how much larger its letters are than the margins' own. */
export async function onScreen(page, index, [a, b], unit = 1) {
  const { rangeA, rangeB } = await page.evaluate((i) => window.identityLab.state().landscapes[i], index);
  const box = await map(page, index === 0 ? "identity" : "standard").boundingBox();
  // The picture's margins are those of plotFrame.
  const s = (a - rangeA[0]) / (rangeA[1] - rangeA[0]);
  const t = (b - rangeB[0]) / (rangeB[1] - rangeB[0]);
  return [
    box.x + 54 * unit + s * (box.width - 64 * unit),
    box.y + 8 * unit + (1 - t) * (box.height - 46 * unit),
  ];
}
