import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { formatCount, type ColourScale } from "../draw/scale";
import type { KeptPoint, PlaneSpec } from "../engine/types";
import { WHOLE } from "../engine/types";
import { placeTitle, planeName, planeNamed } from "../plane-name";
import type { ClickDoes, PictureKind } from "../store";
import { controls, LabElement } from "./base";
import { word, type Word } from "../words";

type Options = readonly (readonly [string, string])[];

const PLANES: Options = [
  ["startCurrent", placeTitle("start → iterate")],
  ["optimum", placeTitle("start → constructed optimum")],
  ["trajectory", word("view.trajectory")],
  ["hessian.top", word("view.top")],
  ["hessian.both", word("view.both")],
  ["gradient", word("view.gradient")],
  ["random.none", word("view.random")],
  ["random.filter", word("view.filter")],
  ["random.layer", word("view.layer")],
  ["points", word("view.points")],
  ["coordinates", word("view.coordinates")],
];
const KINDS: Options = [
  ["map", word("view.map")],
  ["surface", word("view.surface")],
  ["slices", word("view.slices")],
];
const SCALES: Options = [
  ["log", word("view.log")],
  ["linear", word("view.linear")],
];
const CLICKS: Options = [
  ["explain", word("view.explains")],
  ["start", word("view.starts")],
];
const POINTS: Options = [
  ["start", word("plane.start")],
  ["iterate", word("plane.iterate")],
  ["other", word("view.other")],
  ["optimum", word("plane.constructed")],
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
      ${this.choice("view.plane", PLANES, name, (key) => this.choosePlane(planeNamed(key)), "plane")}
      ${this.details(plane)}
      ${this.choice("view.picture", KINDS, this.kind, (kind) => this.say("lab-picture", kind), "picture")}
      ${this.choice("view.colour", SCALES, this.scale, (scale) => this.say("lab-scale", scale), "scale")}
      ${
        this.kind === "map"
          ? this.choice("view.click", CLICKS, this.clickDoes, (does) => this.say("lab-click", does), "click")
          : nothing
      }
      ${
        this.twins
          ? html`${this.check("linked", this.linked)}
            ${this.kind === "slices" ? nothing : this.check("difference", this.difference)}`
          : nothing
      }
      <button
        data-testid="view-reset"
        ?disabled=${!this.moved}
        title=${word("view.wholeTitle")}
        @click=${() => this.say("lab-view", WHOLE)}
      >
        ${word("view.whole")}
      </button>
      <button
        data-testid="record"
        aria-pressed=${this.recording}
        title=${word("view.recordTitle")}
        @click=${() => this.say("lab-record")}
      >
        ${word(this.recording ? "view.saveFilm" : "view.record")}
      </button>
      ${this.history()}
    </div>`;
  }

  private choice(
    label: Word,
    options: Options,
    value: string,
    set: (value: string) => void,
    id: string,
  ): TemplateResult {
    return html`<label
      >${word(label)}
      <select
        data-testid="${id}-select"
        .value=${live(value)}
        @change=${(e: Event) => set((e.target as HTMLSelectElement).value)}
      >
        ${options.map(([key, title]) => html`<option value=${key} ?selected=${key === value}>${title}</option>`)}
      </select>
    </label>`;
  }

  private check(what: "linked" | "difference", value: boolean): TemplateResult {
    return html`<label title=${word(`view.${what}Title`)}
      ><input
        type="checkbox"
        data-testid="${what}-check"
        .checked=${live(value)}
        @change=${(e: Event) => this.say(`lab-${what}`, (e.target as HTMLInputElement).checked)}
      />${word(`view.${what}`)}</label
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
            >${word(`view.${axis}`)}
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
          i === 0 ? "view.through" : "references.and",
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
      <button data-testid="keep" title=${word("view.keepTitle")} @click=${() => this.say("lab-keep")}>
        ${word("view.keep")}
      </button>`;
  }

  private history() {
    const at = this.scrub ?? this.step;
    return html`<label class="history"
        >${word("view.history")}
        <input
          type="range"
          data-testid="scrub"
          min="0"
          max=${Math.max(1, this.step)}
          step="1"
          .value=${live(String(at))}
          aria-valuetext=${word("run.step", { step: at })}
          title=${word("view.historyTitle")}
          @input=${(e: Event) => {
            const step = Number((e.target as HTMLInputElement).value);
            this.say("lab-scrub", step >= this.step ? undefined : step);
          }}
        />
        <output
          >${this.scrub === undefined ? word("runs.now") : word("run.step", { step: formatCount(this.scrub) })}</output
        >
      </label>
      <button
        data-testid="rewind"
        ?disabled=${this.scrub === undefined}
        title=${word("view.rewindTitle")}
        @click=${() => this.say("lab-rewind", this.scrub)}
      >
        ${word("view.rewind")}
      </button>`;
  }
}

function keptTitle({ name, parametrization, seed, step }: KeptPoint): string {
  return word("view.kept", {
    number: name.replace(/^kept/, ""),
    name: word(`twins.${parametrization}`),
    seed,
    step: formatCount(step),
  });
}
