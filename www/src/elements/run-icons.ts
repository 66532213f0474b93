// What the buttons of a run show.
import { html, svg } from "lit";

const icon = (path: unknown) => html`<svg viewBox="0 0 24 24" aria-hidden="true">${path}</svg>`;

export const resetIcon = () =>
  icon(svg`<path d="M12 5V1.8L7.2 6 12 10.2V7a5.5 5.5 0 1 1-5.5 5.5h-2A7.5 7.5 0 1 0 12 5Z" />`);

/** Pauses a run that plays, and plays one that does not. */
export const playIcon = (playing: boolean) =>
  icon(playing ? svg`<path d="M6.5 5h4v14h-4zM13.5 5h4v14h-4z" />` : svg`<path d="M8 4.8v14.4L19.5 12Z" />`);

export const stepIcon = () => icon(svg`<path d="M6 5v14l9.5-7ZM16.5 5H19v14h-2.5z" />`);
