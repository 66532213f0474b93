import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import {
  axisOf,
  axisTitle,
  cellName,
  drawable,
  FIRST_FORM,
  goalText,
  outcomeText,
  ranged,
  specOf,
  spreadText,
  standingOn,
  valueName,
  zoomed,
  type AtlasForm,
  type AxisForm,
} from "../atlas-form";
import {
  ColourBook,
  countEnds,
  endText,
  layersAt,
  placeOn,
  samePlane,
  type Counts,
  type Example,
  type LaidStarts,
} from "../basins";
import { bands, bandText, DEEP_STARTS, DEPTHS } from "../deep";
import { BASIN_COLOURS, prepareBasins } from "../draw/basins";
import { atlasDomain, NEVER, prepareAtlas, type AtlasColour, type AtlasPicture } from "../draw/atlas";
import { SEQUENTIAL_GRADIENT } from "../draw/color";
import { formatCount, formatValue, type Domain } from "../draw/scale";
import { spreads } from "../draw/sweep";
import type { Atlas, AtlasSpec, AxisSpec } from "../engine/atlas";
import { ENGINE_TITLES } from "../engine/fastest";
import { isClassifier, type Experiment, type TwinSpec } from "../engine/types";
import { layersTitle, twinNames, type TwinName } from "../twin-names";
import { basinsLegend, BASINS_INTRO, exampleButtons } from "./atlas-basins";
import "./atlas-deep";
import "./atlas-map";
import type { Ranges, ZoomAt } from "./atlas-map";
import "./atlas-settings";
import "./atlas-sweep";
import { measureName } from "../measure";
import { controls, LabElement, problemBox } from "./base";
import { plotLeft } from "./picture";
import type { Cell } from "./cell-keys";
import { saveMenu, saveMenuStyle } from "./save-menu";
import { said } from "./said";
import { startTitle } from "../starts";
import { word, type Word } from "../words";

/** A zoom that goes on is one request. */
const ZOOM_PAUSE = 250;

/** Maps: thousands of networks trained, one a cell. It trains nothing itself: it says what is wanted. */
@customElement("lab-atlas")
export class LabAtlas extends LabElement {
  /** What runs in the lab: cells have its other settings. */
  @property({ attribute: false }) experiment: Experiment | undefined;
  @property({ attribute: false }) atlas: Atlas | undefined;
  @property({ type: Boolean }) running = false;
  /** Why the map asked for cannot be. */
  @property() problem = "";
  /** The cell that was opened in the lab last. */
  @property() opened = "";
  /** What is asked for; every change goes out as a whole form. */
  @property({ attribute: false }) form: AtlasForm = FIRST_FORM;
  @state() private cursor: Cell | undefined;

  /** The ranges before they were zoomed. */
  private whole: Pick<AtlasForm, "x" | "y"> | undefined;
  private zoomTimer: ReturnType<typeof setTimeout> | undefined;
  private axes: { x: AxisSpec; y: AxisSpec } | undefined;
  /** The requests whose second axis is seeds, to be shown as curves. */
  private readonly curved = new WeakSet<AtlasSpec>();
  private domain: Domain | undefined;
  /** The colours of the optima, the same for as long as maps of one plane follow one another. */
  private book = new ColourBook(BASIN_COLOURS);
  private ends: Counts | undefined;
  private hint: Word | undefined;
  private pictures: AtlasPicture[] = [];
  /** The map before this one, shown until this one has something everywhere. */
  private under: AtlasPicture[] = [];

