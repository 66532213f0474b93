import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { inkOf, type Ink, type Sheet } from "../draw/canvas";
import { drawLogPlot, type LogPlot } from "../draw/log-plot";
import { controls } from "./base";
import { PictureElement } from "./picture";

/** A plot that is given as a function of the colours in force. */
@customElement("lab-plot")
export class LabPlot extends PictureElement {
  @property({ attribute: false }) plot: ((ink: Ink) => LogPlot) | undefined;
  @property() label = "";

  static override styles = [
    controls,
    css`
      canvas {
        display: block;
        width: 100%;
        height: var(--picture-height, clamp(11rem, 26vh, 20rem));
      }
    `,
  ];

  protected override draw({ pen, width, height }: Sheet): void {
    if (!this.plot) return;
    const ink = inkOf(this);
    drawLogPlot(pen, width, height, this.plot(ink), ink);
  }

  override render() {
    return html`<canvas role="img" aria-label=${this.label}></canvas>`;
  }
}
