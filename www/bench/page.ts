// The page that everything is measured in; run.mjs calls it one engine at a time.
import { fleetShapes, measureFleet } from "./fleet";
import { imageForms, imageRows, measureImages } from "./images";
import { measureLab, measureStep, labEngines } from "./lab";
import { measureLandscapes } from "./landscapes";
import { measureMaps } from "./maps";
import type { Measurement } from "./measurement";
import { measurePeer } from "./peers/measure";

async function adapter(): Promise<Record<string, unknown> | undefined> {
  const found = await navigator.gpu?.requestAdapter();
  if (!found) return undefined;
  const { vendor, architecture, device, description, isFallbackAdapter } = found.info;
  return { vendor, architecture, device, description, isFallbackAdapter };
}

const bench = {
  machine: async () => ({
    cores: navigator.hardwareConcurrency,
    isolated: crossOriginIsolated,
    adapter: await adapter(),
  }),
  labEngines,
  landscapes: measureLandscapes,
  maps: measureMaps,
  step: (engine: string, milliseconds: number) => measureStep(engine, { milliseconds }),
  fleetShapes,
  fleet: measureFleet,
  imageRows,
  imageForms,
  images: (engine: string, preset: string, form: string, milliseconds: number) =>
    measureImages(engine, preset, form, { milliseconds }),
  measure: (engine: string, milliseconds: number): Promise<Measurement> =>
    engine.startsWith("lab ")
      ? measureLab(engine.slice(4), { milliseconds })
      : measurePeer(engine, { milliseconds }),
};

declare global {
  interface Window {
    bench: typeof bench;
  }
  // Only what this page reads; the full WebGPU types are not worth a dependency.
  interface Navigator {
    gpu?: { requestAdapter(): Promise<{ info: Record<string, unknown> } | null> };
  }
}

window.bench = bench;
