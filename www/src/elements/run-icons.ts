// The buttons of a run: what they show, and how they look.
import { css, html, svg } from "lit";

/** Round ones in `.buttons`, the one of class `play` foremost. `--round` and `--round-play` are their sizes. */
export const runButtons = css`
  .buttons {
    display: flex;
    align-items: center;
  }
  .buttons button {
    display: grid;
    place-items: center;
    width: var(--round);
    height: var(--round);
    padding: 0;
    border-radius: 50%;
    border-color: var(--line);
  }
  .buttons button.play {
    width: var(--round-play);
    height: var(--round-play);
    border: 0;
    background: var(--accent);
    color: var(--on-accent);
  }
  .buttons button.play:hover:not(:disabled) {
    background: color-mix(in srgb, var(--accent) 85%, var(--surface));
  }
`;

const icon = (path: unknown) => html`<svg viewBox="0 0 24 24" aria-hidden="true">${path}</svg>`;

export const resetIcon = () =>
  icon(svg`<path d="M12 5V1.8L7.2 6 12 10.2V7a5.5 5.5 0 1 1-5.5 5.5h-2A7.5 7.5 0 1 0 12 5Z" />`);

/** Pauses a run that plays, and plays one that does not. */
export const playIcon = (playing: boolean) =>
  icon(playing ? svg`<path d="M6.5 5h4v14h-4zM13.5 5h4v14h-4z" />` : svg`<path d="M8 4.8v14.4L19.5 12Z" />`);

export const stepIcon = () => icon(svg`<path d="M6 5v14l9.5-7ZM16.5 5H19v14h-2.5z" />`);
