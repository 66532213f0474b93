// Presenting: one figure and its statement fill the screen, and a clicker's keys go through them.
import { say } from "../live";
import { word } from "../words";
import { keepFitted } from "./fitted";

const slides = () => [...document.querySelectorAll<HTMLElement>(".slide")];

let shown: number | undefined;
let release = () => {};

export const presenting = () => shown !== undefined;

/** Shows that slide alone; outside the chapter's own there is nothing to show. */
function show(index: number): void {
  const all = slides();
  const slide = all[index];
  if (!slide) return;
  shown = index;
  document.body.classList.add("presenting");
  release();
  all.forEach((other, i) => other.classList.toggle("current", i === index));
  history.replaceState(history.state, "", `#present-${slide.id}`);
  scrollTo(0, 0);
  release = keepFitted(slide);
  const title = slide.querySelector("h2")?.textContent ?? "";
  say(word("slides.said", { at: index + 1, count: all.length, title }));
}

export function end(): void {
  const slide = shown === undefined ? undefined : slides()[shown];
  shown = undefined;
  release();
  document.body.classList.remove("presenting", "bare");
  history.replaceState(history.state, "", slide ? `#${slide.id}` : location.pathname);
  slide?.scrollIntoView();
  if (document.fullscreenElement) void document.exitFullscreen();
}

/** The slide most of which is to be seen. */
export function nearest(): number {
  const middle = innerHeight / 2;
  const distances = slides().map((slide) => {
    const { top, bottom } = slide.getBoundingClientRect();
    return top <= middle && bottom >= middle
      ? 0
      : Math.min(Math.abs(top - middle), Math.abs(bottom - middle));
  });
  return distances.indexOf(Math.min(...distances));
}

/** The chapter before or after, which goes on presenting. */
function turn(rel: "prev" | "next"): void {
  const link = document.querySelector<HTMLAnchorElement>(`.turning a[rel=${rel}]`);
  // The lab is no slide.
  if (!link || link.pathname.endsWith("/lab.html")) return;
  location.href = `${link.href}#present-${rel === "next" ? "first" : "last"}`;
}

export function move(by: 1 | -1): void {
  if (shown === undefined) return;
  const next = shown + by;
  if (next < 0) turn("prev");
  else if (next >= slides().length) turn("next");
  else show(next);
}

/** Hides the controls, or shows them again. */
export function toggleControls(): void {
  document.body.classList.toggle("bare");
}

export function start(): void {
  show(nearest());
}

/** Follows an address that asks for a slide: #present-race, #present-first. */
export function followAddress(): void {
  const [, name] = /^#present-(.+)$/.exec(location.hash) ?? [];
  if (name === undefined) return;
  const all = slides();
  const index =
    name === "first" ? 0 : name === "last" ? all.length - 1 : all.findIndex(({ id }) => id === name);
  show(index);
}

export function listen(): void {
  const button = document.querySelector<HTMLButtonElement>("#present");
  if (button && slides().length > 0) {
    button.hidden = false;
    button.addEventListener("click", start);
  }
  addEventListener("hashchange", followAddress);
  followAddress();
}
