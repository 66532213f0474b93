// A tour of the lab: what is what, in one minute. Esc ends it; nothing is blocked for who does not want it.
import type { DriveStep } from "driver.js";
import { word, type Word } from "./words";

const KEY = "identity-lab.toured";

const STOPS: readonly (readonly [selector: string, title: Word, text: Word])[] = [
  ["#twin-0", "tour.first", "tour.first.text"],
  ["#twin-1", "tour.other", "tour.other.text"],
  ["lab-transport", "tour.transport", "tour.transport.text"],
  ["lab-settings", "tour.settings", "tour.settings.text"],
  ["lab-view", "tour.view", "tour.view.text"],
  ["lab-theorems", "tour.theorems", "tour.theorems.text"],
  ["lab-engines", "tour.engines", "tour.engines.text"],
];

function visible(selector: string): boolean {
  return document.querySelector<HTMLElement>(selector)?.checkVisibility() ?? false;
}

async function start(): Promise<void> {
  const [{ driver }] = await Promise.all([import("driver.js"), import("driver.js/dist/driver.css")]);
  const steps = STOPS.filter(([selector]) => visible(selector)).map(([element, title, text]): DriveStep => ({
    element,
    popover: { title: word(title), description: word(text) },
  }));
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  driver({
    steps,
    showProgress: true,
    progressText: word("tour.at", { at: "{{current}}", count: "{{total}}" }),
    nextBtnText: word("tour.next"),
    prevBtnText: word("tour.before"),
    doneBtnText: word("tour.done"),
    animate: !still,
    popoverClass: "tour",
    // They are a header and a footer by their tags, which would be landmarks of the page.
    onPopoverRender: ({ title, footer, closeButton }) => {
      title.setAttribute("role", "presentation");
      footer.setAttribute("role", "group");
      closeButton.setAttribute("aria-label", word("keys.close"));
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
    button.textContent = word("tour.new");
    button.classList.add("first");
  }
  button.addEventListener("click", () => void start());
}
