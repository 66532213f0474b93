import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { guard } from "lit/directives/guard.js";
import { formatCount, formatValue, type ColourScale } from "../draw/scale";
import type { Camera } from "../draw/camera";
import { ceilingOf } from "../draw/landscape";
import type { Domain } from "../draw/scale";
import type {
  SplitPoints,
  Landscape,
  NetworkSpec,
  Parametrization,
  Probe,
  Reading,
  Slices,
  Spectra,
  TwinFrame,
  TwinSpec,
  View,
} from "../engine/types";
import { WHOLE } from "../engine/types";
import type { ClassifierPicture } from "../classifying";
import type { PlaneRange } from "../draw/decision";
import { hasFixedMaps } from "../engine/types";
import { measureName, measureOf } from "../measure";
import { entryNames } from "../plane-name";
import type { PictureKind } from "../store";
import { controls, LabElement, panel } from "./base";
import { startTitle } from "../starts";
import { layersTitle } from "../twin-names";
import "./decision";
import "./hidden";
import "./landscape";
import "./matrices";
import "./spectrum";
import "./variance";
import { word, type Word } from "../words";

interface Words {
  formula: string;
  sentence: Word;
}

const LINEAR: Record<Parametrization, Words> = {
  identity: { formula: "h ← h + A h", sentence: "twin.linear.identity" },
  standard: { formula: "h ← W h", sentence: "twin.linear.standard" },
};
const CLASSIFIERS: Record<Parametrization, Words> = {
  identity: { formula: "h ← h + V (Uh + s)₊", sentence: "twin.relu.identity" },
  standard: { formula: "h ← V (Uh + s)₊", sentence: "twin.relu.standard" },
};

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
  @property({ attribute: false }) network: NetworkSpec | undefined;
  /** Of classifiers. */
  @property({ attribute: false }) picture: ClassifierPicture | undefined;
  @property({ attribute: false }) points: SplitPoints | undefined;
  @property({ attribute: false }) range: PlaneRange | undefined;
  @property({ attribute: false }) chosen: readonly [number, number] | undefined;
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
        font-weight: 600;
        letter-spacing: -0.01em;
      }
      h2 b {
        color: var(--twin);
        margin-inline-start: 0.35rem;
        font-family: "STIX Two Math", "Cambria Math", "Latin Modern Math", Georgia, "Times New Roman", serif;
        font-style: italic;
        font-weight: 600;
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
        font-weight: 600;
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
    const relu = this.network?.kind === "relu";
    const about = (relu ? CLASSIFIERS : LINEAR)[identity ? "identity" : "standard"];
    const start = startTitle(spec.start.kind);
    const fixed = this.network && hasFixedMaps(this.network);
    return html`<section
      class="panel ${this.colour}"
      aria-label=${word("figure.network", { name: this.name })}
    >
      <header>
        <div>
          <h2>
            ${layersTitle(spec, relu)}
            <b>${about.formula}</b>
          </h2>
          <p>
            ${word(about.sentence)} ${fixed ? word("twin.fixedMaps") : ""} ${word("twin.start", { start })}
          </p>
        </div>
        <div class="risk">
          <span>${this.network ? measureName(measureOf(this.network)) : ""}</span>
          <strong data-testid="excess"
            >${frame && Number.isNaN(frame.excess) ? word("decision.notFinite") : formatValue(frame?.excess)}</strong
          >
          <span data-testid="status">${this.status()}</span>
        </div>
      </header>
      ${relu && this.range ? this.decision() : nothing}
      <lab-landscape
        .landscape=${this.landscape}
        .axes=${guard([this.landscape?.spec, this.network, spec], () => this.axes())}
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
        .measure=${this.network ? measureOf(this.network) : "excess risk"}
        .ceiling=${ceilingOf(frame)}
        .scale=${this.scale}
        .view=${this.view}
        .twin=${this.colour}
        .name=${this.name}
      ></lab-landscape>
      ${
        relu
          ? html`<lab-hidden
                .followed=${this.picture?.hidden}
                .labels=${this.points?.labels}
                .name=${this.name}
              ></lab-hidden>
              <lab-variance
                .ratios=${this.picture?.hidden.ratios}
                .skips=${identity}
                .twin=${this.colour}
              ></lab-variance>`
          : nothing
      }
      <lab-spectrum
        .spectra=${this.spectra}
        .twin=${this.colour}
        .heading=${relu ? this.jacobian() : word("spectrum.heading")}
      ></lab-spectrum>
      ${
        relu
          ? nothing
          : html`<lab-matrices
              .parameters=${this.parameters}
              .width=${this.width}
              .parametrization=${spec.parametrization}
            ></lab-matrices>`
      }
    </section>`;
  }

  private axes() {
    const { spec, network, landscape } = this;
    return spec && network && landscape
      ? entryNames(landscape.spec, network, spec.parametrization)
      : undefined;
  }

  private decision() {
    return html`<lab-decision
      .picture=${this.picture?.decision}
      .points=${this.points}
      .range=${this.range}
      .chosen=${this.chosen}
      .name=${this.name}
    ></lab-decision>`;
  }

  /** What the singular values are of: Jacobians at an input. */
  private jacobian(): string {
    const { chosen, range } = this;
    return chosen && range
      ? word("twin.jacobianAt", { x: chosen[0].toFixed(2), y: chosen[1].toFixed(2) })
      : word("twin.jacobianFirst");
  }

  private right(): string {
    const { evaluation } = this.picture ?? {};
    if (!evaluation) return "";
    const held = evaluation.heldOutAccuracy;
    const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
    const share = percent(evaluation.accuracy);
    return held == null
      ? word("twin.right", { share })
      : word("twin.rightHeldOut", { share, held: percent(held) });
  }

  private status() {
    const { frame } = this;
    if (!frame) return nothing;
    if (frame.status === "diverged") {
      return html`<span class="diverged"
        >${word("figure.divergedAt", { step: formatCount(frame.divergedAt ?? 0) })}</span
      >`;
    }
    if (this.network?.kind === "relu") return html`<span data-testid="accuracy">${this.right()}</span>`;
    return html`max ‖W<sub>j</sub> − I‖
      ${formatValue(frame.largestResidualNorm ?? this.spectra?.largestResidualNorm)}`;
  }
}
