import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { formatCount, formatValue } from "../draw/scale";
import type { Experiment, TwinFrame } from "../engine/types";
import { compared, MOST_RUNS, type PastRun } from "../runs";
import { controls, LabElement, panel } from "./base";
import { word } from "../words";

/** The runs that were left, by what they did differently. */
@customElement("lab-runs")
export class LabRuns extends LabElement {
  @property({ attribute: false }) runs: readonly PastRun[] = [];
  @property({ attribute: false }) experiment: Experiment | undefined;
  @property({ type: Number }) offset = 0;
  @property({ type: Number }) step = 0;
  @property({ attribute: false }) twins: readonly TwinFrame[] = [];

  static override styles = [
    controls,
    panel,
    css`
      .panel {
        font-size: 0.8125rem;
        display: grid;
        gap: 0.375rem;
      }
      h3 {
        font-size: 0.8125rem;
        font-weight: 600;
      }
      .scroll {
        overflow-x: auto;
        /* What only screen readers read scrolls along, and does not widen the page. */
        position: relative;
      }
      table {
        border-collapse: collapse;
        font-size: 0.75rem;
      }
      th,
      td {
        text-align: start;
        font-weight: 400;
        padding: 0.15rem 0.6rem 0.15rem 0;
        border-top: 1px solid var(--line);
        white-space: nowrap;
      }
      thead th {
        color: var(--ink-muted);
        border: 0;
      }
      td.number {
        text-align: end;
      }
      tr.now {
        font-weight: 600;
      }
      button {
        font-size: 0.75rem;
        min-height: 1.5rem;
        padding: 0 0.5rem;
      }
      input {
        width: 1rem;
        min-height: 1rem;
        accent-color: var(--accent);
      }
    `,
  ];

  override render() {
    if (this.runs.length === 0 || !this.experiment) return nothing;
    const { columns, rows } = compared(this.runs, { experiment: this.experiment, offset: this.offset });
    return html`<section class="panel" aria-label=${word("runs.label")}>
      <h3 title=${word("runs.kept", { count: MOST_RUNS })}>${word("runs.heading")}</h3>
      <div class="scroll" tabindex="0" role="region" aria-label=${word("runs.table")}>
        <table data-testid="runs">
          <thead>
            <tr>
              <th scope="col">${word("runs.drawn")}</th>
              ${columns.map((name) => html`<th scope="col">${name}</th>`)}
              <th scope="col">${word("runs.steps")}</th>
              <th scope="col">${word("measure.excessRisk")}</th>
              <th scope="col"><span class="visually-hidden">${word("runs.open")}</span></th>
            </tr>
          </thead>
          <tbody>
            ${rows.map(({ run, values }) => this.row(run, values))}
          </tbody>
        </table>
      </div>
    </section>`;
  }

  private row(run: PastRun | undefined, values: readonly string[]) {
    const twins = run?.twins ?? this.twins;
    return html`<tr class=${run ? "" : "now"}>
      <td>
        ${
          run
            ? html`<input
                type="checkbox"
                aria-label=${word("runs.draw", { run: run.id })}
                .checked=${run.shown}
                @change=${() => this.say("lab-run-shown", run.id)}
              />`
            : word("runs.now")
        }
      </td>
      ${values.map((value) => html`<td>${value}</td>`)}
      <td class="number">${formatCount(run?.step ?? this.step)}</td>
      <td>
        ${twins
          .map((twin) =>
            twin.status === "diverged"
              ? word("runs.divergedAt", { step: formatCount(twin.divergedAt ?? 0) })
              : formatValue(twin.excess),
          )
          .join(", ")}
      </td>
      <td>
        ${run ? html`<button @click=${() => this.say("lab-run-open", run.id)}>${word("runs.again")}</button>` : nothing}
      </td>
    </tr>`;
  }
}
