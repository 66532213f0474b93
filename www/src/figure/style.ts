// What a figure looks like: its bar, and the grid of its parts.
import { css } from "lit";

export const figureStyle = css`
  :host {
    display: block;
    min-width: 0;
  }
  figure {
    margin: 0;
    display: grid;
    gap: 0.625rem;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem 0.875rem;
  }
  .bar h3 {
    font-size: 1.0625rem;
    font-weight: 600;
    /* What does not fit goes into the heading's second line first. */
    flex: 1 1 14rem;
  }
  .buttons {
    --round: 2.25rem;
    --round-play: 2.75rem;
    gap: 0.5rem;
  }
  svg {
    width: 1.2rem;
    height: 1.2rem;
    fill: currentColor;
  }
  .play svg {
    width: 1.6rem;
    height: 1.6rem;
  }
  .count {
    min-width: 5rem;
    font-size: 0.8125rem;
    color: var(--ink-muted);
  }
  .count strong {
    color: var(--ink);
    font-size: 1.0625rem;
    font-weight: 600;
  }
  .bar a {
    color: var(--ink);
    font-size: 0.875rem;
    padding: 0.375rem 0;
    white-space: nowrap;
  }
  .share {
    position: relative;
    font-size: 0.875rem;
  }
  .share summary {
    cursor: pointer;
    padding: 0.375rem 0;
  }
  .share div {
    position: absolute;
    inset-inline-end: 0;
    z-index: 2;
    display: grid;
    gap: 0.375rem;
    width: max-content;
    max-width: 80vw;
    padding: 0.625rem;
    background: var(--surface);
    border: 1px solid var(--line-strong);
    border-radius: 7px;
  }
  .parts {
    display: grid;
    gap: 0.875rem 1.5rem;
    grid-template-columns: repeat(auto-fit, minmax(min(var(--part-width, 19rem), 100%), 1fr));
    align-items: start;
  }
  .twin {
    display: grid;
    gap: 0.375rem;
    align-content: start;
    min-width: 0;
    border-top: 3px solid var(--twin);
    padding-top: 0.375rem;
  }
  /* Two pictures of one network, where it is asked for beside each other. */
  .twin:has(lab-decision + lab-hidden) {
    grid-template-columns: var(--beside, minmax(0, 1fr));
  }
  .twin header {
    grid-column: 1 / -1;
  }
  .identity {
    --twin: var(--identity);
  }
  .standard {
    --twin: var(--standard);
  }
  .twin header {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 0 0.75rem;
    font-size: 0.8125rem;
    color: var(--ink-muted);
  }
  /* Whether it stands in a line of its own does not change with the number. */
  .twin header > span {
    flex: 1 0 calc(0.55em * var(--letters));
    text-align: end;
  }
  .twin header strong {
    color: var(--ink);
    font-size: 0.875rem;
    font-weight: 600;
  }
  .diverged {
    color: var(--danger);
    font-weight: 600;
  }
  .problem {
    padding: 0.5rem 0.75rem;
    font-size: 0.875rem;
  }
  .waiting {
    display: grid;
    place-items: center;
    min-height: 16rem;
    background: var(--sunken);
    color: var(--ink-muted);
    border-radius: 7px;
    font-size: 0.875rem;
  }
`;
