import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import {
  depthOf,
  hasFixedMaps,
  type Experiment,
  type LinearSpec,
  type MapData,
  type NetworkSpec,
  type OptimizerSpec,
  type StartSpec,
  type TargetSpec,
} from "../engine/types";
import { capital, widthText } from "../measure";
import { formatRows, parseList, parseRows } from "../matrix-text";
import { startTitle, withoutGiven } from "../starts";
import { CLASSIFIER, classifierData, classifierNetwork } from "./settings-classifier";
import { batchChoice, choice, labelOf, number, rangeText, type FieldName, type Options } from "./fields";
import { controls, LabElement } from "./base";
import { word } from "../words";

const TARGETS: Options = [
  ["random", word("target.random")],
  ["negativeDeterminant", word("target.negativeDeterminant")],
  ["rotation", word("target.rotation")],
  ["positiveDefinite", word("target.positiveDefinite")],
  ["negativeEigenvalue", word("target.negativeEigenvalue")],
  ["diagonal", word("target.diagonal")],
  ["matrix", word("target.matrix")],
];
const DATA: Options = [
  ["population", word("data.population")],
  ["sample", word("data.sample")],
];
const OPTIMIZERS: Options = [
  ["gradientDescent", word("optimizer.gradientDescent")],
  ["momentum", word("setting.momentum")],
  ["adam", word("optimizer.adam")],
];
const titled = (...kinds: StartSpec["kind"][]): Options => kinds.map((kind) => [kind, startTitle(kind)]);
const USUAL = ["identity", "nearIdentity", "gaussian", "xavier", "he", "orthogonal"] as const;
const STARTS = titled(...USUAL, "zeroAsymmetric");
const CLASSIFIER_STARTS = titled(...USUAL, "fixup", "skipInit", "reZero");
const NETWORKS: Options = [
  ["linear", word("network.linear")],
  ["fixedMaps", word("network.fixedMaps")],
  ["relu", word("network.relu")],
];
/** Not to be chosen from a menu: a place on a landscape is pointed at. */
const GIVEN = ["given", startTitle("given")] as const;

/** Its place in the menu. */
function kindOf(network: NetworkSpec): string {
  return hasFixedMaps(network) ? "fixedMaps" : network.kind;
}

/** What a run is made of. Every change goes out as a whole experiment; the page decides when it takes effect. */
@customElement("lab-settings")
export class LabSettings extends LabElement {
  @property({ attribute: false }) experiment: Experiment | undefined;

  /** On a phone the settings fold away; turning it or widening the window unfolds them. */
  private readonly wide = matchMedia("(min-width: 40.01rem)");
  private readonly onWide = () => this.requestUpdate();

  override connectedCallback(): void {
    super.connectedCallback();
    this.wide.addEventListener("change", this.onWide);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.wide.removeEventListener("change", this.onWide);
  }

  static override styles = [
    controls,
    css`
      .strip {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: 0.375rem 0.625rem;
        padding: 0.375rem 0.875rem 0.5rem;
      }
      fieldset {
        display: flex;
        flex-wrap: wrap;
        gap: 0.375rem;
        margin: 0;
        padding: 0 0.625rem 0 0;
        border: 0;
        border-inline-end: 1px solid var(--line);
        min-width: 0;
      }
      fieldset:last-of-type {
        border: 0;
      }
      input {
        width: 3.5rem;
      }
      input,
      select {
        font-size: 0.8125rem;
        padding-inline: 0.375rem;
      }
      .insert {
        align-self: end;
        padding-inline: 0.5rem;
        font-size: 0.8125rem;
      }
      input.wide {
        width: 14rem;
      }
      select {
        max-width: 10.5rem;
      }
      .identity {
        color: var(--identity);
      }
      .standard {
        color: var(--standard);
      }
      textarea {
        width: min(34rem, 100%);
        min-height: 6rem;
        font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace;
        padding: 0.375rem 0.5rem;
      }
      .matrix {
        padding: 0 0.875rem 0.75rem;
        white-space: normal;
      }
      summary {
        padding: 0.5rem 0.875rem;
        font-size: 0.875rem;
        cursor: pointer;
      }
      @media (min-width: 40.01rem) {
        summary {
          display: none;
        }
      }
      @media (max-width: 40rem) {
        fieldset {
          border: 0;
          padding: 0;
          flex: 1 1 100%;
        }
        label {
          flex: 1 1 6.5rem;
        }
        input,
        select {
          width: 100%;
        }
      }
    `,
  ];

