// Makes the page work without a network from the next visit on, and takes over a new version when the reader wants it.
import { site } from "../site";

/** What the first visit needs itself goes first. */
const DELAY = 4000;

/** `offer`: shows that a new version is ready, and calls what it is given when the reader wants it. */
export function keepForOffline(offer: (take: () => void) => void): void {
  const { serviceWorker } = navigator;
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  // Not on insecure origins; not where people pay for every megabyte.
  if (!serviceWorker || connection?.saveData || import.meta.env.DEV) return;
  const begin = () => setTimeout(() => void register(serviceWorker, offer), DELAY);
  if (document.readyState === "complete") begin();
  else addEventListener("load", begin, { once: true });
}

async function register(container: ServiceWorkerContainer, offer: (take: () => void) => void): Promise<void> {
  const had = container.controller !== null;
  let registration: ServiceWorkerRegistration | undefined;
  try {
    registration = await container.register(new URL("service-worker.js", site()));
  } catch {
    // Storage may be forbidden or full: the page works all the same, with a network.
    return;
  }
  // Where somebody blocks them, as tests do, there is nothing to follow.
  if (!registration) return;
  const ready = (worker: ServiceWorker) => {
    if (!had) return;
    offer(() => {
      container.addEventListener("controllerchange", () => location.reload(), { once: true });
      worker.postMessage("take over");
    });
  };
  if (registration.waiting) ready(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const { installing } = registration!;
    installing?.addEventListener("statechange", () => {
      if (installing.state === "installed") ready(installing);
    });
  });
}
