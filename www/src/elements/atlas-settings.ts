import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import {
  FIRST_CLASSIFIERS,
  FIRST_DEEP,
  FIRST_FORM,
  hasQuantity,
  isAlong,
  NETWORKS,
  QUANTITIES,
  SEEDS,
  type AtlasForm,
  type AxisForm,
} from "../atlas-form";
import { basinSettings, directionNames, planeOf } from "../basins";
import type { Quantity } from "../engine/atlas";
import type { Experiment } from "../engine/types";
import { measureName, measureOf } from "../measure";
import { startsChoice } from "./atlas-basins";
import { controls, LabElement } from "./base";
import { word } from "../words";

/** What a map shows. Every change goes out as a whole form. */
@customElement("lab-atlas-settings")
export class LabAtlasSettings extends LabElement {
  @property({ attribute: false }) form: AtlasForm | undefined;
  /** The shape of the networks. */
  @property({ attribute: false }) network: Experiment["network"] | undefined;
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
      @media (min-width: 40.01rem) {
        .choice select {
          max-width: 14rem;
        }
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
        .small {
          flex: 1 1 5rem;
        }
        .choice {
          flex: 1 1 9rem;
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
      ${this.choice(
        "view",
        word("atlas.show"),
        [
          ["map", word("atlas.maps")],
          ["curves", word("atlas.curves")],
          ["basins", word("atlas.basins")],
          ["deep", word("atlas.deep")],
        ],
        form.view,
        (view) =>
          set({
            view: view as AtlasForm["view"],
            // The quantity that curves are first wanted of.
            ...(view === "deep"
              ? { x: FIRST_DEEP.x, seeds: FIRST_DEEP.seeds, steps: FIRST_DEEP.steps }
              : view === "curves"
                ? { x: { quantity: "depth", ...QUANTITIES.depth.usual }, steps: "1000" }
                : view === "basins"
                  ? basinSettings(this.network)
                  : this.firstMap()),
          }),
      )}
      ${
        form.view === "basins"
          ? startsChoice(
              form.starts,
              this.network,
              (starts) => set({ starts }),
              () => this.say("lab-atlas-plane"),
            )
          : nothing
      }
      ${form.view === "deep" ? this.deep(form, set) : this.axis("x", word("atlas.right"), form.x)}
      ${
        form.view === "map" || form.view === "basins"
          ? this.mapOnly(form, set)
          : this.choice(
              "seeds",
              word("atlas.seeds"),
              SEEDS.map((n) => [String(n), String(n)]),
              String(form.seeds),
              (n) => set({ seeds: Number(n) }),
            )
      }
      ${this.number("steps", word("runs.steps"), form.steps, (steps) => set({ steps }))}
      ${
        form.view === "map"
          ? this.choice(
              "colour",
              word("view.colour"),
              [
                ["excess", word("atlas.final", { measure: measureName(measureOf(this.network)) })],
                ["steps", word("atlas.untilLearned")],
              ],
              form.colour,
              (colour) => set({ colour: colour as AtlasForm["colour"] }),
            )
          : nothing
      }
      ${
        form.view !== "deep" && (form.view !== "map" || form.colour === "steps")
          ? this.number("threshold", word("atlas.threshold"), form.threshold, (threshold) =>
              set({ threshold }),
            )
          : nothing
      }
      <button class="start" data-testid="atlas-start">
        ${word(this.running ? "ball.stop" : "atlas.begin")}
      </button>
      ${
        this.zoomed
          ? html`<button type="button" data-testid="atlas-whole" @click=${() => this.say("whole")}>
              ${word("view.whole")}
            </button>`
          : nothing
      }
    </form>`;
  }

  /** Every start at every depth. */
  private deep(form: AtlasForm, set: (part: Partial<AtlasForm>) => void) {
    const { x } = form;
    const end = (which: "low" | "high", title: string) =>
      this.number(`x-${which}`, title, x[which], (text) =>
        set({ x: { ...x, quantity: "depth", [which]: text } }),
      );
    return html`${this.choice(
      "on",
      word("atlas.on"),
      [
        ["small", word("atlas.onSmall")],
        ["lab", word("atlas.onLab")],
      ],
      form.on,
      (on) => set({ on: on as AtlasForm["on"] }),
    )}
    ${end("low", word("atlas.blocksFrom"))} ${end("high", word("atlas.to"))}
    ${this.choice(
      "height",
      word("atlas.height"),
      [
        ["right", word("atlas.heightRight")],
        ["loss", word("atlas.final", { measure: word("measure.loss") })],
      ],
      form.height,
      (height) => set({ height: height as AtlasForm["height"] }),
    )}`;
  }

  private firstMap(): Partial<AtlasForm> {
    const { x, y, steps, threshold } = this.network?.kind === "relu" ? FIRST_CLASSIFIERS : FIRST_FORM;
    return { x, y, steps, threshold };
  }

  private mapOnly(form: AtlasForm, set: (part: Partial<AtlasForm>) => void) {
    const sizes = NETWORKS.map((size) => [String(size), `${size} × ${size}`] as const);
    return html`${this.axis("y", word("atlas.up"), form.y)}
    ${this.choice("size", word("atlas.networks"), sizes, String(form.size), (size) => set({ size: Number(size) }))}`;
  }

  /** Directions are those of a plane of starts, which only basins have. */
  private quantities(): (readonly [string, string])[] {
    const { view, starts, x, y } = this.form!;
    const classifier = this.network?.kind === "relu";
    // What another network left behind stays in sight, for the crate's sentence to speak of.
    const asked = [x.quantity, y.quantity];
    const [u, v] = directionNames(planeOf(starts), this.network);
    const along = { alongU: u, alongV: v } as Partial<Record<string, string>>;
    return Object.entries(QUANTITIES)
      .map(([key, { title }]) => [key, along[key] ?? title] as const)
      .filter(([key]) => view === "basins" || !(key in along))
      .filter(([key]) => hasQuantity(classifier, key as Quantity) || asked.includes(key as Quantity));
  }

  private choice(
    name: string,
    title: string,
    options: readonly (readonly [string, string])[],
    value: string,
    set: (value: string) => void,
  ) {
    return html`<label class="choice"
      >${title}
      <select
        data-testid="atlas-${name}"
        .value=${live(value)}
        @change=${(e: Event) => set((e.target as HTMLSelectElement).value)}
      >
        ${options.map(([key, text]) => html`<option value=${key} ?selected=${key === value}>${text}</option>`)}
      </select>
    </label>`;
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
    return html`<fieldset aria-label=${word("atlas.axis", { way })}>
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
          ${this.quantities().map(
            ([key, title]) => html`<option value=${key} ?selected=${key === axis.quantity}>${title}</option>`,
          )}
        </select>
      </label>
      ${this.number(`${which}-low`, word("atlas.from"), axis.low, (low) => set({ low }))}
      ${this.number(`${which}-high`, word("atlas.to"), axis.high, (high) => set({ high }))}
      <label
        >${word("setting.scale")}
        <select
          data-testid="atlas-${which}-scale"
          ?disabled=${isAlong(axis)}
          .value=${live(axis.scale)}
          @change=${(e: Event) => set({ scale: (e.target as HTMLSelectElement).value as AxisForm["scale"] })}
        >
          <option value="log" ?selected=${axis.scale === "log"}>${word("atlas.log")}</option>
          <option value="linear" ?selected=${axis.scale === "linear"}>${word("view.linear")}</option>
        </select>
      </label>
    </fieldset>`;
  }
}
