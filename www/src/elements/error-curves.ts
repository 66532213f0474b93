import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { axisValue } from "../draw/axis";
import { inkOf, type Sheet } from "../draw/canvas";
import {
  drawErrorCurves,
  errorReading,
  nearestRecord,
  type ErrorPoint,
  type ErrorRun,
} from "../draw/error-curves";
import type { NumberGrid } from "../draw/number-grid";
import type { ColourScale } from "../draw/scale";
import { controls } from "./base";
import { figureStyle } from "./figure-style";
import { PictureElement } from "./picture";
import { word } from "../words";

/** Records that an arrow passes while Shift is held. */
const FAR = 8;

/** Error on minibatches and on the test set against steps. */
@customElement("lab-error-curves")
export class LabErrorCurves extends PictureElement {
  @property({ attribute: false }) records: readonly ErrorPoint[] = [];
  /** The budget: where the axis ends. */
  @property({ type: Number }) steps = 1;
  /** Steps at which the learning rate is divided. */
  @property({ attribute: false }) drops: readonly number[] = [];
  @property({ type: Number }) dropFactor = 10;
  /** Runs compared with; their colours are any that CSS knows, var(--standard) among them. */
  @property({ attribute: false }) others: readonly ErrorRun[] = [];
  /** What this run is called among the others, and its colour. */
  @property() name = word("errors.this");
  @property() color = "var(--identity)";
  /** Half an image's share: where an error of 0 stands on the logarithmic axis. */
  @property({ type: Number }) least = 0.0005;
  @property() scale: ColourScale = "log";
  /** The step under the cursor. */
  @state() private marked: number | undefined;
  private grid: NumberGrid | undefined;

  static override styles = [
    controls,
    figureStyle,
    css`
      canvas {
        height: clamp(13rem, 32vh, 24rem);
        cursor: crosshair;
      }
      .several {
        min-height: 2.9em;
      }
      .foot {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 0 1rem;
      }
      label {
        display: flex;
        align-items: center;
        gap: 0.35rem;
      }
      label input {
        min-height: 0;
        margin: 0;
      }
    `,
  ];

  private get runs(): ErrorRun[] {
    return [{ name: this.name, color: this.color, records: this.records }, ...this.others];
  }

  protected override draw({ pen, width, height }: Sheet): void {
    // A canvas does not know the page's tokens, nor light-dark().
    const inks = [...this.renderRoot.querySelectorAll(".ink")].map((ink) => getComputedStyle(ink).color);
    this.grid = drawErrorCurves(
      pen,
      width,
      height,
      {
        runs: this.runs.map((run, i) => ({ ...run, color: inks[i]! })),
        steps: this.steps,
        drops: this.drops,
        dropFactor: this.dropFactor,
        scale: this.scale,
        least: this.least,
      },
      this.marked,
      inkOf(this),
    );
  }

  /** Records of the run, or of another as long as it has none. */
  private get read(): readonly ErrorPoint[] {
    return this.runs.find(({ records }) => records.length > 0)?.records ?? [];
  }

  private point(event: PointerEvent): void {
    const { grid, read } = this;
    if (!grid) return;
    const step = axisValue(grid.x, (this.at(event).x - grid.frame.left) / grid.frame.width);
    const nearest = nearestRecord(read, step);
    this.marked = nearest === undefined ? undefined : read[nearest]!.step;
  }

  private key(event: KeyboardEvent): void {
    const { read, marked } = this;
    if (event.key === "Escape") this.marked = undefined;
    const last = read.length - 1;
    const from = marked === undefined ? last : (nearestRecord(read, marked) ?? last);
    const by = event.shiftKey ? FAR : 1;
    const to = { ArrowLeft: from - by, ArrowRight: from + by, Home: 0, End: last }[event.key];
    if (to === undefined || last < 0) return;
    this.marked = read[Math.min(last, Math.max(0, to))]!.step;
    event.preventDefault();
    event.stopPropagation();
  }

  override render() {
    const { runs, read, marked } = this;
    const step = marked ?? read[read.length - 1]?.step;
    const reading = step === undefined ? "" : errorReading(runs, step);
    const zero = runs.some(({ records }) => records.some(({ train, test }) => train === 0 || test === 0));
    return html`<div class="head">
        <h3>${word("images.errorSteps")}</h3>
        <span class="reading ${this.others.length > 0 ? "several" : ""}" data-testid="error-reading"
          >${reading}</span
        >
      </div>
      <canvas
        role="img"
        tabindex="0"
        data-testid="error-curves"
        aria-label=${word("errors.label", { reading })}
        @pointermove=${this.point}
        @pointerdown=${this.point}
        @pointerleave=${() => (this.marked = undefined)}
        @blur=${() => (this.marked = undefined)}
        @keydown=${this.key}
      ></canvas>
      ${runs.map(({ color }) => html`<i class="ink" hidden style="color: ${color}"></i>`)}
      <div class="foot">
        <p>${word("errors.key")} ${zero && this.scale === "log" ? word("errors.zero") : nothing}</p>
        <label
          ><input
            type="checkbox"
            data-testid="error-log"
            .checked=${this.scale === "log"}
            @change=${(event: Event) =>
              this.say("lab-error-scale", (event.target as HTMLInputElement).checked ? "log" : "linear")}
          />${word("view.log")}</label
        >
      </div>`;
  }
}
