// The sections of the lab that a chapter is about: maps, Theorem 3.2, images. They start runs in the lab itself.
import { readMaps } from "../atlas-address";
import { createSession, type ExperimentInput } from "../engine";
import * as expressing from "../expressing";
import * as imaging from "../imaging";
import * as mapping from "../mapping";
import { say } from "../live";
import { openInLab } from "../open-in-lab";
import { labPage } from "../site";
import * as store from "../store";

async function start(experiment: ExperimentInput): Promise<boolean> {
  openInLab(labPage(), experiment);
  return true;
}

/** The experiment that maps vary, at first that of the lab as it opens. */
async function vary(experiment: ExperimentInput): Promise<boolean> {
  const session = await createSession(experiment, { engine: "cpu" });
  store.experiment.value = session.experiment;
  session.dispose();
  return true;
}

/** Opens the section of the page once it comes near the screen. */
function openNear(section: HTMLDetailsElement, opened: () => void = () => undefined): void {
  const observer = new IntersectionObserver(
    (all) => {
      if (!all.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      section.open = true;
      opened();
    },
    { rootMargin: "400px" },
  );
  observer.observe(section);
}

export async function openSection(section: HTMLDetailsElement): Promise<void> {
  if (section.id === "maps") {
    mapping.listen({ say, start, vary, session: () => undefined });
    document.addEventListener("lab-ask", (event) => {
      const wanted = readMaps((event as CustomEvent<ReadonlyMap<string, string>>).detail);
      if (wanted) void mapping.ask(wanted);
    });
    await vary({});
    // A map without cells shows nothing: the first one trains by itself.
    return openNear(section, () => void mapping.ask({ open: true, form: store.mapsForm.value }));
  } else if (section.id === "expressivity") expressing.listen({ say, start });
  else if (section.id === "images") imaging.listen(say);
  openNear(section);
}
