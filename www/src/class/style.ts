// What both pages of the class experiment look like.
import { css } from "lit";

export const classStyle = css`
  :host {
    display: grid;
    gap: 1rem;
    max-width: 76rem;
    margin-inline: auto;
  }
  h1 {
    font-size: clamp(1.5rem, 1.1rem + 1.8vw, 2.25rem);
    line-height: 1.15;
    margin: 0;
    text-wrap: balance;
  }
  h2 {
    font-size: 1.125rem;
  }
  .code {
    font-family: ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace;
    font-size: clamp(2.25rem, 11vw, 4rem);
    font-weight: 600;
    letter-spacing: 0.04em;
    line-height: 1.1;
  }
  .large {
    min-height: 3rem;
    padding-inline: 1.5rem;
    font-size: 1.125rem;
    font-weight: 600;
    background: var(--accent);
    color: var(--on-accent);
    border: 0;
  }
  .large:hover:not(:disabled) {
    background: var(--ink-muted);
  }
  .qr {
    background: #fff;
    padding: 0.75rem;
    border-radius: var(--radius);
    width: min(20rem, 80vw);
    aspect-ratio: 1;
  }
  .qr svg {
    display: block;
    width: 100%;
    height: 100%;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem 1rem;
    align-items: center;
  }
  /* Titles of experiments are longer in some languages than a phone is wide. */
  .row label {
    grid-template-columns: minmax(0, 1fr);
    min-width: 0;
  }
  a {
    color: inherit;
  }
`;
