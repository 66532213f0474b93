import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { describeCritical } from "../critical";
import type { Camera } from "../draw/camera";
import { SEQUENTIAL_GRADIENT } from "../draw/color";
import { placeAtStep } from "../draw/history-place";
import { placeOnWay } from "../draw/way-place";
import { domainOf, nearOptimum, prepareLandscape, type LandscapePicture } from "../draw/landscape";
import { formatShare, formatValue, type ColourScale, type Domain } from "../draw/scale";
import type { Landscape, Mark, PlanePoint, Probe, Reading, Slices, View } from "../engine/types";
import { WHOLE } from "../engine/types";
import type { PictureKind } from "../store";
import { axisLabel } from "../plane-name";
import { capital, measureName, type Measure } from "../measure";
import { said } from "./said";
import { word } from "../words";
import { controls, LabElement } from "./base";
import { plotLeft } from "./picture";
import "./map";
import { saveMenu, saveMenuStyle } from "./save-menu";
import "./slices";
import "./surface";

/** More newer points than this are thinned: the next picture brings the whole path anyway. */
const TRAIL = 2048;

/** The landscape of one network in the form chosen, with all that it says beside the picture. */
@customElement("lab-landscape")
export class LabLandscape extends LabElement {
  @property() kind: PictureKind = "map";
  @property({ attribute: false }) landscape: Landscape | undefined;
  @property({ attribute: false }) slices: Slices | undefined;
  @property({ attribute: false }) point: PlanePoint | undefined;
  /** Which of the run's networks this is. */
  @property({ type: Number }) index = 0;
  /** What stands under the pointer. */
  @property({ attribute: false }) reading: Reading | undefined;
  @property({ attribute: false }) probe: Probe | "pending" | undefined;
  /** What the height is called. */
  @property() measure: Measure = "excess risk";
  /** The network's own excess risk. */
  @property({ type: Number }) risk: number | undefined;
  @property() twin: "identity" | "standard" = "identity";
  /** What it is called. */
  @property() name = "identity";
  @property() scale: ColourScale = "log";
  /** Heights above this are not told apart. */
  @property({ type: Number }) ceiling = Infinity;
  /** What the colours cover, where the other picture has a say in it. */
  @property({ attribute: false }) domain: Domain | undefined;
  @property({ attribute: false }) view: View = WHOLE;
  @property({ attribute: false }) camera: Camera | undefined;
  /** The earlier step that is being looked at. */
  @property({ type: Number }) scrub: number | undefined;
  /** The part of the way to the constructed optimum that is being looked at. */
  @property({ type: Number }) way: number | undefined;
  /** Why the plane asked for is not shown. */
  @property() problem = "";
  /** What the axes are called, where that is not what the plane calls them. */
  @property({ attribute: false }) axes: readonly [string, string] | undefined;
  /** Only the picture and its colours, for a figure in a text. */
  @property({ type: Boolean }) plain = false;

  private picture: LandscapePicture | undefined;
  /** What the colours on show cover. */
  private shown: Domain | undefined;
  private trail: readonly number[] = [];