  override render() {
    const e = this.experiment;
    if (!e) return html`<div class="strip muted">${word("setting.waiting")}</div>`;
    const { network } = e;
    const linear = network.kind === "linear";
    const starts = linear ? STARTS : CLASSIFIER_STARTS;
    return html`<details ?open=${this.wide.matches}>
      <summary>
        ${word(linear ? "setting.summaryLinear" : "setting.summaryClassifier", { width: widthText(network), depth: depthOf(network) })}
      </summary>
      <div class="strip">
        <fieldset aria-label=${group("network")}>
          ${choice("network", NETWORKS, kindOf(network), (kind) => this.setKind(kind))}
          ${
            network.kind === "linear"
              ? html`${number("width", network.width, rangeText(1, 64), (width) => this.resize(network, width))}
                ${
                  network.hidden === undefined
                    ? nothing
                    : number(
                        "inner width",
                        network.hidden,
                        word("setting.innerRange", { from: network.width, to: 64 }),
                        (hidden) => this.reshape({ network: { ...network, hidden } }),
                      )
                }
                ${number("depth", network.layers, rangeText(1, 256), (layers) =>
                  this.reshape({ network: { ...network, layers } }),
                )}`
              : classifierNetwork(network, (next) => this.reshape({ network: next }))
          }
          ${this.insertion(depthOf(network), linear ? "layer" : "block")}
        </fieldset>
        ${
          linear
            ? html`<fieldset aria-label=${group("target")}>
                ${choice("target", TARGETS, e.target.kind, (kind) => this.change({ target: this.targetOf(kind) }))}
                ${this.targetFields(e.target)}
              </fieldset>`
            : nothing
        }
        <fieldset aria-label=${group("data")}>
          ${
            e.data.kind === "population" || e.data.kind === "sample"
              ? this.dataFields(e.data, e.batch)
              : classifierData(e.data, e.batch, (part) => this.reshape(part))
          }
        </fieldset>
        <fieldset aria-label=${group("optimizer")}>${this.optimizerFields(e.optimizer)}</fieldset>
        ${e.twins.map(
          (twin, i) =>
            html`<fieldset
              aria-label=${word("setting.startOf", { name: word(`twins.${twin.parametrization}`) })}
            >
              ${choice(
                html`<span class=${twin.parametrization}
                  >${word("setting.start", { name: word(`twins.${twin.parametrization}`) })}</span
                >`,
                twin.start.kind === "given" ? [...starts, GIVEN] : starts,
                twin.start.kind,
                (kind) => this.setStart(i, startOf(kind)),
              )}
              ${
                "scale" in twin.start
                  ? number("scale", twin.start.scale, rangeText(0, 1000), (scale) =>
                      this.setStart(i, { ...twin.start, scale } as StartSpec),
                    )
                  : nothing
              }
            </fieldset>`,
        )}
      </div>
      ${linear && e.target.kind === "matrix" ? this.matrixField(e.target.rows) : nothing}
    </details>`;
  }

  /** Where a layer goes that is inserted while the run goes on. */
  private position: number | undefined;

