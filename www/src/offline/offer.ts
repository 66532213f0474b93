// A line at the foot of the page: there is a new version, to be taken when the reader wants it.

export function offerUpdate(take: () => void): void {
  const note = document.createElement("p");
  note.className = "update";
  note.setAttribute("role", "status");
  const button = document.createElement("button");
  button.textContent = "Use it now";
  button.addEventListener("click", take);
  note.append("A new version of this page is ready. ", button);
  document.body.append(note);
}
