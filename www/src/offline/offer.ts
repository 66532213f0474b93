// A line at the foot of the page: there is a new version, to be taken when the reader wants it.
import { word } from "../words";

export function offerUpdate(take: () => void): void {
  const note = document.createElement("p");
  note.className = "update";
  note.setAttribute("role", "status");
  const button = document.createElement("button");
  button.textContent = word("offline.use");
  button.addEventListener("click", take);
  note.append(`${word("offline.ready")} `, button);
  document.body.append(note);
}
