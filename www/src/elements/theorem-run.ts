import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { guard } from "lit/directives/guard.js";
import type { Ink } from "../draw/canvas";
import type { LogPlot } from "../draw/log-plot";
import { formatValue } from "../draw/scale";
import type { Certificates, TwinSpec } from "../engine/types";
import { violations } from "../theorems";
import { controls, LabElement, panel } from "./base";
import { printedSwitch, theoremStyle } from "./theorem-style";
import "./plot";
import { phrase, word } from "../words";

const BALL = html`max<sub>i</sub> ‖A<sub>i</sub>‖ ≤ τ &lt; 1`;
const BOUND = html`‖∇f‖² ≥ 4ℓ (1 − τ)<sup>2(ℓ−1)</sup> σ<sub>min</sub>(Σ) (f − C)`;
const SHARPER = html`4 σ<sub>min</sub>(Σ) (f − C) Σ<sub>i</sub> Π<sub>j≠i</sub>
  σ<sub>min</sub>(W<sub>j</sub>)²`;
const PRINTED = html`4ℓ (1 − τ)<sup>ℓ−1</sup> σ<sub>min</sub>(Σ)² (f − C)`;

/** Theorem 2.2 along the run. */
@customElement("lab-theorem-run")
export class LabTheoremRun extends LabElement {
  @property({ attribute: false }) certificates: readonly (Certificates | undefined)[] = [];
  @property({ attribute: false }) twins: readonly TwinSpec[] = [];
  @state() private printed = false;

  static override styles = [controls, panel, theoremStyle];

  override render() {
    const shown = this.certificates.find((_, i) => this.twins[i]?.parametrization === "identity");
    const last = (shown?.steps.length ?? 0) - 1;
    return html`<section class="panel" aria-label=${word("certificate.label")} data-testid="theorem-2">
      <h3>${word("certificate.heading")}</h3>
      <p class="statement">${phrase("certificate.statement", { ball: BALL, bound: BOUND })}</p>
      ${
        shown && last >= 0
          ? html`<dl>
                <dt>${word("certificate.tau")}</dt>
                <dd>${formatValue(shown.tau[last])}</dd>
                <dt>${word("certificate.promised")}</dt>
                <dd>
                  ${
                    shown.tau[last]! < 1
                      ? html`‖∇f‖² ≥ ${formatValue(shown.bound[last])}`
                      : word("certificate.nothing")
                  }
                </dd>
                <dt>${word("certificate.measured")}</dt>
                <dd data-testid="measured-gradient">
                  ${formatValue(shown.gradientSquared[last])}${
                    shown.bound[last]! > 0
                      ? word("certificate.times", {
                          times: formatValue(shown.gradientSquared[last]! / shown.bound[last]!),
                        })
                      : nothing
                  }
                </dd>
              </dl>
              <lab-plot
                .plot=${guard([shown, this.printed], () => (ink: Ink) => this.runPlot(shown, ink))}
                label=${word("certificate.plot")}
              ></lab-plot>
              <div class="key">
                <span><i style="--c: var(--identity)"></i><span>‖∇f‖²</span></span>
                <span><i class="dashed"></i><span>${word("certificate.bound")}</span></span>
                <span
                  ><i class="dotted"></i
                  ><span>${phrase("certificate.sharper", { form: SHARPER })}</span></span
                >
                ${
                  this.printed
                    ? html`<span
                        ><i class="dashed" style="--c: var(--danger)"></i
                        ><span
                          >${phrase("certificate.asPrinted", { form: PRINTED, count: violations(shown), all: last + 1 })}</span
                        ></span
                      >`
                    : nothing
                }
              </div>`
          : html`<p>
              ${this.twins.some((twin) => twin.parametrization === "identity") ? word("certificate.waiting") : word("certificate.none")}
            </p>`
      }
      <div class="row">${printedSwitch(this.printed, (printed) => (this.printed = printed))}</div>
    </section>`;
  }

  private runPlot(c: Certificates, ink: Ink): LogPlot {
    const x = c.steps;
    return {
      curves: [
        { x, y: c.bound, stroke: ink.text, dash: [6, 4], width: 1.5 },
        { x, y: c.sharp, stroke: ink.text, dash: [1.5, 3], width: 1.5 },
        ...(this.printed ? [{ x, y: c.printed, stroke: "#c0362c", dash: [6, 4], width: 1.5 }] : []),
        { x, y: c.gradientSquared, stroke: ink.identity },
      ],
      clouds: [],
      logX: false,
      xLabel: word("figure.step"),
      yLabel: "‖∇f‖²",
    };
  }
}
