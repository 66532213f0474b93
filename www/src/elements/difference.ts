import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { inkOf, type Sheet } from "../draw/canvas";
import { TWIN_GRADIENT } from "../draw/color";
import { differenceOf, drawDifference, type Difference } from "../draw/difference";
import { formatValue } from "../draw/scale";
import type { Landscape } from "../engine/types";
import { controls, panel } from "./base";
import { PictureElement } from "./picture";
import { word } from "../words";

/** Both landscapes in one: how many times lower the one or the other lies, place by place. */
@customElement("lab-difference")
export class LabDifference extends PictureElement {
  @property({ attribute: false }) first: Landscape | undefined;
  @property({ attribute: false }) second: Landscape | undefined;
  @property({ attribute: false }) names: readonly [string, string] = ["", ""];
  private difference: Difference | undefined;

  static override styles = [
    controls,
    panel,
    css`
      h3 {
        font-size: 0.8125rem;
        font-weight: 600;
      }
      canvas {
        display: block;
        width: 100%;
        aspect-ratio: 1.3;
        margin-top: 0.375rem;
      }
      .legend {
        display: flex;
        justify-content: center;
        align-items: center;
        gap: 0.5rem;
        font-size: 0.75rem;
        color: var(--ink-muted);
        white-space: nowrap;
      }
      .scale {
        width: 6rem;
        height: 0.55rem;
        border-radius: 2px;
      }
      p {
        font-size: 0.75rem;
        color: var(--ink-muted);
      }
    `,
  ];

  override willUpdate(): void {
    const { first, second } = this;
    // While one picture is newer and finer than the other, the last comparison stays.
    if (first && second) this.difference = differenceOf(first, second) ?? this.difference;
  }

  protected override draw({ pen, width, height }: Sheet): void {
    if (!this.difference) return;
    drawDifference(pen, width, height, this.difference, inkOf(this));
  }

  override render() {
    const { difference: d } = this;
    const most = d ? formatValue(10 ** d.limit).replace(/\.0+$/, "") : "";
    const [first, second] = this.names;
    return html`<section class="panel" aria-label=${word("difference.label")}>
      <h3>${word("difference.heading", { first, second })}</h3>
      <canvas
        role="img"
        data-testid="difference-canvas"
        data-size=${d?.size ?? 0}
        aria-label=${word("difference.canvas")}
      ></canvas>
      <div class="legend">
        <span>${word("difference.lower", { name: first, most })}</span>
        <span class="scale" style="background: ${TWIN_GRADIENT}"></span>
        <span>${word("difference.lower", { name: second, most })}</span>
      </div>
      <p data-testid="difference-summary">
        ${d ? word("difference.summary", { name: first, share: Math.round(100 * d.firstLower) }) : word("difference.waiting")}
      </p>
    </section>`;
  }
}
