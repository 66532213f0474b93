import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { formatCount, formatMegabytes, formatValue } from "../draw/scale";
import { ENGINE_TITLES, explainChoice, formatMilliseconds } from "../engine/fastest";
import { downloadSize } from "../engine/loader";
import { moduleOf } from "../engine/wasm";
import {
  ENGINES,
  isBurn,
  type EngineChoice,
  type EngineInfo,
  type EngineName,
  type EngineTiming,
  type VerifyResult,
} from "../engine/types";
import { english } from "../said";
import { said } from "./said";
import { controls, LabElement, panel } from "./base";
import { phrase, word, type Word } from "../words";

/** How much is fetched for an engine, where the build knows. */
function onDemand(name: EngineName): string {
  const size = downloadSize(moduleOf(name));
  return size === undefined
    ? word("engines.onDemand")
    : word("engines.onDemandOf", { size: formatMegabytes(size) });
}

const WHAT: Record<EngineName, Word> = {
  cpu: "engines.what.cpu",
  webgpu: "engines.what.webgpu",
  burn: "engines.what.burn",
  "burn-webgpu": "engines.what.burnWebgpu",
};

/** Which engine trains, why, how fast it is here, and whether it is right. */
@customElement("lab-engines")
export class LabEngines extends LabElement {
  @property({ attribute: false }) engine: EngineInfo | undefined;
  @property({ attribute: false }) timings: readonly EngineTiming[] = [];
  @property({ type: Boolean }) timing = false;
  @property() choice: EngineChoice = "auto";
  @property({ type: Boolean }) switching = false;
  @property() download = "";
  @property({ type: Number }) rate = 0;
  @property({ attribute: false }) checks: readonly VerifyResult[] = [];
  @property({ type: Boolean }) checking = false;

  static override styles = [
    controls,
    panel,
    css`
      .panel {
        display: grid;
        gap: 0.5rem;
        font-size: 0.8125rem;
      }
      .head {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 0.75rem;
      }
      h3 {
        font-size: 0.8125rem;
        font-weight: 600;
      }
      label {
        display: flex;
        align-items: center;
        gap: 0.5rem;
      }
      table {
        border-collapse: collapse;
        width: 100%;
      }
      th,
      td {
        text-align: start;
        font-weight: 400;
        padding: 0.2rem 0.5rem 0.2rem 0;
        border-top: 1px solid var(--line);
        vertical-align: top;
      }
      thead th {
        color: var(--ink-muted);
        font-size: 0.75rem;
        border: 0;
      }
      .number {
        text-align: end;
        white-space: nowrap;
      }
      tr.now th {
        font-weight: 600;
      }
      small {
        display: block;
        font-size: 0.75rem;
        color: var(--ink-muted);
        font-weight: 400;
        overflow-wrap: anywhere;
      }
      .bad {
        color: var(--danger);
      }
    `,
  ];

  override render() {
    const now = this.engine?.name ?? "cpu";
    return html`<section class="panel" aria-label=${word("engines.label")}>
      <div class="head">
        <h3>
          ${phrase("engines.now", {
            engine: html`<span data-testid="engine-current" data-engine=${now}>${ENGINE_TITLES[now]}</span>`,
          })}
          <span class="muted" style="font-weight: 400">${this.speed()}</span>
        </h3>
        <label>
          <span class="visually-hidden">${word("engines.trainOn")}</span>
          <select
            data-testid="engine-select"
            ?disabled=${this.switching}
            .value=${live(this.choice)}
            @change=${(e: Event) => this.say("lab-engine", (e.target as HTMLSelectElement).value)}
          >
            <option value="auto" ?selected=${this.choice === "auto"}>${word("engines.fastest")}</option>
            ${ENGINES.map(
              (name) =>
                html`<option value=${name} ?selected=${name === this.choice}>${ENGINE_TITLES[name]}</option>`,
            )}
          </select>
        </label>
      </div>
      <p class="muted">${said(this.reason())}</p>
      <table>
        <thead>
          <tr>
            <th scope="col">${word("engines.engine")}</th>
            <th scope="col" class="number">${word("engines.aStep")}</th>
          </tr>
        </thead>
        <tbody>
          ${ENGINES.map((name) => this.row(name, name === now))}
        </tbody>
      </table>
      <div class="head">
        <p class="muted">${word("engines.compare")}</p>
        <button
          data-testid="check-browser"
          style="flex: none"
          ?disabled=${this.checking}
          @click=${() => this.say("lab-check")}
        >
          ${word(this.checking ? "engines.checking" : "engines.check")}
        </button>
      </div>
      ${this.checkTable()}
    </section>`;
  }

  private speed(): string {
    return this.rate > 0 ? word("engines.rate", { count: formatCount(this.rate) }) : "";
  }

  private reason(): string {
    if (this.download) return word("engines.fetching", { download: this.download });
    if (this.switching) return word("engines.switching");
    if (this.timing) return word("engines.timing");
    if (this.choice !== "auto") return word("engines.byHand");
    return this.timings.length > 0 ? explainChoice(this.timings) : word("engines.begins");
  }

  private row(name: (typeof ENGINES)[number], now: boolean) {
    const t = this.timings.find(({ engine }) => engine === name);
    const adapter = t?.description ?? "";
    const described = t?.fallbackAdapter ? word("engines.software", { adapter }) : adapter;
    return html`<tr class=${now ? "now" : ""}>
      <th scope="row">
        ${ENGINE_TITLES[name]}
        <small>${adapter ? described : word(WHAT[name])}</small>
      </th>
      <td class="number">
        ${
          t?.problem
            ? html`<small style="white-space: normal">${said(english(t.problem))}</small>`
            : t || !isBurn(name)
              ? formatMilliseconds(t?.milliseconds)
              : html`<small>${onDemand(name)}</small>`
        }
      </td>
    </tr>`;
  }

  private checkTable() {
    if (this.checks.length === 0) return html`<div data-testid="check-result" hidden></div>`;
    const passed = this.checks.every((c) => !c.problem && c.passes === c.cases);
    const state = this.checking ? "running" : passed ? "passed" : "failed";
    return html`<div data-testid="check-result" data-state=${state} aria-busy=${this.checking}>
      <table>
        <thead>
          <tr>
            <th scope="col">${word("engines.file")}</th>
            <th scope="col" class="number">${word("engines.passed")}</th>
            <th scope="col" class="number">${word("engines.error")}</th>
          </tr>
        </thead>
        <tbody>
          ${this.checks.map(
            (c) =>
              html`<tr>
                <th scope="row">
                  ${c.file}, ${c.engine === "f64" ? "float64" : ENGINE_TITLES[c.engine]}
                  ${c.problem ? html`<small>${said(english(c.problem))}</small>` : nothing}
                </th>
                <td class="number ${c.problem || c.passes < c.cases ? "bad" : ""}">
                  ${c.problem ? "–" : word("engines.of", { passes: c.passes, cases: c.cases })}
                </td>
                <td class="number">${formatValue(c.largestError)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }
}
