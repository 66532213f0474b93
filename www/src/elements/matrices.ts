import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Sheet } from "../draw/canvas";
import { SIGNED_GRADIENT } from "../draw/color";
import { chooseLayers, drawMatrices, matrixBitmap, signedLimit, tile, type Tiling } from "../draw/matrices";
import { formatValue } from "../draw/scale";
import { controls } from "./base";
import { PictureElement } from "./picture";
import { phrase, word } from "../words";

const MOST_TILES = 32;

interface Hit {
  layer: number;
  row: number;
  column: number;
}

/** The parameters of each layer; hover, tap or arrow keys enlarge one. */
@customElement("lab-matrices")
export class LabMatrices extends PictureElement {
  @property({ attribute: false }) parameters: Float32Array | undefined;
  @property({ type: Number }) width = 1;
  @property() parametrization = "identity";
  @state() private hit: Hit | undefined;

  private tiling: Tiling = { columns: 1, rows: 1, side: 0, pitch: 0 };
  private shown: number[] = [];
  private limit = 1;

  static override styles = [
    controls,
    css`
      :host {
        position: relative;
        display: block;
      }
      .head {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        align-items: center;
        gap: 0 0.75rem;
        font-size: 0.75rem;
        color: var(--ink-muted);
        margin-bottom: 0.35rem;
      }
      h3 {
        font-size: 0.8125rem;
        font-weight: 600;
        color: var(--ink);
      }
      .legend {
        display: flex;
        align-items: center;
        gap: 0.4rem;
      }
      .legend i {
        width: 4.5rem;
        height: 0.55rem;
        border-radius: 2px;
      }
      canvas.tiles {
        display: block;
        width: 100%;
        height: 5.75rem;
      }
      .large {
        position: absolute;
        bottom: calc(100% + 0.25rem);
        right: 0;
        z-index: 3;
        background: var(--surface);
        border: 1px solid var(--line-strong);
        border-radius: 8px;
        padding: 0.5rem;
        box-shadow: 0 6px 24px rgb(0 0 0 / 0.18);
        pointer-events: none;
        font-size: 0.75rem;
      }
      .large canvas {
        display: block;
        width: 12rem;
        height: 12rem;
        image-rendering: pixelated;
        margin-bottom: 0.25rem;
      }
    `,
  ];

  private get layers(): number {
    return this.parameters ? this.parameters.length / (this.width * this.width) : 0;
  }

  private get name(): string {
    return this.parametrization === "identity" ? "A" : "W";
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has("parameters") || !this.parameters) return;
    this.limit = signedLimit(this.parameters);
    this.shown = chooseLayers(this.layers, MOST_TILES);
    if (this.hit && this.hit.layer >= this.layers) this.hit = undefined;
  }

  protected override draw({ pen, width, height }: Sheet): void {
    const { parameters } = this;
    if (!parameters) return;
    this.tiling = tile(this.shown.length, width, height);
    drawMatrices(pen, parameters, this.width, this.shown, this.tiling, this.limit);
    this.drawLarge();
  }

  private drawLarge(): void {
    const large = this.renderRoot.querySelector<HTMLCanvasElement>(".large canvas");
    if (!large || !this.hit || !this.parameters) return;
    large.width = large.height = this.width;
    large
      .getContext("2d")!
      .drawImage(matrixBitmap(this.matrix(this.hit.layer), this.width, this.limit), 0, 0);
  }

  private matrix(layer: number): Float32Array {
    const size = this.width * this.width;
    return this.parameters!.subarray(layer * size, (layer + 1) * size);
  }

  private read(event: PointerEvent): void {
    const { x, y } = this.at(event);
    const { pitch, side, columns } = this.tiling;
    const [column, row] = [Math.floor(x / pitch), Math.floor(y / pitch)];
    const layer = column < columns ? this.shown[row * columns + column] : undefined;
    const cell = (t: number) => Math.min(this.width - 1, Math.floor(((t % pitch) / side) * this.width));
    this.hit = layer === undefined ? undefined : { layer, row: cell(y), column: cell(x) };
  }

  private key(event: KeyboardEvent): void {
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === "Escape") this.hit = undefined;
    if (move === undefined || this.layers === 0) return;
    event.preventDefault();
    const from = this.hit ? this.hit.layer + move : 0;
    this.hit = { layer: Math.min(this.layers - 1, Math.max(0, from)), row: 0, column: 0 };
  }

  override render() {
    const { layers, hit, name } = this;
    const some =
      layers > this.shown.length ? word("matrices.some", { shown: this.shown.length, layers }) : "";
    return html`<div class="head">
        <h3>${phrase("matrices.heading", { name: html`${name}<sub>j</sub>` })}${some}</h3>
        <span class="legend"
          >−${formatValue(this.limit)}<i style="background: ${SIGNED_GRADIENT}"></i>${formatValue(
            this.limit,
          )}</span
        >
      </div>
      <canvas
        class="tiles"
        role="img"
        tabindex="0"
        aria-label=${word("matrices.label", { name, layers })}
        @pointermove=${this.read}
        @pointerdown=${this.read}
        @pointerleave=${() => (this.hit = undefined)}
        @blur=${() => (this.hit = undefined)}
        @keydown=${this.key}
      ></canvas>
      ${
        hit && this.parameters
          ? html`<div class="large">
              <canvas aria-hidden="true"></canvas>
              ${name}<sub>${hit.layer + 1}</sub>,
              ${word("matrices.entry", { row: hit.row + 1, column: hit.column + 1 })}:
              <strong>${formatValue(this.matrix(hit.layer)[hit.row * this.width + hit.column])}</strong>
            </div>`
          : nothing
      }`;
  }
}
