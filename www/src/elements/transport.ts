import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { formatCount } from "../draw/scale";
import type { Preset } from "../engine/types";
import { presetTitle } from "../presets";
import { controls, LabElement } from "./base";
import { playIcon, resetIcon, runButtons, stepIcon } from "./run-icons";
import { word } from "../words";

export const SPEEDS: readonly (readonly [number, string])[] = [
  [1, word("run.rateOne")],
  [10, word("run.rate", { count: "10" })],
  [60, word("run.rate", { count: "60" })],
  [600, word("run.rate", { count: "600" })],
  [6000, word("run.rate", { count: "6 000" })],
  [Infinity, word("run.full")],
];

const LEARNING_RATES = [-5, -4, -3, -2, -1, 0].flatMap((e) => [Number(`1e${e}`), Number(`3e${e}`)]);

const withKey = (what: string, key: string) => word("transport.key", { what, key });

/** Reset, play, step, the counter, and what may change while running. */
@customElement("lab-transport")
export class LabTransport extends LabElement {
  @property({ type: Boolean }) ready = false;
  @property({ type: Boolean }) playing = false;
  @property({ type: Number }) step = 0;
  @property({ type: Number }) speed = 60;
  @property({ type: Number }) learningRate = 0.001;
  @property({ type: Number }) seed = 1;
  @property({ attribute: false }) presets: readonly Preset[] = [];
  @property() preset = "";
  /** Whether it is out of sight while the run is not; its buttons then come along where the screen is small. */
  @property({ type: Boolean, reflect: true }) away = false;

  static override styles = [
    controls,
    runButtons,
    css`
      :host > div {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem 1.125rem;
        padding: 0.375rem 0.875rem;
      }
      .buttons {
        --round: 2.5rem;
        --round-play: 3rem;
        gap: 0.625rem;
      }
      svg {
        width: 1.25rem;
        height: 1.25rem;
        fill: currentColor;
      }
      .play svg {
        width: 1.75rem;
        height: 1.75rem;
      }
      .count {
        min-width: 6.75rem;
        line-height: 1.1;
      }
      .count span {
        display: block;
        font-size: 0.75rem;
        color: var(--ink-muted);
      }
      .count strong {
        font-size: 1.5rem;
        font-weight: 600;
        letter-spacing: -0.01em;
      }
      .seed {
        display: flex;
        gap: 0.25rem;
      }
      .seed input {
        width: 6.5rem;
      }
      .seed button {
        padding: 0 0.45rem;
      }
      .seed svg {
        display: block;
        width: 1.1rem;
        height: 1.1rem;
      }
      .preset {
        margin-inline-start: auto;
      }
      .preset select {
        min-width: min(18rem, 100%);
        max-width: 24rem;
      }
      @media (max-width: 68rem) {
        .preset {
          flex: 1 1 100%;
        }
        .preset select {
          max-width: none;
        }
      }
      @media (max-width: 40rem) {
        .count {
          margin-inline-start: auto;
          min-width: 5.5rem;
          text-align: end;
        }
        .buttons,
        .count {
          flex: 0 0 auto;
        }
        .count {
          min-height: 3rem;
        }
        :host([away]) .buttons {
          position: fixed;
          inset: auto 0.75rem calc(0.75rem + env(safe-area-inset-bottom)) auto;
          z-index: 4;
          padding: 0.375rem 0.625rem;
          background: var(--surface);
          border: 1px solid var(--line-strong);
          border-radius: 2.5rem;
          box-shadow: 0 4px 16px rgb(0 0 0 / 0.2);
        }
        label,
        .field {
          flex: 1 1 8rem;
        }
        .preset {
          flex-basis: 100%;
        }
        select {
          width: 100%;
        }
        .seed input {
          flex: 1;
          min-width: 0;
        }
      }
    `,
  ];

  private get rates(): number[] {
    return [...new Set([...LEARNING_RATES, this.learningRate])].sort((x, y) => x - y);
  }

