import { css, html } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { ShownImages } from "../engine/images";
import { galleryReading, imageName, tileAfter } from "../gallery";
import { controls, LabElement } from "./base";
import { figureStyle } from "./figure-style";
import { word } from "../words";

/** Names as short as digits share a line with the verdict. */
const SHORT = 2;

/** Small images, each with its predicted class. It says `choose` with the position of the one chosen. */
@customElement("lab-image-gallery")
export class LabImageGallery extends LabElement {
  @property({ attribute: false }) shown: ShownImages | undefined;
  @property({ attribute: false }) classes: readonly string[] = [];
  /** One for each image shown; undefined before the first test. */
  @property({ attribute: false }) predictions: ArrayLike<number> | undefined;
  /** Position in `shown`; −1 for none. */
  @property({ type: Number }) selected = -1;
  @property() heading = word("images.testImages");
  /** Where Tab enters. */
  @state() private entry = 0;

  static override styles = [
    controls,
    figureStyle,
    css`
      .images {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(var(--tile), 1fr));
        gap: 0.25rem;
      }
      .image {
        position: relative;
        min-width: 0;
        padding: 1px;
        border: 2px solid transparent;
        border-radius: 6px;
        cursor: pointer;
        touch-action: manipulation;
        font-size: 0.75rem;
        line-height: 1.25;
      }
      .image:hover {
        background: var(--sunken);
      }
      .image.wrong {
        border-color: var(--danger);
        background: var(--danger-wash);
      }
      .image[aria-selected="true"] {
        box-shadow: 0 0 0 2px var(--ink);
      }
      .image:focus-visible {
        outline: 2px solid var(--focus);
        outline-offset: 1px;
      }
      .image canvas {
        width: 100%;
        image-rendering: pixelated;
        border-radius: 2px;
        touch-action: manipulation;
      }
      .said {
        display: flex;
        flex-wrap: wrap;
        justify-content: center;
        gap: 0 0.2rem;
        min-height: 1.25em;
        white-space: nowrap;
      }
      /* A second line, needed or not: rows must not jump when predictions change. */
      .long .said {
        min-height: 2.5em;
        align-content: start;
      }
      .said span,
      .said b {
        overflow: hidden;
        text-overflow: ellipsis;
        max-width: 100%;
      }
      .wrong b {
        color: var(--danger);
      }
    `,
  ];

  private get options(): NodeListOf<HTMLElement> {
    return this.renderRoot.querySelectorAll<HTMLElement>("[role=option]");
  }

  override willUpdate(): void {
    this.entry = Math.min(this.entry, Math.max(0, (this.shown?.labels.length ?? 1) - 1));
  }

  override updated(changed: Map<string, unknown>): void {
    if (!changed.has("shown") || !this.shown) return;
    const { width, height, pixels } = this.shown;
    const size = 4 * width * height;
    this.renderRoot.querySelectorAll("canvas").forEach((canvas, i) => {
      const image = new ImageData(pixels.slice(i * size, (i + 1) * size), width, height);
      canvas.getContext("2d")?.putImageData(image, 0, 0);
    });
  }

  private choose(position: number): void {
    this.entry = position;
    this.say("choose", position);
  }

  private key(event: KeyboardEvent): void {
    const { options } = this;
    const top = options[0]?.offsetTop;
    const columns = [...options].filter((option) => option.offsetTop === top).length;
    const next = tileAfter(event.key, this.entry, options.length, columns);
    if (next !== undefined) {
      this.entry = next;
      options[next]?.focus();
    } else if (event.key === "Enter" || event.key === " ") this.choose(this.entry);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  override render() {
    const { shown, predictions } = this;
    if (!shown) return html`<div class="head"><h3>${this.heading}</h3></div>`;
    const long = this.classes.some((name) => name.length > SHORT);
    return html`<div class="head">
        <h3>${this.heading}</h3>
        <span class="reading" data-testid="gallery-reading"
          >${galleryReading(shown.labels, predictions)}</span
        >
      </div>
      <div
        class="images ${long ? "long" : ""}"
        style="--tile: ${shown.width > 16 || long ? "4.25rem" : "3.5rem"}"
        role="listbox"
        aria-label=${word("gallery.label", { heading: this.heading })}
        data-testid="gallery"
        @keydown=${this.key}
      >
        ${Array.from(shown.labels, (label, i) => this.image(shown, label, i))}
      </div>`;
  }

  private image({ indices, width, height }: ShownImages, label: number, i: number) {
    const truth = this.classes[label] ?? String(label);
    const prediction = this.predictions?.[i];
    const predicted = prediction === undefined ? undefined : (this.classes[prediction] ?? String(prediction));
    const wrong = prediction !== undefined && prediction !== label;
    const name = imageName(indices[i] ?? i, truth, predicted);
    return html`<div
      class="image ${wrong ? "wrong" : ""}"
      role="option"
      tabindex=${i === this.entry ? 0 : -1}
      aria-selected=${i === this.selected}
      title=${name}
      data-testid="gallery-image"
      @click=${() => this.choose(i)}
    >
      <canvas width=${width} height=${height} style="aspect-ratio: ${width} / ${height}"></canvas>
      <div class="said" aria-hidden="true">
        ${
          wrong
            ? html`<b>✕ ${predicted}</b> <span>${word("gallery.is", { truth })}</span>`
            : html`<span class=${predicted === undefined ? "muted" : ""}>${truth}</span>`
        }
      </div>
      <span class="visually-hidden">${name}</span>
    </div>`;
  }
}