  static override styles = [
    controls,
    problemBox,
    saveMenuStyle,
    css`
      .intro {
        display: var(--told, block);
        font-size: 0.8125rem;
        color: var(--ink-muted);
        max-width: 72rem;
        margin-bottom: 0.625rem;
        text-wrap: pretty;
      }
      lab-atlas-settings {
        display: var(--form, block);
      }
      .maps {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr));
        gap: 0.5rem 1rem;
        margin-top: 0.75rem;
      }
      figure {
        margin: 0;
        min-width: 0;
      }
      /* One map alone would be stretched beyond what is read at a glance. */
      figure:only-child {
        max-width: 48rem;
      }
      sub {
        line-height: 0;
      }
      figcaption {
        font-size: 0.875rem;
        font-weight: 600;
        padding-inline-start: ${plotLeft};
      }
      figcaption small {
        font-weight: 400;
        color: var(--ink-muted);
      }
      .status,
      .status p,
      .legend,
      .reading {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.125rem 0.625rem;
        font-size: 0.8125rem;
        color: var(--ink-muted);
        min-height: 1.5rem;
      }
      .status .save {
        margin-inline-start: auto;
      }
      .status {
        margin-top: 0.5rem;
      }
      .reading {
        min-height: 2.5rem;
        align-content: start;
        color: var(--ink);
      }
      .reading strong {
        font-weight: 600;
      }
      .legend {
        justify-content: center;
      }
      .examples {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.375rem 0.625rem;
        font-size: 0.8125rem;
        color: var(--ink-muted);
        margin-bottom: 0.625rem;
      }
      .examples p {
        flex: 1 1 100%;
        color: var(--ink);
        max-width: 72rem;
        text-wrap: pretty;
      }
      .legend > span {
        display: inline-flex;
        align-items: center;
        gap: 0.4rem;
        white-space: nowrap;
      }
      progress {
        width: min(16rem, 100%);
        accent-color: var(--accent);
      }
      .scale {
        width: 8rem;
        height: 0.6rem;
        border-radius: 2px;
      }
      .swatch {
        width: 1.1rem;
        height: 0.6rem;
        border-radius: 2px;
      }
      .hatch {
        background: repeating-linear-gradient(135deg, #6b7280 0 3px, #b4b8bf 3px 4.5px);
      }
      .ring {
        width: 0.7rem;
        height: 0.7rem;
        border-radius: 50%;
        border: 2px solid #fff;
        box-shadow:
          0 0 0 1.5px #0a0e14,
          inset 0 0 0 1px #0a0e14;
        margin-inline-start: 0.25rem;
      }
      .problem {
        padding: 0.375rem 0.625rem;
        margin-top: 0.5rem;
        font-size: 0.875rem;
      }
    `,
  ];

  private get curves(): boolean {
    return this.atlas ? this.curved.has(this.atlas.spec) : this.form.view === "curves";
  }

  private get deep(): boolean {
    return this.atlas ? this.atlas.spec.networks !== undefined : this.form.view === "deep";
  }

  /** The colours that the map on show has: a run that ended at the threshold has no final excess risk. */
  private get colour(): AtlasColour {
    return this.atlas?.spec.budget.stopAtThreshold ? "steps" : this.form.colour;
  }

  override willUpdate(changed: Map<string, unknown>): void {
    const { atlas } = this;
    if (changed.has("atlas")) {
      const old = changed.get("atlas") as Atlas | undefined;
      if (old?.spec !== atlas?.spec) {
        const alike =
          old?.spec.x.quantity === atlas?.spec.x.quantity &&
          old?.spec.y.quantity === atlas?.spec.y.quantity &&
          old?.spec.basins === atlas?.spec.basins &&
          samePlane(old?.spec.plane, atlas?.spec.plane);
        this.under =
          alike && atlas && comparable(old?.spec.x, atlas.spec.x) && comparable(old?.spec.y, atlas.spec.y)
            ? this.pictures
            : [];
        this.cursor = undefined;
        if (!alike) this.book = new ColourBook(BASIN_COLOURS);
      }
      if (atlas && !atlas.grain.includes(0)) this.under = [];
    }
    if (changed.has("atlas") || changed.has("form")) {
      const { colour } = this;
      // The map under this one keeps its colours meanwhile, and so does what comes in over it.
      if (this.under.length === 0 || !this.domain) this.domain = atlas && atlasDomain(atlas.twins, colour);
      this.ends = atlas?.spec.basins ? countEnds(atlas) : undefined;
      if (this.ends) this.book.learn(this.ends.patterns);
      this.pictures =
        atlas && !this.curves && !this.deep
          ? atlas.twins.map((twin) =>
              atlas.spec.basins
                ? prepareBasins(twin, { ...atlas.spec, grain: atlas.grain }, this.book, this.domain)
                : prepareAtlas(twin, { ...atlas.spec, grain: atlas.grain }, colour, this.domain),
            )
          : [];
      this.axes = this.axesShown();
    }
  }

