// Keys that work anywhere in the lab: Space, S, R and ?.
import { keysHelp } from "./keys-help";
import { word } from "./words";

const KEYS: readonly (readonly [string, string])[] = [
  [word("key.space"), word("keys.play")],
  ["S", word("keys.step")],
  ["R", word("keys.reset")],
  ["← → ↑ ↓", word("keys.landscape.move")],
  ["+ −", word("keys.landscape.zoom")],
  ["0", word("keys.landscape.whole")],
  [word("key.enter"), word("keys.landscape.middle")],
  ["?", word("keys.list")],
];

/** Whether a key goes to something that takes keys itself; letters act on buttons too, Space presses them. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  if (!(target instanceof Element)) return false;
  if (target.matches("input, select, textarea, a, dialog, dialog *")) return true;
  if (target.matches("canvas") && /^(Arrow|[+\-0]$|Enter)/.test(event.key)) return true;
  return target.matches("button, summary") && (event.code === "Space" || event.key === "Enter");
}

export function listen(): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event)) return;
    const say = (name: string) => document.dispatchEvent(new CustomEvent(name));
    if (event.code === "Space") {
      event.preventDefault();
      say("lab-play");
    } else if (event.key === "?") keysHelp(KEYS);
    else if (event.key === "s" || event.key === "S") say("lab-step");
    else if (event.key === "r" || event.key === "R") say("lab-reset");
  });
}
