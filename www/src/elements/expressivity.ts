import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { guard } from "lit/directives/guard.js";
import type { Ink } from "../draw/canvas";
import { classColour, currentTheme, markCorners } from "../draw/classes";
import type { LogPlot } from "../draw/log-plot";
import type { Window } from "../draw/hidden-plane";
import { formatCount, formatValue } from "../draw/scale";
import type { WidthTrial } from "../draw/width-sweep";
import { shapeOf, tooLarge } from "../lab-network";
import type { BuildReport, BuiltNetwork, LabelledPoints } from "../engine/expressivity";
import type { Tried } from "../perturbation";
import { FIRST_FORM, GROWING, type ExpressivityForm } from "../expressivity-form";
import { controls, LabElement, panel } from "./base";
import { chapterStyle } from "./chapter-style";
import { said } from "./said";
import "./expressivity-fit";
import "./expressivity-perturb";
import "./expressivity-settings";
import "./hidden-steps";
import type { Decision } from "./input-plane";
import "./input-plane";
import "./plot";
import "./width-sweep";
import { word } from "../words";

/** What is built for the chart of parameters: one network a number of points. */
export type Counted = Pick<BuildReport, "points" | "parameters" | "promised" | "classes">;

/** A build that was asked for. */
export interface Wanted {
  form: ExpressivityForm;
  points: LabelledPoints | undefined;
}

/** Theorem 3.2, built: the form, the numbers, the pictures. It builds nothing itself: it says what is wanted. */
@customElement("lab-expressivity")
export class LabExpressivity extends LabElement {
  /** Points from elsewhere, such as drawn ones, in place of a set. */
  @property({ attribute: false }) points: LabelledPoints | undefined;
  @property({ attribute: false }) built: BuiltNetwork | undefined;
  /** The part of a build that is done, undefined while there is none. */
  @property({ type: Number }) progress: number | undefined;
  @property({ attribute: false }) decision: Decision | undefined;
  @property({ attribute: false }) window: Window | undefined;
  @property({ attribute: false }) trials: readonly WidthTrial[] = [];
  @property({ type: Number }) sweeping: number | undefined;
  @property({ attribute: false }) counted: readonly Counted[] = [];
  @property({ type: Number }) counting: number | undefined;
  @property({ attribute: false }) tried: Tried | undefined;
  /** Why points cannot be fitted. */
  @property() problem = "";
  @state() private form: ExpressivityForm = FIRST_FORM;
  private unitLength = false;

