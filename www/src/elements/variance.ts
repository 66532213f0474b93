import { css, html } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { inkOf, type Sheet } from "../draw/canvas";
import { formatValue } from "../draw/scale";
import { blockAt, drawVariance } from "../draw/variance";
import { varianceReading, varianceWords } from "../variance";
import { controls } from "./base";
import { rangeText } from "./fields";
import { PictureElement } from "./picture";
import { word } from "../words";

/** How much each block of a classifier adds to the points' variance, by depth. */
@customElement("lab-variance")
export class LabVariance extends PictureElement {
  /** One a block; see `Hidden`. */
  @property({ attribute: false }) ratios: Float64Array | undefined;
  /** Whether blocks have skip connections. */
  @property({ type: Boolean }) skips = true;
  @property() twin = "identity";
  @state() private marked: number | undefined;

  static override styles = [
    controls,
    css`
      .head {
        display: flex;
        justify-content: space-between;
        gap: 0.75rem;
        min-height: 1.3rem;
      }
      h3 {
        font-size: 0.8125rem;
        font-weight: 600;
      }
      .head span,
      p {
        color: var(--ink-muted);
        font-size: 0.75rem;
      }
      .head span {
        text-align: end;
      }
      p {
        text-wrap: pretty;
      }
      canvas {
        display: block;
        width: 100%;
        height: 7rem;
        touch-action: pan-y;
      }
    `,
  ];

  protected override draw({ pen, width, height }: Sheet): void {
    const { ratios, skips, marked, twin } = this;
    if (!ratios) return;
    const ink = inkOf(this);
    const { reference } = varianceWords(ratios, skips);
    const colour = twin === "identity" ? ink.identity : ink.standard;
    drawVariance(pen, width, height, { ratios, reference }, marked, colour, ink);
  }

  private point(event: PointerEvent): void {
    const { ratios } = this;
    this.marked = ratios && blockAt(this.at(event).x, this.bounds.width, ratios.length);
  }

  override render() {
    const ratios = this.ratios ?? new Float64Array();
    const { heading, sentence } = varianceWords(ratios, this.skips);
    const finite = ratios.filter((ratio) => !Number.isNaN(ratio));
    const extent =
      finite.length > 0
        ? rangeText(formatValue(Math.min(...finite)), formatValue(Math.max(...finite)))
        : word("variance.unknown");
    return html`<div class="head">
        <h3>${heading}</h3>
        <span data-testid="variance-reading"
          >${this.marked === undefined ? "" : varianceReading(ratios, this.marked, this.skips)}</span
        >
      </div>
      <canvas
        role="img"
        data-testid="variance"
        aria-label=${word("variance.label", { heading, extent, blocks: ratios.length })}
        @pointermove=${this.point}
        @pointerdown=${this.point}
        @pointerleave=${() => (this.marked = undefined)}
      ></canvas>
      <p data-testid="variance-said">${this.ratios ? sentence : ""}</p>`;
  }
}
