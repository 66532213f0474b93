import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { fit } from "../draw/canvas";
import { drawFeatureMaps, greyRange, MOST_MAPS } from "../draw/image-weights";
import { formatValue } from "../draw/scale";
import type { FeatureMaps } from "../engine/images";
import { controls } from "./base";
import { rangeText } from "./fields";
import { figureStyle } from "./figure-style";
import { RedrawnElement } from "./redrawn";
import { word } from "../words";

/** One image, RGBA. */
export interface PlainImage {
  pixels: Uint8ClampedArray<ArrayBuffer>;
  width: number;
  height: number;
}

/** What one image has become after every block. */
@customElement("lab-feature-maps")
export class LabFeatureMaps extends RedrawnElement {
  @property({ attribute: false }) maps: readonly FeatureMaps[] = [];
  @property({ attribute: false }) image: PlainImage | undefined;

  static override styles = [
    controls,
    figureStyle,
    css`
      .row {
        margin-top: 0.375rem;
        font-size: 0.75rem;
      }
      .maps {
        overflow-x: auto;
        padding: 2px;
      }
      .maps:focus-visible {
        outline: 2px solid var(--focus);
        outline-offset: 1px;
      }
      .maps canvas {
        width: calc(var(--maps) * 3.25rem - 0.25rem);
        height: 3rem;
        touch-action: auto;
      }
      canvas.image {
        width: auto;
        height: 4rem;
        image-rendering: pixelated;
        border-radius: 2px;
      }
    `,
  ];

  protected override drawAll(): void {
    this.drawImage();
    this.renderRoot.querySelectorAll<HTMLCanvasElement>(".maps canvas").forEach((canvas, i) => {
      const [sheet, maps] = [fit(canvas), this.maps[i]];
      if (!sheet || !maps) return;
      const side = sheet.height;
      const shown = Math.min(MOST_MAPS, maps.channels);
      const pitch = shown > 1 ? (sheet.width - side) / (shown - 1) : side;
      drawFeatureMaps(sheet.pen, pitch, side, maps);
    });
  }

  private drawImage(): void {
    const canvas = this.renderRoot.querySelector<HTMLCanvasElement>(".image");
    if (!canvas || !this.image) return;
    const { pixels, width, height } = this.image;
    canvas.getContext("2d")?.putImageData(new ImageData(pixels, width, height), 0, 0);
  }

  override render() {
    const { image, maps } = this;
    return html`<div class="head">
        <h3>${word("features.heading")}</h3>
        <span class="reading">${maps.length > 0 ? word("features.key") : ""}</span>
      </div>
      ${
        image
          ? html`<canvas
              class="image"
              role="img"
              aria-label=${word("features.image")}
              width=${image.width}
              height=${image.height}
            ></canvas>`
          : nothing
      }
      ${maps.map((one, i) => this.row(one, i))}`;
  }

  private row(maps: FeatureMaps, block: number) {
    const { low, high } = greyRange(maps.values);
    const shown = Math.min(MOST_MAPS, maps.channels);
    const some = shown < maps.channels;
    const name = word(some ? "features.some" : maps.channels === 1 ? "features.one" : "features.many", {
      block: block + 1,
      shown,
      count: maps.channels,
      height: maps.height,
      width: maps.width,
    });
    const range = rangeText(formatValue(low), formatValue(high));
    return html`<div class="row" data-testid="feature-row">
      <div>${name}, <span class="muted">${range}</span></div>
      <div class="maps" role="region" tabindex="0" aria-label=${name}>
        <canvas
          role="img"
          aria-label=${word("features.label", { name, range })}
          style="--maps: ${shown}"
        ></canvas>
      </div>
    </div>`;
  }
}