  /** Those of the map on show, unless others have been asked for. */
  private axesShown(): { x: AxisSpec; y: AxisSpec } | undefined {
    const [x, y] = [axisOf(this.form.x), axisOf(this.form.y)];
    const { spec } = this.atlas ?? {};
    if (spec && same(x, spec.x) && same(y, spec.y)) return { x: spec.x, y: spec.y };
    // Another quantity has no place on the old map.
    const fits =
      !spec ||
      (x.quantity === spec.x.quantity &&
        y.quantity === spec.y.quantity &&
        x.scale === spec.x.scale &&
        y.scale === spec.y.scale);
    if (drawable(x) && drawable(y) && fits) return { x, y };
    return spec ? { x: spec.x, y: spec.y } : this.axes;
  }

  /** Takes over a plane of starts, as the landscapes have it now. */
  takePlane(laid: LaidStarts): void {
    const axis = (along: "alongU" | "alongV", which: "x" | "y") => {
      const form = { quantity: along, scale: "linear", low: "", high: "" } as const;
      return ranged(form, [...laid.ranges[which === "x" ? 0 : 1]]);
    };
    this.problem = "";
    this.edit({
      ...this.form,
      starts: { kind: "lab", laid },
      x: axis("alongU", "x"),
      y: axis("alongV", "y"),
    });
  }

  /** Trains what an example shows; the lab has its experiment by then. */
  begin({ form, hint }: Example): void {
    this.edit({ ...this.form, view: "basins", ...form });
    this.hint = hint;
    this.start();
  }

  /** Trains what a text asks for. */
  ask(form: AtlasForm): void {
    this.edit(form);
    this.start();
  }

  private start(): void {
    if (!this.experiment) return;
    this.opened = "";
    const spec = specOf(this.form, this.experiment);
    if (this.form.view === "curves") this.curved.add(spec);
    this.say("lab-atlas-start", spec);
  }

  private toggle(): void {
    clearTimeout(this.zoomTimer);
    if (this.running) this.say("lab-atlas-stop");
    else this.start();
  }

  /** Other ranges, and the map of them once they hold still. */
  private range({ x, y }: Ranges): void {
    this.whole ??= { x: this.form.x, y: this.form.y };
    this.show({ ...this.form, x: this.within(this.form.x, x), y: this.within(this.form.y, y) });
  }

  private within(axis: AxisForm, range: [number, number]): AxisForm {
    return ranged(axis, range, isClassifier(this.experiment ?? {}));
  }

  private set(form: AtlasForm): void {
    this.form = form;
    this.say("lab-atlas-form", form);
  }

  private show(form: AtlasForm): void {
    this.set(form);
    if (!this.atlas) return;
    clearTimeout(this.zoomTimer);
    this.zoomTimer = setTimeout(() => this.isConnected && this.atlas && this.start(), ZOOM_PAUSE);
  }

  private zoom({ s, t, factor }: ZoomAt): void {
    const [x, y] = [axisOf(this.form.x), axisOf(this.form.y)];
    if (drawable(x) && drawable(y)) this.range({ x: zoomed(x, s, factor), y: zoomed(y, t, factor) });
  }

  private showWhole(): void {
    const { whole } = this;
    this.whole = undefined;
    if (whole) this.show({ ...this.form, ...whole });
  }

  private edit(form: AtlasForm): void {
    // What is typed is a new whole.
    if (form.x !== this.form.x || form.y !== this.form.y) this.whole = undefined;
    this.set(form);
    this.hint = undefined;
  }

  private choose(cell: Cell): void {
    const { atlas } = this;
    if (atlas?.spec.networks) {
      const { networks, ...spec } = atlas.spec;
      const [column, start] = cell;
      // Beside the identity start; that one beside the network without skips.
      const twins = [networks[0]!, networks[start || networks.length - 1]!];
      this.say("lab-atlas-open", {
        spec: { ...spec, experiment: { ...spec.experiment, twins } },
        cell: [column, 0],
        name: `${DEEP_STARTS[start]!.title}, ${valueName(spec, spec.x, atlas.x[column]!)}`,
      });
    } else if (atlas) this.say("lab-atlas-open", { spec: atlas.spec, cell, name: cellName(atlas, cell) });
  }

