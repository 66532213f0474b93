import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { formatCount } from "../draw/scale";
import type { BuiltNetwork } from "../engine/expressivity";
import type { FitCount } from "../engine/fitting";
import { BUDGETS, RATES, trainedParameters, type FitBudget } from "../fitting-plan";
import { controls, LabElement, panel, problemBox } from "./base";
import { said } from "./said";
import "./fit-sweep";
import { word } from "../words";

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
    problemBox,
    css`
      .panel {
        display: grid;
        gap: 0.5rem;
        min-width: 0;
        font-size: 0.8125rem;
      }
      h3 {
        font-size: 0.9375rem;
        font-weight: 600;
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
    return html`<section class="panel" aria-label=${word("fit.heading")} data-testid="express-fit-card">
      <h3>${word("fit.heading")}</h3>
      <p>
        ${word("fit.told", {
          width: report.width,
          blocks: formatCount(report.blocks),
          trained: formatCount(trainedParameters(report)),
          constructed: formatCount(report.parameters),
        })}
      </p>
      <div class="bar">
        ${this.choice(word("runs.steps"), "steps", BUDGETS, formatCount)}
        ${this.choice(word("class.rate"), "learningRate", RATES, String)}
        <button
          data-testid="express-fit"
          @click=${() => this.say(running ? "lab-express-unfit" : "lab-express-fit", this.budget)}
        >
          ${word(running ? "ball.stop" : "fit.train")}
        </button>
      </div>
      ${running ? html`<progress aria-label=${word("fit.progress")} .value=${progress}></progress>` : nothing}
      ${problem ? html`<p class="problem" role="alert" data-testid="express-fit-problem">${said(problem)}</p>` : nothing}
      ${counts.length > 0 ? this.found(report.points, counts) : nothing}
    </section>`;
  }

  private found(most: number, counts: readonly FitCount[]) {
    const text = counts
      .map(({ given, fitted }) => word("fit.of", { given, identity: fitted[0]!, plain: fitted[1]! }))
      .join("; ");
    const cell = ({ given, fitted, steps }: FitCount, network: number) =>
      html`<td>
        ${fitted[network] === given ? word("fit.all") : formatCount(fitted[network]!)}
        <span>${word("chart.atStep", { step: formatCount(steps[network]!) })}</span>
      </td>`;
    return html`<lab-fit-sweep
        .counts=${counts}
        .most=${most}
        .label=${word("fit.label", { text })}
      ></lab-fit-sweep>
      <div class="key">
        <span><i class="dotted"></i>${word("fit.theorem")}</span>
        <span><i style="--c: var(--identity)"></i>${word("fit.identity")}</span>
        <span><i class="dashed" style="--c: var(--standard)"></i>${word("fit.plain")}</span>
      </div>
      <table data-testid="express-fit-counts">
        <thead>
          <tr>
            <th scope="col">${word("fit.given")}</th>
            <th scope="col">${word("fit.constructed")}</th>
            <th scope="col">${word("fit.identity")}</th>
            <th scope="col">${word("fit.plain")}</th>
          </tr>
        </thead>
        <tbody>
          ${counts.map(
            (count) =>
              html`<tr>
                <th scope="row">
                  ${count.done ? formatCount(count.given) : word("fit.atStep", { given: formatCount(count.given), step: formatCount(count.step) })}
                </th>
                <td>${word("fit.all")}</td>
                ${cell(count, 0)} ${cell(count, 1)}
              </tr>`,
          )}
        </tbody>
      </table>`;
  }
}
