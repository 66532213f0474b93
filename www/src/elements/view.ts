import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { formatCount, type ColourScale } from "../draw/scale";
import type { KeptPoint, PlaneSpec } from "../engine/types";
import { WHOLE } from "../engine/types";
import { planeName, planeNamed } from "../plane-name";
import type { ClickDoes, PictureKind } from "../store";
import { controls, LabElement } from "./base";

type Options = readonly (readonly [string, string])[];

const PLANES: Options = [
  ["startCurrent", "start → iterate"],
  ["optimum", "start → constructed optimum"],
  ["trajectory", "principal components of the path"],
  ["hessian.top", "two largest curvatures"],
  ["hessian.both", "largest and most negative curvature"],
  ["gradient", "gradient"],
  ["random.none", "random"],
  ["random.filter", "random, filter-normalized"],
  ["random.layer", "random, layer-normalized"],
  ["points", "through three points"],
  ["coordinates", "two parameters"],
];
const KINDS: Options = [
  ["map", "map"],
  ["surface", "surface (3-D)"],
  ["slices", "slices (1-D)"],
];
const SCALES: Options = [
  ["log", "logarithmic"],
  ["linear", "linear"],
];
const CLICKS: Options = [
  ["explain", "explains the place"],
  ["start", "starts the run there"],
];
const POINTS: Options = [
  ["start", "start"],
  ["iterate", "iterate"],
  ["other", "other network's iterate"],
  ["optimum", "constructed optimum"],
];

/** How both landscapes are looked at: which plane, how drawn and coloured, how near, at which step. */
@customElement("lab-view")
export class LabView extends LabElement {
  @property({ attribute: false }) plane: PlaneSpec = { kind: "startCurrent" };
  @property() kind: PictureKind = "map";
  @property() scale: ColourScale = "log";
  @property() clickDoes: ClickDoes = "explain";
  @property({ type: Boolean }) moved = false;
  /** Same range and colours for both networks. */
  @property({ type: Boolean }) linked = false;
  @property({ type: Boolean }) difference = false;
  @property({ type: Boolean }) twins = false;
  /** Kept points that fit the networks of this run. */
  @property({ attribute: false }) kept: readonly KeptPoint[] = [];
  @property({ type: Number }) step = 0;
  /** Whether a film of the run is being made. */
  @property({ type: Boolean }) recording = false;
  /** The earlier step that is being looked at. */
  @property({ type: Number }) scrub: number | undefined;

  static override styles = [
    controls,
    css`
      div {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.375rem 0.875rem;
        padding: 0.5rem 0.125rem 0;
        font-size: 0.8125rem;
      }
      label {
        display: flex;
        align-items: center;
        gap: 0.4rem;
        font-size: 0.8125rem;
      }
      select,
      input,
      button {
        font-size: 0.8125rem;
        min-height: 1.75rem;
      }
      select {
        max-width: min(19rem, 100%);
      }
      input {
        width: 4rem;
      }
      input[type="checkbox"] {
        width: 1rem;
        min-height: 1rem;
        accent-color: var(--accent);
      }
      .history {
        flex: 1 1 14rem;
      }
      .history input {
        flex: 1;
        min-width: 6rem;
        padding: 0;
        accent-color: var(--accent);
      }
      output {
        min-width: 5.5rem;
        color: var(--ink);
      }
    `,
  ];

  override render() {
    const { plane } = this;
    const name = planeName(plane).replace(/^(coordinates|points).*/, "$1");
    return html`<div>
      ${this.choice("plane", PLANES, name, (key) => this.choosePlane(planeNamed(key)))} ${this.details(plane)}
      ${this.choice("picture", KINDS, this.kind, (kind) => this.say("lab-picture", kind))}
      ${this.choice("colour", SCALES, this.scale, (scale) => this.say("lab-scale", scale), "scale")}
      ${
        this.kind === "map"
          ? this.choice("a click", CLICKS, this.clickDoes, (does) => this.say("lab-click", does), "click")
          : nothing
      }
      ${
        this.twins
          ? html`${this.check("same scale", "linked", this.linked, "Same range and colours for both networks")}
            ${
              this.kind === "slices"
                ? nothing
                : this.check("difference", "difference", this.difference, "Both landscapes in one picture")
            }`
          : nothing
      }
      <button
        data-testid="view-reset"
        ?disabled=${!this.moved}
        title="Show the whole range again (double click on a landscape)"
        @click=${() => this.say("lab-view", WHOLE)}
      >
        Whole range
      </button>
      <button
        data-testid="record"
        aria-pressed=${this.recording}
        title="A film of both landscapes, as they are shown, to be saved as a video"
        @click=${() => this.say("lab-record")}
      >
        ${this.recording ? "Save the film" : "Record a film"}
      </button>
      ${this.history()}
    </div>`;
  }

