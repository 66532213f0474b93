import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { guard } from "lit/directives/guard.js";
import { live } from "lit/directives/live.js";
import type { Ink } from "../draw/canvas";
import type { LogPlot } from "../draw/log-plot";
import { formatCount, formatValue } from "../draw/scale";
import type { Certificates, DepthBounds, Spectra, TwinSpec } from "../engine/types";
import type { TwinName } from "../twin-names";
import { ballBound, tightest, type BallState } from "../theorems";
import type { WayPoint } from "../way";
import { controls, LabElement, panel } from "./base";
import "./eigenvalues";
import "./plot";

/** The paper's two theorems about linear networks, beside the numbers just measured. */
@customElement("lab-theorems")
export class LabTheorems extends LabElement {
  @property({ attribute: false }) bounds: DepthBounds | undefined;
  /** Why there is no optimum near the identity. */
  @property() refused = "";
  @property({ attribute: false }) certificates: readonly (Certificates | undefined)[] = [];
  @property({ attribute: false }) twins: readonly TwinSpec[] = [];
  @property({ attribute: false }) ball: BallState | undefined;
  @property({ type: Boolean }) sampling = false;
  @property({ type: Number }) layers = 1;
  /** Whether the layers stand between fixed maps, of which the theorems do not speak. */
  @property({ type: Boolean }) fixedMaps = false;
  @property({ type: Number }) width = 1;
  /** The part of the way to the constructed optimum that is being looked at, and what each network has there. */
  @property({ type: Number }) way: number | undefined;
  @property({ attribute: false }) wayPoints: readonly WayPoint[] = [];
  @property({ type: Boolean }) walking = false;
  /** Least singular value of the target. */
  @property({ type: Number }) sigmaMin = 0;
  @property({ attribute: false }) spectra: readonly (Spectra | undefined)[] = [];
  @property({ attribute: false }) names: readonly TwinName[] = [];
  /** Another one means another run. */
  @property({ attribute: false }) run: unknown;
  @state() private open = false;
  @state() private printed = false;
  @state() private tau: number | undefined;

  static override styles = [
    controls,
    panel,
    css`
      .cards {
        display: grid;
        gap: var(--gap);
        grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr));
        padding-top: var(--gap);
      }
      summary {
        cursor: pointer;
        font-size: 0.9375rem;
        font-weight: 600;
        padding: 0.5rem 0.125rem;
      }
      .panel {
        display: grid;
        gap: 0.5rem;
        align-content: start;
        font-size: 0.8125rem;
      }
      h3 {
        font-size: 0.9375rem;
        font-weight: 640;
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
        font-weight: 560;
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
        font-weight: 560;
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
    `,
  ];

  override render() {
    // Closed, it costs nothing; open, a plot is drawn again only when its own numbers change.
    return html`<details @toggle=${this.toggle}>
      <summary data-testid="theorems">The theorems, and the numbers just measured</summary>
      ${
        this.open
          ? this.fixedMaps
            ? html`<p class="muted" data-testid="no-theorems">
                The paper’s theorems are about layers as wide as the input. They say nothing of wider layers
                between two fixed maps; choose “linear layers” as the network to see them.
              </p>`
            : html`<div class="cards">${this.first()} ${this.second()} ${this.third()} ${this.fourth()}</div>`
          : nothing
      }
    </details>`;
  }

  private toggle(event: Event): void {
    this.open = (event.target as HTMLDetailsElement).open;
    this.say("lab-theorems", this.open);
    // What is out of sight leaves no ring on the landscapes.
    if (!this.open) this.say("lab-way");
  }

  private asPrinted() {
    return html`<label
      ><input
        type="checkbox"
        data-testid="printed"
        .checked=${this.printed}
        @change=${(e: Event) => (this.printed = (e.target as HTMLInputElement).checked)}
      />show the form that the paper prints</label
    >`;
  }

  // ---------------------------------------------------------------- Theorem 2.1

