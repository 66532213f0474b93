import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { guard } from "lit/directives/guard.js";
import { live } from "lit/directives/live.js";
import type { ErrorPoint } from "../draw/error-curves";
import { formatCount, formatValue, type ColourScale } from "../draw/scale";
import type { ReadProgress } from "../engine/image-lab";
import {
  type Branch,
  type FeatureMaps,
  type Filters,
  type ImageDevice,
  type ImageExperiment,
  type ImageLandscape,
  type ImageLandscapeRequest,
  type ImagePreset,
  type ImageSetInfo,
  type RunStatus,
  type ShownImages,
  type Tally,
} from "../engine/images";
import type { KeptRun } from "../engine/kept-images";
import type { ErrorsOf, ExportedImages, ImageFigure } from "../export/image-file";
import type { SaveKind } from "../export/save";
import { VARIANTS, type Compared } from "../image-comparison";
import { isDone } from "../image-run";
import type { ImagesForm } from "../images-form";
import { controls, LabElement, panel } from "./base";
import { chapterStyle } from "./chapter-style";
import "./branches";
import "./confusion";
import "./error-curves";
import "./feature-maps";
import "./filters";
import "./image-gallery";
import "./image-landscape";
import { VARIANT_COLOURS } from "./images-comparison";
import "./images-comparison";
import type { KeptInfo } from "./images-data";
import "./images-data";
import "./images-settings";
import { said } from "./said";
import { saveMenu, saveMenuStyle } from "./save-menu";
import { language, phrase, word } from "../words";

/** What is asked of a landscape. */
const LANDSCAPES: Record<"line" | "plane", ImageLandscapeRequest> = {
  line: { axes: "line", size: 65, radius: 2, seed: 1, subset: "test", images: 256 },
  plane: { axes: "plane", size: 33, radius: 1, seed: 1, subset: "test", images: 128 },
};

/** Images: the paper's convolutional networks. It trains nothing itself: it says what is wanted. */
@customElement("lab-images")
export class LabImages extends LabElement {
  /** What is being loaded, in words. */
  @property() loading = "";
  /** What is wrong with what was asked for. */
  @property() problem = "";
  /** What could not be done beside it, such as keeping. */
  @property() notice = "";
  @property({ attribute: false }) presets: readonly ImagePreset[] = [];
  @property({ attribute: false }) form: ImagesForm | undefined;
  @property() device: ImageDevice = "cpu";
  @property({ attribute: false }) info: ImageSetInfo | undefined;
  @property({ attribute: false }) kept: readonly KeptInfo[] = [];
  @property({ attribute: false }) keptRun: KeptRun | undefined;
  @property({ attribute: false }) reading: ReadProgress | undefined;
  @property({ type: Number }) side = 32;
  @property({ attribute: false }) status: RunStatus | undefined;
  @property({ type: Boolean }) training = false;
  /** Of the last minibatch. */
  @property({ type: Number }) loss: number | undefined;
  /** Images a second, with everything that is done in between. */
  @property({ type: Number }) rate: number | undefined;
  /** Seconds to the end. */
  @property({ type: Number }) left: number | undefined;
  /** Bytes. */
  @property({ type: Number }) memory: number | undefined;
  @property({ attribute: false }) points: readonly ErrorPoint[] = [];
  @property({ attribute: false }) tally: Tally | undefined;
  @property({ attribute: false }) shown: ShownImages | undefined;
  @property({ type: Boolean }) mistakes = false;
  /** Position of the image whose maps are shown. */
  @property({ type: Number }) chosen = 0;
  @property({ attribute: false }) maps: readonly FeatureMaps[] = [];
  @property({ attribute: false }) filters: Filters | undefined;
  @property({ attribute: false }) branches: readonly Branch[] = [];
  /** As they were before the first step. */
  @property({ attribute: false }) start: readonly Branch[] = [];
  @property({ attribute: false }) landscape: ImageLandscape | undefined;
  /** The part of a landscape that is computed, undefined while none is. */
  @property({ type: Number }) looking: number | undefined;
  @property({ attribute: false }) rows: readonly Compared[] = [];
  @property({ type: Boolean }) comparing = false;
  @state() private errorScale: ColourScale = "log";
  /** Where this browser can train. */
  @property({ attribute: false }) devices: readonly ImageDevice[] = ["cpu"];

