// How smoothly the built page turns its surfaces while it trains: the page itself, in the same browser.
import { build, preview } from "vite";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const SECONDS = 5;

/** Frames a second while training with 3-D pictures, at rest and while the camera turns. */
export async function measureSurface(browser) {
  await build({ root, logLevel: "error" });
  const server = await preview({ root, logLevel: "error", preview: { port: 4568, host: "127.0.0.1" } });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  try {
    await page.goto(`${server.resolvedUrls.local[0]}lab.html#network.width=16&network.layers=32&engine=cpu`);
    await page.waitForFunction(() => (window.identityLab?.state().step ?? 0) > 3, undefined, {
      timeout: 60_000,
    });
    await page.getByTestId("picture-select").selectOption("surface");
    await page.waitForFunction(
      () => window.identityLab.state().landscapes.filter((l) => l?.size === 129).length === 2,
      undefined,
      { timeout: 60_000 },
    );
    const frames = (turning) =>
      page.evaluate(
        ([turning, seconds]) =>
          new Promise((resolve) => {
            const { identityLab } = window;
            const first = identityLab.state();
            const planes = new Set();
            const watching = setInterval(() => planes.add(identityLab.state().landscapes[0]?.plane), 100);
            const begin = performance.now();
            let { camera } = first;
            let frames = 0;
            const tick = () => {
              frames++;
              if (turning) {
                camera = { ...camera, azimuth: camera.azimuth + 1 };
                document.dispatchEvent(new CustomEvent("lab-camera", { detail: camera }));
              }
              const passed = (performance.now() - begin) / 1000;
              if (passed < seconds) {
                requestAnimationFrame(tick);
                return;
              }
              clearInterval(watching);
              const last = identityLab.state();
              resolve({
                frames: frames / passed,
                pictures: planes.size / passed,
                steps: (last.step - first.step) / passed,
                size: last.landscapes[0]?.size,
              });
            };
            requestAnimationFrame(tick);
          }),
        [turning, SECONDS],
      );
    return { still: await frames(false), turning: await frames(true) };
  } finally {
    await page.close();
    await server.close();
  }
}
