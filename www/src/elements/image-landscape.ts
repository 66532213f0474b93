import { css, html } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { inkOf, type Sheet } from "../draw/canvas";
import { SEQUENTIAL_GRADIENT } from "../draw/color";
import { drawImageLine, landscapeReading, planePicture } from "../draw/image-landscape";
import { drawLandscape, plotFrame, type LandscapePicture } from "../draw/landscape";
import { formatCount, formatValue } from "../draw/scale";
import type { ImageLandscape } from "../engine/images";
import { controls } from "./base";
import { cellAfter, type Cell } from "./cell-keys";
import { figureStyle } from "./figure-style";
import { PictureElement, plotLeft } from "./picture";
import { word } from "../words";

/** The loss along one or two random directions through the network. */
@customElement("lab-image-landscape")
export class LabImageLandscape extends PictureElement {
  @property({ attribute: false }) landscape: ImageLandscape | undefined;
  /** (column of a, row of b). */
  @state() private cursor: Cell | undefined;
  private picture: LandscapePicture | undefined;

  static override styles = [
    controls,
    figureStyle,
    css`
      canvas {
        height: clamp(13rem, 32vh, 24rem);
        cursor: crosshair;
      }
      canvas.plane {
        height: auto;
        aspect-ratio: 1.1;
        max-height: 34rem;
      }
      .legend {
        padding-inline-start: ${plotLeft};
        min-height: 1.2rem;
      }
      .legend .hatch {
        display: inline-block;
        width: 1.1rem;
        background: repeating-linear-gradient(135deg, rgb(60 60 70) 0 3px, rgb(150 150 160) 3px 4.5px);
      }
    `,
  ];

  private get size(): number {
    return this.landscape?.coordinates.length ?? 1;
  }

  private get rows(): number {
    return this.landscape?.axes === "plane" ? this.size : 1;
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has("landscape")) return;
    const { landscape, cursor } = this;
    const begun = landscape !== undefined && landscape.axes === "plane" && landscape.done > 0;
    this.picture = begun ? planePicture(landscape) : undefined;
    if (cursor && (cursor[0] >= this.size || cursor[1] >= this.rows)) this.cursor = undefined;
  }

  protected override draw({ pen, width, height }: Sheet): void {
    const { landscape, picture, cursor } = this;
    if (!landscape) return;
    const ink = inkOf(this);
    if (landscape.axes === "line") {
      drawImageLine(pen, width, height, landscape, cursor?.[0], ink);
    } else if (picture) {
      const at = (index: number) => landscape.coordinates[index]!;
      drawLandscape(pen, width, height, picture, [], {
        ink,
        colour: ink.identity,
        aLabel: "a",
        bLabel: "b",
        marker: cursor && [at(cursor[0]), at(cursor[1])],
      });
    }
  }

  private point(event: PointerEvent): void {
    const { bounds, size, rows } = this;
    const frame = plotFrame(bounds.width, bounds.height);
    const { x, y } = this.at(event);
    const [s, t] = [(x - frame.left) / frame.width, 1 - (y - frame.top) / frame.height];
    const inside = s >= 0 && s <= 1 && t >= 0 && t <= 1;
    this.cursor = inside ? [Math.round(s * (size - 1)), Math.round(t * (rows - 1))] : undefined;
  }

  private key(event: KeyboardEvent): void {
    if (event.key === "Escape") this.cursor = undefined;
    const next = cellAfter(event, this.cursor, this.size, this.rows);
    if (!next) return;
    this.cursor = next;
    event.preventDefault();
    event.stopPropagation();
  }

  private get reading(): string {
    const { landscape, cursor } = this;
    if (!landscape) return word("seen.uncomputed");
    if (cursor) return landscapeReading(landscape, ...cursor);
    const { done, cells } = landscape;
    if (done < cells) return word("seen.computed", { done: formatCount(done), cells: formatCount(cells) });
    const middle = (this.size - 1) / 2;
    return landscapeReading(landscape, middle, landscape.axes === "plane" ? middle : 0);
  }

  override render() {
    const { landscape, reading } = this;
    const plane = landscape?.axes === "plane";
    return html`<div class="head">
        <h3>${word(plane ? "seen.plane" : "seen.line")}</h3>
        <span class="reading" data-testid="image-landscape-reading">${reading}</span>
      </div>
      <canvas
        class=${plane ? "plane" : ""}
        role="img"
        tabindex="0"
        data-testid="image-landscape"
        aria-label=${word(plane ? "seen.planeLabel" : "seen.lineLabel", { reading })}
        @pointermove=${this.point}
        @pointerdown=${this.point}
        @pointerleave=${() => (this.cursor = undefined)}
        @blur=${() => (this.cursor = undefined)}
        @keydown=${this.key}
      ></canvas>
      ${plane ? this.colourKey() : ""}`;
  }

  private colourKey() {
    const domain = this.picture?.domain;
    if (!domain) return html`<div class="legend"></div>`;
    return html`<div class="legend">
      <span>${word("measure.loss")}</span><span>${formatValue(10 ** domain.low)}</span>
      <i style="background: ${SEQUENTIAL_GRADIENT}"></i>
      <span title=${word("landscape.higher")}>≥ ${formatValue(10 ** domain.high)}</span>
      <span>${word("view.log")}</span>
      ${this.picture?.holes.length ? html`<span><i class="hatch"></i> ${word("decision.notFinite")}</span>` : ""}
    </div>`;
  }
}
