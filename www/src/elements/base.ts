// What all elements share: the look of controls and panels, and how they speak.
import { css, LitElement } from "lit";

/** What is wrong, in a box of its own; its size is its place's business. */
export const problemBox = css`
  .problem {
    color: var(--danger);
    background: var(--danger-wash);
    border-radius: 7px;
  }
`;

export const controls = css`
  :host {
    font-variant-numeric: tabular-nums;
  }
  * {
    box-sizing: border-box;
  }
  h2,
  h3,
  p {
    margin: 0;
  }
  :where(h2, h3, b, strong, th) {
    font-weight: 600;
  }
  button,
  input,
  select,
  textarea {
    font: inherit;
    font-size: 0.875rem;
    color: var(--ink);
    background: var(--surface);
    border: 1px solid var(--line-strong);
    border-radius: 7px;
    min-height: 2rem;
    padding: 0.125rem 0.5rem;
  }
  input,
  select,
  textarea {
    font-variant-numeric: tabular-nums;
  }
  button {
    cursor: pointer;
    padding: 0.125rem 0.75rem;
    touch-action: manipulation;
  }
  button:hover:not(:disabled),
  select:hover:not(:disabled) {
    background: var(--sunken);
  }
  button:disabled,
  select:disabled,
  input:disabled {
    opacity: 0.55;
    cursor: default;
  }
  :is(button, input, select, textarea, canvas, summary, a):focus-visible {
    outline: 2px solid var(--focus);
    outline-offset: 2px;
  }
  label,
  .field {
    display: grid;
    gap: 0.125rem;
    font-size: 0.75rem;
    color: var(--ink-muted);
    white-space: nowrap;
  }
  .muted {
    color: var(--ink-muted);
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;

export const panel = css`
  .panel {
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    box-shadow: var(--shadow);
    padding: 0.75rem 0.875rem;
  }
  /* In a figure, which has a frame of its own. */
  :host([plain]) .panel {
    background: none;
    border: 0;
    box-shadow: none;
    padding: 0;
  }
`;

export class LabElement extends LitElement {
  /** Tells the page; crosses shadow roots so that main.ts can listen in one place. */
  protected say(name: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}
