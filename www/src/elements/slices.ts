import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { inkOf, type Sheet } from "../draw/canvas";
import { drawSlices } from "../draw/slices";
import type { ColourScale } from "../draw/scale";
import type { Slices } from "../engine/types";
import { capital, measureName, type Measure } from "../measure";
import { placeTitle } from "../plane-name";
import { controls } from "./base";
import { PictureElement } from "./picture";
import { word } from "../words";

/** The landscape along two lines through the iterate. */
@customElement("lab-slices")
export class LabSlices extends PictureElement {
  @property({ attribute: false }) slices: Slices | undefined;
  @property() twin = "identity";
  /** What it is called. */
  @property() measure: Measure = "excess risk";
  @property() name = "identity";
  @property() scale: ColourScale = "log";
  @property({ type: Number }) ceiling = Infinity;

  static override styles = [
    controls,
    css`
      canvas {
        display: block;
        width: 100%;
        height: var(--picture-height, clamp(14rem, 34vh, 34rem));
      }
      @media (max-width: 68rem) {
        canvas {
          height: var(--picture-height, auto);
          aspect-ratio: 1.15;
        }
      }
    `,
  ];

  protected override draw({ pen, width, height }: Sheet): void {
    if (!this.slices) return;
    const ink = inkOf(this);
    drawSlices(pen, width, height, this.slices, {
      ink,
      colour: this.twin === "identity" ? ink.identity : ink.standard,
      scale: this.scale,
      ceiling: this.ceiling,
    });
  }

  override render() {
    const [first, second] = (this.slices?.labels ?? ["", ""]).map(placeTitle) as [string, string];
    return html`<canvas
      role="img"
      data-testid="slices-canvas"
      data-size=${this.slices?.a.length ?? 0}
      aria-label=${word("slices.label", { measure: capital(measureName(this.measure)), name: this.name, first, second })}
    ></canvas>`;
  }
}
