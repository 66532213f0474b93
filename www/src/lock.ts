// Links that leave less to be set: lab.html?controls=run hides the settings, ?controls=none everything that runs it too.

export function lock(): void {
  const wanted = new URLSearchParams(location.search).get("controls");
  if (wanted === "run" || wanted === "none") document.body.dataset["controls"] = wanted;
}
