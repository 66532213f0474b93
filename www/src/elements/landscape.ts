import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { fit, inkOf } from "../draw/canvas";
import { SEQUENTIAL_GRADIENT } from "../draw/color";
import {
  drawLandscape,
  placeAt,
  plotFrame,
  prepareLandscape,
  valueAt,
  type LandscapePicture,
} from "../draw/landscape";
import { formatValue, type ColourScale, type Domain } from "../draw/scale";
import type { Landscape, PlanePoint, Probe, View } from "../engine/types";
import { describeCritical } from "../critical";
import { controls } from "./base";
import { PictureElement } from "./picture";

/** More newer points than this are thinned: the next picture brings the whole path anyway. */
const TRAIL = 2048;

/** The view that shows the suggested range and nothing else. */
export const WHOLE: View = { zoom: 1, a: 0, b: 0 };

@customElement("lab-landscape")
export class LabLandscape extends PictureElement {
  @property({ attribute: false }) landscape: Landscape | undefined;
  @property({ attribute: false }) point: PlanePoint | undefined;
  /** Which of the run's networks this is. */
  @property({ type: Number }) index = 0;
  @property({ attribute: false }) probe: Probe | "pending" | undefined;
  /** The network's own excess risk. */
  @property({ type: Number }) risk: number | undefined;
  @property() twin = "identity";
  @property() scale: ColourScale = "log";
  /** Heights above this are not told apart. */
  @property({ type: Number }) ceiling = Infinity;
  @property({ attribute: false }) view: View = WHOLE;
  @state() private reading = "";
  /** Where a drag began, and the view it began with. */
  private drag: { x: number; y: number; view: View } | undefined;

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
        padding-inline-start: 54px;
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
      canvas {
        cursor: grab;
      }
      canvas:active {
        cursor: grabbing;
      }
      .honesty {
        display: flex;
        flex-wrap: wrap;
        gap: 0 0.9rem;
        padding-inline-start: 54px;
        font-size: 0.75rem;
        color: var(--ink-muted);
        min-height: 2.2rem;
        align-content: start;
      }
      .probe {
        padding-inline-start: 54px;
        font-size: 0.75rem;
        color: var(--ink-muted);
        min-height: 1.1rem;
        text-wrap: pretty;
      }
      .probe strong {
        color: var(--ink);
        font-weight: 560;
      }
      .waiting {
        position: absolute;
        inset: 8px 10px 40px 54px;
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
    }
    if (changed.has("landscape") || changed.has("scale")) {
      this.picture = this.landscape && prepareLandscape(this.landscape, this.scale, this.ceiling);
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
      aLabel: this.label(0),
      bLabel: this.label(1),
    });
  }

  private label(axis: 0 | 1): string {
    const name = this.landscape?.labels[axis] ?? "";
    const captured = this.landscape?.captured;
    if (captured?.kind !== "curvature") return name;
    return `${name}, λ = ${formatValue(axis === 0 ? captured.first : captured.second)}`;
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

  /** Zooms about the place under the pointer. */
  private zoom(x: number, y: number, factor: number): void {
    const { canvas, view } = this;
    if (!canvas) return;
    const frame = plotFrame(canvas.clientWidth, canvas.clientHeight);
    const zoom = Math.min(1e4, Math.max(0.05, view.zoom * factor));
    // From the middle of the picture, in halves of the range shown.
    const s = (2 * (x - frame.left)) / frame.width - 1;
    const t = 1 - (2 * (y - frame.top)) / frame.height;
    const moved = 1 / view.zoom - 1 / zoom;
    this.say("lab-view", { zoom, a: view.a + s * moved, b: view.b + t * moved });
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    const { x, y } = this.at(event);
    this.zoom(x, y, Math.exp(-Math.max(-100, Math.min(100, event.deltaY)) * 0.004));
  }

  private press(event: PointerEvent): void {
    this.read(event);
    if (event.pointerType === "mouse" && event.button !== 0) return;
    this.drag = { ...this.at(event), view: this.view };
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
  }

  private move(event: PointerEvent): void {
    const { canvas, drag } = this;
    this.read(event);
    if (!canvas || !drag) return;
    const { x, y } = this.at(event);
    // A finger that scrolls the page must not move the picture.
    if (event.pointerType === "touch" || Math.hypot(x - drag.x, y - drag.y) < 4) return;
    const frame = plotFrame(canvas.clientWidth, canvas.clientHeight);
    const { zoom, a, b } = drag.view;
    this.say("lab-view", {
      zoom,
      a: a - (2 * (x - drag.x)) / frame.width / zoom,
      b: b + (2 * (y - drag.y)) / frame.height / zoom,
    });
  }

  private release(event: PointerEvent): void {
    const { canvas, drag, landscape } = this;
    this.drag = undefined;
    if (!canvas || !landscape || !drag || event.type !== "pointerup") return;
    const { x, y } = this.at(event);
    if (Math.hypot(x - drag.x, y - drag.y) >= 4) return;
    const hit = placeAt(landscape, plotFrame(canvas.clientWidth, canvas.clientHeight), x, y);
    if (hit) this.say("lab-probe", { twin: this.index, ...hit });
  }

  private key(event: KeyboardEvent): void {
    const { canvas, view } = this;
    if (!canvas) return;
    const by = 0.25 / view.zoom;
    const pan = { ArrowLeft: [-by, 0], ArrowRight: [by, 0], ArrowDown: [0, -by], ArrowUp: [0, by] }[
      event.key
    ];
    const factor = { "+": 1.25, "=": 1.25, "-": 0.8 }[event.key];
    if (pan) this.say("lab-view", { zoom: view.zoom, a: view.a + pan[0]!, b: view.b + pan[1]! });
    else if (factor) this.say("lab-view", { ...view, zoom: view.zoom * factor });
    else if (event.key === "0") this.say("lab-view", WHOLE);
    else if (event.key === "Enter" && this.landscape) {
      const { a, b } = this.landscape;
      const middle = (axis: Float32Array) => (axis[0]! + axis[axis.length - 1]!) / 2;
      this.say("lab-probe", { twin: this.index, a: middle(a), b: middle(b) });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  override render() {
    const { landscape: l } = this;
    const domain = this.picture?.domain;
    const [low, high] = domain ? this.ends(domain) : ["", ""];
    const label = l
      ? `Landscape of the ${this.twin} network: excess risk over a plane of parameters, with the path of training`
      : "Landscape, not yet drawn";
    return html`<figure>
      <canvas
        role="img"
        tabindex="0"
        data-testid="landscape-canvas"
        data-size=${l?.size ?? 0}
        aria-label="${label}. Arrow keys move the view, plus and minus zoom, 0 shows the whole, Enter probes the middle."
        @pointermove=${this.move}
        @pointerdown=${this.press}
        @pointerup=${this.release}
        @pointercancel=${this.release}
        @pointerleave=${() => (this.reading = "")}
        @wheel=${this.wheel}
        @dblclick=${() => this.say("lab-view", WHOLE)}
        @keydown=${this.key}
      ></canvas>
      ${l ? nothing : html`<div class="waiting">drawing the landscape</div>`}
      <figcaption class="legend">
        ${
          domain
            ? html`<span>excess risk</span><span>${low}</span>
                <span class="scale" style="background: ${SEQUENTIAL_GRADIENT}"></span>
                <span title="Higher values share the darkest colour">≥ ${high}</span>`
            : html`<span></span><span></span><span></span><span></span>`
        }
        <span class="reading">${this.reading}</span>
      </figcaption>
      ${
        l
          ? html`<p class="honesty" data-testid="honesty">
                ${this.captured(l)}<span title="How far the network's parameters are from this plane"
                  >iterate ${distance(l.iterateDistance, l.distance)} off the plane</span
                >
                <span title="Excess risk of the network, and of its nearest point in this plane (float64)"
                  >true ${formatValue(this.risk)}, in plane ${formatValue(l.inPlane)}</span
                >
                ${
                  l.checked
                    ? html`<span
                        title="${l.checked.cells} cells of this picture computed again in float64: largest relative error"
                        >float64 check ${formatValue(l.checked.worst)}</span
                      >`
                    : nothing
                }
              </p>
              <p class="probe" data-testid="probe" role="status">${this.probed()}</p>`
          : nothing
      }
    </figure>`;
  }

  private probed() {
    const { probe } = this;
    if (probe === "pending") return "Looking for the nearest critical point.";
    if (!probe) return "Click on the landscape to find the critical point nearest to a place.";
    const at = `At (${formatValue(probe.a)}, ${formatValue(probe.b)}): excess risk ${formatValue(probe.excess)}, gradient norm ${formatValue(probe.gradientNorm)}.`;
    return html`${at} <strong>${describeCritical(probe)}</strong>`;
  }

  private ends({ low, high }: Domain): [string, string] {
    return this.scale === "log"
      ? [formatValue(10 ** low), formatValue(10 ** high)]
      : [formatValue(low), formatValue(high)];
  }

  /** What share of what the plane holds. */
  private captured(l: Landscape) {
    const { captured: c } = l;
    const percent = (share: number) => `${(100 * share).toFixed(share > 0.995 && share < 1 ? 1 : 0)} %`;
    if (c?.kind === "curvature") {
      return html`<span
        title="λ² of both directions against the sum over all${c.exact ? "" : ", estimated"}; residual ${formatValue(c.residual)}"
        >holds ${c.exact ? "" : "about "}${percent(c.share)} of the curvature</span
      >`;
    }
    return html`<span title="Share of the variance of the run's points that lies in this plane"
      >holds ${percent(l.variance)} of the path</span
    >`;
  }
}

/** Below this part of the way from the start, a distance is rounding of float32. */
function distance(value: number, way: number): string {
  return value <= 1e-6 * Math.max(way, 1e-3) ? "0" : formatValue(value);
}

/** Every second (a, b) pair, the last one kept. */
function thin(trail: readonly number[]): number[] {
  return trail.filter((_, i) => (i >> 1) % 2 === 1);
}
