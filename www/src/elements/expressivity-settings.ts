import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import type { LabelledPoints, PointSet } from "../engine/expressivity";
import { defaultWidth, drawnOf, SETS, twoClasses, type ExpressivityForm } from "../expressivity-form";
import { controls, LabElement } from "./base";
import { word } from "../words";

/** Which points are to be fitted, and how wide the network is. Every change goes out as a whole form. */
@customElement("lab-expressivity-settings")
export class LabExpressivitySettings extends LabElement {
  @property({ attribute: false }) form: ExpressivityForm | undefined;
  /** Points from elsewhere, in place of a set. */
  @property({ attribute: false }) points: LabelledPoints | undefined;
  @property({ type: Boolean }) building = false;

  static override styles = [
    controls,
    css`
      form {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: 0.5rem 0.875rem;
      }
      input {
        width: 4.75rem;
      }
      .check {
        display: flex;
        align-items: center;
        gap: 0.4rem;
        min-height: 2rem;
        font-size: 0.8125rem;
        white-space: normal;
      }
      input[type="checkbox"] {
        width: 1rem;
        min-height: 1rem;
        accent-color: var(--accent);
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
        label {
          flex: 1 1 5rem;
          min-width: 0;
        }
        .set,
        .check {
          flex-basis: 100%;
        }
        input:not([type="checkbox"]),
        select {
          width: 100%;
        }
      }
    `,
  ];

  override render() {
    const { form, points } = this;
    if (!form) return nothing;
    const set = (part: Partial<ExpressivityForm>) => this.say("form", { ...form, ...part });
    const count = points ? points.labels.length : drawnOf(form).points;
    return html`<form
      @submit=${(event: Event) => {
        event.preventDefault();
        this.say("go");
      }}
    >
      ${
        points
          ? nothing
          : html`<label class="set"
                >${word("built.pointsOf")}
                <select
                  data-testid="express-set"
                  .value=${live(form.set)}
                  @change=${(e: Event) => {
                    const name = (e.target as HTMLSelectElement).value as PointSet;
                    set({
                      set: name,
                      ...SETS[name].usual,
                      onSphere: name === "sphere" ? false : form.onSphere,
                    });
                  }}
                >
                  ${Object.entries(SETS).map(
                    ([key, { title }]) =>
                      html`<option value=${key} ?selected=${key === form.set}>${title}</option>`,
                  )}
                </select>
              </label>
              ${this.number("points", word("built.howMany"), form.points, (points) => set({ points }))}
              ${
                twoClasses(form.set)
                  ? nothing
                  : this.number("classes", word("built.howManyClasses"), form.classes, (classes) =>
                      set({ classes }),
                    )
              }
              ${
                form.set === "sphere"
                  ? this.number("dimension", word("built.dimension"), form.dimension, (dimension) =>
                      set({ dimension }),
                    )
                  : nothing
              }
              ${this.number("noise", word("setting.noise"), form.noise, (noise) => set({ noise }))}`
      }
      ${this.number("seed", word("class.seed"), form.seed, (seed) => set({ seed }))}
      ${this.number("width", word("atlas.widthLabel"), form.width, (width) => set({ width }), String(defaultWidth(count)))}
      ${
        form.set === "sphere" && !points
          ? nothing
          : html`<label class="check" title=${word("built.onSphereTitle")}
              ><input
                type="checkbox"
                data-testid="express-sphere"
                .checked=${live(form.onSphere)}
                @change=${(e: Event) => set({ onSphere: (e.target as HTMLInputElement).checked })}
              />${word("built.onSphere")}</label
            >`
      }
      <button class="start" data-testid="express-build">
        ${word(this.building ? "built.cancel" : "built.build")}
      </button>
    </form>`;
  }

  private number(name: string, title: string, value: string, set: (value: string) => void, placeholder = "") {
    return html`<label
      >${title}
      <input
        inputmode="decimal"
        autocomplete="off"
        placeholder=${placeholder}
        data-testid="express-${name}"
        .value=${live(value)}
        @change=${(e: Event) => set((e.target as HTMLInputElement).value)}
      />
    </label>`;
  }
}
