// Keys of a chapter, the same as in the lab where there is such a thing; a clicker sends PageUp and PageDown.
import type { FigureElement } from "../figure/element";
import { isTyping } from "../keys";
import { keysHelp } from "../keys-help";
import { word } from "../words";
import * as slides from "./slides";

const KEYS: readonly (readonly [string, string])[] = [
  [word("key.space"), word("keys.story.play")],
  ["S", word("keys.step")],
  ["R", word("keys.story.reset")],
  ["← →", word("keys.story.turn")],
  ["P", word("keys.story.present")],
  ["H", word("keys.story.hide")],
  ["F", word("keys.story.full")],
  ["Esc", word("keys.story.end")],
  ["?", word("keys.list")],
];

/** The figure that keys are meant for: the one of the slide in sight. */
function figureInSight(): FigureElement | null {
  const slide = document.querySelectorAll<HTMLElement>(".slide")[slides.nearest()];
  const current = document.querySelector<HTMLElement>(".slide.current") ?? slide;
  return current?.querySelector("identity-lab-figure") ?? document.querySelector("identity-lab-figure");
}

function turn(rel: "prev" | "next"): void {
  document.querySelector<HTMLAnchorElement>(`.turning a[rel=${rel}]`)?.click();
}

function act(key: string): boolean {
  const figure = figureInSight();
  const presenting = slides.presenting();
  switch (key) {
    case " ":
      if (figure?.state?.playing) figure.pause();
      else figure?.play();
      return figure !== null;
    case "s":
      void figure?.step();
      return true;
    case "r":
      void figure?.reset();
      return true;
    case "ArrowRight":
    case "PageDown":
      if (presenting) slides.move(1);
      else if (key === "PageDown") return false;
      else turn("next");
      return true;
    case "ArrowLeft":
    case "PageUp":
      if (presenting) slides.move(-1);
      else if (key === "PageUp") return false;
      else turn("prev");
      return true;
    case "p":
      if (presenting) slides.end();
      else slides.start();
      return true;
    case "h":
      if (presenting) slides.toggleControls();
      return presenting;
    case "f":
      if (document.fullscreenElement) void document.exitFullscreen();
      else void document.documentElement.requestFullscreen();
      return true;
    case "Escape":
      if (presenting) slides.end();
      return presenting;
    case "?":
      keysHelp(KEYS);
      return true;
    default:
      return false;
  }
}

export function listen(): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event)) return;
    if (act(event.key.length === 1 ? event.key.toLowerCase() : event.key)) event.preventDefault();
  });
}
