import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { formatCount, formatValue } from "../draw/scale";
import { VARIANTS, type Compared } from "../image-comparison";
import { isDone } from "../image-run";
import { controls, LabElement } from "./base";
import { word } from "../words";

/** The line of each in the chart of errors, in the order of the variants. */
export const VARIANT_COLOURS = [
  "var(--identity)",
  "var(--standard)",
  "var(--ink-muted)",
  "#b45309",
  "#4f6bd8",
] as const;

/** The paper's choices against others: one row each. */
@customElement("lab-images-comparison")
export class LabImagesComparison extends LabElement {
  @property({ attribute: false }) rows: readonly Compared[] = [];
  @property({ type: Boolean }) comparing = false;
  /** Steps of each. */
  @property({ type: Number }) steps = 0;

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        gap: 0.5rem;
      }
      .scroll {
        overflow-x: auto;
      }
      table {
        border-collapse: collapse;
        width: 100%;
      }
      th,
      td {
        text-align: start;
        vertical-align: baseline;
        padding: 0.1875rem 0.75rem 0.1875rem 0;
        font-weight: 400;
        border-top: 1px solid var(--line);
      }
      thead th {
        color: var(--ink-muted);
        border-top: 0;
        font-size: 0.75rem;
      }
      .number {
        text-align: end;
        white-space: nowrap;
      }
      .number:last-child {
        padding-inline-end: 0;
      }
      td.error {
        font-weight: 600;
      }
      i {
        display: inline-block;
        width: 1rem;
        border-top: 2.5px solid var(--c);
        vertical-align: middle;
        margin-inline-end: 0.35rem;
      }
      .go {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.375rem 0.75rem;
        color: var(--ink-muted);
      }
    `,
  ];

  override render() {
    const { rows, comparing } = this;
    return html`<p>${word("compare.told", { steps: formatCount(this.steps) })}</p>
      <div class="go">
        <button data-testid="images-compare" @click=${() => this.say("lab-images-compare")}>
          ${word(comparing ? "ball.stop" : "compare.all")}
        </button>
        ${comparing ? html`<span>${word("compare.turns")}</span>` : nothing}
      </div>
      ${
        rows.length > 0
          ? html`<div class="scroll" tabindex="0" role="region" aria-label=${word("compare.table")}>
              <table data-testid="images-comparison">
                <thead>
                  <tr>
                    <th scope="col">${word("setting.network")}</th>
                    <th scope="col" class="number">${word("runs.steps")}</th>
                    <th scope="col" class="number">${word("measure.loss")}</th>
                    <th scope="col" class="number">${word("compare.testError")}</th>
                  </tr>
                </thead>
                <tbody>
                  ${rows.map((row) => this.row(row))}
                </tbody>
              </table>
            </div>`
          : nothing
      }`;
  }

  private row({ id, title, status, loss, points, test }: Compared) {
    const place = VARIANTS.findIndex((variant) => variant.id === id);
    const last = points.at(-1)?.test;
    return html`<tr data-testid="images-compared-${id}">
      <th scope="row"><i style="--c: ${VARIANT_COLOURS[place]}"></i>${title}</th>
      <td class="number">${formatCount(status.step)}</td>
      <td class="number">${loss === undefined ? "–" : formatValue(loss)}</td>
      <td class="number error">
        ${
          status.divergedAt !== undefined
            ? word("figure.divergedAt", { step: formatCount(status.divergedAt) })
            : last === undefined
              ? "–"
              : isDone(status) && test
                ? `${(100 * last).toFixed(2)} %`
                : word("compare.soFar", { error: (100 * last).toFixed(1) })
        }
      </td>
    </tr>`;
  }
}
