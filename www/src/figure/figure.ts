// <identity-lab-figure>: a run and its pictures, to stand in a text or in any other page.
import { html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { guard } from "lit/directives/guard.js";
import { citation } from "../citation";
import { copyText } from "../copy";
import { formatCount } from "../draw/scale";
import { inFrames } from "../in-frames";
import { planeNamed } from "../plane-name";
import { whyOf } from "../said";
import { writeHash } from "../url";
import { figurePage } from "../site";
import { word, wordsAreHere } from "../words";
import { controls, problemBox } from "../elements/base";
import { said } from "../elements/said";
import { playIcon, resetIcon, runButtons, stepIcon } from "../elements/run-icons";
import type { Controls, FigureElement } from "./element";
import { loadParts } from "./load-parts";
import { partsOf, type Part } from "./parts";
import { pictures, PIECES } from "./pictures";
import { quantity } from "./quantities";
import { FigureRun, type FigureState } from "./run";
import { ATTRIBUTES, embedCode, sharedAddress } from "./share";
import { figureStyle } from "./style";
import { withTokens } from "./tokens";

/** How near the screen a figure starts its engine. */
const NEAR = "400px";

/** Attributes, properties and methods are described in {@link FigureElement}. */
@customElement("identity-lab-figure")
export class IdentityLabFigure extends LitElement implements FigureElement {
  @property() experiment = "";
  @property() show: string | null = null;
  @property() plane = "startCurrent";
  @property() reach = "";
  @property() speed = "60";
  @property() until = "";
  @property() controls: Controls = "all";
  @property() heading = "";
  @property({ type: Boolean }) autoplay = false;
  @property() lab = "";
  @state() private shown: FigureState | undefined;
  @state() private problem = "";
  /** How many pieces of it are shown: one more a frame. */
  @state() private pieces = 0;
  @state() private copied = "";

  private run: FigureRun | undefined;
  private parts: ReadonlySet<Part> = new Set();
  private observer: IntersectionObserver | undefined;
  private painting = false;
  /** Whether it goes on when it comes into sight again. */
  private resumes = false;

  static override styles = [controls, problemBox, runButtons, figureStyle];

  override connectedCallback(): void {
    super.connectedCallback();
    withTokens(this);
    // While the page is busy it may have come and gone: the last is how it is now.
    this.observer = new IntersectionObserver((all) => this.seen(all[all.length - 1]!.isIntersecting), {
      rootMargin: NEAR,
    });
    this.observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer?.disconnect();
    this.end();
    this.shown = undefined;
  }

  /**
   * Figures of a page are shown for the first time one a frame, which takes a fifth off what blocks a slow processor.
   * Pages that nobody sees have no frames, and no need of them.
   */
  protected override async scheduleUpdate(): Promise<void> {
    if (!this.hasUpdated && document.visibilityState === "visible")
      await new Promise<void>((resolve) => inFrames({}, resolve));
    await wordsAreHere();
    await super.scheduleUpdate();
  }

  /** Once shown, other attributes mean another run. */
  protected override willUpdate(changed: PropertyValues<this>): void {
    if (
      !this.run ||
      !["experiment", "show", "plane", "reach", "speed", "until"].some((name) => changed.has(name as never))
    )
      return;
    this.end();
    void this.open();
  }

  // ---------------------------------------------------------------- for pages

  get state(): FigureState | undefined {
    // Of now, which is on show with the next frame.
    return this.run?.ready ? this.run.state : undefined;
  }

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

  async reset(): Promise<void> {
    await this.run?.reset();
  }

  async set(fields: string): Promise<void> {
    await this.open();
    await this.run?.set(fields);
    if (!this.state?.problem) this.play();
  }

  holds(fields: string): boolean | undefined {
    return this.run?.ready ? this.run.holds(fields) : undefined;
  }

  number(name: string): string | undefined {
    const { state } = this;
    return state && quantity(name, state);
  }

  // ---------------------------------------------------------------- running

  private opening: Promise<void> | undefined;
  /** Counts runs: what has been waited for may be of an earlier one. */
  private turn = 0;

  private open(): Promise<void> {
    return (this.opening ??= this.begin(++this.turn));
  }

  private end(): void {
    this.turn++;
    this.opening = undefined;
    this.problem = "";
    this.run?.dispose();
    this.run = undefined;
  }

  private async begin(turn: number): Promise<void> {
    // Of the attributes as they will be: whoever makes a figure sets them one after another.
    await this.updateComplete;
    if (turn !== this.turn) return;
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
      if (turn !== this.turn) return;
      this.shown = run.state;
      inFrames(this, () => this.addPiece());
    } catch (error) {
      this.problem = whyOf(error);
    }
  }

  private addPiece(): void {
    if (++this.pieces < PIECES) inFrames(this, () => this.addPiece());
  }

  private async seen(inSight: boolean): Promise<void> {
    if (!inSight) {
      this.resumes ||= this.shown?.playing ?? false;
      if (this.shown?.playing) this.run?.pause();
      return;
    }
    if (!this.opening) {
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
    const problem = this.problem || (shown?.problem && this.run?.why);
    return html`<figure
      aria-label=${this.heading || word("figure.unnamed")}
      @lab-ball=${(e: CustomEvent<number | null>) => this.own(e, () => this.run?.sample(e.detail))}
    >
      ${this.bar()} ${problem ? html`<p class="problem" role="alert">${said(problem)}</p>` : nothing}
      ${this.content(problem)}
      <slot></slot>
    </figure>`;
  }

  private content(problem: string | undefined) {
    const { shown } = this;
    if (shown?.frame && this.pieces > 0) return pictures(shown, this.parts, this.autoplay, this.pieces);
    // What is refused at once is not going to load.
    return problem ? nothing : html`<div class="waiting">${word("figure.loading")}</div>`;
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
                  ${resetIcon()}
                </button>
                <button
                  class="play"
                  aria-label=${toggle}
                  title=${toggle}
                  ?disabled=${!ready}
                  @click=${this.toggle}
                >
                  ${playIcon(playing)}
                </button>
                <button
                  aria-label=${word("figure.oneStep")}
                  title=${word("figure.oneStep")}
                  ?disabled=${!ready}
                  @click=${() => this.step()}
                >
                  ${stepIcon()}
                </button>
              </div>`
      }
      ${
        this.lab && this.controls === "all"
          ? html`<a href=${guard([shown?.experiment, this.lab, this.plane], () => this.labAddress())}
                >${word("figure.open")}</a
              >
              ${this.sharing()}`
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
        <button @click=${() => this.copy(this.cited())}>${word("figure.copyCitation")}</button>
        <span role="status">${this.copied}</span>
      </div>
    </details>`;
  }

  private async copy(text: string): Promise<void> {
    if (await copyText(text)) this.copied = word("figure.copied");
  }

  private cited(): string {
    return citation(this.heading || word("figure.unnamed"), this.address(), new Date());
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
}
