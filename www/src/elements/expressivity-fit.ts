import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { formatCount } from "../draw/scale";
import type { BuiltNetwork } from "../engine/expressivity";
import type { FitCount } from "../engine/fitting";
import { BUDGETS, RATES, trainedParameters, type FitBudget } from "../fitting-plan";
import { controls, LabElement, panel } from "./base";
import "./fit-sweep";

/** How many points trained networks of the constructed one's size fit. */
@customElement("lab-expressivity-fit")
export class LabExpressivityFit extends LabElement {
  @property({ attribute: false }) built: BuiltNetwork | undefined;
  /** One for each number of points so far; the last may be under way. */
  @property({ attribute: false }) counts: readonly FitCount[] = [];
  /** The part that is done, undefined while nothing is trained. */
  @property({ type: Number }) progress: number | undefined;
  @property() problem = "";
  @state() private budget: FitBudget = { steps: BUDGETS[1]!, learningRate: RATES[1]! };

  static override styles = [
    controls,
    panel,
    css`
      .panel {
        display: grid;
        gap: 0.5rem;
        min-width: 0;
        font-size: 0.8125rem;
      }
      h3 {
        font-size: 0.9375rem;
        font-weight: 640;
      }
      p {
        text-wrap: pretty;
      }
      .bar,
      .key {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: 0.5rem 0.875rem;
      }
      .key {
        align-items: center;
        font-size: 0.75rem;
        color: var(--ink-muted);
      }
      .key span {
        display: inline-flex;
        align-items: center;
        gap: 0.35rem;
      }
      .key i {
        width: 1.2rem;
        border-top: 2.5px solid var(--c);
      }
      .key .dashed {
        border-top-style: dashed;
      }
      .key .dotted {
        border-top: 1.5px dotted var(--ink);
      }
      progress {
        width: 100%;
        accent-color: var(--accent);
      }
      table {
        border-collapse: collapse;
        width: 100%;
      }
      th,
      td {
        text-align: end;
        vertical-align: baseline;
        padding: 0.125rem 0 0.125rem 0.5rem;
        font-weight: 400;
        border-top: 1px solid var(--line);
      }
      th {
        color: var(--ink-muted);
      }
      th:first-child {
        text-align: start;
        padding-inline-start: 0;
      }
      thead th {
        border-top: 0;
        font-size: 0.75rem;
      }
      td span {
        display: block;
        color: var(--ink-muted);
        font-size: 0.75rem;
      }
      .problem {
        color: var(--danger);
        background: var(--danger-wash);
        border-radius: 7px;
        padding: 0.375rem 0.625rem;
      }
    `,
  ];

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("built")) [this.counts, this.problem] = [[], ""];
  }

  private choice(
    title: string,
    name: keyof FitBudget,
    values: readonly number[],
    text: (v: number) => string,
  ) {
    return html`<label
      >${title}
      <select
        data-testid="express-fit-${name}"
        ?disabled=${this.progress !== undefined}
        @change=${(event: Event) =>
          (this.budget = { ...this.budget, [name]: Number((event.target as HTMLSelectElement).value) })}
      >
        ${values.map(
          (value) =>
            html`<option value=${value} ?selected=${value === this.budget[name]}>${text(value)}</option>`,
        )}
      </select>
    </label>`;
  }

  override render() {
    const { built, counts, progress, problem } = this;
    if (!built) return nothing;
    const { report } = built;
    const running = progress !== undefined;
    return html`<section
      class="panel"
      aria-label="What training finds at this size"
      data-testid="express-fit-card"
    >
      <h3>What training finds at this size</h3>
      <p>
        Width ${report.width} and ${formatCount(report.blocks)} blocks as above, with logits B h:
        ${formatCount(trainedParameters(report))} parameters to train, ${formatCount(report.parameters)} in
        the construction. Adam on the cross-entropy of the full batch, from the identity start, and from
        He-drawn plain blocks for comparison. Counted: the most points fitted at any of a hundred looks.
      </p>
      <div class="bar">
        ${this.choice("steps", "steps", BUDGETS, formatCount)}
        ${this.choice("learning rate", "learningRate", RATES, String)}
        <button
          data-testid="express-fit"
          @click=${() => this.say(running ? "lab-express-unfit" : "lab-express-fit", this.budget)}
        >
          ${running ? "Stop" : "Train and count"}
        </button>
      </div>
      ${running ? html`<progress aria-label="Progress of the training" .value=${progress}></progress>` : nothing}
      ${problem ? html`<p class="problem" role="alert" data-testid="express-fit-problem">${problem}</p>` : nothing}
      ${counts.length > 0 ? this.found(report.points, counts) : nothing}
    </section>`;
  }

  private found(most: number, counts: readonly FitCount[]) {
    const text = counts
      .map(({ given, fitted }) => `of ${given} points ${fitted[0]} and ${fitted[1]}`)
      .join("; ");
    const cell = ({ given, fitted, steps }: FitCount, network: number) =>
      html`<td>
        ${fitted[network] === given ? "all" : formatCount(fitted[network]!)}
        <span>at step ${formatCount(steps[network]!)}</span>
      </td>`;
    return html`<lab-fit-sweep
        .counts=${counts}
        .most=${most}
        .label=${`Points fitted against points given, from the identity start and from plain blocks: ${text}.`}
      ></lab-fit-sweep>
      <div class="key">
        <span><i class="dotted"></i>Theorem 3.2, constructed</span>
        <span><i style="--c: var(--identity)"></i>identity start</span>
        <span><i class="dashed" style="--c: var(--standard)"></i>plain, He</span>
      </div>
      <table data-testid="express-fit-counts">
        <thead>
          <tr>
            <th scope="col">points given</th>
            <th scope="col">constructed</th>
            <th scope="col">identity start</th>
            <th scope="col">plain, He</th>
          </tr>
        </thead>
        <tbody>
          ${counts.map(
            (count) =>
              html`<tr>
                <th scope="row">
                  ${formatCount(count.given)}${count.done ? "" : `, step ${formatCount(count.step)}`}
                </th>
                <td>all</td>
                ${cell(count, 0)} ${cell(count, 1)}
              </tr>`,
          )}
        </tbody>
      </table>`;
  }
}
