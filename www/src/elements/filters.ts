import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Sheet } from "../draw/canvas";
import { drawFilters, largest } from "../draw/image-weights";
import { formatValue } from "../draw/scale";
import type { Filters } from "../engine/images";
import { controls } from "./base";
import { figureStyle } from "./figure-style";
import { PictureElement } from "./picture";
import { word } from "../words";

/** The filters of the first convolution. */
@customElement("lab-filters")
export class LabFilters extends PictureElement {
  @property({ attribute: false }) filters: Filters | undefined;

  static override styles = [
    controls,
    figureStyle,
    css`
      canvas {
        height: 5.75rem;
      }
      .range {
        display: flex;
        align-items: center;
        gap: 0.4rem;
      }
      .legend i {
        background: linear-gradient(to right, #000000, #ffffff);
      }
    `,
  ];

  protected override draw({ pen, width, height }: Sheet): void {
    if (this.filters) drawFilters(pen, width, height, this.filters);
  }

  override render() {
    const { filters } = this;
    const most = filters ? largest(filters.values) : 0;
    const what = filters
      ? word(filters.channels === 3 ? "filters.colour" : "filters.grey", {
          count: filters.filters,
          side: filters.side,
        })
      : "";
    return html`<div class="head">
        <h3>${word("filters.heading")}</h3>
        <span class="legend" data-testid="filters-legend"
          ><span>${what}</span>${
            filters ? html`<span class="range">−${formatValue(most)}<i></i>${formatValue(most)}</span>` : ""
          }</span
        >
      </div>
      <canvas
        role="img"
        data-testid="filters"
        aria-label=${word("filters.label", { what, most: formatValue(most) })}
      ></canvas>`;
  }
}