  static override styles = [
    controls,
    panel,
    chapterStyle,
    css`
      table {
        border-collapse: collapse;
        width: 100%;
      }
      th,
      td {
        text-align: start;
        vertical-align: baseline;
        padding: 0.125rem 0.75rem 0.125rem 0;
        font-weight: 400;
        border-top: 1px solid var(--line);
      }
      thead th,
      tbody th {
        color: var(--ink-muted);
      }
      thead th {
        border-top: 0;
        font-size: 0.75rem;
      }
      td:last-child {
        font-weight: 600;
        padding-inline-end: 0;
      }
      .status,
      .key {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.125rem 0.875rem;
        color: var(--ink-muted);
        font-size: 0.8125rem;
        min-height: 1.5rem;
      }
      .status {
        margin-top: 0.5rem;
      }
      .key {
        font-size: 0.75rem;
        min-height: 0;
      }
      .key span {
        display: inline-flex;
        align-items: center;
        gap: 0.35rem;
      }
      .key i {
        width: 1.2rem;
        border-top: 2.5px solid var(--c, var(--ink));
      }
      .key i.dashed {
        border-top-style: dashed;
      }
      .key i.dot {
        width: 0.5rem;
        height: 0.5rem;
        border: 0;
        background: var(--c);
      }
      .key svg {
        width: 0.8rem;
        height: 0.8rem;
      }
    `,
  ];

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("built")) this.unitLength = this.built !== undefined && haveUnitLength(this.built.points);
  }

  private get wanted(): Wanted {
    return { form: this.form, points: this.points };
  }

  override render() {
    const building = this.progress !== undefined;
    return html`
      <p class="statement">${word("built.statement")}</p>
      <p class="intro">${word("built.intro")}</p>
      <lab-expressivity-settings
        .form=${this.form}
        .points=${this.points}
        .building=${building}
        @form=${(e: CustomEvent<ExpressivityForm>) => (this.form = e.detail)}
        @go=${() => this.say(building ? "lab-express-cancel" : "lab-express-build", this.wanted)}
      ></lab-expressivity-settings>
      ${
        this.problem
          ? html`<p class="problem" role="alert" data-testid="express-problem">${said(this.problem)}</p>`
          : nothing
      }
      <p class="status" data-testid="express-status">${this.status()}</p>
      <div class="cards">
        <div>
          ${this.built ? this.numbers(this.built) : nothing}
          ${
            this.built
              ? html`<lab-expressivity-perturb
                  .built=${this.built}
                  .tried=${this.tried}
                  .large=${whyNot(this.built)}
                ></lab-expressivity-perturb>`
              : nothing
          }
          ${this.growthCard()}
        </div>
        ${
          this.built
            ? html`<div>
                ${this.hiddenCard(this.built)}
                <lab-expressivity-fit .built=${this.built}></lab-expressivity-fit>
              </div>`
            : nothing
        }
        <div>${this.built ? this.plane(this.built) : nothing} ${this.sweepCard()}</div>
      </div>
    `;
  }

  private status() {
    const { progress, built } = this;
    if (progress !== undefined) {
      return html`<progress
          aria-label=${word("atlas.progress")}
          data-testid="express-progress"
          .value=${progress}
        ></progress>
        <span>${word("built.building", { percent: Math.floor(100 * progress) })}</span>`;
    }
    if (!built) return word("built.hint");
    const seconds = built.milliseconds / 1000;
    const large = whyNot(built);
    return html`<span
        >${word("built.done", { seconds: seconds < 0.1 ? seconds.toFixed(3) : seconds.toFixed(1) })}</span
      >
      <button
        data-testid="express-train"
        ?disabled=${large !== undefined}
        title=${large ?? word("built.trainTitle")}
        @click=${() => this.say("lab-express-train")}
      >
        ${word("built.train")}
      </button>`;
  }

  // ---------------------------------------------------------------- numbers

  private numbers({ report: b }: BuiltNetwork) {
    const { double, single } = b;
    const n = b.distinct;
    const nlogn = n * Math.log2(n) + b.classes ** 2;
    const all = word("built.all", { count: formatCount(b.points) });
    const fitted = (count: number) =>
      word("built.of", { count: formatCount(count), all: formatCount(b.points) });
    const row = (title: unknown, promised: unknown, measured: unknown, name = "") =>
      html`<tr>
        <th scope="row">${title}</th>
        <td>${promised}</td>
        <td data-testid=${name || nothing}>${measured}</td>
      </tr>`;
    return html`<section class="panel" aria-label=${word("tour.theorems")} data-testid="express-numbers">
      <h3>${word("tour.theorems")}</h3>
      <table>
        <thead>
          <tr>
            <th scope="col">n = ${formatCount(n)}, d = ${b.dimension}, r = ${b.classes}, k = ${b.width}</th>
            <th scope="col">${word("certificate.promised")}</th>
            <th scope="col">${word("certificate.measured")}</th>
          </tr>
        </thead>
        <tbody>
          ${row(
            word("built.parameters"),
            formatCount(b.promised),
            formatCount(b.parameters),
            "express-parameters",
          )}
          ${row(
            word("built.against", { count: formatCount(nlogn) }),
            "O(n log n + r²)",
            word("built.times", { ratio: formatValue(b.parameters / nlogn) }),
          )}
          ${row(word("built.layers"), formatCount(b.promisedLayers), formatCount(b.layers), "express-layers")}
          ${row(word("built.fitted64"), all, double ? fitted(double.fitted) : "", "express-fitted")}
          ${row(word("built.margin"), "1", margin(double?.margin), "express-margin")}
          ${row(word("built.error"), "0", formatValue(double?.error), "express-error")}
          ${row(word("built.strays"), "0", formatCount(double?.strays ?? 0))}
          ${row(word("built.fitted32"), "", single ? fitted(single.fitted) : "", "express-fitted-single")}
          ${row(word("built.error32"), "", formatValue(single?.error), "express-error-single")}
        </tbody>
      </table>
      ${this.remarks(b)}
    </section>`;
  }

  private remarks({ points, distinct, leastGap, double, single }: BuildReport) {
    const copies = points - distinct;
    return html`${
        copies > 0
          ? html`<p>
              ${word(copies === 1 ? "built.oneCopy" : "built.copies", { count: formatCount(copies) })}
            </p>`
          : nothing
      }
      <p class="muted" data-testid="express-gap">
        ${word("built.gap", { gap: formatValue(leastGap) })}
        ${single && single.fitted < points ? word("built.coarse32") : nothing}
        ${double && double.fitted < points ? word("built.coarse64") : nothing}
      </p>`;
  }

  // ---------------------------------------------------------------- pictures

  private hiddenCard(built: BuiltNetwork) {
    return html`<section class="panel" aria-label=${word("built.hidden")} data-testid="express-hidden">
      <h3>${word("built.hidden")}</h3>
      <lab-hidden-steps .built=${built}></lab-hidden-steps>
      ${this.classes(built.points.classes)}
    </section>`;
  }

  private plane({ points }: BuiltNetwork) {
    if (points.dimension !== 2) return nothing;
    return html`<section class="panel" aria-label=${word("built.plane")} data-testid="express-plane">
      <h3>${word("built.planeHeading")}</h3>
      <lab-input-plane .points=${points} .window=${this.window} .decision=${this.decision}></lab-input-plane>
      <p>${word("built.planeTold")}</p>
    </section>`;
  }

  private classes(count: number) {
    return html`<div class="key">
      ${Array.from({ length: count }, (_, label) => html`<span>${mark(label)} ${word("built.class", { class: label + 1 })}</span>`)}
    </div>`;
  }

  // ---------------------------------------------------------------- the sweep

  private sweepCard() {
    const { trials, sweeping, built } = this;
    const n = built?.report.points ?? 0;
    const running = sweeping !== undefined;
    const failed = trials.filter((t) => t.printed !== undefined && t.printed < n);
    const last = failed.at(-1);
    const text = trials
      .map((t) =>
        word("built.bothAt", {
          width: t.width,
          corrected: t.corrected ?? "–",
          printed: t.printed ?? "–",
          points: n,
        }),
      )
      .join("; ");
    return html`<section class="panel" aria-label=${word("built.threshold")} data-testid="express-sweep-card">
      <h3>${word("built.thresholdHeading")}</h3>
      <p>${word("built.thresholdTold")}</p>
      <div class="status">
        <button
          data-testid="express-sweep"
          ?disabled=${!built || this.progress !== undefined}
          @click=${() => this.say(running ? "lab-express-stop" : "lab-express-sweep")}
        >
          ${word(running ? "ball.stop" : "built.both")}
        </button>
        ${
          running
            ? html`<progress aria-label=${word("built.bothProgress")} .value=${sweeping}></progress>`
            : built
              ? nothing
              : html`<span>${word("built.bothFor")}</span>`
        }
      </div>
      ${
        trials.length > 0 && built
          ? html`<lab-width-sweep
                .trials=${trials}
                .points=${n}
                .width=${built.report.width}
                .label=${word("built.bothLabel", { text })}
              ></lab-width-sweep>
              <div class="key">
                <span><i style="--c: var(--identity)"></i>${word("built.each")}</span>
                <span><i class="dashed" style="--c: var(--danger)"></i>${word("built.printed")}</span>
                <span>${word("built.above")}</span>
              </div>
              <p data-testid="express-sweep-said">
                ${
                  last
                    ? word("built.last", {
                        width: last.width,
                        fitted: formatCount(last.printed!),
                        points: formatCount(n),
                        separated: last.separated ?? 0,
                        blocks: last.blocks,
                      })
                    : word("built.fitsAll")
                }
                ${built.spec.onSphere || this.unitLength ? nothing : word("built.notUnit")}
              </p>`
          : nothing
      }
    </section>`;
  }

  // ---------------------------------------------------------------- growth

  private growthCard() {
    const { counted, counting } = this;
    const running = counting !== undefined;
    return html`<section class="panel" aria-label=${word("built.growth")} data-testid="express-growth-card">
      <h3>${word("built.growthHeading")}</h3>
      <p>${word("built.growthTold", { from: GROWING[0]!, to: formatCount(GROWING.at(-1)!) })}</p>
      <div class="status">
        <button
          data-testid="express-growth"
          @click=${() => this.say(running ? "lab-express-uncount" : "lab-express-count", this.wanted)}
        >
          ${word(running ? "ball.stop" : "built.count")}
        </button>
        ${running ? html`<progress aria-label=${word("built.countProgress")} .value=${counting}></progress>` : nothing}
      </div>
      ${
        counted.length > 0
          ? html`<lab-plot
                .plot=${guard([counted], () => (ink: Ink) => growth(counted, ink))}
                label=${word("built.counted", {
                  list: counted
                    .map(({ parameters, points }) => word("built.countedFor", { parameters, points }))
                    .join(", "),
                })}
              ></lab-plot>
              <div class="key">
                <span><i class="dot" style="--c: var(--identity)"></i>${word("built.countedKey")}</span>
                <span><i style="--c: var(--identity)"></i>${word("built.formula")}</span>
                <span><i class="dashed"></i>n log₂ n + r²</span>
              </div>`
          : nothing
      }
    </section>`;
  }
}

