import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { inkOf, type Sheet } from "../draw/canvas";
import { drawEigenvalues } from "../draw/eigenvalues";
import type { TwinName } from "../twin-names";
import type { Spectra } from "../engine/types";
import { controls } from "./base";
import { PictureElement } from "./picture";
import { word } from "../words";

/** More moments are thinned. */
const MOMENTS = 600;

/** Where the eigenvalues of both products were, are, and should be. */
@customElement("lab-eigenvalues")
export class LabEigenvalues extends PictureElement {
  @property({ attribute: false }) spectra: readonly (Spectra | undefined)[] = [];
  @property({ attribute: false }) names: readonly TwinName[] = [];
  /** Another one means another run. */
  @property({ attribute: false }) run: unknown;
  private moments: Float32Array[][] = [];

  static override styles = [
    controls,
    css`
      canvas {
        display: block;
        width: 100%;
        aspect-ratio: 1.15;
        max-height: var(--picture-height, none);
      }
    `,
  ];

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("run")) this.moments = [];
    if (!changed.has("spectra")) return;
    this.spectra.forEach((spectra, i) => {
      const list = (this.moments[i] ??= []);
      const now = spectra?.productEigenvalues;
      if (!now || list[list.length - 1] === now) return;
      list.push(now);
      if (list.length > MOMENTS)
        this.moments[i] = list.filter((_, k) => k % 2 === 1 || k === list.length - 1);
    });
  }

  protected override draw({ pen, width, height }: Sheet): void {
    const target = this.spectra.find(Boolean)?.targetEigenvalues;
    if (!target) return;
    const ink = inkOf(this);
    const paths = this.names.map(({ colour }, i) => ({
      colour: colour === "identity" ? ink.identity : ink.standard,
      moments: this.moments[i] ?? [],
    }));
    drawEigenvalues(pen, width, height, target, paths, ink);
  }

  override render() {
    return html`<canvas
      role="img"
      data-testid="eigenvalues-canvas"
      aria-label=${word("eigenvalues.label")}
    ></canvas>`;
  }
}
