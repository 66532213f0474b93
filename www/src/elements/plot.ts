import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { fit, inkOf, type Ink } from "../draw/canvas";
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
        height: clamp(11rem, 26vh, 20rem);
      }
    `,
  ];

  protected override draw(canvas: HTMLCanvasElement): void {
    const context = fit(canvas);
    if (!context || !this.plot) return;
    const ink = inkOf(this);
    drawLogPlot(context, canvas.clientWidth, canvas.clientHeight, this.plot(ink), ink);
  }

  override render() {
    return html`<canvas role="img" aria-label=${this.label}></canvas>`;
  }
}
