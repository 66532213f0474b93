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
import { controls, LabElement, panel } from "./base";

/** How much is fetched for an engine, where the build knows. */
function sizeOf(name: EngineName): string {
  const size = downloadSize(moduleOf(name));
  return size === undefined ? "" : `, ${formatMegabytes(size)}`;
}

const WHAT: Record<string, string> = {
  cpu: "SIMD loops in WebAssembly",
  webgpu: "compute shaders",
  burn: "autodiff reference",
  "burn-webgpu": "autodiff reference, on the GPU",
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
        font-weight: 640;
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
    return html`<section class="panel" aria-label="Engines">
      <div class="head">
        <h3>
          Engine: <span data-testid="engine-current" data-engine=${now}>${ENGINE_TITLES[now]}</span>
          <span class="muted" style="font-weight: 400">${this.speed()}</span>
        </h3>
        <label>
          <span class="visually-hidden">train on</span>
          <select
            data-testid="engine-select"
            ?disabled=${this.switching}
            .value=${live(this.choice)}
            @change=${(e: Event) => this.say("lab-engine", (e.target as HTMLSelectElement).value)}
          >
            <option value="auto" ?selected=${this.choice === "auto"}>fastest here</option>
            ${ENGINES.map(
              (name) =>
                html`<option value=${name} ?selected=${name === this.choice}>${ENGINE_TITLES[name]}</option>`,
            )}
          </select>
        </label>
      </div>
      <p class="muted">${this.reason()}</p>
      <table>
        <thead>
          <tr>
            <th scope="col">engine</th>
            <th scope="col" class="number">a step, measured here</th>
          </tr>
        </thead>
        <tbody>
          ${ENGINES.map((name) => this.row(name, name === now))}
        </tbody>
      </table>
      <div class="head">
        <p class="muted">Compare the engines with float64 reference values:</p>
        <button
          data-testid="check-browser"
          style="flex: none"
          ?disabled=${this.checking}
          @click=${() => this.say("lab-check")}
        >
          ${this.checking ? "Checking" : "Check this browser"}
        </button>
      </div>
      ${this.checkTable()}
    </section>`;
  }

  private speed(): string {
    return this.rate > 0 ? `· ${formatCount(this.rate)} steps/s` : "";
  }

  private reason(): string {
    if (this.download) return `Fetching the engine: ${this.download}. Training goes on meanwhile.`;
    if (this.switching) return "Switching; shaders may take some seconds to compile.";
    if (this.timing) return "Timing the engines on this experiment while the CPU trains.";
    if (this.choice !== "auto") return "Chosen by hand or by the address.";
    return this.timings.length > 0 ? explainChoice(this.timings) : "Training begins on the CPU.";
  }

  private row(name: (typeof ENGINES)[number], now: boolean) {
    const t = this.timings.find(({ engine }) => engine === name);
    const software = t?.fallbackAdapter ? " (software adapter: works, slowly)" : "";
    return html`<tr class=${now ? "now" : ""}>
      <th scope="row">
        ${ENGINE_TITLES[name]}
        <small>${t?.description ? `${t.description}${software}` : WHAT[name]}</small>
      </th>
      <td class="number">
        ${
          t?.problem
            ? html`<small style="white-space: normal">${t.problem}</small>`
            : t || !isBurn(name)
              ? formatMilliseconds(t?.milliseconds)
              : html`<small>fetched when chosen${sizeOf(name)}</small>`
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
            <th scope="col">file, engine</th>
            <th scope="col" class="number">cases passed</th>
            <th scope="col" class="number">largest error</th>
          </tr>
        </thead>
        <tbody>
          ${this.checks.map(
            (c) =>
              html`<tr>
                <th scope="row">
                  ${c.file}, ${c.engine === "f64" ? "float64" : ENGINE_TITLES[c.engine]}
                  ${c.problem ? html`<small>${c.problem}</small>` : nothing}
                </th>
                <td class="number ${c.problem || c.passes < c.cases ? "bad" : ""}">
                  ${c.problem ? "–" : `${c.passes} of ${c.cases}`}
                </td>
                <td class="number">${formatValue(c.largestError)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }
}