  /** Whether the map on show, or else the lab, is of classifiers. */
  private get classifier(): boolean {
    return isClassifier(this.atlas?.spec.experiment ?? this.experiment ?? {});
  }

  private get names(): readonly TwinName[] {
    return twinNames(this.twins);
  }

  private get twins(): readonly TwinSpec[] {
    return (this.atlas?.spec.experiment.twins as TwinSpec[] | undefined) ?? this.experiment?.twins ?? [];
  }

  override render() {
    return html`
      <p class="intro">${this.intro()}</p>
      ${
        this.form.view === "basins"
          ? exampleButtons((example) => this.say("lab-atlas-example", example), this.hint)
          : nothing
      }
      <lab-atlas-settings
        .form=${this.form}
        .network=${this.experiment?.network}
        .running=${this.running}
        .zoomed=${this.whole !== undefined}
        @form=${(e: CustomEvent<AtlasForm>) => this.edit(e.detail)}
        @go=${this.toggle}
        @whole=${this.showWhole}
      ></lab-atlas-settings>
      ${this.problem ? html`<p class="problem" role="alert" data-testid="atlas-problem">${said(this.problem)}</p>` : nothing}
      <div class="status">
        <p data-testid="atlas-status">${this.status()}</p>
        ${this.atlas?.trained ? this.saving(this.atlas) : nothing}
      </div>
      <div
        class="maps"
        @cell=${(e: CustomEvent<Cell | null>) => (this.cursor = e.detail ?? undefined)}
        @choose=${(e: CustomEvent<Cell>) => this.choose(e.detail)}
        @ranges=${(e: CustomEvent<Ranges>) => this.range(e.detail)}
        @zoom=${(e: CustomEvent<ZoomAt>) => this.zoom(e.detail)}
        @whole=${this.showWhole}
      >
        ${
          !this.atlas
            ? nothing
            : this.deep
              ? this.depths(this.atlas)
              : this.curves
                ? this.sweep(this.atlas)
                : this.twins.map((twin, i) => this.figure(twin, i))
        }
      </div>
      ${this.atlas && !this.deep ? html`<div class="legend">${this.curves ? this.key() : this.legend(this.atlas)}</div>` : nothing}
      <p class="reading" data-testid="atlas-reading">${this.read()}</p>
    `;
  }

  private intro(): string | TemplateResult {
    if (this.deep) return word("atlas.deepIntro");
    if (this.curves) return word("atlas.curvesIntro");
    if (this.atlas ? this.atlas.spec.basins : this.form.view === "basins") {
      return this.classifier ? word("basins.classifier") : BASINS_INTRO;
    }
    const excess = this.colour === "excess";
    const cells = this.classifier
      ? word(excess ? "atlas.cellsPoints" : "atlas.cellsSteps")
      : word(excess ? "atlas.cellsTarget" : "atlas.cellsTargetSteps");
    return word("atlas.intro", { cells });
  }

  private figure(twin: TwinSpec, i: number) {
    const { axes, atlas, experiment } = this;
    const plane = atlas?.spec.plane;
    const place = plane && experiment && placeOn(plane, experiment, i);
    const { colour, name } = this.names[i]!;
    return html`<figure data-testid="atlas-${twin.parametrization}">
      <figcaption style="color: var(--${colour})">
        ${layersTitle(twin, this.classifier)}
        <small>${word("atlas.start", { start: startTitle(twin.start.kind) })}</small>
      </figcaption>
      <lab-atlas-map
        .picture=${this.pictures[i]}
        .under=${this.under[i]}
        .x=${axes?.x}
        .y=${axes?.y}
        .labels=${axes && atlas ? [axes.x, axes.y].map((axis) => axisTitle(atlas.spec, axis, "label")) : ["", ""]}
        .cursor=${this.cursor}
        .here=${axes && experiment && standingOn(axes, experiment, experiment.twins[i], place)}
        .twin=${name}
        .reading=${atlas && this.cursor ? this.sentence(atlas, this.cursor, i) : ""}
      ></lab-atlas-map>
    </figure>`;
  }

