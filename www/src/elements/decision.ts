import { css, html } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { inkOf, type Sheet } from "../draw/canvas";
import { currentTheme } from "../draw/classes";
import {
  decisionBitmap,
  drawDecision,
  inputAt,
  verdict,
  type DecisionPicture,
  type PlaneRange,
} from "../draw/decision";
import type { SplitPoints } from "../engine/types";
import { controls } from "./base";
import { PictureElement } from "./picture";
import { word } from "../words";

/** The plane as a classifier sees it. A click chooses the input whose Jacobians are shown. */
@customElement("lab-decision")
export class LabDecision extends PictureElement {
  @property({ attribute: false }) picture: DecisionPicture | undefined;
  @property({ attribute: false }) points: SplitPoints | undefined;
  @property({ attribute: false }) range: PlaneRange | undefined;
  @property({ attribute: false }) chosen: readonly [number, number] | undefined;
  @property() name = "";
  /** The input whose class is told: below the pointer, or where the keys have led. */
  @state() private marked: readonly [number, number] | undefined;

  private background: HTMLCanvasElement | undefined;
  private made: { picture: DecisionPicture; theme: string } | undefined;

  static override styles = [
    controls,
    css`
      canvas {
        display: block;
        width: 100%;
        max-width: var(--picture-height, 26rem);
        margin-inline: auto;
        aspect-ratio: 1;
        cursor: crosshair;
        border-radius: 6px;
        touch-action: pan-y;
      }
      p {
        font-size: 0.75rem;
        color: var(--ink-muted);
        min-height: 1.1rem;
        text-align: center;
      }
    `,
  ];

  protected override draw({ pen, width }: Sheet): void {
    const { picture, points, range, chosen } = this;
    if (!range || !points) return;
    const ink = inkOf(this);
    const theme = currentTheme();
    if (picture && (this.made?.picture !== picture || this.made.theme !== theme)) {
      this.background = decisionBitmap(picture, ink.surface, theme);
      this.made = { picture, theme };
    }
    const marks = [
      { inputs: points.heldOutInputs, labels: points.heldOutLabels, hollow: true },
      { inputs: points.inputs, labels: points.labels, hollow: false },
    ];
    drawDecision(pen, width, range, picture && this.background, marks, chosen, ink, theme);
  }

  private input(event: MouseEvent): [number, number] | undefined {
    const { bounds, range } = this;
    if (!range) return undefined;
    const { x, y } = this.at(event);
    return inputAt(range, bounds.width, x, y);
  }

  /** What the classifier says of the input now: it learns on below a pointer that rests. */
  private get reading(): string {
    const { picture, range, marked } = this;
    if (!picture || !range || !marked) return "";
    const [x, y] = marked;
    const { columns, rows, classes, logits } = picture;
    const cell = (value: number, [low, high]: readonly [number, number], count: number) =>
      Math.min(count - 1, Math.max(0, Math.round(((value - low) / (high - low)) * (count - 1))));
    const from = cell(y, range.y, rows) * columns + cell(x, range.x, columns);
    const [best, probability] = verdict(logits, from * classes, classes);
    const where = `(${x.toFixed(2)}, ${y.toFixed(2)})`;
    const share = (100 * probability).toFixed(0);
    return `${where}: ${best < 0 ? word("decision.notFinite") : word("decision.class", { class: best, share })}`;
  }

  private key(event: KeyboardEvent): void {
    const { range } = this;
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] }[event.key];
    if (!range || !step) return;
    event.preventDefault();
    event.stopPropagation();
    const part = (event.shiftKey ? 0.1 : 0.02) * (range.x[1] - range.x[0]);
    const [x, y] = this.chosen ?? [(range.x[0] + range.x[1]) / 2, (range.y[0] + range.y[1]) / 2];
    const within = (value: number, [low, high]: readonly [number, number]) =>
      Math.min(high, Math.max(low, value));
    const at = [within(x + part * step[0]!, range.x), within(y + part * step[1]!, range.y)] as const;
    this.marked = at;
    this.say("lab-input", at);
  }

  override render() {
    const { reading } = this;
    return html`<canvas
        role="img"
        tabindex="0"
        data-testid="decision"
        aria-label="${word("decision.label", { name: this.name })} ${reading} ${word("decision.keys")}"
        @pointermove=${(event: PointerEvent) => (this.marked = this.input(event))}
        @pointerleave=${() => (this.marked = undefined)}
        @click=${(event: MouseEvent) => {
          const at = this.input(event);
          if (at) this.say("lab-input", at);
        }}
        @keydown=${this.key}
      ></canvas>
      <p>${reading}</p>`;
  }
}
