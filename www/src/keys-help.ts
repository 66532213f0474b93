// The list of keys, as a dialog that Esc closes.
import { word } from "./words";

let dialog: HTMLDialogElement | undefined;

export function keysHelp(keys: readonly (readonly [string, string])[]): void {
  dialog?.remove();
  dialog = document.createElement("dialog");
  dialog.className = "keys";
  dialog.setAttribute("aria-labelledby", "keys-title");
  const title = document.createElement("h2");
  title.id = "keys-title";
  title.textContent = word("keys.title");
  const list = document.createElement("dl");
  for (const [key, meaning] of keys) {
    const term = document.createElement("dt");
    for (const name of key.split(" ")) {
      const kbd = document.createElement("kbd");
      kbd.textContent = name;
      term.append(kbd, " ");
    }
    const description = document.createElement("dd");
    description.textContent = meaning;
    list.append(term, description);
  }
  const close = document.createElement("button");
  close.textContent = word("keys.close");
  close.addEventListener("click", () => dialog?.close());
  dialog.append(title, list, close);
  dialog.addEventListener("close", () => dialog?.remove());
  document.body.append(dialog);
  dialog.showModal();
}