  private sweep(atlas: Atlas) {
    const column = this.cursor?.[0];
    return html`<lab-atlas-sweep
      .atlas=${atlas}
      .twins=${this.twins}
      .cursor=${column}
      .yLabel=${word("atlas.stepsTo", { goal: goalText(atlas.spec) })}
      .reading=${column === undefined ? "" : this.spreadsAt(atlas, column).join("; ")}
    ></lab-atlas-sweep>`;
  }

  private depths(atlas: Atlas) {
    return html`<lab-atlas-deep
      .atlas=${atlas}
      .height=${this.form.height}
      .cursor=${this.cursor}
      .reading=${this.cursor ? this.startsAt(atlas, this.cursor).join("; ") : ""}
    ></lab-atlas-deep>`;
  }

  /** What became of the networks of every start at one depth, the one pointed at first. */
  private startsAt({ twins, grain, spec }: Atlas, [column, start]: Cell): string[] {
    const { height } = this.form;
    const text = (i: number) =>
      `${DEEP_STARTS[i]?.title}: ${bandText(bands(twins[i]!, grain, spec.columns, height)[column], height)}`;
    const others = twins.flatMap((_, i) => (i === start ? [] : [i]));
    return [start, ...others].map(text);
  }

  /** What became of each twin's networks of a column. */
  private spreadsAt({ twins, grain, spec }: Atlas, column: number): string[] {
    return twins.map((twin, i) => {
      const spread = spreads(twin, grain, spec.columns, spec.rows)[column];
      return `${this.names[i]?.name}: ${spread ? spreadText(spread) : word("atlas.untrained")}`;
    });
  }

  private key() {
    return html`${this.twins.map(
        (twin, i) =>
          html`<span
            ><span class="swatch" style="background: var(--${this.names[i]!.colour})"></span
            >${word("atlas.called", { layers: word(`twins.${twin.parametrization}`), start: startTitle(twin.start.kind) })}</span
          >`,
      )} <span>${word("atlas.keyLine")}</span><span>${word("atlas.keyBand")}</span
      ><span>${word("atlas.keyRings")}</span>`;
  }

  private status() {
    const { atlas, running, form } = this;
    if (running && !atlas?.trained)
      return html`<progress aria-label=${word("atlas.progress")}></progress
        ><span>${word("atlas.starting")}</span>`;
    if (!atlas) {
      const cells =
        form.view === "deep"
          ? DEPTHS * form.seeds
          : form.view === "curves"
            ? 24 * form.seeds
            : form.size ** 2;
      const each = form.view === "deep" ? DEEP_STARTS.length : (this.experiment?.twins.length ?? 2);
      const networks = cells * Math.max(1, each);
      return html`<span
        >${word("atlas.offer", { networks: formatCount(networks), steps: form.steps })}</span
      >`;
    }
    const { trained, networks, networkSteps, milliseconds, engine, workers, notice } = atlas;
    const rate = (1000 * networkSteps) / milliseconds;
    return html`<progress
        aria-label=${word("atlas.progress")}
        data-testid="atlas-progress"
        .value=${trained}
        .max=${networks}
      ></progress>
      <span
        >${word(running || trained === networks ? "atlas.trained" : "atlas.stopped", {
          trained: formatCount(trained),
          networks: formatCount(networks),
        })}</span
      >
      <span data-testid="atlas-time"
        >${word(engine !== "cpu" ? "atlas.time" : workers > 1 ? "atlas.timeMany" : "atlas.timeOne", {
          seconds: (milliseconds / 1000).toFixed(1),
          engine: ENGINE_TITLES[engine],
          workers,
        })}</span
      >
      <span title=${word("atlas.rateTitle")}
        >${word("run.rate", { count: formatCount(Number(rate.toPrecision(2))) })}</span
      >${notice ? html`<span role="status" data-testid="atlas-notice">${said(notice)}</span>` : nothing}`;
  }

