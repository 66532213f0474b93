import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { formatCount } from "../draw/scale";
import type { BuiltNetwork } from "../engine/expressivity";
import { percentOf, PLACES, sizeAt, type Tried } from "../perturbation";
import { controls, LabElement, panel } from "./base";

/** A perturbation that is asked for. */
export type Perturbation = Pick<Tried, "relative" | "seed">;

/** One hundredth. */
const FIRST_PLACE = 40;

/** Noise on the parameters of a built network: how many points it leaves, and training from there. */
@customElement("lab-expressivity-perturb")
export class LabExpressivityPerturb extends LabElement {
  @property({ attribute: false }) built: BuiltNetwork | undefined;
  /** What the newest perturbation left; undefined until it is known. */
  @property({ attribute: false }) tried: Tried | undefined;
  /** Why the lab cannot train the network; undefined where it can. */
  @property({ attribute: false }) large: string | undefined;
  @state() private place = FIRST_PLACE;
  @state() private seed = 1;

  static override styles = [
    controls,
    panel,
    css`
      .panel {
        display: grid;
        gap: 0.5rem;
        font-size: 0.8125rem;
      }
      h3 {
        font-size: 0.9375rem;
        font-weight: 640;
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: 0.5rem 0.875rem;
      }
      .bar label:first-child {
        flex: 1 1 11rem;
      }
      input[type="range"] {
        width: 100%;
        padding: 0;
        accent-color: var(--accent);
      }
      input[type="number"] {
        width: 5rem;
      }
      p {
        text-wrap: pretty;
      }
    `,
  ];

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("built") && this.built) this.ask();
  }

  private get wanted(): Perturbation {
    return { relative: sizeAt(this.place), seed: this.seed };
  }

  private ask(): void {
    this.say("lab-express-perturb", this.wanted);
  }

  private readonly slide = (event: Event): void => {
    this.place = (event.target as HTMLInputElement).valueAsNumber;
    this.ask();
  };

  private readonly reseed = (event: Event): void => {
    const field = event.target as HTMLInputElement;
    // What is no seed goes back to the last one.
    if (field.validity.valid && field.value !== "") this.seed = field.valueAsNumber;
    this.requestUpdate();
    this.ask();
  };

  private said(n: number) {
    const { tried } = this;
    const { relative, seed } = this.wanted;
    if (tried?.relative !== relative || tried.seed !== seed) return "Measuring …";
    const part = tried.fitted / n;
    return html`Right after the perturbation
      <strong>${formatCount(tried.fitted)} of ${formatCount(n)}</strong> points are still fitted, in float32.
      ${
        part === 1
          ? "Noise of this size only moves the margins."
          : "Noise turns units on at points that other blocks are to move, and V throws those far off: the construction is exact, not robust."
      }`;
  }

  override render() {
    const { built } = this;
    if (!built) return nothing;
    const { relative } = this.wanted;
    return html`<section class="panel" aria-label="Perturb and train" data-testid="express-perturb-card">
      <h3>Perturb and train</h3>
      <p>
        Gaussian noise on every matrix and vector of the network, of ${percentOf(relative)} of its Frobenius
        norm. One seed is one direction. Then the lab trains all parameters from there.
      </p>
      <div class="bar">
        <label
          >size, ${percentOf(relative)}
          <input
            type="range"
            min="0"
            max=${PLACES}
            step="1"
            data-testid="express-perturb-size"
            aria-valuetext=${percentOf(relative)}
            .value=${live(String(this.place))}
            @input=${this.slide}
          />
        </label>
        <label
          >seed
          <input
            type="number"
            min="0"
            max="4294967295"
            step="1"
            data-testid="express-perturb-seed"
            .value=${live(String(this.seed))}
            @change=${this.reseed}
          />
        </label>
        <button
          data-testid="express-perturb"
          ?disabled=${this.large !== undefined}
          title=${this.large ?? "The lab goes on from the perturbed network, beside the identity start of the same shape"}
          @click=${() => this.say("lab-express-perturb-train", this.wanted)}
        >
          Perturb and train
        </button>
      </div>
      <p data-testid="express-perturb-said" role="status">${this.said(built.report.points)}</p>
    </section>`;
  }
}
