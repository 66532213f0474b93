import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { formatCount, formatValue, type ColourScale } from "../draw/scale";
import type { Camera } from "../draw/camera";
import type { Domain } from "../draw/scale";
import type {
  Landscape,
  Parametrization,
  Probe,
  Reading,
  Slices,
  Spectra,
  TwinFrame,
  TwinSpec,
  View,
} from "../engine/types";
import type { PictureKind } from "../store";
import { controls, LabElement, panel } from "./base";
import { startTitle } from "./settings";
import "./landscape";
import { WHOLE } from "./map";
import "./matrices";
import "./spectrum";

/** Heights beyond this many times the run's first one share a colour. */
const CEILING = 100;

export function ceilingOf(frame: TwinFrame | undefined): number {
  return CEILING * (frame?.history.excess[0] || Infinity);
}

/** One of the two networks: what it is, how it fares, and its pictures. */
@customElement("lab-twin")
export class LabTwin extends LabElement {
  @property({ attribute: false }) spec: TwinSpec | undefined;
  @property() name = "identity";
  @property() colour: Parametrization = "identity";
  @property({ attribute: false }) frame: TwinFrame | undefined;
  @property({ attribute: false }) landscape: Landscape | undefined;
  @property({ attribute: false }) spectra: Spectra | undefined;
  @property({ attribute: false }) parameters: Float32Array | undefined;
  @property({ type: Number }) width = 1;
  /** Which of the run's networks this is. */
  @property({ type: Number }) index = 0;
  @property({ attribute: false }) probe: Probe | "pending" | undefined;
  @property({ attribute: false }) reading: Reading | undefined;
  @property({ attribute: false }) slices: Slices | undefined;
  @property() kind: PictureKind = "map";
  /** What the colours of the landscape cover, where both networks share that. */
  @property({ attribute: false }) domain: Domain | undefined;
  @property({ attribute: false }) camera: Camera | undefined;
  @property({ type: Number }) scrub: number | undefined;
  /** The part of the way to the constructed optimum that is being looked at. */
  @property({ type: Number }) way: number | undefined;
  @property() problem = "";
  @property() scale: ColourScale = "log";
  @property({ attribute: false }) view: View = WHOLE;

  static override styles = [
    controls,
    panel,
    css`
      .panel {
        display: grid;
        gap: 0.5rem;
        border-top-width: 3px;
      }
      .identity {
        --twin: var(--identity);
      }
      .standard {
        --twin: var(--standard);
      }
      .panel {
        border-top-color: var(--twin);
      }
      header {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 0 1rem;
        align-items: start;
      }
      h2 {
        font-size: 1.0625rem;
        font-weight: 640;
        letter-spacing: -0.01em;
      }
      h2 b {
        color: var(--twin);
        margin-inline-start: 0.35rem;
        font-family: "STIX Two Math", "Cambria Math", "Latin Modern Math", Georgia, "Times New Roman", serif;
        font-style: italic;
        font-weight: 500;
        font-size: 1.1em;
        white-space: nowrap;
      }
      header p {
        color: var(--ink-muted);
        font-size: 0.8125rem;
        text-wrap: pretty;
      }
      .risk {
        text-align: end;
        line-height: 1.15;
      }
      .risk strong {
        display: block;
        font-size: 1.375rem;
        font-weight: 620;
        letter-spacing: -0.01em;
        white-space: nowrap;
      }
      .risk span {
        font-size: 0.75rem;
        color: var(--ink-muted);
        white-space: nowrap;
      }
      .risk .diverged {
        color: var(--danger);
        font-weight: 600;
      }
    `,
  ];

  override render() {
    const { spec, frame } = this;
    if (!spec) return html`<slot></slot>`;
    const identity = spec.parametrization === "identity";
    const start = startTitle(spec.start.kind);
    return html`<section class="panel ${this.colour}" aria-label="${this.name} network">
      <header>
        <div>
          <h2>
            ${identity ? "Identity layers" : "Standard layers"}
            <b>${identity ? "h ← h + A h" : "h ← W h"}</b>
          </h2>
          <p>
            ${identity ? "Each layer adds a correction." : "Each layer is a whole new map."} Start: ${start}.
          </p>
        </div>
        <div class="risk">
          <span>excess risk</span>
          <strong data-testid="excess"
            >${frame && Number.isNaN(frame.excess) ? "not finite" : formatValue(frame?.excess)}</strong
          >
          <span data-testid="status">${this.status()}</span>
        </div>
      </header>
      <lab-landscape
        .landscape=${this.landscape}
        .index=${this.index}
        .slices=${this.slices}
        .kind=${this.kind}
        .reading=${this.reading}
        .probe=${this.probe}
        .domain=${this.domain}
        .camera=${this.camera}
        .scrub=${this.scrub}
        .way=${this.way}
        .problem=${this.problem}
        .point=${frame?.point}
        .risk=${frame?.excess}
        .ceiling=${ceilingOf(frame)}
        .scale=${this.scale}
        .view=${this.view}
        .twin=${this.colour}
        .name=${this.name}
      ></lab-landscape>
      <lab-spectrum .spectra=${this.spectra} .twin=${this.colour}></lab-spectrum>
      <lab-matrices
        .parameters=${this.parameters}
        .width=${this.width}
        .parametrization=${spec.parametrization}
      ></lab-matrices>
    </section>`;
  }

  private status() {
    const { frame } = this;
    if (!frame) return nothing;
    if (frame.status === "diverged") {
      return html`<span class="diverged">diverged at step ${formatCount(frame.divergedAt ?? 0)}</span>`;
    }
    return html`max ‖W<sub>j</sub> − I‖
      ${formatValue(frame.largestResidualNorm ?? this.spectra?.largestResidualNorm)}`;
  }
}
