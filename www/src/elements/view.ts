import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ColourScale } from "../draw/scale";
import type { PlaneSpec } from "../engine/types";
import { planeName, planeNamed } from "../plane-name";
import { controls, LabElement } from "./base";

const PLANES: readonly (readonly [string, string])[] = [
  ["startCurrent", "start → iterate"],
  ["optimum", "start → constructed optimum"],
  ["trajectory", "principal components of the path"],
  ["hessian.top", "two largest curvatures"],
  ["hessian.both", "largest and most negative curvature"],
  ["gradient", "gradient"],
  ["random.none", "random"],
  ["random.filter", "random, filter-normalized"],
  ["random.layer", "random, layer-normalized"],
  ["coordinates", "two parameters"],
];

/** How both landscapes are looked at: which plane, how coloured, how near. */
@customElement("lab-view")
export class LabView extends LabElement {
  @property({ attribute: false }) plane: PlaneSpec = { kind: "startCurrent" };
  @property() scale: ColourScale = "log";
  @property({ type: Boolean }) moved = false;

  static override styles = [
    controls,
    css`
      div {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.375rem 0.875rem;
        padding: 0.5rem 0.125rem 0;
        font-size: 0.8125rem;
      }
      label {
        display: flex;
        align-items: center;
        gap: 0.4rem;
        font-size: 0.8125rem;
      }
      select,
      input,
      button {
        font-size: 0.8125rem;
        min-height: 1.75rem;
      }
      select {
        max-width: min(19rem, 100%);
      }
      input {
        width: 4rem;
      }
    `,
  ];

  override render() {
    const { plane } = this;
    const name = planeName(plane).replace(/^coordinates.*/, "coordinates");
    return html`<div>
      <label
        >plane
        <select
          data-testid="plane-select"
          .value=${name}
          @change=${(e: Event) => this.say("lab-plane", planeNamed((e.target as HTMLSelectElement).value))}
        >
          ${PLANES.map(([key, title]) => html`<option value=${key} ?selected=${key === name}>${title}</option>`)}
        </select>
      </label>
      ${
        plane.kind === "coordinates"
          ? (["first", "second"] as const).map(
              (axis) =>
                html`<label
                  >${axis}
                  <input
                    inputmode="numeric"
                    data-testid="plane-${axis}"
                    .value=${String(plane[axis])}
                    @change=${(e: Event) =>
                      this.say("lab-plane", {
                        ...plane,
                        [axis]: Number((e.target as HTMLInputElement).value),
                      })}
                  />
                </label>`,
            )
          : nothing
      }
      <label
        >colour
        <select
          data-testid="scale-select"
          .value=${this.scale}
          @change=${(e: Event) => this.say("lab-scale", (e.target as HTMLSelectElement).value)}
        >
          <option value="log" ?selected=${this.scale === "log"}>logarithmic</option>
          <option value="linear" ?selected=${this.scale === "linear"}>linear</option>
        </select>
      </label>
      <button
        data-testid="view-reset"
        ?disabled=${!this.moved}
        title="Show the whole range again (double click on a landscape)"
        @click=${() => this.say("lab-view", { zoom: 1, a: 0, b: 0 })}
      >
        Whole range
      </button>
    </div>`;
  }
}
