import { css, html } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { cellReading, confusionSentence, tallyReading } from "../confusion";
import { tickLabel } from "../draw/axis";
import { inkOf, type Sheet } from "../draw/canvas";
import {
  confusionAt,
  drawConfusion,
  LEAST_SHARE,
  RIGHT_COLOUR,
  WRONG_COLOUR,
  type ConfusionLayout,
} from "../draw/confusion";
import type { Tally } from "../engine/images";
import { controls } from "./base";
import { cellAfter } from "./cell-keys";
import { figureStyle } from "./figure-style";
import { PictureElement } from "./picture";
import { word } from "../words";

/** Which classes a network takes for which. */
@customElement("lab-confusion")
export class LabConfusion extends PictureElement {
  @property({ attribute: false }) tally: Tally | undefined;
  @property({ attribute: false }) classes: readonly string[] = [];
  @state() private cursor: { truth: number; predicted: number } | undefined;
  private layout: ConfusionLayout | undefined;

  static override styles = [
    controls,
    figureStyle,
    css`
      canvas {
        aspect-ratio: 1;
        max-height: 36rem;
        cursor: crosshair;
      }
      .legend {
        margin-top: 0.25rem;
      }
    `,
  ];

  protected override draw({ pen, width, height }: Sheet): void {
    const { tally } = this;
    if (!tally) return;
    this.layout = drawConfusion(pen, width, height, tally, this.classes, this.cursor, inkOf(this));
  }

  private point(event: PointerEvent): void {
    const { x, y } = this.at(event);
    this.cursor = this.layout && this.tally && confusionAt(this.layout, this.tally.classes, x, y);
  }

  private key(event: KeyboardEvent): void {
    const { tally, cursor } = this;
    if (!tally) return;
    if (event.key === "Escape") this.cursor = undefined;
    // Cells are counted from the lower left there.
    const last = tally.classes - 1;
    const from = cursor && ([cursor.predicted, last - cursor.truth] as const);
    const next = cellAfter(event, from, tally.classes, tally.classes);
    if (!next) return;
    this.cursor = { truth: last - next[1], predicted: next[0] };
    event.preventDefault();
    event.stopPropagation();
  }

  override render() {
    const { tally, classes, cursor } = this;
    if (!tally) {
      return html`<div class="head"><h3>${word("confusion.heading")}</h3></div>
        <p>${word("confusion.untested")}</p>`;
    }
    const reading = cursor
      ? cellReading(tally, classes, cursor.truth, cursor.predicted)
      : tallyReading(tally);
    return html`<div class="head">
        <h3>${word("confusion.heading")}</h3>
        <span class="reading" data-testid="confusion-reading">${reading}</span>
      </div>
      <canvas
        role="img"
        tabindex="0"
        data-testid="confusion"
        aria-label=${word("confusion.label", { reading })}
        @pointermove=${this.point}
        @pointerdown=${this.point}
        @pointerleave=${() => (this.cursor = undefined)}
        @blur=${() => (this.cursor = undefined)}
        @keydown=${this.key}
      ></canvas>
      <div class="legend">
        <span>${word("confusion.right")}</span
        >${this.bar(RIGHT_COLOUR)}<span>${word("confusion.wrong")}</span>${this.bar(WRONG_COLOUR)}
        <span>${word("confusion.scale", { least: tickLabel(100 * LEAST_SHARE) })}</span>
      </div>
      <p data-testid="confusion-said">${confusionSentence(tally, classes)}</p>`;
  }

  private bar(colour: string) {
    return html`<i style="background: linear-gradient(to right, var(--surface), ${colour})"></i>`;
  }
}
