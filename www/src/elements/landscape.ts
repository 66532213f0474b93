import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { fit, inkOf } from "../draw/canvas";
import { SEQUENTIAL_GRADIENT } from "../draw/color";
import {
  drawLandscape,
  plotFrame,
  prepareLandscape,
  valueAt,
  type LandscapePicture,
} from "../draw/landscape";
import { formatValue } from "../draw/scale";
import type { Landscape, PlanePoint } from "../engine/types";
import { controls } from "./base";
import { PictureElement } from "./picture";

/** More newer points than this are thinned: the next picture brings the whole path anyway. */
const TRAIL = 2048;

@customElement("lab-landscape")
export class LabLandscape extends PictureElement {
  @property({ attribute: false }) landscape: Landscape | undefined;
  @property({ attribute: false }) point: PlanePoint | undefined;
  @property() twin = "identity";
  @state() private reading = "";

  private picture: LandscapePicture | undefined;
  private trail: number[] = [];

  static override styles = [
    controls,
    css`
      figure {
        margin: 0;
        position: relative;
      }
      canvas {
        display: block;
        width: 100%;
        height: clamp(14rem, 34vh, 34rem);
        touch-action: pan-y;
      }
      .legend {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 0.5rem;
        font-size: 0.75rem;
        color: var(--ink-muted);
        padding-inline-start: 40px;
        min-height: 1.2rem;
        white-space: nowrap;
      }
      .scale {
        width: clamp(3rem, 8vw, 8rem);
        height: 0.55rem;
        border-radius: 2px;
      }
      .reading {
        margin-inline-start: auto;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      @media (max-width: 68rem) {
        canvas {
          height: auto;
          aspect-ratio: 1.15;
        }
        /* The reading below the pointer takes a second line here; the page must not jump for it. */
        .legend {
          min-height: 2.2rem;
          align-content: start;
        }
      }
      .waiting {
        position: absolute;
        inset: 8px 10px 40px 40px;
        display: grid;
        place-items: center;
        color: var(--ink-muted);
        background: var(--sunken);
        border-radius: 4px;
      }
    `,
  ];

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("landscape")) {
      const old = changed.get("landscape") as Landscape | undefined;
      if (old?.plane !== this.landscape?.plane) this.trail = [];
      this.picture = this.landscape && prepareLandscape(this.landscape);
    }
    if (changed.has("point") && this.point && this.point.plane === this.landscape?.plane) {
      this.trail.push(this.point.a, this.point.b);
      if (this.trail.length > 2 * TRAIL) this.trail = thin(this.trail);
    }
  }

  protected override draw(canvas: HTMLCanvasElement): void {
    const context = fit(canvas);
    if (!context || !this.picture) return;
    const ink = inkOf(this);
    drawLandscape(context, canvas.clientWidth, canvas.clientHeight, this.picture, this.trail, {
      ink,
      colour: this.twin === "identity" ? ink.identity : ink.standard,
      aLabel: "start → iterate (distance in parameters)",
      bLabel: "random direction",
    });
  }

  private read(event: PointerEvent): void {
    const { canvas, landscape } = this;
    if (!canvas || !landscape) return;
    const { x, y } = this.at(event);
    const hit = valueAt(landscape, plotFrame(canvas.clientWidth, canvas.clientHeight), x, y);
    this.reading = hit
      ? `excess ${Number.isFinite(hit.value) ? formatValue(hit.value) : "not finite"} at (${formatValue(hit.a)}, ${formatValue(hit.b)})`
      : "";
  }

  override render() {
    const { landscape: l } = this;
    const domain = this.picture?.domain;
    const label = l
      ? `Landscape of the ${this.twin} network: excess risk over a plane of parameters, with the path of training`
      : "Landscape, not yet drawn";
    return html`<figure>
      <canvas
        role="img"
        data-testid="landscape-canvas"
        data-size=${l?.size ?? 0}
        aria-label=${label}
        @pointermove=${this.read}
        @pointerdown=${this.read}
        @pointerleave=${() => (this.reading = "")}
      ></canvas>
      ${l ? nothing : html`<div class="waiting">drawing the landscape</div>`}
      <figcaption class="legend">
        ${
          domain
            ? html`<span>excess risk</span><span>${formatValue(10 ** domain.low)}</span>
                <span class="scale" style="background: ${SEQUENTIAL_GRADIENT}"></span>
                <span title="Higher values share the darkest colour"
                  >≥ ${formatValue(10 ** domain.high)}</span
                >`
            : html`<span></span><span></span><span></span><span></span>`
        }
        <span class="reading">${this.reading || (l ? this.caption(l) : "")}</span>
      </figcaption>
    </figure>`;
  }

  private caption(l: Landscape): string {
    return l.planeDistance > 1e-6 ? `off plane ≤ ${formatValue(l.planeDistance)}` : "";
  }
}

/** Every second (a, b) pair, the last one kept. */
function thin(trail: readonly number[]): number[] {
  return trail.filter((_, i) => (i >> 1) % 2 === 1);
}