  static override styles = [
    controls,
    panel,
    chapterStyle,
    saveMenuStyle,
    css`
      .save {
        display: block;
        text-align: end;
        margin-top: 0.25rem;
      }
      lab-images-data,
      lab-images-settings {
        margin-bottom: 0.625rem;
      }
      lab-images-settings {
        display: block;
      }
      .transport,
      .status {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.375rem 0.75rem;
        font-size: 0.8125rem;
      }
      .status {
        color: var(--ink-muted);
        min-height: 1.5rem;
        margin-top: 0.375rem;
      }
      .status b {
        font-weight: 600;
        color: var(--ink);
      }
      .train {
        min-width: 6rem;
        font-weight: 600;
        background: var(--accent);
        color: var(--on-accent);
        border-color: var(--accent);
      }
      .train:hover:not(:disabled) {
        background: var(--ink-muted);
      }
      .transport label {
        display: inline-flex;
        align-items: center;
        gap: 0.375rem;
      }
      .panel > p {
        text-wrap: pretty;
      }
      .notice {
        border-radius: 7px;
        padding: 0.375rem 0.625rem;
        margin: 0.5rem 0;
        font-size: 0.875rem;
        color: var(--notice);
        background: var(--notice-wash);
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.375rem 0.75rem;
      }
      .check {
        display: inline-flex;
        align-items: center;
        gap: 0.4rem;
      }
      input[type="checkbox"] {
        width: 1rem;
        min-height: 1rem;
        accent-color: var(--accent);
      }
    `,
  ];

  override render() {
    return html`
      <p class="statement">${word("images.statement")}</p>
      <p class="intro">${word("images.intro")}</p>
      <lab-images-data
        .info=${this.info}
        .kept=${this.kept}
        .reading=${this.reading}
        .side=${this.side}
        @side=${(e: CustomEvent<number>) => (this.side = e.detail)}
      ></lab-images-data>
      <lab-images-settings .form=${this.form} .presets=${this.presets}></lab-images-settings>
      ${this.keptRun ? this.earlier(this.keptRun) : nothing} ${this.transport()}
      ${
        this.problem
          ? html`<p class="problem" role="alert" data-testid="images-problem">${said(this.problem)}</p>`
          : nothing
      }
      ${
        this.notice
          ? html`<p class="notice" data-testid="images-notice">
              ${said(this.notice)} <button @click=${() => (this.notice = "")}>${word("keys.close")}</button>
            </p>`
          : nothing
      }
      <p class="status" data-testid="images-status">${this.statusLine()}</p>
      ${this.info && this.status ? this.cards(this.info, this.status) : nothing}
    `;
  }

  private earlier({ set, step, steps, at }: KeptRun) {
    const when = new Date(at).toLocaleString(language === "en" ? "en-GB" : language, {
      dateStyle: "medium",
      timeStyle: "short",
    });
    return html`<p class="notice" data-testid="images-earlier">
      <span
        >${word("images.earlier", { set, step: formatCount(step), steps: formatCount(steps), when })}</span
      >
      <button data-testid="images-resume" @click=${() => this.say("lab-images-resume")}>
        ${word("view.rewind")}
      </button>
      <button data-testid="images-forget" @click=${() => this.say("lab-images-forget")}>
        ${word("images.forget")}
      </button>
    </p>`;
  }

  private transport() {
    const { status, training } = this;
    const busy = this.loading !== "" || this.reading !== undefined;
    return html`<div class="transport">
      <button
        class="train"
        data-testid="images-train"
        ?disabled=${!status || busy}
        @click=${() => this.say("lab-images-train")}
      >
        ${word(training ? "figure.pause" : status && isDone(status) ? "images.trainAgain" : "images.train")}
      </button>
      <button
        data-testid="images-restart"
        ?disabled=${!status || busy}
        title=${word("images.restartTitle")}
        @click=${() => this.say("lab-images-restart")}
      >
        ${word("images.restart")}
      </button>
      ${this.devices.length > 1 ? this.deviceChoice(!status || busy) : nothing}
      <button
        data-testid="images-save"
        ?disabled=${!status || busy}
        title=${word("images.saveTitle")}
        @click=${() => this.say("lab-images-save")}
      >
        ${word("images.save")}
      </button>
      <button
        ?disabled=${!status || busy}
        @click=${() => this.renderRoot.querySelector<HTMLInputElement>("input[type=file]")!.click()}
      >
        ${word("images.openCheckpoint")}
      </button>
      <input
        type="file"
        hidden
        accept=".safetensors"
        data-testid="images-checkpoint"
        aria-label=${word("images.checkpoint")}
        @change=${(event: Event) => {
          const input = event.target as HTMLInputElement;
          if (input.files?.[0]) this.say("lab-images-checkpoint", input.files[0]);
          input.value = "";
        }}
      />
    </div>`;
  }

