// What the cards of the theorems share: their look, and the switch to the form that the paper prints.
import { css, html } from "lit";
import { word } from "../words";

export const theoremStyle = css`
  /* A text says it itself. */
  :host([plain]) :is(h3, .statement, .told) {
    display: none;
  }
  .panel {
    display: grid;
    gap: 0.5rem;
    align-content: start;
    font-size: 0.8125rem;
  }
  h3 {
    font-size: 0.9375rem;
    font-weight: 600;
  }
  .statement {
    font-family: "STIX Two Text", "Cambria", "Latin Modern Roman", Georgia, "Times New Roman", serif;
    font-size: 0.9375rem;
    text-wrap: pretty;
  }
  dl {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 0.1rem 0.75rem;
    margin: 0;
  }
  dt {
    color: var(--ink-muted);
  }
  dd {
    margin: 0;
    font-weight: 600;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.375rem 0.75rem;
  }
  .row label {
    display: flex;
    align-items: center;
    gap: 0.4rem;
    font-size: 0.8125rem;
  }
  input[type="checkbox"] {
    width: 1rem;
    min-height: 1rem;
    accent-color: var(--accent);
  }
  input[type="range"] {
    width: 8rem;
    padding: 0;
    accent-color: var(--accent);
  }
  input[inputmode] {
    width: 5rem;
  }
  .part {
    min-width: 2.75rem;
  }
  [data-testid="way-play"] {
    min-width: 5.5rem;
  }
  table {
    border-collapse: collapse;
    width: 100%;
  }
  th,
  td {
    text-align: end;
    font-weight: 600;
    padding: 0.1rem 0 0.1rem 0.75rem;
  }
  th:first-child {
    text-align: start;
    padding-inline-start: 0;
  }
  thead th {
    color: var(--ink-muted);
    font-weight: 400;
    border-bottom: 1px solid var(--line);
  }
  .key {
    display: flex;
    flex-wrap: wrap;
    gap: 0 0.875rem;
    color: var(--ink-muted);
    font-size: 0.75rem;
  }
  .key span {
    display: inline-flex;
    align-items: center;
    gap: 0.35rem;
  }
  .key span span {
    display: inline;
  }
  .key i {
    width: 1.2rem;
    border-top: 2px solid var(--c, var(--ink));
  }
  .key i.dashed {
    border-top-style: dashed;
  }
  .key i.dotted {
    border-top-style: dotted;
  }
  .key i.cloud {
    width: 0.5rem;
    height: 0.5rem;
    border: 0;
    background: var(--c);
    opacity: 0.7;
  }
`;

/** Whether the form that the paper prints is shown too. */
export function printedSwitch(printed: boolean, change: (printed: boolean) => void) {
  return html`<label
    ><input
      type="checkbox"
      data-testid="printed"
      .checked=${printed}
      @change=${(e: Event) => change((e.target as HTMLInputElement).checked)}
    />${word("theorem.printed")}</label
  >`;
}