  static override styles = [
    controls,
    saveMenuStyle,
    css`
      figure {
        margin: 0;
        position: relative;
      }
      .legend {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 0.5rem;
        font-size: 0.75rem;
        color: var(--ink-muted);
        padding-inline-start: ${plotLeft};
        min-height: 1.2rem;
        white-space: nowrap;
      }
      .scale {
        width: clamp(3rem, 8vw, 8rem);
        height: 0.55rem;
        border-radius: 2px;
      }
      .hatch {
        width: 1.1rem;
        height: 0.55rem;
        background: repeating-linear-gradient(135deg, rgb(60 60 70) 0 3px, rgb(150 150 160) 3px 4.5px);
      }
      .line {
        width: 1.4rem;
        border-top: 2px solid var(--ink);
      }
      .line.dashed {
        border-top-style: dashed;
      }
      .end {
        margin-inline-start: auto;
      }
      .honesty,
      .reading,
      .probe {
        display: flex;
        flex-wrap: wrap;
        gap: 0 0.9rem;
        padding-inline-start: ${plotLeft};
        font-size: 0.75rem;
        color: var(--ink-muted);
        align-content: start;
      }
      /* The page must not jump when a line comes or grows. */
      .honesty {
        min-height: 2.2rem;
      }
      .reading {
        min-height: 1.1rem;
      }
      .probe {
        min-height: 2.2rem;
        text-wrap: pretty;
      }
      .probe strong {
        color: var(--ink);
        font-weight: 600;
      }
      .probe button {
        font-size: 0.75rem;
        min-height: 1.5rem;
        padding: 0 0.5rem;
      }
      .waiting {
        position: absolute;
        inset: 8px 10px auto ${plotLeft};
        height: calc(0.88 * var(--picture-height, clamp(14rem, 34vh, 34rem)));
        display: grid;
        place-items: center;
        padding: 1rem;
        text-align: center;
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
    if (["landscape", "scale", "domain", "kind"].some((name) => changed.has(name))) {
      const { landscape: l, scale, ceiling, domain } = this;
      // Contours are the costly part, and the map's own.
      this.picture = l && this.kind === "map" ? prepareLandscape(l, scale, ceiling, domain) : undefined;
      this.shown = this.picture?.domain ?? domain ?? (l && domainOf(l.values, scale, ceiling));
    }
    if (changed.has("point") && this.point && this.point.plane === this.landscape?.plane) {
      const grown = [...this.trail, this.point.a, this.point.b];
      this.trail = grown.length > 2 * TRAIL ? thin(grown) : grown;
    }
  }

  private get labels(): readonly [string, string] {
    if (this.axes) return this.axes;
    const shown = this.kind === "slices" ? this.slices : this.landscape;
    return shown ? [axisLabel(shown, 0), axisLabel(shown, 1)] : ["", ""];
  }

  override render() {
    const shown = this.kind === "slices" ? this.slices : this.landscape;
    return html`<figure @lab-pick=${this.forward} @lab-start-at=${this.forward} @lab-hover=${this.forward}>
      ${this.main()}
      ${shown ? nothing : html`<div class="waiting">${said(this.problem) || word("landscape.waiting")}</div>`}
      <figcaption class="legend">${this.kind === "slices" ? this.lineKey() : this.colourKey()}</figcaption>
      ${shown && !this.plain ? this.captions(shown) : nothing}
    </figure>`;
  }

  /** What the picture says of a place goes on with the number of the network. */
  private forward(event: CustomEvent<object | null>): void {
    event.stopPropagation();
    this.say(event.type, { twin: this.index, ...event.detail });
  }

  /** What deserves a ring on the surface, as it has one on the map. */
  private get marks(): readonly Mark[] {
    const { landscape } = this;
    const optimum = landscape && nearOptimum(landscape);
    return optimum ? [...landscape.marks, { label: "optimum", ...optimum }] : (landscape?.marks ?? []);
  }

  private get marker(): readonly [number, number] | undefined {
    const { landscape, scrub, way } = this;
    if (!landscape) return undefined;
    if (scrub !== undefined) return placeAtStep(landscape, scrub);
    return way === undefined ? undefined : placeOnWay(landscape, way);
  }

  private main() {
    const { marker } = this;
    if (this.kind === "slices") {
      return html`<lab-slices
        .measure=${this.measure}
        .slices=${this.slices}
        .twin=${this.twin}
        .name=${this.name}
        .scale=${this.scale}
        .ceiling=${this.ceiling}
      ></lab-slices>`;
    }
    if (this.kind === "surface") {
      return html`<lab-surface
        data-testid="surface"
        .measure=${this.measure}
        .landscape=${this.landscape}
        .point=${this.point}
        .trail=${this.trail}
        .twin=${this.twin}
        .name=${this.name}
        .scale=${this.scale}
        .domain=${this.shown}
        .camera=${this.camera}
        .marker=${marker}
        .marks=${this.marks}
      ></lab-surface>`;
    }
    return html`<lab-map
      .measure=${measureName(this.measure)}
      .picture=${this.picture}
      .trail=${this.trail}
      .marker=${marker}
      .view=${this.view}
      .labels=${this.labels}
      .twin=${this.twin}
      .name=${this.name}
    ></lab-map>`;
  }

  private colourKey() {
    const domain = this.shown;
    const [low, high] = domain ? this.ends(domain) : ["", ""];
    return html`${
      domain
        ? html`<span>${measureName(this.measure)}</span><span>${low}</span>
            <span class="scale" style="background: ${SEQUENTIAL_GRADIENT}"></span>
            <span title=${word("landscape.higher")}>≥ ${high}</span>`
        : html`<span></span><span></span><span></span><span></span>`
    }
    ${
      this.picture?.holes.length
        ? html`<span class="hatch"></span
            ><span
              title=${word("landscape.divergedWhere", { measure: capital(measureName(this.measure)), value: formatValue(this.landscape?.divergence) })}
              >${word("landscape.diverged")}</span
            >`
        : nothing
    }
    ${this.saveMenu()}`;
  }

  private lineKey() {
    const [first, second] = this.labels;
    return html`<span class="line" style="border-color: var(--${this.twin})"></span><span>${first}</span>
      <span class="line dashed"></span><span>${second}</span>`;
  }

  private saveMenu() {
    if (!this.landscape || this.plain) return nothing;
    return saveMenu(
      word("save.landscape", { name: this.name }),
      "save-select",
      word("save.landscapeTitle"),
      (kind) => this.say("lab-save", { twin: this.index, kind }),
    );
  }

  private captions(shown: Landscape | Slices) {
    return html`<p class="honesty" data-testid="honesty">
        ${this.problem ? html`<span>${said(this.problem)}</span>` : nothing}${this.captured(shown)}<span
          title=${word("landscape.offTitle")}
          >${word("landscape.off", { distance: distance(shown.iterateDistance, shown.distance) })}</span
        >
        ${
          "inPlane" in shown
            ? html`<span title=${word("landscape.trueTitle", { measure: capital(measureName(this.measure)) })}
                >${word("landscape.true", { risk: formatValue(this.risk), inPlane: formatValue(shown.inPlane) })}</span
              >`
            : nothing
        }
        ${
          "checked" in shown && shown.checked
            ? html`<span title=${word("landscape.checkTitle", { cells: shown.checked.cells })}
                >${word("landscape.check", { error: formatValue(shown.checked.worst) })}</span
              >`
            : nothing
        }
      </p>
      ${
        this.kind === "map"
          ? html`<p class="reading" data-testid="reading">${this.read()}</p>
              <p class="probe" data-testid="probe" role="status">${this.probed()}</p>`
          : nothing
      }`;
  }

  private read() {
    const { reading: r } = this;
    if (!r) return nothing;
    const value = Number.isFinite(r.excess) ? formatValue(r.excess) : word("decision.notFinite");
    return html`<span>${word("landscape.at", { a: formatValue(r.a), b: formatValue(r.b) })}</span>
      <span>${word(this.measure === "loss" ? "landscape.loss" : "landscape.excess", { value })}</span>
      <span>${word("landscape.gradient", { value: formatValue(r.gradientNorm) })}</span>
      <span>${word("landscape.fromStart", { distance: formatValue(r.moved) })}</span>`;
  }

  private probed() {
    const { probe } = this;
    if (probe === "pending") return word("landscape.looking");
    if (!probe) return word("landscape.hint");
    const at = word("landscape.probed", {
      a: formatValue(probe.a),
      b: formatValue(probe.b),
      measure: measureName(this.measure),
      value: formatValue(probe.excess),
      norm: formatValue(probe.gradientNorm),
    });
    return html`<span>${at} <strong>${describeCritical(probe, this.measure)}</strong></span>
      <button
        data-testid="start-here"
        @click=${() => this.say("lab-start-at", { twin: this.index, a: probe.a, b: probe.b })}
      >
        ${word("ball.start")}
      </button>`;
  }

  private ends({ low, high }: Domain): [string, string] {
    return this.scale === "log"
      ? [formatValue(10 ** low), formatValue(10 ** high)]
      : [formatValue(low), formatValue(high)];
  }

  /** What share of what the plane holds. */
  private captured({ captured: c, variance }: Landscape | Slices) {
    if (c?.kind === "curvature") {
      return html`<span
        title=${word(c.exact ? "landscape.curvatureTitle" : "landscape.curvatureAboutTitle", { residual: formatValue(c.residual) })}
        >${word(c.exact ? "landscape.curvature" : "landscape.curvatureAbout", { share: formatShare(c.share) })}</span
      >`;
    }
    return html`<span title=${word("landscape.pathTitle")}
      >${word("landscape.path", { share: formatShare(variance) })}</span
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
