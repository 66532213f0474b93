// Keys that work anywhere on the page: Space, S and R.
export function listen(): void {
  document.addEventListener("keydown", (event) => {
    const target = event.composedPath()[0];
    const typing = target instanceof Element && target.matches("input, select, textarea, button, summary, a");
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    // Letters act on buttons too; Space there presses the button.
    const letters = typing && !(target as Element).matches("button, summary");
    if (event.code === "Space" && !typing) {
      event.preventDefault();
      document.dispatchEvent(new CustomEvent("lab-play"));
    } else if (letters) return;
    else if (event.key === "s" || event.key === "S") document.dispatchEvent(new CustomEvent("lab-step"));
    else if (event.key === "r" || event.key === "R") document.dispatchEvent(new CustomEvent("lab-reset"));
  });
}
