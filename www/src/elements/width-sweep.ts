import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { inkOf, type Sheet } from "../draw/canvas";
import { drawWidthSweep, type WidthTrial } from "../draw/width-sweep";
import { controls } from "./base";
import { PictureElement } from "./picture";

/** Points fitted against the width, by both constructions. */
@customElement("lab-width-sweep")
export class LabWidthSweep extends PictureElement {
  @property({ attribute: false }) trials: readonly WidthTrial[] = [];
  @property({ type: Number }) points = 1;
  /** The width in use. */
  @property({ type: Number }) width = 2;
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
    const danger = getComputedStyle(this).getPropertyValue("--danger").trim() || "#a8201a";
    drawWidthSweep(pen, width, height, this.trials, {
      points: this.points,
      at: this.width,
      ink: inkOf(this),
      danger,
    });
  }

  override render() {
    return html`<canvas role="img" aria-label=${this.label}></canvas>`;
  }
}
