// A tour of the lab: what is what, in one minute. Esc ends it; nothing is blocked for who does not want it.
import type { DriveStep } from "driver.js";

const KEY = "identity-lab.toured";

const STOPS: readonly (readonly [selector: string, title: string, text: string])[] = [
  [
    "#twin-0",
    "Two networks, one task",
    "Both learn the same map with the same step size. This one’s layers start as the identity; the picture is its landscape, the white line its way, the ring where it stands.",
  ],
  [
    "#twin-1",
    "The other start",
    "The same with ordinary layers. Click a landscape for the nearest critical point; drag the white dot to start elsewhere; wheel and drag to look closer.",
  ],
  [
    "lab-transport",
    "Play, step, reset",
    "Space, S and R do the same. The learning rate may change while it runs; the list on the right holds experiments worth seeing first.",
  ],
  [
    "lab-settings",
    "What is trained",
    "Depth, width, target, data, optimizer and starts. What would end the run is asked first.",
  ],
  [
    "lab-view",
    "How it is looked at",
    "Other planes through the landscape, surfaces, slices, both networks in one picture; a film of it; and the way back to any earlier step.",
  ],
  [
    "lab-theorems",
    "Promised and measured",
    "The paper’s theorems about this very run. Below them: maps of thousands of runs, a network that is built and not trained, and images.",
  ],
  [
    "lab-engines",
    "What computes it",
    "The processor or the graphics card, whichever is faster here; all of it is in this page. The address holds the whole experiment: share it.",
  ],
];

function visible(selector: string): boolean {
  return document.querySelector<HTMLElement>(selector)?.checkVisibility() ?? false;
}

async function start(): Promise<void> {
  const [{ driver }] = await Promise.all([import("driver.js"), import("driver.js/dist/driver.css")]);
  const steps = STOPS.filter(([selector]) => visible(selector)).map(
    ([element, title, description]): DriveStep => ({ element, popover: { title, description } }),
  );
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  driver({
    steps,
    showProgress: true,
    animate: !still,
    popoverClass: "tour",
    // They are a header and a footer by their tags, which would be landmarks of the page.
    onPopoverRender: ({ title, footer }) => {
      title.setAttribute("role", "presentation");
      footer.setAttribute("role", "group");
    },
  }).drive();
}

function known(): boolean {
  try {
    const before = localStorage.getItem(KEY) !== null;
    localStorage.setItem(KEY, "offered");
    return before;
  } catch {
    // Where nothing can be kept, every visit is the first.
    return false;
  }
}

/** The button of the page starts it; on a first visit it says what it is for. */
export function listen(): void {
  const button = document.querySelector<HTMLButtonElement>("#tour");
  if (!button) return;
  if (!known()) {
    button.textContent = "New here? Take the tour";
    button.classList.add("first");
  }
  button.addEventListener("click", () => void start());
}