/** Why the lab cannot train a built network; undefined where it can. */
function whyNot(built: BuiltNetwork): string | undefined {
  return built.points.classes > 16 ? word("built.classes") : tooLarge(shapeOf(built));
}

/** Whether all points have length 1, up to what float32 leaves. */
function haveUnitLength({ inputs, dimension }: LabelledPoints): boolean {
  for (let i = 0; i < inputs.length; i += dimension) {
    let square = 0;
    for (let c = i; c < i + dimension; c++) square += inputs[c]! ** 2;
    if (Math.abs(square - 1) > 2e-5) return false;
  }
  return true;
}

function growth(counted: readonly Counted[], ink: Ink): LogPlot {
  const x = counted.map(({ points }) => points);
  return {
    curves: [
      {
        x,
        y: counted.map(({ points, classes }) => points * Math.log2(points) + classes ** 2),
        stroke: ink.text,
        dash: [6, 4],
        width: 1.5,
      },
      { x, y: counted.map(({ promised }) => promised), stroke: ink.identity },
    ],
    clouds: [{ x, y: counted.map(({ parameters }) => parameters), fill: ink.identity, size: 4 }],
    logX: true,
    xLabel: word("built.points"),
    yLabel: word("built.parametersAxis"),
  };
}

/** A margin is read against 1: how far from it, where it is near. */
function margin(value: number | undefined): string {
  if (value === undefined) return "";
  const off = 1 - value;
  return Math.abs(off) < 1e-3 && off !== 0
    ? `1 ${off > 0 ? "−" : "+"} ${formatValue(Math.abs(off))}`
    : formatValue(value);
}

function mark(label: number) {
  const corners = markCorners(label, 5);
  const path =
    corners.length === 0
      ? "M8 3a5 5 0 1 0 0 10a5 5 0 1 0 0-10z"
      : `M${corners.map(([x, y]) => `${8 + x} ${8 + y}`).join("L")}z`;
  return html`<svg viewBox="0 0 16 16" aria-hidden="true" fill=${classColour(label, currentTheme())}>
    <path d=${path} />
  </svg>`;
}
