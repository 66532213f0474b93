import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { DIGITS } from "../digits";
import { formatCount, formatMegabytes } from "../draw/scale";
import { chosenFiles, droppedFiles } from "../dropped-files";
import type { ReadProgress } from "../engine/image-lab";
import type { ImageSetInfo } from "../engine/images";
import { controls, LabElement } from "./base";
import { phrase, word } from "../words";

/** A set that is kept in the browser, and its size. */
export interface KeptInfo {
  info: ImageSetInfo;
  bytes: number;
}

/** Which images are trained on: those of the page, those kept, or files. It reads nothing itself. */
@customElement("lab-images-data")
export class LabImagesData extends LabElement {
  @property({ attribute: false }) info: ImageSetInfo | undefined;
  @property({ attribute: false }) kept: readonly KeptInfo[] = [];
  @property({ attribute: false }) reading: ReadProgress | undefined;
  /** Pixels a side that pictures of a folder are resized to. */
  @property({ type: Number }) side = 32;
  @state() private over = false;

  static override styles = [
    controls,
    css`
      :host {
        display: var(--form, grid);
        gap: 0.5rem;
        font-size: 0.8125rem;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: 0.5rem 0.875rem;
      }
      .drop {
        border: 1px dashed var(--line-strong);
        border-radius: 7px;
        padding: 0.5rem 0.75rem;
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.375rem 0.75rem;
        flex: 1 1 22rem;
      }
      .drop p {
        flex: 1 1 16rem;
        color: var(--ink-muted);
        text-wrap: pretty;
      }
      .drop.over {
        border-color: var(--accent);
        background: var(--sunken);
      }
      .side {
        display: inline-flex;
        align-items: center;
        gap: 0.375rem;
        white-space: normal;
      }
      .side input {
        width: 3.5rem;
      }
      a {
        color: inherit;
      }
      progress {
        width: min(16rem, 100%);
        accent-color: var(--accent);
      }
      select {
        max-width: 100%;
      }
    `,
  ];

  override render() {
    const { info, kept } = this;
    const names = [DIGITS, ...kept.map(({ info }) => info.name)];
    const now = info?.name ?? DIGITS;
    return html`<div
        class="row"
        @dragover=${(event: DragEvent) => {
          event.preventDefault();
          this.over = true;
        }}
        @dragleave=${() => (this.over = false)}
        @drop=${this.drop}
      >
        <label
          >${word("images.images")}
          <select
            data-testid="images-set"
            .value=${live(now)}
            @change=${(e: Event) => this.say("lab-images-set", (e.target as HTMLSelectElement).value)}
          >
            ${[...new Set([...names, now])].map(
              (name) => html`<option value=${name} ?selected=${name === now}>${title(name)}</option>`,
            )}
          </select>
        </label>
        ${
          kept.some(({ info }) => info.name === now)
            ? html`<button
                data-testid="images-remove"
                title=${word("images.removeTitle")}
                @click=${() => this.say("lab-images-remove", now)}
              >
                ${word("images.remove")}
              </button>`
            : nothing
        }
        <div class="drop ${this.over ? "over" : ""}" data-testid="images-drop">
          <p>${word("images.drop")}</p>
          <button @click=${() => this.pick("input[data-testid=images-file]")}>${word("images.files")}</button>
          <button @click=${() => this.pick("input[data-testid=images-folder]")}>
            ${word("images.folder")}
          </button>
          <label class="side" title=${word("images.sideTitle")}
            >${phrase("images.side", { side: this.sideField() })}</label
          >
          <input
            type="file"
            hidden
            multiple
            data-testid="images-file"
            aria-label=${word("images.filesLabel")}
            @change=${this.picked}
          />
          <input
            type="file"
            hidden
            webkitdirectory
            data-testid="images-folder"
            aria-label=${word("images.folderLabel")}
            @change=${this.picked}
          />
        </div>
      </div>
      ${this.reading ? this.progress(this.reading) : info ? this.summary(info) : nothing}`;
  }

  private progress({ bytes, total, images }: ReadProgress) {
    return html`<p class="row" data-testid="images-reading">
      <progress aria-label=${word("images.readingLabel")} .value=${total > 0 ? bytes / total : 0}></progress>
      <span>${word("images.reading", { count: formatCount(images) })}</span>
      <button data-testid="images-stop-reading" @click=${() => this.say("lab-images-stop-reading")}>
        ${word("built.cancel")}
      </button>
    </p>`;
  }

  private summary({ name, classes, channels, width, height, train, test }: ImageSetInfo) {
    const own = this.kept.find(({ info }) => info.name === name);
    return html`<p class="muted" data-testid="images-summary">
      ${word(own ? "images.summaryKept" : "images.summary", {
        train: formatCount(train),
        test: formatCount(test),
        width,
        height,
        colour: word(channels === 1 ? "images.grey" : "images.colourful"),
        classes: classes.length,
        size: own ? formatMegabytes(own.bytes) : "",
      })}
      ${
        name === DIGITS
          ? phrase("images.digitsBy", {
              link: html`<a href="https://doi.org/10.24432/C50P49">UCI Machine Learning Repository</a>`,
            })
          : nothing
      }
    </p>`;
  }

  private sideField() {
    return html`<input
      inputmode="numeric"
      data-testid="images-side"
      .value=${live(String(this.side))}
      @change=${(e: Event) => this.say("side", Number((e.target as HTMLInputElement).value))}
    />`;
  }

  private pick(selector: string): void {
    this.renderRoot.querySelector<HTMLInputElement>(selector)!.click();
  }

  private async drop(event: DragEvent): Promise<void> {
    event.preventDefault();
    this.over = false;
    if (event.dataTransfer) this.say("lab-images-files", await droppedFiles(event.dataTransfer));
  }

  private picked(event: Event): void {
    const input = event.target as HTMLInputElement;
    if (input.files) this.say("lab-images-files", chosenFiles(input.files));
    // The same files, mended, can be chosen again.
    input.value = "";
  }
}

function title(name: string): string {
  return name === DIGITS ? word("images.digits") : name;
}
