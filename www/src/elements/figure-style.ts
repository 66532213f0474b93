// The look that the figures on images share: a heading, a reading under it, the picture, a line below.
import { css } from "lit";

export const figureStyle = css`
  :host {
    display: block;
    min-width: 0;
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    align-items: baseline;
    gap: 0 0.75rem;
    margin-bottom: 0.25rem;
  }
  h3 {
    font-size: 0.8125rem;
    font-weight: 600;
  }
  .reading,
  .legend,
  p {
    color: var(--ink-muted);
    font-size: 0.75rem;
  }
  /* On a line of its own: the picture must not jump when what is read grows. */
  .reading {
    flex-basis: 100%;
    min-height: 1.45em;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 0.5rem;
  }
  .legend span {
    white-space: nowrap;
  }
  .legend i {
    width: 4.5rem;
    height: 0.55rem;
    border-radius: 2px;
    border: 1px solid var(--line);
  }
  p {
    text-wrap: pretty;
  }
  canvas {
    display: block;
    width: 100%;
    touch-action: pan-y;
  }
`;
