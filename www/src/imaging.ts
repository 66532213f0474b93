// The section on images: loaded when it is opened first, shown as an address has it.
import type { Imaging } from "./image-section";
import type { ImagesAddress } from "./images-address";
import { put, whyOf } from "./said";
import * as store from "./store";
import { word } from "./words";

let opened: Promise<Imaging> | undefined;

/** Loads what the section needs when it is opened first. */
export function listen(say: (sentence: string) => void): void {
  const section = document.querySelector<HTMLDetailsElement>("#images");
  section?.addEventListener("toggle", () => {
    store.imagesOpen.value = section.open;
    if (section.open) {
      opened ??= open(section, say);
      void opened
        .then((imaging) => imaging.enter())
        .catch((error: unknown) => {
          opened = undefined;
          put(section.querySelector("lab-images")!, word("section.failed", { why: whyOf(error) }));
        });
    } else void opened?.then((imaging) => imaging.leave());
  });
}

async function open(section: HTMLElement, say: (sentence: string) => void): Promise<Imaging> {
  const { openSection } = await import("./image-section");
  return openSection(section, say);
}

/** The section as an address has it, ready to start. */
export function show({ open, settings }: ImagesAddress): void {
  store.imageSettings.value = settings;
  void opened?.then((imaging) => imaging.set(settings));
  const section = document.querySelector<HTMLDetailsElement>("#images");
  if (section) section.open = open;
}
