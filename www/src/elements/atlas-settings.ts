import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { QUANTITIES, type AtlasForm, type AxisForm } from "../atlas-form";
import type { Quantity } from "../engine/atlas";
import { controls, LabElement } from "./base";

const SIZES = [16, 32, 64, 128, 256, 512];

/** What a map shows. Every change goes out as a whole form. */
@customElement("lab-atlas-settings")
export class LabAtlasSettings extends LabElement {
  @property({ attribute: false }) form: AtlasForm | undefined;
  @property({ type: Boolean }) running = false;
  @property({ type: Boolean }) zoomed = false;

  static override styles = [
    controls,
    css`
      form {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: 0.5rem 0.875rem;
      }
      fieldset {
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem;
        align-items: end;
        border: 0;
        margin: 0;
        padding: 0;
        min-width: 0;
      }
      select {
        max-width: 11rem;
      }
      input {
        width: 5rem;
      }
      .start {
        min-width: 5rem;
        font-weight: 600;
        background: var(--accent);
        color: var(--on-accent);
        border-color: var(--accent);
      }
      .start:hover:not(:disabled) {
        background: var(--ink-muted);
      }
      @media (max-width: 40rem) {
        fieldset {
          flex: 1 1 100%;
        }
        fieldset label {
          flex: 1 1 3.5rem;
          min-width: 0;
        }
        fieldset label.quantity {
          flex-basis: 100%;
        }
        input,
        select {
          width: 100%;
          max-width: none;
        }
        .small,
        .colour {
          flex: 1 1 5rem;
        }
        .colour {
          flex-basis: 9rem;
        }
      }
    `,
  ];

  override render() {
    const { form } = this;
    if (!form) return nothing;
    const set = (part: Partial<AtlasForm>) => this.say("form", { ...form, ...part });
    return html`<form
      @submit=${(event: Event) => {
        event.preventDefault();
        this.say("go");
      }}
    >
      ${this.axis("x", "to the right", form.x)} ${this.axis("y", "upwards", form.y)}
      <label class="small"
        >networks
        <select
          data-testid="atlas-size"
          @change=${(e: Event) => set({ size: Number((e.target as HTMLSelectElement).value) })}
        >
          ${SIZES.map((size) => html`<option value=${size} ?selected=${size === form.size}>${size} × ${size}</option>`)}
        </select>
      </label>
      ${this.number("steps", "steps", form.steps, (steps) => set({ steps }))}
      <label class="colour"
        >colour
        <select
          data-testid="atlas-colour"
          .value=${live(form.colour)}
          @change=${(e: Event) => set({ colour: (e.target as HTMLSelectElement).value as AtlasForm["colour"] })}
        >
          <option value="excess" ?selected=${form.colour === "excess"}>final excess risk</option>
          <option value="steps" ?selected=${form.colour === "steps"}>steps until learned</option>
        </select>
      </label>
      ${
        form.colour === "steps"
          ? this.number("threshold", "learned at part", form.threshold, (threshold) => set({ threshold }))
          : nothing
      }
      <button class="start" data-testid="atlas-start">${this.running ? "Stop" : "Start"}</button>
      ${
        this.zoomed
          ? html`<button type="button" data-testid="atlas-whole" @click=${() => this.say("whole")}>
              Whole range
            </button>`
          : nothing
      }
    </form>`;
  }

  private number(name: string, title: string, value: string, set: (value: string) => void) {
    return html`<label class="small"
      >${title}
      <input
        inputmode="decimal"
        autocomplete="off"
        data-testid="atlas-${name}"
        .value=${live(value)}
        @change=${(e: Event) => set((e.target as HTMLInputElement).value)}
      />
    </label>`;
  }

  private axis(which: "x" | "y", way: string, axis: AxisForm) {
    const set = (part: Partial<AxisForm>) =>
      this.say("form", { ...this.form!, [which]: { ...axis, ...part } });
    return html`<fieldset aria-label="Axis ${way}">
      <label class="quantity"
        >${way}
        <select
          data-testid="atlas-${which}"
          .value=${live(axis.quantity)}
          @change=${(e: Event) => {
            const quantity = (e.target as HTMLSelectElement).value as Quantity;
            set({ quantity, ...QUANTITIES[quantity].usual });
          }}
        >
          ${Object.entries(QUANTITIES).map(
            ([key, { title }]) =>
              html`<option value=${key} ?selected=${key === axis.quantity}>${title}</option>`,
          )}
        </select>
      </label>
      ${this.number(`${which}-low`, "from", axis.low, (low) => set({ low }))}
      ${this.number(`${which}-high`, "to", axis.high, (high) => set({ high }))}
      <label
        >scale
        <select
          data-testid="atlas-${which}-scale"
          .value=${live(axis.scale)}
          @change=${(e: Event) => set({ scale: (e.target as HTMLSelectElement).value as AxisForm["scale"] })}
        >
          <option value="log" ?selected=${axis.scale === "log"}>log</option>
          <option value="linear" ?selected=${axis.scale === "linear"}>linear</option>
        </select>
      </label>
    </fieldset>`;
  }
}