  private saving(atlas: Atlas) {
    return saveMenu(
      word(this.curves || this.deep ? "save.curves" : "save.maps"),
      "atlas-save",
      word("save.mapsTitle"),
      (kind) =>
        this.say("lab-atlas-save", {
          kind,
          atlas,
          view: this.deep ? "deep" : this.curves ? "curves" : "map",
          height: this.form.height,
        }),
    );
  }

  private legend(atlas: Atlas) {
    const { spec } = atlas;
    if (this.ends) return basinsLegend(spec, this.ends, this.book, this.domain);
    const { domain, colour } = this;
    const { steps } = spec.budget;
    const [low, high] = domain ? [10 ** domain.low, 10 ** domain.high] : [Number.NaN, Number.NaN];
    const excess = colour === "excess";
    const title = excess
      ? word("atlas.after", {
          measure: measureName(this.classifier ? "loss" : "excess risk"),
          steps: formatCount(steps),
        })
      : word("atlas.stepsTo", { goal: goalText(spec) });
    return html`<span>${title}</span>
      <span
        >${excess ? `≤ ${formatValue(low)}` : formatCount(low)}
        <span class="scale" style="background: ${SEQUENTIAL_GRADIENT}"></span>
        ${excess ? `≥ ${formatValue(high)}` : formatCount(high)}</span
      >
      ${
        excess
          ? nothing
          : html`<span
              ><span class="swatch" style="background: ${NEVER}"></span
              >${word("atlas.notWithin", { steps: formatCount(steps) })}</span
            >`
      }
      <span><span class="swatch hatch"></span>${word("landscape.diverged")}</span>
      <span><span class="ring"></span>${word("atlas.here")}</span>`;
  }

  private sentence(atlas: Atlas, [ix, iy]: Cell, twin: number): string {
    return `${cellName(atlas, [ix, iy])}: ${this.outcome(atlas, twin, iy * atlas.spec.columns + ix)}`;
  }

  private outcome(atlas: Atlas, twin: number, cell: number): string {
    return atlas.spec.basins
      ? endText(atlas, atlas.twins[twin]!, cell, layersAt(atlas, cell))
      : outcomeText(atlas, twin, cell);
  }

  private read() {
    const { atlas, cursor } = this;
    if (!atlas) return nothing;
    if (cursor && this.deep) {
      return html`<strong>${valueName(atlas.spec, atlas.spec.x, atlas.x[cursor[0]]!)}</strong>
        ${this.startsAt(atlas, cursor).map((text, i) =>
          i === 0 ? html`<strong>${text}</strong>` : html`<span>${text}</span>`,
        )}`;
    }
    if (cursor && this.curves) {
      return html`<strong>${valueName(atlas.spec, atlas.spec.x, atlas.x[cursor[0]]!)}</strong>
        ${this.spreadsAt(atlas, cursor[0]).map((text) => html`<span>${text}</span>`)}`;
    }
    if (cursor) {
      const cell = cursor[1] * atlas.spec.columns + cursor[0];
      return html`<strong>${cellName(atlas, cursor)}</strong> ${this.twins.map(
          (_, i) =>
            html`<span
              ><span style="color: var(--${this.names[i]!.colour})">${this.names[i]!.name}</span>
              ${this.outcome(atlas, i, cell)}</span
            >`,
        )}`;
    }
    return this.opened
      ? html`<span data-testid="atlas-opened">${word("atlas.opened", { name: this.opened })}</span>`
      : this.deep
        ? html`<span class="muted">${word("atlas.hintDeep")}</span>`
        : this.curves
          ? html`<span class="muted">${word("atlas.hintCurves")}</span>`
          : html`<span class="muted">${word("atlas.hint")}</span>`;
  }
}

function same(x: AxisSpec, y: AxisSpec): boolean {
  return x.quantity === y.quantity && x.scale === y.scale && x.low === y.low && x.high === y.high;
}

/** Whether one map can be laid over the other. */
function comparable(x: AxisSpec | undefined, y: AxisSpec): boolean {
  return x?.quantity === y.quantity && x.scale === y.scale;
}
