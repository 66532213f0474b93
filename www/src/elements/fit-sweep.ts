import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { inkOf, type Sheet } from "../draw/canvas";
import { drawFitSweep } from "../draw/fit-sweep";
import type { FitCount } from "../engine/fitting";
import { controls } from "./base";
import { PictureElement } from "./picture";

/** Points fitted against points given, by networks that are trained. */
@customElement("lab-fit-sweep")
export class LabFitSweep extends PictureElement {
  @property({ attribute: false }) counts: readonly FitCount[] = [];
  /** Points that the constructed network fits. */
  @property({ type: Number }) most = 1;
  @property() label = "";

  static override styles = [
    controls,
    css`
      canvas {
        display: block;
        width: 100%;
        height: clamp(11rem, 26vh, 20rem);
      }
    `,
  ];

  protected override draw({ pen, width, height }: Sheet): void {
    const given = this.counts.map((count) => count.given);
    const fitted = this.counts.map((count) => count.fitted);
    drawFitSweep(pen, width, height, { given, fitted, most: this.most }, inkOf(this));
  }

  override render() {
    return html`<canvas role="img" aria-label=${this.label}></canvas>`;
  }
}
