import { css, html } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { inkOf, type Sheet } from "../draw/canvas";
import { formatValue } from "../draw/scale";
import {
  drawSpectrum,
  layerName,
  spectrumColumn,
  spectrumLayout,
  type SpectrumColumn,
} from "../draw/spectrum";
import type { Spectra } from "../engine/types";
import { controls } from "./base";
import { PictureElement } from "./picture";
import { word } from "../words";

@customElement("lab-spectrum")
export class LabSpectrum extends PictureElement {
  @property({ attribute: false }) spectra: Spectra | undefined;
  @property() twin = "identity";
  @property() heading = word("spectrum.heading");
  /** What the pointer is on. */
  @state() private marked: SpectrumColumn | undefined;

  static override styles = [
    controls,
    css`
      .head {
        display: flex;
        justify-content: space-between;
        gap: 0.75rem;
        font-size: 0.8125rem;
        min-height: 1.3rem;
      }
      h3 {
        font-size: 0.8125rem;
        font-weight: 600;
      }
      .head span {
        color: var(--ink-muted);
        font-size: 0.75rem;
        text-align: end;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      canvas {
        display: block;
        width: 100%;
        height: var(--picture-height, 7rem);
      }
    `,
  ];

  protected override draw({ pen, width, height }: Sheet): void {
    if (!this.spectra) return;
    const ink = inkOf(this);
    const colour = this.twin === "identity" ? ink.identity : ink.standard;
    drawSpectrum(pen, width, height, this.spectra, colour, ink);
  }

  private mark(event: PointerEvent): void {
    const { bounds, spectra } = this;
    if (!spectra) return;
    const layout = spectrumLayout(bounds.width, bounds.height, spectra.target.length > 0);
    this.marked = spectrumColumn(this.at(event).x, spectra.layers.length / spectra.width, layout);
  }

  /** What is marked, as it is now: the run goes on below a pointer that rests. */
  private get reading(): string {
    const { marked, spectra } = this;
    if (!marked || !spectra) return "";
    if (typeof marked === "string") return `${word(`spectrum.${marked}`)}: ${extent(spectra[marked])}`;
    const { width, layers } = spectra;
    const values = layers.subarray(marked.layer * width, (marked.layer + 1) * width);
    return `${layerName(spectra, marked.layer)}: ${extent(values)}`;
  }

  override render() {
    const { spectra } = this;
    const label = spectra ? labelOf(spectra) : word("spectrum.notYet");
    return html`<div class="head">
        <h3>${this.heading}</h3>
        <span>${this.reading}</span>
      </div>
      <canvas
        role="img"
        aria-label=${label}
        @pointermove=${this.mark}
        @pointerdown=${this.mark}
        @pointerleave=${() => (this.marked = undefined)}
      ></canvas>`;
  }
}

function labelOf({ product, target }: Spectra): string {
  return target.length > 0
    ? word("spectrum.label", { product: extent(product), target: extent(target) })
    : word("spectrum.labelOfBlocks", { product: extent(product) });
}

function extent(values: Float32Array): string {
  if (values.length === 0) return word("spectrum.none");
  const [most, least] = [values[0]!, values[values.length - 1]!];
  return values.length === 1
    ? formatValue(most)
    : word("spectrum.extent", { most: formatValue(most), least: formatValue(least) });
}