  private deviceChoice(disabled: boolean) {
    return html`<label
      >${word("images.on")}
      <select
        data-testid="images-device"
        ?disabled=${disabled}
        .value=${live(this.device)}
        @change=${(e: Event) => this.say("lab-images-device", (e.target as HTMLSelectElement).value)}
      >
        ${this.devices.map(
          (device) =>
            html`<option value=${device} ?selected=${device === this.device}>
              ${word(`device.${device}`)}
            </option>`,
        )}
      </select>
    </label>`;
  }

  private statusLine(): TemplateResult | string {
    const { status, training } = this;
    if (this.loading) return `${this.loading} …`;
    if (!status) return "";
    const { step, experiment, convolutions, weights, divergedAt } = status;
    const { steps } = experiment.training;
    return html`<progress
        aria-label=${word("images.progress")}
        .value=${step / steps}
        data-testid="images-progress"
      ></progress>
      <span
        >${phrase("images.step", { step: html`<b data-testid="images-step">${formatCount(step)}</b>`, steps: formatCount(steps) })}</span
      >
      ${this.loss === undefined ? nothing : html`<span>${word("landscape.loss", { value: formatValue(this.loss) })}</span>`}
      ${
        divergedAt !== undefined
          ? html`<b data-testid="images-diverged"
              >${word("figure.divergedAt", { step: formatCount(divergedAt) })}</b
            >`
          : nothing
      }
      ${training && this.rate ? html`<span>${word("images.rate", { count: formatCount(Math.round(this.rate)) })}</span>` : nothing}
      ${training && this.left !== undefined ? html`<span>${word("images.left", { time: formatDuration(this.left) })}</span>` : nothing}
      <span>${word("images.size", { convolutions, weights: formatCount(weights) })}</span>
      ${this.memory ? html`<span>${word("images.memory", { size: Math.round(this.memory / 2 ** 20) })}</span>` : nothing}`;
  }

  private cards(info: ImageSetInfo, { experiment }: RunStatus) {
    const { training } = experiment;
    const last = this.points.at(-1);
    const least = 0.5 / info.test;
    return html`<div class="cards">
      <div>
        <section class="panel" aria-label=${word("images.error")} data-testid="images-errors">
          <h3>
            ${last?.test === undefined ? word("confusion.untested") : word("images.testError", { error: (100 * last.test).toFixed(2) })}
          </h3>
          <lab-error-curves
            .records=${this.points}
            .steps=${training.steps}
            .drops=${training.drops}
            .dropFactor=${training.dropFactor}
            .others=${this.others}
            .least=${least}
            .scale=${this.errorScale}
            @lab-error-scale=${(e: CustomEvent<ColourScale>) => (this.errorScale = e.detail)}
          ></lab-error-curves>
          ${this.saving("images.saveErrors", this.points.length > 0 && this.errors(experiment))}
        </section>
        <section class="panel" aria-label=${word("images.comparison")} data-testid="images-comparing">
          <h3>${word("images.whatIf")}</h3>
          <lab-images-comparison
            .rows=${this.rows}
            .comparing=${this.comparing}
            .steps=${training.steps}
          ></lab-images-comparison>
        </section>
        <section class="panel" aria-label=${word("images.landscape")} data-testid="images-landscape">
          <h3>${word("images.landscapeHeading")}</h3>
          <p>${word("images.landscapeTold")}</p>
          ${this.landscapeButtons()}
          ${
            this.landscape
              ? html`<lab-image-landscape .landscape=${this.landscape}></lab-image-landscape>`
              : nothing
          }
          ${this.saving("images.saveLandscape", this.landscape && { kind: "landscape", landscape: this.landscape })}
        </section>
      </div>
      <div>
        <section class="panel" aria-label=${word("images.predictions")} data-testid="images-gallery">
          <lab-image-gallery
            .shown=${this.shown}
            .classes=${info.classes}
            .predictions=${this.predictions()}
            .selected=${this.chosen}
            .heading=${this.mistakes && this.tally ? word("images.mistakesHeading") : word("images.testImages")}
            @choose=${(e: CustomEvent<number>) => this.say("lab-images-choose", e.detail)}
          ></lab-image-gallery>
          <label class="check"
            ><input
              type="checkbox"
              data-testid="images-mistakes"
              ?disabled=${!this.tally}
              .checked=${live(this.mistakes)}
              @change=${(e: Event) => this.say("lab-images-mistakes", (e.target as HTMLInputElement).checked)}
            />${word("images.mistakes")}</label
          >
        </section>
        <section class="panel" aria-label=${word("confusion.heading")} data-testid="images-confusion">
          <lab-confusion .tally=${this.tally} .classes=${info.classes}></lab-confusion>
          ${this.saving("images.saveConfusion", this.tally && { kind: "confusion", tally: this.tally })}
        </section>
      </div>
      <div>
        <section class="panel" aria-label=${word("images.branches")} data-testid="images-branches">
          <lab-branches .branches=${this.branches} .start=${this.start}></lab-branches>
          <p>${word("images.branchesTold")}</p>
          ${this.saving("images.saveBranches", { kind: "branches", now: this.branches, start: this.start })}
        </section>
        <section class="panel" aria-label=${word("images.inside")} data-testid="images-inside">
          <lab-filters .filters=${this.filters}></lab-filters>
          ${guard([this.maps, this.chosen, this.shown], () => this.featureMaps())}
        </section>
      </div>
    </div>`;
  }

