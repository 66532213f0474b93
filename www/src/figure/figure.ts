// <identity-lab-figure>: a run and its pictures, to stand in a text or in any other page.
import { css, html, LitElement, nothing, svg, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { formatCount, formatValue } from "../draw/scale";
import { capital, measureName, measureOf } from "../measure";
import { entryNames, planeNamed } from "../plane-name";
import { depthOf, widthOf, type Experiment } from "../engine/types";
import { inputRange } from "../classifying";
import { writeHash } from "../url";
import { figurePage } from "../site";
import { layersTitle, twinNames, type TwinName } from "../twin-names";
import { word } from "../words";
import { controls } from "../elements/base";
import { loadParts } from "./load-parts";
import { partsOf, type Part } from "./parts";
import { quantity } from "./quantities";
import { FigureRun, type FigureState } from "./run";
import { ATTRIBUTES, embedCode, sharedAddress } from "./share";
import { withTokens } from "./tokens";

/** Heights beyond this many times the run's first one share a colour. */
const CEILING = 100;
/** How near the screen a figure starts its engine. */
const NEAR = "400px";

/** Which controls a figure has: all, those that run it, or none. */
export type Controls = "all" | "run" | "none";

/**
 * A figure of its own: `<identity-lab-figure experiment="network.layers=32" show="landscapes chart"></…>`.
 *
 * Attributes: `experiment` (fields as in the lab's address), `show` (parts, see PARTS), `plane` (as in the address),
 * `speed` (steps a second, or "full"), `until` (the step at which it rests), `controls` ("all", "run" or "none"),
 * `heading`, `autoplay`, `lab` (the address of the lab, for the link to it).
 *
 * It says `identity-lab-change` whenever what it shows has changed.
 */
@customElement("identity-lab-figure")
export class IdentityLabFigure extends LitElement {
  @property() experiment = "";
  @property() show: string | null = null;
  @property() plane = "startCurrent";
  /** Half the side of the landscapes' range; empty for what the plane suggests. */
  @property() reach = "";
  @property() speed = "60";
  @property() until = "";
  @property() controls: Controls = "all";
  @property() heading = "";
  @property({ type: Boolean }) autoplay = false;
  /** Where the lab is; empty for no link to it. */
  @property() lab = "";
  @state() private shown: FigureState | undefined;
  @state() private problem = "";
  @state() private loaded = false;
  @state() private copied = "";

  private run: FigureRun | undefined;
  private parts: ReadonlySet<Part> = new Set();
  private observer: IntersectionObserver | undefined;
  private painting = false;
  /** Whether it goes on when it comes into sight again. */
  private resumes = false;

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      figure {
        margin: 0;
        display: grid;
        gap: 0.625rem;
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem 0.875rem;
      }
      .bar h3 {
        font-size: 1rem;
        font-weight: 640;
        margin-inline-end: auto;
      }
      .buttons {
        display: flex;
        align-items: center;
        gap: 0.5rem;
      }
      .buttons button {
        display: grid;
        place-items: center;
        width: 2.25rem;
        height: 2.25rem;
        padding: 0;
        border-radius: 50%;
        border-color: var(--line);
      }
      .buttons button.play {
        width: 2.75rem;
        height: 2.75rem;
        border: 0;
        background: var(--accent);
        color: var(--on-accent);
      }
      svg {
        width: 1.2rem;
        height: 1.2rem;
        fill: currentColor;
      }
      .play svg {
        width: 1.6rem;
        height: 1.6rem;
      }
      .count {
        min-width: 5rem;
        font-size: 0.8125rem;
        color: var(--ink-muted);
      }
      .count strong {
        color: var(--ink);
        font-size: 1.125rem;
        font-weight: 620;
      }
      .bar a {
        color: var(--ink);
        font-size: 0.875rem;
        padding: 0.375rem 0;
        white-space: nowrap;
      }
      .share {
        position: relative;
        font-size: 0.875rem;
      }
      .share summary {
        cursor: pointer;
        padding: 0.375rem 0;
      }
      .share div {
        position: absolute;
        inset-inline-end: 0;
        z-index: 2;
        display: grid;
        gap: 0.375rem;
        width: max-content;
        max-width: 80vw;
        padding: 0.625rem;
        background: var(--surface);
        border: 1px solid var(--line-strong);
        border-radius: 7px;
      }
      .parts {
        display: grid;
        gap: 0.875rem 1.5rem;
        grid-template-columns: repeat(auto-fit, minmax(min(19rem, 100%), 1fr));
        align-items: start;
      }
      .twin {
        display: grid;
        gap: 0.375rem;
        align-content: start;
        min-width: 0;
        border-top: 3px solid var(--twin);
        padding-top: 0.375rem;
      }
      .identity {
        --twin: var(--identity);
      }
      .standard {
        --twin: var(--standard);
      }
      .twin header {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 0 0.75rem;
        font-size: 0.8125rem;
        color: var(--ink-muted);
      }
      .twin header strong {
        color: var(--ink);
        font-size: 0.9375rem;
        font-weight: 640;
      }
      .diverged {
        color: var(--danger);
        font-weight: 600;
      }
      .problem {
        color: var(--danger);
        background: var(--danger-wash);
        border-radius: 7px;
        padding: 0.5rem 0.75rem;
        font-size: 0.875rem;
      }
      .waiting {
        display: grid;
        place-items: center;
        min-height: 16rem;
        background: var(--sunken);
        color: var(--ink-muted);
        border-radius: 7px;
        font-size: 0.875rem;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    withTokens(this);
    this.observer = new IntersectionObserver(([entry]) => this.seen(entry!.isIntersecting), {
      rootMargin: NEAR,
    });
    this.observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer?.disconnect();
    this.run?.dispose();
    this.run = undefined;
    this.shown = undefined;
  }

  /** Once shown, other attributes mean another run. */
  protected override willUpdate(changed: PropertyValues<this>): void {
    if (
      !this.run ||
      !["experiment", "show", "plane", "reach", "speed", "until"].some((name) => changed.has(name as never))
    )
      return;
    this.run.dispose();
    this.run = undefined;
    void this.open();
  }

  // ---------------------------------------------------------------- for pages

  /** What the figure shows now; undefined before its engine has started. */
  get state(): FigureState | undefined {
    return this.shown;
  }

  /** Resolves once the figure runs, which it also does without being in sight. */
  async ready(): Promise<void> {
    await this.open();
  }

  play(): void {
    this.run?.play();
  }

  pause(): void {
    this.resumes = false;
    this.run?.pause();
  }

  async step(): Promise<void> {
    await this.run?.step();
  }

  /** The figure as it was first. */
  async reset(): Promise<void> {
    await this.run?.reset();
  }

  /** Starts anew with these fields changed, and plays. */
  async set(fields: string): Promise<void> {
    await this.open();
    await this.run?.set(fields);
    if (!this.shown?.problem) this.play();
  }

  /** Whether the run has these values; undefined while there is none. */
  holds(fields: string): boolean | undefined {
    return this.run?.ready ? this.run.holds(fields) : undefined;
  }

  /** A number of the figure as text, by its name, such as `excess.1`. */
  number(name: string): string | undefined {
    return this.shown && quantity(name, this.shown);
  }

  // ---------------------------------------------------------------- running

  private opening: Promise<void> | undefined;

  private open(): Promise<void> {
    if (!this.run || !this.opening) this.opening = this.begin();
    return this.opening;
  }

  private async begin(): Promise<void> {
    try {
      this.parts = partsOf(this.show);
      const run = new FigureRun({
        fields: this.experiment,
        parts: this.parts,
        plane: planeNamed(this.plane),
        half: Number(this.reach) || undefined,
        speed: this.speed === "full" ? Infinity : Number(this.speed) || 60,
        until: Number(this.until) || Infinity,
        changed: () => this.schedule(),
      });
      this.run = run;
      await Promise.all([loadParts(this.parts), run.open()]);
      this.loaded = true;
      this.shown = run.state;
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  private async seen(inSight: boolean): Promise<void> {
    if (!inSight) {
      this.resumes ||= this.shown?.playing ?? false;
      if (this.shown?.playing) this.run?.pause();
      return;
    }
    if (!this.run) {
      await this.open();
      this.resumes = this.autoplay && !matchMedia("(prefers-reduced-motion: reduce)").matches;
    }
    if (!this.resumes) return;
    this.resumes = false;
    this.run?.play();
  }

  /** However fast frames come in, one is painted an animation frame. */
  private schedule(): void {
    if (this.painting) return;
    this.painting = true;
    requestAnimationFrame(() => {
      this.painting = false;
      if (!this.run) return;
      this.shown = this.run.state;
      this.dispatchEvent(new CustomEvent("identity-lab-change", { bubbles: true, composed: true }));
    });
  }

  private toggle(): void {
    if (this.shown?.playing) this.pause();
    else this.play();
  }

  // ---------------------------------------------------------------- looks

  override render() {
    const { shown } = this;
    const problem = this.problem || shown?.problem;
    return html`<figure
      aria-label=${this.heading || word("figure.unnamed")}
      @lab-ball=${(e: CustomEvent<number | null>) => this.own(e, () => this.run?.sample(e.detail))}
    >
      ${this.bar()} ${problem ? html`<p class="problem" role="alert">${problem}</p>` : nothing}
      ${shown?.frame && this.loaded ? this.pictures(shown) : html`<div class="waiting">${word("figure.loading")}</div>`}
      <slot></slot>
    </figure>`;
  }

  /** What its parts ask for is the figure's own business. */
  private own(event: Event, act: () => unknown): void {
    event.stopPropagation();
    void act();
  }

  private bar() {
    const { shown } = this;
    if (this.controls === "none" && !this.heading) return nothing;
    const ready = shown?.experiment !== undefined;
    const playing = shown?.playing ?? false;
    const toggle = word(playing ? "figure.pause" : "figure.play");
    return html`<div class="bar">
      ${this.heading ? html`<h3>${this.heading}</h3>` : nothing}
      ${
        this.controls === "none"
          ? nothing
          : html`<span class="count"
                >${word("figure.step")}
                <strong data-testid="step">${formatCount(shown?.frame?.step ?? 0)}</strong></span
              >
              <div class="buttons" role="group" aria-label=${word("figure.run")}>
                <button
                  aria-label=${word("figure.resetFigure")}
                  title=${word("figure.reset")}
                  ?disabled=${!ready}
                  @click=${() => this.reset()}
                >
                  <svg viewBox="0 0 24 24" aria-hidden="true">
                    <path d="M12 5V1.8L7.2 6 12 10.2V7a5.5 5.5 0 1 1-5.5 5.5h-2A7.5 7.5 0 1 0 12 5Z" />
                  </svg>
                </button>
                <button
                  class="play"
                  aria-label=${toggle}
                  title=${toggle}
                  ?disabled=${!ready}
                  @click=${this.toggle}
                >
                  <svg viewBox="0 0 24 24" aria-hidden="true">
                    ${
                      playing
                        ? svg`<path d="M6.5 5h4v14h-4zM13.5 5h4v14h-4z" />`
                        : svg`<path d="M8 4.8v14.4L19.5 12Z" />`
                    }
                  </svg>
                </button>
                <button
                  aria-label=${word("figure.oneStep")}
                  title=${word("figure.oneStep")}
                  ?disabled=${!ready}
                  @click=${() => this.step()}
                >
                  <svg viewBox="0 0 24 24" aria-hidden="true">
                    <path d="M6 5v14l9.5-7ZM16.5 5H19v14h-2.5z" />
                  </svg>
                </button>
              </div>`
      }
      ${
        this.lab && this.controls === "all"
          ? html`<a href=${this.labAddress()}>${word("figure.open")}</a> ${this.sharing()}`
          : nothing
      }
    </div>`;
  }

  private sharing() {
    return html`<details class="share">
      <summary>${word("figure.share")}</summary>
      <div>
        <button @click=${() => this.copy(this.address())}>${word("figure.copyAddress")}</button>
        <button @click=${() => this.copy(embedCode(this.address(), this.heading))}>
          ${word("figure.copyCode")}
        </button>
        <span role="status">${this.copied}</span>
      </div>
    </details>`;
  }

  private async copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.copied = word("figure.copied");
    } catch {
      // On insecure origins, or where it is forbidden: the reader copies by hand.
      prompt(word("figure.copyThis"), text);
    }
  }

  /** This figure alone, with its experiment as it is now. */
  private address(): string {
    const own = ATTRIBUTES.flatMap((name) => {
      const value = this.getAttribute(name);
      return value === null ? [] : [[name, value] as const];
    });
    return sharedAddress(figurePage(this.lab), {
      attributes: new Map(own),
      experiment: this.fields().replace(/^#/, ""),
    });
  }

  /** The lab with this figure's experiment as it is now. */
  private labAddress(): string {
    const plane = this.plane === "startCurrent" ? "" : `&plane=${this.plane}`;
    return this.lab + this.fields() + plane;
  }

  private fields(): string {
    const experiment = this.shown?.experiment;
    return experiment
      ? writeHash({ experiment, engine: "auto", plane: "startCurrent" })
      : `#${this.experiment}`;
  }

  private pictures(state: FigureState) {
    const experiment = state.experiment!;
    const names = twinNames(experiment.twins);
    const { parts } = this;
    const perTwin = (["landscapes", "decision", "hidden", "spectra", "layers"] as const).some((part) =>
      parts.has(part),
    );
    return html`<div class="parts">
      ${perTwin ? names.map((name, i) => this.twin(state, experiment, name, i)) : nothing}
      ${this.charts(state, experiment, names)} ${this.theorems(state, experiment, names)}
    </div>`;
  }

  private twin(state: FigureState, experiment: Experiment, { name, colour }: TwinName, i: number) {
    const frame = state.frame!.twins[i];
    const spec = experiment.twins[i]!;
    const { parts } = this;
    const classifier = experiment.network.kind === "relu";
    const measure = measureOf(experiment.network);
    const title = names(experiment) ? capital(name) : layersTitle(spec, classifier);
    return html`<div class="twin ${colour}" role="group" aria-label=${word("figure.network", { name })}>
      <header>
        <strong>${title}</strong>
        <span
          >${
            frame?.status === "diverged"
              ? html`<span class="diverged"
                  >${word("figure.divergedAt", { step: formatCount(frame.divergedAt ?? 0) })}</span
                >`
              : `${measureName(measure)} ${formatValue(frame?.excess)}`
          }</span
        >
      </header>
      ${
        parts.has("landscapes")
          ? html`<lab-landscape
              .plain=${true}
              .landscape=${state.landscapes[i]}
              .index=${i}
              .axes=${state.landscapes[i] && entryNames(state.landscapes[i].spec, experiment.network, spec.parametrization)}
              .point=${frame?.point}
              .risk=${frame?.excess}
              .measure=${measure}
              .ceiling=${CEILING * (frame?.history.excess[0] || Infinity)}
              .twin=${colour}
              .name=${name}
            ></lab-landscape>`
          : nothing
      }
      ${
        parts.has("decision") && classifier
          ? html`<lab-decision
              .picture=${state.classifiers[i]?.decision}
              .points=${state.points}
              .range=${inputRange(state.points)}
              .name=${name}
            ></lab-decision>`
          : nothing
      }
      ${
        parts.has("hidden") && classifier
          ? html`<lab-hidden
              .followed=${state.classifiers[i]?.hidden}
              .labels=${state.points?.labels}
              .name=${name}
            ></lab-hidden>`
          : nothing
      }
      ${
        parts.has("spectra")
          ? html`<lab-spectrum .spectra=${state.spectra[i]} .twin=${colour}></lab-spectrum>`
          : nothing
      }
      ${
        parts.has("layers") && !classifier
          ? html`<lab-matrices
              .parameters=${state.parameters[i]}
              .width=${widthOf(experiment.network)}
              .parametrization=${spec.parametrization}
            ></lab-matrices>`
          : nothing
      }
    </div>`;
  }

  private charts(state: FigureState, experiment: Experiment, names: readonly TwinName[]) {
    const chart = (heading: string, pick: "excess" | "gradientNorm") =>
      html`<lab-chart
        plain
        .heading=${heading}
        .series=${state.frame!.twins.map(({ history }, i) => ({
          name: names[i]!.name,
          twin: names[i]!.colour,
          steps: history.steps,
          values: history[pick],
        }))}
      ></lab-chart>`;
    return html`${this.parts.has("chart") ? chart(capital(measureName(measureOf(experiment.network))), "excess") : nothing}
    ${this.parts.has("gradient") ? chart(word("figure.gradientNorm"), "gradientNorm") : nothing}`;
  }

  private theorems(state: FigureState, experiment: Experiment, names: readonly TwinName[]) {
    const { parts } = this;
    const layers = depthOf(experiment.network);
    const target = state.spectra[0]?.target;
    return html`${
      parts.has("near")
        ? html`<lab-theorem-near
            plain
            .bounds=${state.bounds}
            .refused=${state.refused}
            .layers=${layers}
            .width=${experiment.network.width}
            .walkable=${false}
            .sigmaMin=${target?.[target.length - 1] ?? 0}
            .names=${names}
          ></lab-theorem-near>`
        : nothing
    }
    ${
      parts.has("certificate")
        ? html`<lab-theorem-run
            plain
            .certificates=${state.certificates}
            .twins=${experiment.twins}
          ></lab-theorem-run>`
        : nothing
    }
    ${
      parts.has("ball")
        ? html`<lab-theorem-ball
            plain
            .eager=${this.autoplay}
            .ball=${state.ball}
            .sampling=${state.sampling}
            .layers=${layers}
            .bounds=${state.bounds}
          ></lab-theorem-ball>`
        : nothing
    }
    ${
      parts.has("eigenvalues")
        ? html`<lab-theorem-paths
            plain
            .spectra=${state.spectra}
            .names=${names}
            .run=${state.run}
          ></lab-theorem-paths>`
        : nothing
    }`;
  }
}

/** Whether the networks are told apart by their starts. */
const names = ({ twins }: Experiment) =>
  twins.length > 1 && twins[0]!.parametrization === twins[1]!.parametrization;

declare global {
  interface HTMLElementTagNameMap {
    "identity-lab-figure": IdentityLabFigure;
  }
}
