import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { formatCount } from "../draw/scale";
import type { BuiltNetwork } from "../engine/expressivity";
import { percentOf, PLACES, sizeAt, type Tried } from "../perturbation";
import { controls, LabElement, panel } from "./base";
import { phrase, word } from "../words";

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
        font-weight: 600;
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
    if (tried?.relative !== relative || tried.seed !== seed) return word("perturb.measuring");
    const part = tried.fitted / n;
    const counts = { count: formatCount(tried.fitted), all: formatCount(n) };
    return phrase("perturb.said", {
      fitted: html`<strong>${word("built.of", counts)}</strong>`,
      meaning: word(part === 1 ? "perturb.small" : "perturb.large"),
    });
  }

  override render() {
    const { built } = this;
    if (!built) return nothing;
    const { relative } = this.wanted;
    return html`<section
      class="panel"
      aria-label=${word("perturb.heading")}
      data-testid="express-perturb-card"
    >
      <h3>${word("perturb.heading")}</h3>
      <p>${word("perturb.told", { percent: percentOf(relative) })}</p>
      <div class="bar">
        <label
          >${word("perturb.size", { percent: percentOf(relative) })}
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
          >${word("class.seed")}
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
          title=${this.large ?? word("perturb.trainTitle")}
          @click=${() => this.say("lab-express-perturb-train", this.wanted)}
        >
          ${word("perturb.heading")}
        </button>
      </div>
      <p data-testid="express-perturb-said" role="status">${this.said(built.report.points)}</p>
    </section>`;
  }
}
