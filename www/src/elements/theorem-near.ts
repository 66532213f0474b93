import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { guard } from "lit/directives/guard.js";
import { live } from "lit/directives/live.js";
import type { Ink } from "../draw/canvas";
import type { LogPlot } from "../draw/log-plot";
import { formatValue } from "../draw/scale";
import type { DepthBounds } from "../engine/types";
import type { TwinName } from "../twin-names";
import type { WayPoint } from "../way";
import { controls, LabElement, panel } from "./base";
import { printedSwitch, theoremStyle } from "./theorem-style";
import "./plot";
import { english } from "../said";
import { said } from "./said";
import { phrase, word } from "../words";

const STATEMENT = {
  determinant: "det R > 0",
  gamma: html`γ = max(|log σ<sub>max</sub>(R)|, |log σ<sub>min</sub>(R)|)`,
  least: "ℓ ≥ 3γ",
  layers: html`A*<sub>1</sub>, …, A*<sub>ℓ</sub>`,
  product: html`(I + A*<sub>ℓ</sub>) ⋯ (I + A*<sub>1</sub>) = R`,
  bound: html`max<sub>i</sub> ‖A*<sub>i</sub>‖ ≤ (4π + 3γ)/ℓ`,
};

/** Theorem 2.1, beside the optimum that was just constructed. */
@customElement("lab-theorem-near")
export class LabTheoremNear extends LabElement {
  @property({ attribute: false }) bounds: DepthBounds | undefined;
  /** Why there is no optimum near the identity. */
  @property() refused = "";
  @property({ type: Number }) layers = 1;
  @property({ type: Number }) width = 1;
  /** The part of the way to the constructed optimum that is being looked at, and what each network has there. */
  @property({ type: Number }) way: number | undefined;
  @property({ attribute: false }) wayPoints: readonly WayPoint[] = [];
  @property({ type: Boolean }) walking = false;
  /** Whether the way to it can be walked where this stands. */
  @property({ type: Boolean }) walkable = true;
  /** Least singular value of the target. */
  @property({ type: Number }) sigmaMin = 0;
  @property({ attribute: false }) names: readonly TwinName[] = [];
  @state() private printed = false;

  static override styles = [controls, panel, theoremStyle];

  override render() {
    const { bounds: b, layers } = this;
    const at = layers - 1;
    return html`<section class="panel" aria-label=${word("near.label")} data-testid="theorem-1">
      <h3>${word("near.heading")}</h3>
      <p class="statement">${phrase("near.statement", STATEMENT)}</p>
      ${
        b
          ? html`<dl>
                <dt>${word("near.gamma", { least: formatValue(3 * b.gamma) })}</dt>
                <dd>${formatValue(b.gamma)}</dd>
                <dt>${word("near.promised", { layers })}</dt>
                <dd>‖A*‖ ≤ ${formatValue(b.promised[at])}</dd>
                <dt>${word("near.measured")}</dt>
                <dd data-testid="measured-norm">${formatValue(b.measured[at])}</dd>
                <dt>${word("near.product")}</dt>
                <dd>${word("near.error", { error: formatValue(b.error) })}</dd>
              </dl>
              <lab-plot
                .plot=${guard([b, layers, this.printed], () => (ink: Ink) => this.depthPlot(b, ink))}
                label=${word("near.plot")}
              ></lab-plot>
              <div class="key">
                <span><i style="--c: var(--identity)"></i><span>${word("near.measuredNorm")}</span></span>
                <span
                  ><i class="dotted"></i><span>(e<sup>γ/ℓ</sup> − 1) + 2 sin(π/2ℓ)</span></span
                >
                <span><i class="dashed"></i><span>(4π + 3γ)/ℓ</span></span>
                ${
                  this.printed
                    ? html`<span
                        ><i class="dashed" style="--c: var(--danger)"></i
                        ><span>${word("near.asPrinted", { form: "2(√π + √(3γ))²/ℓ" })}</span></span
                      >`
                    : nothing
                }
              </div>
              ${this.walkable ? this.wayThere() : nothing}
              <div class="row">${printedSwitch(this.printed, (printed) => (this.printed = printed))}</div>
              ${this.printed ? html`<p class="muted">${word("near.notProved")}</p>` : nothing}`
          : html`${
              this.refused
                ? html`<p>${said(english(this.refused))}</p>`
                : html`<p>${word("near.constructing")}</p>`
            }
            ${this.refused ? this.remedies() : nothing}`
      }
    </section>`;
  }

