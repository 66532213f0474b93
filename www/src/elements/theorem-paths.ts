import { html } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Spectra } from "../engine/types";
import type { TwinName } from "../twin-names";
import { controls, LabElement, panel } from "./base";
import { theoremStyle } from "./theorem-style";
import "./eigenvalues";
import { word } from "../words";

/** Eigenvalues of the products on their way to those of the target. */
@customElement("lab-theorem-paths")
export class LabTheoremPaths extends LabElement {
  @property({ attribute: false }) spectra: readonly (Spectra | undefined)[] = [];
  @property({ attribute: false }) names: readonly TwinName[] = [];
  /** Another one means another run. */
  @property({ attribute: false }) run: unknown;

  static override styles = [controls, panel, theoremStyle];

  override render() {
    return html`<section class="panel" aria-label=${word("paths.label")}>
      <h3>${word("paths.heading")}</h3>
      <p class="told">${word("paths.told")}</p>
      <lab-eigenvalues .spectra=${this.spectra} .names=${this.names} .run=${this.run}></lab-eigenvalues>
      <div class="key">
        ${this.names.map(
          ({ name, colour }) =>
            html`<span><i class="cloud" style="--c: var(--${colour})"></i><span>${name}</span></span>`,
        )}
        <span><i class="dashed"></i><span>${word("paths.way")}</span></span>
      </div>
      <div class="row told">
        <button data-testid="half-turn" @click=${() => this.say("lab-preset", "half-turn-178")}>
          ${word("paths.turn")}
        </button>
      </div>
    </section>`;
  }
}