  private insertion(layers: number, what: "layer" | "block"): TemplateResult {
    const position = Math.min(this.position ?? Math.floor(layers / 2), layers);
    return html`<label
        title=${word(what === "layer" ? "setting.insertLayer" : "setting.insertBlock", { layers })}
        >${word(what === "layer" ? "setting.afterLayer" : "setting.afterBlock")}
        <input
          inputmode="numeric"
          data-testid="insert-after"
          .value=${String(position)}
          @change=${(event: Event) => {
            this.position = Number((event.target as HTMLInputElement).value);
            this.requestUpdate();
          }}
        />
      </label>
      <button
        class="insert"
        data-testid="insert"
        title=${word(what === "layer" ? "setting.insertedLayer" : "setting.insertedBlock")}
        @click=${() => this.say("lab-insert", position)}
      >
        ${word("setting.insert")}
      </button>`;
  }

  private targetFields(target: TargetSpec): TemplateResult | typeof nothing {
    const set = (part: object) => this.change({ target: { ...target, ...part } as TargetSpec });
    switch (target.kind) {
      case "rotation":
        return number("degrees", target.degrees, rangeText(-360, 360), (degrees) => set({ degrees }));
      case "negativeEigenvalue":
        return html`${number("eigenvalue", target.eigenvalue, word("setting.belowZero"), (eigenvalue) => set({ eigenvalue }))}
        ${number("condition", target.condition, rangeText(1, "1e6"), (condition) => set({ condition }))}`;
      case "diagonal":
        return html`<label
          >${labelOf("entries")}
          <input
            class="wide"
            .value=${target.values.join(", ")}
            @change=${(event: Event) => set({ values: parseList((event.target as HTMLInputElement).value) })}
          />
        </label>`;
      case "matrix":
        return nothing;
      default:
        return number("condition", target.condition, rangeText(1, "1e6"), (condition) => set({ condition }));
    }
  }

  private matrixField(rows: number[][]): TemplateResult {
    return html`<label class="matrix"
      >${word("setting.rows", { width: this.experiment?.network.width ?? 0 })}
      <textarea
        spellcheck="false"
        .value=${formatRows(rows)}
        @change=${(event: Event) =>
          this.change({
            target: {
              kind: "matrix",
              rows: parseRows((event.target as HTMLTextAreaElement).value) as number[][],
            },
          })}
      ></textarea>
    </label>`;
  }

  private dataFields(data: MapData, batch: number | null): TemplateResult {
    const set = (part: object) => this.change({ data: { ...data, ...part } as MapData });
    const kind = (next: string) => {
      const { covariance, noise } = data;
      // A minibatch needs a sample to be drawn from.
      if (next === "sample") this.change({ data: { kind: "sample", points: 256, covariance, noise } });
      else this.change({ data: { kind: "population", covariance, noise }, batch: null });
    };
    return html`${choice("data", DATA, data.kind, kind)}
    ${
      data.kind === "sample"
        ? number("points", data.points, rangeText(1, 65536), (points) => set({ points }))
        : nothing
    }
    ${number("cond Σ", data.covariance, rangeText(1, "1e6"), (covariance) => set({ covariance }))}
    ${number("noise", data.noise, rangeText(0, 1000), (noise) => set({ noise }))}
    ${
      data.kind === "sample"
        ? batchChoice(
            batch,
            (size) => word("setting.byBurn", { size }),
            (batch) => this.change({ batch }),
          )
        : nothing
    }`;
  }

  private optimizerFields(optimizer: OptimizerSpec): TemplateResult {
    const set = (part: object) => this.change({ optimizer: { ...optimizer, ...part } as OptimizerSpec });
    const { learningRate } = optimizer;
    const kind = (next: string) => {
      if (next === "momentum") this.change({ optimizer: { kind: next, learningRate, momentum: 0.9 } });
      else if (next === "adam") {
        this.change({ optimizer: { kind: next, learningRate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } });
      } else this.change({ optimizer: { kind: "gradientDescent", learningRate } });
    };
    return html`${choice("optimizer", OPTIMIZERS, optimizer.kind, kind)}
    ${
      optimizer.kind === "momentum"
        ? number("momentum", optimizer.momentum, rangeText(0, 0.9999), (momentum) => set({ momentum }))
        : nothing
    }
    ${
      optimizer.kind === "adam"
        ? html`${number("β₁", optimizer.beta1, rangeText(0, 0.9999), (beta1) => set({ beta1 }))}
          ${number("β₂", optimizer.beta2, rangeText(0, 0.999999), (beta2) => set({ beta2 }))}`
        : nothing
    }`;
  }