  private saving(
    label: `images.save${"Errors" | "Landscape" | "Confusion" | "Branches"}`,
    figure: ImageFigure | false | undefined,
  ) {
    const { info, status, device } = this;
    if (!figure || !info || !status) return nothing;
    return saveMenu(word(label), `images-save-${figure.kind}`, word("images.saveFigureTitle"), (kind) => {
      const exported: ExportedImages & { as: SaveKind } = { figure, set: info, device, status, as: kind };
      this.say("lab-images-export", exported);
    });
  }

  private errors(experiment: ImageExperiment): ImageFigure {
    const own = { name: word("errors.this"), color: "var(--identity)", experiment, records: this.points };
    return { kind: "errors", runs: [own, ...this.others], scale: this.errorScale };
  }

  private landscapeButtons() {
    const looking = this.looking !== undefined;
    return html`<div class="transport">
      ${
        looking
          ? html`<progress aria-label=${word("images.looking")} .value=${this.looking ?? 0}></progress>
              <button data-testid="images-stop-looking" @click=${() => this.say("lab-images-stop-looking")}>
                ${word("ball.stop")}
              </button>`
          : html`<button
                data-testid="images-line"
                @click=${() => this.say("lab-images-look", this.request("line"))}
              >
                ${word("images.line")}
              </button>
              <button
                data-testid="images-plane"
                @click=${() => this.say("lab-images-look", this.request("plane"))}
              >
                ${word("images.plane")}
              </button>`
      }
    </div>`;
  }

  private request(axes: "line" | "plane"): ImageLandscapeRequest {
    const request = LANDSCAPES[axes];
    return { ...request, images: Math.min(request.images, this.info!.test) };
  }

  /** The others of the comparison; the first is the paper's own, which this run may be too. */
  private get others(): ErrorsOf[] {
    return VARIANTS.flatMap(({ id, short }, place) => {
      const row = this.rows.find((row) => row.id === id);
      if (!row || row.points.length === 0) return [];
      const { experiment } = row.status;
      return [{ name: short, color: VARIANT_COLOURS[place]!, experiment, records: row.points }];
    });
  }

  private predictions(): Uint16Array | undefined {
    const { shown, tally } = this;
    if (!shown || !tally || shown.indices.some((index) => index >= tally.images)) return undefined;
    return Uint16Array.from(shown.indices, (index) => tally.predictions[index]!);
  }

  private featureMaps() {
    const { shown, chosen } = this;
    if (!shown || this.maps.length === 0) return nothing;
    const { width, height, pixels } = shown;
    const size = 4 * width * height;
    const image = { width, height, pixels: pixels.slice(chosen * size, (chosen + 1) * size) };
    return html`<lab-feature-maps .maps=${this.maps} .image=${image}></lab-feature-maps>`;
  }
}

function formatDuration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
