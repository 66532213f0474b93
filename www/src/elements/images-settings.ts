import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import type { ImagePreset } from "../engine/images";
import { formOf, sameForm, type ImageFieldName, type ImagesForm } from "../images-form";
import { controls, LabElement } from "./base";
import { word, type Word } from "../words";

export const PRESET_TITLES: Record<string, Word> = {
  digits: "images.digitsPreset",
  middle: "images.middlePreset",
  "paper-cifar10": "images.paper10",
  "paper-cifar100": "images.paper100",
};

/** The network and its training. Every change goes out as a whole form. */
@customElement("lab-images-settings")
export class LabImagesSettings extends LabElement {
  @property({ attribute: false }) form: ImagesForm | undefined;
  @property({ attribute: false }) presets: readonly ImagePreset[] = [];

  static override styles = [
    controls,
    css`
      .fields {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: 0.5rem 0.875rem;
      }
      .fields + .fields,
      details .fields {
        margin-top: 0.5rem;
      }
      input:not([type="checkbox"]) {
        width: 5rem;
      }
      input.wide {
        width: 12rem;
      }
      .check {
        display: flex;
        align-items: center;
        gap: 0.4rem;
        min-height: 2rem;
        font-size: 0.8125rem;
        white-space: normal;
      }
      input[type="checkbox"] {
        width: 1rem;
        min-height: 1rem;
        accent-color: var(--accent);
      }
      summary {
        cursor: pointer;
        font-size: 0.8125rem;
        color: var(--ink-muted);
        margin-top: 0.5rem;
      }
      .hint {
        font-size: 0.8125rem;
        color: var(--ink-muted);
        margin: 0.5rem 0 0;
      }
      @media (max-width: 40rem) {
        label:not(.check) {
          flex: 1 1 6rem;
          min-width: 0;
        }
        .preset,
        .check {
          flex-basis: 100%;
        }
        input:not([type="checkbox"]),
        input.wide,
        select {
          width: 100%;
        }
      }
    `,
  ];

  override render() {
    const { form, presets } = this;
    if (!form) return nothing;
    const preset = presets.find(({ experiment }) => sameForm(formOf(experiment), form));
    return html`<div class="fields">
        <label class="preset"
          >${word("setting.network")}
          <select
            data-testid="images-preset"
            .value=${live(preset?.name ?? "")}
            @change=${(e: Event) => this.choose((e.target as HTMLSelectElement).value)}
          >
            ${presets.map(
              ({ name }) =>
                html`<option value=${name} ?selected=${name === preset?.name}>
                  ${PRESET_TITLES[name] ? word(PRESET_TITLES[name]) : name}
                </option>`,
            )}
            <option value="" ?selected=${!preset} disabled>${word("images.asSet")}</option>
          </select>
        </label>
        <label
          >${word("plane.start")}
          <select
            data-testid="images-start"
            .value=${live(form["network.start"])}
            @change=${(e: Event) => this.set("network.start", (e.target as HTMLSelectElement).value)}
          >
            <option value="identity" ?selected=${form["network.start"] === "identity"}>
              ${word("images.startIdentity")}
            </option>
            <option value="fan" ?selected=${form["network.start"] === "fan"}>
              ${word("images.startFan")}
            </option>
          </select>
        </label>
        ${this.check("network.skips", word("images.skips"))}
        ${this.check("network.batchNorm", word("images.batchNorm"))}
        ${this.check("network.trainTop", word("images.trainTop"))}
      </div>
      <details data-testid="images-more">
        <summary>${word("images.more")}</summary>
        <div class="fields">
          ${this.text("network.stem", word("images.stem"))}
          ${this.text("network.stages", word("images.stages"), "wide")}
          ${this.text("seed", word("class.seed"))}
        </div>
        <div class="fields">
          ${this.text("training.steps", word("runs.steps"))}
          ${this.text("training.batch", word("images.batch"))}
          ${this.text("training.learningRate", word("class.rate"))}
          ${this.text("training.drops", word("images.drops"), "wide")}
          ${this.text("training.dropFactor", word("images.dropFactor"))}
          ${this.text("training.momentum", word("setting.momentum"))}
          ${this.text("training.weightDecay", word("images.weightDecay"))}
        </div>
        <div class="fields">
          ${this.text("training.crop", word("images.crop"))}
          ${this.check("training.flip", word("images.flip"))}
          ${this.check("training.standardize", word("images.standardize"))}
        </div>
        <p class="hint">${word("images.hint")}</p>
      </details>`;
  }

  private choose(name: string): void {
    const preset = this.presets.find((preset) => preset.name === name);
    if (preset) this.say("lab-images-form", formOf(preset.experiment));
  }

  private set(name: ImageFieldName, text: string): void {
    this.say("lab-images-form", { ...this.form!, [name]: text });
  }

  private text(name: ImageFieldName, title: string, kind = "") {
    return html`<label
      >${title}
      <input
        class=${kind}
        inputmode=${kind ? "text" : "decimal"}
        autocomplete="off"
        data-testid="images-${name}"
        .value=${live(this.form![name])}
        @change=${(e: Event) => this.set(name, (e.target as HTMLInputElement).value)}
      />
    </label>`;
  }

  private check(name: ImageFieldName, title: string) {
    return html`<label class="check"
      ><input
        type="checkbox"
        data-testid="images-${name}"
        .checked=${live(this.form![name] === "true")}
        @change=${(e: Event) => this.set(name, String((e.target as HTMLInputElement).checked))}
      />${title}</label
    >`;
  }
}