  private first() {
    const { bounds: b, layers } = this;
    const at = layers - 1;
    return html`<section class="panel" aria-label="Theorem 2.1" data-testid="theorem-1">
      <h3>Theorem 2.1: a global optimum lies near the identity</h3>
      <p class="statement">
        Let det R &gt; 0 and γ = max(|log σ<sub>max</sub>(R)|, |log σ<sub>min</sub>(R)|). For ℓ ≥ 3γ there are
        A*<sub>1</sub>, …, A*<sub>ℓ</sub> with (I + A*<sub>ℓ</sub>) ⋯ (I + A*<sub>1</sub>) = R and max<sub
          >i</sub
        >
        ‖A*<sub>i</sub>‖ ≤ (4π + 3γ)/ℓ.
      </p>
      ${
        b
          ? html`<dl>
                <dt>γ, so that ℓ ≥ ${formatValue(3 * b.gamma)} is asked for</dt>
                <dd>${formatValue(b.gamma)}</dd>
                <dt>promised at ℓ = ${layers}</dt>
                <dd>‖A*‖ ≤ ${formatValue(b.promised[at])}</dd>
                <dt>measured on the optimum just constructed</dt>
                <dd data-testid="measured-norm">${formatValue(b.measured[at])}</dd>
                <dt>its product against R</dt>
                <dd>${formatValue(b.error)} relative</dd>
              </dl>
              <lab-plot
                .plot=${guard([b, layers, this.printed], () => (ink: Ink) => this.depthPlot(b, ink))}
                label="Norm of the constructed layers against depth, below the promised bound"
              ></lab-plot>
              <div class="key">
                <span><i style="--c: var(--identity)"></i><span>measured ‖A*‖</span></span>
                <span
                  ><i class="dotted"></i><span>(e<sup>γ/ℓ</sup> − 1) + 2 sin(π/2ℓ)</span></span
                >
                <span><i class="dashed"></i><span>(4π + 3γ)/ℓ</span></span>
                ${
                  this.printed
                    ? html`<span
                        ><i class="dashed" style="--c: var(--danger)"></i
                        ><span>as printed: 2(√π + √(3γ))²/ℓ</span></span
                      >`
                    : nothing
                }
              </div>
              ${this.wayThere()}
              <div class="row">${this.asPrinted()}</div>
              ${
                this.printed
                  ? html`<p class="muted">
                      The printed constant is smaller for small γ. It comes from dividing the layers between
                      two halves in the proof, which whole numbers of layers do not allow: there it is not
                      proved.
                    </p>`
                  : nothing
              }`
          : html`<p>${this.refused || "Constructing the optimum."}</p>
              ${this.refused ? this.remedies() : nothing}`
      }
    </section>`;
  }