  /** The way to the constructed optimum, to be walked or started from. */
  private wayThere() {
    const way = this.way ?? 1;
    return html`<div class="row">
        <label
          >${word("way.part")}
          <input
            type="range"
            min="0"
            max="1"
            step="0.01"
            data-testid="way"
            .value=${live(String(way))}
            @input=${(e: Event) => this.say("lab-way", Number((e.target as HTMLInputElement).value))}
          />
          <output class="part">${Math.round(100 * way)} %</output>
        </label>
        <button data-testid="way-play" @click=${() => this.say("lab-way-play")}>
          ${word(this.walking ? "ball.stop" : "way.go")}
        </button>
        <button data-testid="start-optimum" @click=${() => this.say("lab-start-optimum", way)}>
          ${word("ball.start")}
        </button>
        <button @click=${() => this.say("lab-plane", { kind: "optimum" })}>${word("way.show")}</button>
      </div>
      ${
        this.way === undefined
          ? html`<p class="muted">${word("way.hint")}</p>`
          : html`<table data-testid="way-numbers">
              <thead>
                <tr>
                  <th scope="col">${word("way.at", { part: Math.round(100 * way) })}</th>
                  <th scope="col">${word("measure.excessRisk")}</th>
                  <th scope="col">‖∇f‖</th>
                  <th scope="col">max ‖W<sub>j</sub> − I‖</th>
                </tr>
              </thead>
              <tbody>
                ${this.names.map(({ name, colour }, i) => {
                  const point = this.wayPoints[i];
                  return html`<tr>
                    <th scope="row" style="color: var(--${colour})">${name}</th>
                    <td>${formatValue(point?.excess)}</td>
                    <td>${formatValue(point?.gradientNorm)}</td>
                    <td>${formatValue(point?.norm)}</td>
                  </tr>`;
                })}
              </tbody>
            </table>`
      }`;
  }

  private depthPlot(b: DepthBounds, ink: Ink): LogPlot {
    const x = b.depth;
    return {
      curves: [
        { x, y: b.promised, stroke: ink.text, dash: [6, 4], width: 1.5 },
        { x, y: b.sharp, stroke: ink.text, dash: [1.5, 3], width: 1.5 },
        ...(this.printed ? [{ x, y: b.printed, stroke: "#c0362c", dash: [6, 4], width: 1.5 }] : []),
        { x, y: b.measured, stroke: ink.identity },
      ],
      clouds: [],
      logX: true,
      xLabel: word("near.depth"),
      yLabel: word("near.norm"),
      at: this.layers,
    };
  }

  /** What can be done where det R is negative. */
  private remedies() {
    return html`<p>
        ${phrase("near.why", {
          sigma: html`σ<sub>min</sub>(R)²`,
          infimum: html`<b data-testid="ball-infimum">${formatValue(this.sigmaMin ** 2)}</b>`,
        })}
      </p>
      <div class="row">
        <button data-testid="remedy-flip" @click=${() => this.say("lab-remedy", "flip")}>
          ${word("near.flip")}
        </button>
        <button
          data-testid="remedy-augment"
          ?disabled=${this.width >= 64}
          @click=${() => this.say("lab-remedy", "augment")}
        >
          ${word("near.augment")}
        </button>
      </div>`;
  }
}