  private reshape(part: Partial<Experiment>): void {
    this.change({ ...part, twins: withoutGiven(this.experiment!.twins) });
  }

  /** Typed-in targets keep what fits and go on with the identity. */
  private resize(linear: LinearSpec, width: number): void {
    const e = this.experiment!;
    const { target } = e;
    const fits = Number.isInteger(width) && width >= 1 && width <= 64;
    const network = { ...linear, width };
    if (fits && network.hidden !== undefined) network.hidden = Math.max(network.hidden, width);
    if (fits && target.kind === "diagonal") {
      const values = Array.from({ length: width }, (_, i) => target.values[i] ?? 1);
      this.reshape({ network, target: { kind: "diagonal", values } });
    } else if (fits && target.kind === "matrix") {
      const rows = square(width, (i, j) => target.rows[i]?.[j] ?? Number(i === j));
      this.reshape({ network, target: { kind: "matrix", rows } });
    } else this.reshape({ network });
  }

  private targetOf(kind: string): TargetSpec {
    const { target, network } = this.experiment!;
    const condition = "condition" in target ? target.condition : 10;
    switch (kind) {
      case "rotation":
        return { kind, degrees: 90 };
      case "negativeEigenvalue":
        return { kind, eigenvalue: -0.5, condition };
      case "diagonal":
        return { kind, values: Array.from({ length: network.width }, (_, i) => 1 + i / 2) };
      case "matrix":
        return { kind, rows: square(network.width, (i, j) => (i === j ? 1 : j === i + 1 ? 0.5 : 0)) };
      default:
        return { kind: kind as "random", condition };
    }
  }

  /** Another kind of network brings data and starts that belong to it; fixed maps only widen the layers. */
  private setKind(kind: string): void {
    const { network } = this.experiment!;
    if (kind === kindOf(network)) return;
    if (kind === "relu") return this.change(CLASSIFIER);
    const { hidden: _, ...plain } = network.kind === "linear" ? network : PLAIN;
    const next = kind === "fixedMaps" ? { ...plain, hidden: Math.min(64, 4 * plain.width) } : plain;
    if (network.kind === "linear") this.reshape({ network: next });
    else this.change({ ...LINEAR, network: next });
  }

  private setStart(index: number, start: StartSpec): void {
    const twins = this.experiment!.twins.map((twin, i) => (i === index ? { ...twin, start } : twin));
    this.change({ twins });
  }

  private change(part: Partial<Experiment>): void {
    this.say("lab-draft", { ...this.experiment!, ...part });
  }
}

/** Of what a group of fields is about. */
const group = (name: FieldName) => capital(labelOf(name));

const PLAIN: LinearSpec = { kind: "linear", width: 8, layers: 16 };
const LINEAR: Partial<Experiment> = {
  network: PLAIN,
  data: { kind: "population", covariance: 1, noise: 0 },
  optimizer: { kind: "gradientDescent", learningRate: 0.002 },
  batch: null,
  twins: [
    { parametrization: "identity", start: { kind: "identity" } },
    { parametrization: "standard", start: { kind: "xavier", scale: 1 } },
  ],
};

function startOf(kind: string): StartSpec {
  if (kind === "identity" || kind === "zeroAsymmetric" || kind === "fixup" || kind === "reZero")
    return { kind };
  return kind === "skipInit" ? { kind, scale: 0 } : { kind: kind as "xavier", scale: 1 };
}

function square(side: number, entry: (i: number, j: number) => number): number[][] {
  return Array.from({ length: side }, (_, i) => Array.from({ length: side }, (_, j) => entry(i, j)));
}