  /** The way to the constructed optimum, to be walked or started from. */
  private wayThere() {
    const way = this.way ?? 1;
    return html`<div class="row">
        <label
          >of the way to it
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
          ${this.walking ? "Stop" : "Go there"}
        </button>
        <button data-testid="start-optimum" @click=${() => this.say("lab-start-optimum", way)}>
          Start there
        </button>
        <button @click=${() => this.say("lab-plane", { kind: "optimum" })}>Show it on the map</button>
      </div>
      ${
        this.way === undefined
          ? html`<p class="muted">
              Go there moves the start in a straight line to the optimum, without training: a ring on the
              landscapes shows where it is.
            </p>`
          : html`<table data-testid="way-numbers">
              <thead>
                <tr>
                  <th scope="col">${Math.round(100 * way)} % of the way</th>
                  <th scope="col">excess risk</th>
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
      xLabel: "depth ℓ",
      yLabel: "norm of a layer",
      at: this.layers,
    };
  }

  /** What can be done where det R is negative. */
  private remedies() {
    return html`<p>
        Every I + A with ‖A‖ &lt; 1 has a positive determinant, and so has their product: no network of the
        ball reaches this target. With Σ = I the excess risk there stays above σ<sub>min</sub>(R)² =
        <b data-testid="ball-infimum">${formatValue(this.sigmaMin ** 2)}</b>, which it can only approach.
      </p>
      <div class="row">
        <button data-testid="remedy-flip" @click=${() => this.say("lab-remedy", "flip")}>
          Flip one output coordinate
        </button>
        <button
          data-testid="remedy-augment"
          ?disabled=${this.width >= 64}
          @click=${() => this.say("lab-remedy", "augment")}
        >
          Add a coordinate: diag(R, −1)
        </button>
      </div>`;
  }

  // ---------------------------------------------------------------- Theorem 2.2, along the run

  private second() {
    const shown = this.certificates.find((_, i) => this.twins[i]?.parametrization === "identity");
    const last = (shown?.steps.length ?? 0) - 1;
    return html`<section class="panel" aria-label="Theorem 2.2 along the run" data-testid="theorem-2">
      <h3>Theorem 2.2: no critical point near the identity but the optimum</h3>
      <p class="statement">
        If max<sub>i</sub> ‖A<sub>i</sub>‖ ≤ τ &lt; 1 then ‖∇f‖² ≥ 4ℓ (1 − τ)<sup>2(ℓ−1)</sup>
        σ<sub>min</sub>(Σ) (f − C): where the gradient vanishes, the risk is least.
      </p>
      ${
        shown && last >= 0
          ? html`<dl>
                <dt>τ of the identity network now</dt>
                <dd>${formatValue(shown.tau[last])}</dd>
                <dt>promised</dt>
                <dd>
                  ${
                    shown.tau[last]! < 1
                      ? html`‖∇f‖² ≥ ${formatValue(shown.bound[last])}`
                      : "nothing: τ is not below 1"
                  }
                </dd>
                <dt>measured</dt>
                <dd data-testid="measured-gradient">
                  ${formatValue(shown.gradientSquared[last])}${
                    shown.bound[last]! > 0
                      ? html`, ${formatValue(shown.gradientSquared[last]! / shown.bound[last]!)} times that`
                      : nothing
                  }
                </dd>
              </dl>
              <lab-plot
                .plot=${guard([shown, this.printed], () => (ink: Ink) => this.runPlot(shown, ink))}
                label="Squared gradient along the run, above both lower bounds"
              ></lab-plot>
              <div class="key">
                <span><i style="--c: var(--identity)"></i><span>‖∇f‖²</span></span>
                <span><i class="dashed"></i><span>the bound</span></span>
                <span
                  ><i class="dotted"></i
                  ><span
                    >sharper: 4 σ<sub>min</sub>(Σ) (f − C) Σ<sub>i</sub> Π<sub>j≠i</sub>
                    σ<sub>min</sub>(W<sub>j</sub>)²</span
                  ></span
                >
                ${
                  this.printed
                    ? html`<span
                        ><i class="dashed" style="--c: var(--danger)"></i
                        ><span
                          >as printed: 4ℓ (1 − τ)<sup>ℓ−1</sup> σ<sub>min</sub>(Σ)² (f − C), violated at
                          ${this.violations(shown)} of ${last + 1} points</span
                        ></span
                      >`
                    : nothing
                }
              </div>`
          : html`<p>
              ${this.twins.some((twin) => twin.parametrization === "identity") ? "Waiting for the run." : "It speaks of identity layers; this experiment has none."}
            </p>`
      }
      <div class="row">${this.asPrinted()}</div>
    </section>`;
  }

  private violations(c: Certificates): number {
    return c.printed.filter((bound, i) => bound > c.gradientSquared[i]! * (1 + 1e-9)).length;
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
      xLabel: "step",
      yLabel: "‖∇f‖²",
    };
  }

  // ---------------------------------------------------------------- Theorem 2.2, over the ball

  private third() {
    const { ball } = this;
    const tau = this.tau ?? this.usualTau();
    const found = ball?.identity.excess.length ?? 0;
    const best = ball && tightest(ball.identity, ball.tau, this.layers, ball.covariance);
    return html`<section class="panel" aria-label="Theorem 2.2 over the ball" data-testid="theorem-ball">
      <h3>The same, for thousands of networks of the ball</h3>
      <p>
        Random identity networks with max ‖A<sub>i</sub>‖ ≤ τ lie above the line, all of them. Standard
        networks with ‖W<sub>i</sub>‖ ≤ τ fall to zero gradient at high risk: W = 0 is a critical point and no
        optimum.
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
          ${this.sampling ? "Stop" : "Sample 20 000 of each"}
        </button>
        <span class="muted" data-testid="sampled">${found > 0 ? `${formatCount(found)} of each` : ""}</span>
      </div>
      ${
        ball && best
          ? html`<lab-plot
                .plot=${guard([ball, this.layers], () => (ink: Ink) => this.ballPlot(ball, ink))}
                label="Squared gradient against excess risk of random networks, with the bound as a line"
              ></lab-plot>
              <div class="key">
                <span><i class="cloud" style="--c: var(--identity)"></i><span>identity</span></span>
                <span><i class="cloud" style="--c: var(--standard)"></i><span>standard</span></span>
                <span><i class="dashed"></i><span>the bound at τ = ${formatValue(ball.tau)}</span></span>
              </div>
              <p data-testid="below">
                ${formatCount(best.below)} of ${formatCount(found)} identity networks lie below the bound; the
                nearest has ${formatValue(best.ratio)} times as much.
                <button
                  data-testid="start-tightest"
                  @click=${() => this.say("lab-start-ball", { tau: ball.tau, number: best.number })}
                >
                  Start there
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

  // ---------------------------------------------------------------- eigenvalues on their way

  private fourth() {
    return html`<section class="panel" aria-label="Eigenvalues of the product">
      <h3>On a normal target each eigenvalue goes straight from 1 to its goal</h3>
      <p>
        From the identity, gradient flow moves every eigenvalue of the product along the segment from 1 to the
        target's (rings). A segment that passes near 0 is slow, one through 0 is never passed: a rotation by
        178° takes long, one by 180° for ever. Follows Bartlett, Helmbold and Long (2018).
      </p>
      <lab-eigenvalues .spectra=${this.spectra} .names=${this.names} .run=${this.run}></lab-eigenvalues>
      <div class="key">
        ${this.names.map(
          ({ name, colour }) =>
            html`<span><i class="cloud" style="--c: var(--${colour})"></i><span>${name}</span></span>`,
        )}
        <span><i class="dashed"></i><span>1 → target</span></span>
      </div>
      <div class="row">
        <button data-testid="half-turn" @click=${() => this.say("lab-preset", "half-turn-178")}>
          Turn by 178°
        </button>
      </div>
    </section>`;
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
      xLabel: "excess risk",
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
