import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { guard } from "lit/directives/guard.js";
import type { Ink } from "../draw/canvas";
import type { LogPlot } from "../draw/log-plot";
import { formatCount, formatValue } from "../draw/scale";
import type { DepthBounds } from "../engine/types";
import { ballBound, tightest, type BallState } from "../theorems";
import { controls, LabElement, panel } from "./base";
import { theoremStyle } from "./theorem-style";
import "./plot";
import { phrase, word } from "../words";

/** Theorem 2.2 over thousands of random networks of the ball. */
@customElement("lab-theorem-ball")
export class LabTheoremBall extends LabElement {
  @property({ attribute: false }) ball: BallState | undefined;
  @property({ type: Boolean }) sampling = false;
  @property({ type: Number }) layers = 1;
  /** Theorem 2.1 for the target, where it has been worked out: its optimum is to be in the ball. */
  @property({ attribute: false }) bounds: DepthBounds | undefined;
  /** Samples by itself, as soon as it is known where. */
  @property({ type: Boolean }) eager = false;
  @state() private tau: number | undefined;

  static override styles = [controls, panel, theoremStyle];

  override updated(): void {
    if (!this.eager || !this.bounds) return;
    this.eager = false;
    this.say("lab-ball", this.usualTau());
  }

  override render() {
    const { ball } = this;
    const tau = this.tau ?? this.usualTau();
    const found = ball?.identity.excess.length ?? 0;
    const best = ball && tightest(ball.identity, ball.tau, this.layers, ball.covariance);
    return html`<section class="panel" aria-label=${word("ball.label")} data-testid="theorem-ball">
      <h3>${word("ball.heading")}</h3>
      <p class="told">
        ${phrase("ball.told", {
          identity: html`max ‖A<sub>i</sub>‖ ≤ τ`,
          standard: html`‖W<sub>i</sub>‖ ≤ τ`,
          zero: "W = 0",
        })}
      </p>
      <div class="row">
        <label
          >τ
          <input
            inputmode="decimal"
            data-testid="tau"
            .value=${String(tau)}
            @change=${(e: Event) => (this.tau = Number((e.target as HTMLInputElement).value))}
          />
        </label>
        <button data-testid="sample" @click=${() => this.say("lab-ball", this.sampling ? undefined : tau)}>
          ${word(this.sampling ? "ball.stop" : "ball.sample")}
        </button>
        <span class="muted" data-testid="sampled"
          >${found > 0 ? word("ball.found", { count: formatCount(found) }) : ""}</span
        >
      </div>
      ${
        ball && best
          ? html`<lab-plot
                .plot=${guard([ball, this.layers], () => (ink: Ink) => this.ballPlot(ball, ink))}
                label=${word("ball.plot")}
              ></lab-plot>
              <div class="key">
                <span
                  ><i class="cloud" style="--c: var(--identity)"></i
                  ><span>${word("twins.identity")}</span></span
                >
                <span
                  ><i class="cloud" style="--c: var(--standard)"></i
                  ><span>${word("twins.standard")}</span></span
                >
                <span
                  ><i class="dashed"></i
                  ><span>${word("ball.bound", { tau: formatValue(ball.tau) })}</span></span
                >
              </div>
              <p data-testid="below">
                ${word("ball.below", {
                  below: formatCount(best.below),
                  count: formatCount(found),
                  ratio: formatValue(best.ratio),
                })}
                <button
                  data-testid="start-tightest"
                  @click=${() => this.say("lab-start-ball", { tau: ball.tau, number: best.number })}
                >
                  ${word("ball.start")}
                </button>
              </p>`
          : nothing
      }
    </section>`;
  }

  /** Large enough for the ball to hold the constructed optimum, where there is one. */
  private usualTau(): number {
    const norm = this.bounds?.measured[this.layers - 1] ?? 1 / this.layers;
    return Math.min(0.9, Math.ceil(105 * norm) / 100);
  }

  private ballPlot({ identity, standard, tau, covariance }: BallState, ink: Ink): LogPlot {
    const ends = [...identity.excess, ...standard.excess].filter((x) => x > 0);
    const x = [Math.min(...sampleOf(ends)), Math.max(...sampleOf(ends))];
    return {
      curves: [
        {
          x,
          y: x.map((excess) => ballBound(excess, tau, this.layers, covariance)),
          stroke: ink.text,
          dash: [6, 4],
        },
      ],
      clouds: [
        { x: standard.excess, y: standard.gradientSquared, fill: ink.standard, size: 1 },
        { x: identity.excess, y: identity.gradientSquared, fill: ink.identity, size: 1 },
      ],
      logX: true,
      xLabel: word("measure.excessRisk"),
      yLabel: "‖∇f‖²",
    };
  }
}

/** Its two ends, which is all that is asked of a list too long to be the arguments of a call. */
function sampleOf(values: readonly number[]): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}
