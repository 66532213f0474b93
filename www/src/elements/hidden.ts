import { css, html } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { inkOf, type Sheet } from "../draw/canvas";
import { currentTheme } from "../draw/classes";
import { drawHidden, framesOf, tileAt, tiles, tilesHeight, type Frame, type Tile } from "../draw/hidden";
import { formatValue } from "../draw/scale";
import type { Hidden } from "../engine/types";
import { controls } from "./base";
import { PictureElement } from "./picture";
import { word } from "../words";

/** Narrowest small picture, in units of the picture. */
const LEAST = 56;

/** How the blocks move the points: small pictures of the hidden representation, on axes that all share. */
@customElement("lab-hidden")
export class LabHidden extends PictureElement {
  @property({ attribute: false }) followed: Hidden | undefined;
  @property({ attribute: false }) labels: Uint16Array | undefined;
  @property() name = "";
  @state() private marked: number | undefined;
  /** As they were drawn last. */
  private shown: readonly Tile[] = [];
  private frames: readonly Frame[] = [];
  /** Whether some of them are magnified. */
  @state() private magnified = false;

  static override styles = [
    controls,
    css`
      .head {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 0 0.75rem;
        min-height: 1.3rem;
      }
      h3 {
        font-size: 0.8125rem;
        font-weight: 600;
      }
      .head span {
        color: var(--ink-muted);
        font-size: 0.75rem;
      }
      canvas {
        display: block;
        width: 100%;
        height: 5rem;
        touch-action: pan-y;
      }
    `,
  ];

  /** The canvas is as high as its tiles. */
  protected override drawAll(): void {
    const { bounds, canvas, followed } = this;
    this.shown = followed ? tiles(followed.layers, bounds.width, LEAST) : [];
    const height = tilesHeight(this.shown) * bounds.unit;
    this.frames = followed
      ? framesOf(
          followed,
          this.shown.map(({ layer }) => layer),
        )
      : [];
    this.magnified = this.frames.some(({ magnified }) => magnified > 1);
    if (canvas && height > 0) canvas.style.height = `${Math.ceil(height)}px`;
    super.drawAll();
  }

  protected override draw({ pen }: Sheet): void {
    const { followed: hidden, labels, shown } = this;
    if (!hidden || !labels) return;
    drawHidden(pen, hidden, labels, shown, this.frames, this.marked, inkOf(this), currentTheme());
  }

  private point(event: PointerEvent): void {
    this.marked = tileAt(this.shown, this.at(event))?.layer;
  }

  private reading(): string {
    const { followed: hidden, marked } = this;
    if (!hidden) return "";
    if (marked === undefined) {
      const axes =
        hidden.captured < 0.995 ? word("hidden.axes", { share: (100 * hidden.captured).toFixed(0) }) : "";
      return [axes, this.magnified ? word("hidden.magnified") : ""].filter(Boolean).join("; ");
    }
    if (marked === 0) return word("hidden.before");
    return word("hidden.moved", { block: marked, part: formatValue(Math.sqrt(hidden.moved[marked - 1]!)) });
  }

  override render() {
    const { followed: hidden } = this;
    return html`<div class="head">
        <h3>${word("hidden.heading")}</h3>
        <span>${this.reading()}</span>
      </div>
      <canvas
        role="img"
        data-testid="hidden"
        aria-label=${word("hidden.label", { name: this.name, blocks: (hidden?.layers ?? 1) - 1 })}
        @pointermove=${this.point}
        @pointerdown=${this.point}
        @pointerleave=${() => (this.marked = undefined)}
      ></canvas>`;
  }
}