  /** Not in the template, where the menu is given its value before it has the entry. */
  override updated(): void {
    const menu = this.renderRoot.querySelector<HTMLSelectElement>("[data-testid=lr-select]")!;
    menu.value = String(this.learningRate);
  }

  override render() {
    return html`<div>
      <div class="buttons" role="group" aria-label=${word("class.trainingTitle")}>
        <button
          data-testid="reset"
          aria-label=${word("transport.reset")}
          title=${withKey(word("transport.reset"), "R")}
          ?disabled=${!this.ready}
          @click=${() => this.say("lab-reset")}
        >
          ${resetIcon()}
        </button>
        <button
          class="play"
          data-testid="play"
          aria-label=${word(this.playing ? "figure.pause" : "figure.play")}
          title=${withKey(word(this.playing ? "figure.pause" : "figure.play"), word("key.space"))}
          ?disabled=${!this.ready}
          @click=${() => this.say("lab-play")}
        >
          ${playIcon(this.playing)}
        </button>
        <button
          data-testid="step"
          aria-label=${word("figure.oneStep")}
          title=${withKey(word("figure.oneStep"), "S")}
          ?disabled=${!this.ready}
          @click=${() => this.say("lab-step")}
        >
          ${stepIcon()}
        </button>
      </div>
      <div class="count">
        <span>${word("figure.step")}</span>
        <strong data-testid="step-count" data-step=${this.step}>${formatCount(this.step)}</strong>
      </div>
      <label
        >${word("transport.speed")}
        <select
          data-testid="speed-select"
          .value=${String(this.speed)}
          @change=${(e: Event) => this.say("lab-speed", Number((e.target as HTMLSelectElement).value))}
        >
          ${SPEEDS.map(
            ([value, title]) =>
              html`<option value=${String(value)} ?selected=${value === this.speed}>${title}</option>`,
          )}
        </select>
      </label>
      <label
        >${word("class.rate")}
        <select
          data-testid="lr-select"
          @change=${(e: Event) => this.say("lab-learning-rate", Number((e.target as HTMLSelectElement).value))}
        >
          ${this.rates.map(
            (value) =>
              html`<option value=${String(value)} ?selected=${value === this.learningRate}>
                ${String(value)}
              </option>`,
          )}
        </select>
      </label>
      <div class="field">
        <span id="seed-label">${word("class.seed")}</span>
        <div class="seed">
          <input
            data-testid="seed"
            aria-labelledby="seed-label"
            inputmode="numeric"
            .value=${String(this.seed)}
            @change=${(e: Event) => this.say("lab-seed", (e.target as HTMLInputElement).value)}
          />
          <button
            aria-label=${word("transport.newSeed")}
            title=${word("transport.newSeed")}
            @click=${() => this.say("lab-seed", String(Math.floor(Math.random() * 10_000)))}
          >
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <path
                fill-rule="evenodd"
                d="M6 3h12a3 3 0 0 1 3 3v12a3 3 0 0 1-3 3H6a3 3 0 0 1-3-3V6a3 3 0 0 1 3-3Zm2 3.5a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4Zm8 0a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4Zm-4 3.800a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4Zm-4 3.800a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4Zm8 0a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4Z"
              />
            </svg>
          </button>
        </div>
      </div>
      ${
        this.presets.length === 0
          ? nothing
          : html`<label class="preset"
              >${word("class.experiment")}
              <select
                data-testid="preset-select"
                .value=${this.preset}
                @change=${(e: Event) => this.say("lab-preset", (e.target as HTMLSelectElement).value)}
              >
                <option value="" ?selected=${this.preset === ""} disabled>${word("transport.own")}</option>
                ${this.presets.map(
                  (preset) =>
                    html`<option value=${preset.id} ?selected=${preset.id === this.preset}>
                      ${presetTitle(preset)}
                    </option>`,
                )}
              </select>
            </label>`
      }
    </div>`;
  }
}