  private choice(
    label: string,
    options: Options,
    value: string,
    set: (value: string) => void,
    id = label,
  ): TemplateResult {
    return html`<label
      >${label}
      <select
        data-testid="${id}-select"
        .value=${live(value)}
        @change=${(e: Event) => set((e.target as HTMLSelectElement).value)}
      >
        ${options.map(([key, title]) => html`<option value=${key} ?selected=${key === value}>${title}</option>`)}
      </select>
    </label>`;
  }

  private check(label: string, what: "linked" | "difference", value: boolean, title: string): TemplateResult {
    return html`<label title=${title}
      ><input
        type="checkbox"
        data-testid="${what}-check"
        .checked=${live(value)}
        @change=${(e: Event) => this.say(`lab-${what}`, (e.target as HTMLInputElement).checked)}
      />${label}</label
    >`;
  }

  /** Shown at once: a second choice may come before the page has answered the first. */
  private choosePlane(plane: PlaneSpec): void {
    this.plane = plane;
    this.say("lab-plane", plane);
  }

  /** What some planes need to know besides. */
  private details(plane: PlaneSpec) {
    if (plane.kind === "coordinates") {
      return (["first", "second"] as const).map(
        (axis) =>
          html`<label
            >${axis}
            <input
              inputmode="numeric"
              data-testid="plane-${axis}"
              .value=${String(plane[axis])}
              @change=${(e: Event) =>
                this.choosePlane({ ...plane, [axis]: Number((e.target as HTMLInputElement).value) })}
            />
          </label>`,
      );
    }
    if (plane.kind !== "points") return nothing;
    const options: Options = [
      ...POINTS.filter(([name]) => name !== "other" || this.twins),
      ...this.kept.map((point) => [point.name, keptTitle(point)] as const),
    ];
    return html`${plane.points.map((point, i) =>
        this.choice(
          ["through", "and", "and"][i]!,
          options,
          point,
          (chosen) => {
            const points = [...plane.points] as typeof plane.points;
            points[i] = chosen;
            this.choosePlane({ kind: "points", points });
          },
          `point-${i}`,
        ),
      )}
      <button
        data-testid="keep"
        title="Keeps where the networks stand now, for planes in this run and later ones"
        @click=${() => this.say("lab-keep")}
      >
        Keep the iterates
      </button>`;
  }

  private history() {
    const at = this.scrub ?? this.step;
    return html`<label class="history"
        >history
        <input
          type="range"
          data-testid="scrub"
          min="0"
          max=${Math.max(1, this.step)}
          step="1"
          .value=${live(String(at))}
          aria-valuetext="step ${at}"
          title="Look back: a ring shows where each run stood"
          @input=${(e: Event) => {
            const step = Number((e.target as HTMLInputElement).value);
            this.say("lab-scrub", step >= this.step ? undefined : step);
          }}
        />
        <output>${this.scrub === undefined ? "now" : `step ${formatCount(this.scrub)}`}</output>
      </label>
      <button
        data-testid="rewind"
        ?disabled=${this.scrub === undefined}
        title="Back to that step, the same bits as then, and on from there"
        @click=${() => this.say("lab-rewind", this.scrub)}
      >
        Go on from there
      </button>`;
  }
}

function keptTitle({ name, parametrization, seed, step }: KeptPoint): string {
  return `${name.replace(/^kept/, "")}: ${parametrization}, seed ${seed}, step ${formatCount(step)}`;
}
