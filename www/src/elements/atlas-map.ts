import { css, html } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { cellAt, drawAtlas, rangesBetween, rangesPinched, type AtlasPicture } from "../draw/atlas";
import type { NumberAxis } from "../draw/axis";
import { inkOf, type Sheet } from "../draw/canvas";
import { plotFrame } from "../draw/landscape";
import { controls } from "./base";
import { cellAfter, type Cell } from "./cell-keys";
import { PictureElement } from "./picture";
import { Pointers, type Grip } from "./pointers";
import { word } from "../words";

/** What part of both axes is wanted. */
export interface Ranges {
  x: [number, number];
  y: [number, number];
}

/** A zoom about a place: how far along both axes it is, and how many times as broad the ranges become. */
export interface ZoomAt {
  s: number;
  t: number;
  factor: number;
}

/** Pointer movement, in units of the picture, below which a press is a click. */
const CLICK = 5;
/** A smaller rectangle is a slip of the hand. */
const LEAST_BAND = 10;

/** One network's map. It says which cell was pointed at or chosen, and what part is to be seen. */
@customElement("lab-atlas-map")
export class LabAtlasMap extends PictureElement {
  /** The newest picture. */
  @property({ attribute: false }) picture: AtlasPicture | undefined;
  /** What is shown under it while it is incomplete. */
  @property({ attribute: false }) under: AtlasPicture | undefined;
  @property({ attribute: false }) x: NumberAxis | undefined;
  @property({ attribute: false }) y: NumberAxis | undefined;
  @property({ attribute: false }) labels: readonly [string, string] = ["", ""];
  @property({ attribute: false }) cursor: Cell | undefined;
  @property({ attribute: false }) here: readonly [number, number] | undefined;
  @property() twin = "identity";
  /** What stands at the cursor, for those who do not see it. */
  @property() reading = "";
  @state() private band: readonly [number, number, number, number] | undefined;

  private pressed: { x: number; y: number } | undefined;
  private readonly pointers = new Pointers();
  /** How two fingers took hold, and the axes that they took hold of. */
  private pinch: { grip: Grip; x: NumberAxis; y: NumberAxis } | undefined;

  static override styles = [
    controls,
    css`
      canvas {
        display: block;
        width: 100%;
        aspect-ratio: 1.2;
        max-height: var(--picture-height, 34rem);
        cursor: crosshair;
        touch-action: pan-y;
      }
    `,
  ];

  protected override draw({ pen, width, height }: Sheet): void {
    const { x, y, picture, under } = this;
    if (!x || !y) return;
    const pictures = [under, picture].filter((p) => p !== undefined);
    const { cursor, here, band, labels } = this;
    drawAtlas(pen, width, height, pictures, {
      ink: inkOf(this),
      x,
      y,
      xLabel: labels[0],
      yLabel: labels[1],
      cursor: picture && cursor,
      here,
      band,
    });
  }

  private get frame() {
    const { width, height } = this.bounds;
    return plotFrame(width, height);
  }

  private cell({ x, y }: { x: number; y: number }): Cell | undefined {
    const { picture } = this;
    // While the axes have moved on, cells of the old map are not where they seem.
    if (!picture || picture.x !== this.x || picture.y !== this.y) return undefined;
    return cellAt(this.frame, picture.columns, picture.rows, x, y);
  }

  private move(event: PointerEvent): void {
    const at = this.at(event);
    const down = this.pointers.move(event.pointerId, at);
    if (this.pinch) {
      const { grip, ...axes } = this.pinch;
      if (down)
        this.say("ranges", rangesPinched(this.frame, axes, grip, this.pointers.grip) satisfies Ranges);
      return;
    }
    this.say("cell", this.cell(at));
    if (!this.pressed || event.pointerType === "touch") return;
    const { x, y } = this.pressed;
    const moved = Math.hypot(at.x - x, at.y - y) >= CLICK;
    if (moved) this.band = [Math.min(x, at.x), Math.min(y, at.y), Math.abs(at.x - x), Math.abs(at.y - y)];
  }

  private press(event: PointerEvent): void {
    if (event.button !== 0) return;
    const at = this.at(event);
    this.pointers.press(event.pointerId, at);
    const { x, y } = this;
    if (this.pointers.count === 2 && x && y) {
      this.pressed = this.band = undefined;
      this.pinch = { grip: this.pointers.grip, x, y };
      this.say("cell");
      return;
    }
    this.pressed = at;
    if (event.pointerType !== "touch") this.canvas?.setPointerCapture(event.pointerId);
    this.say("cell", this.cell(this.pressed));
  }

  private release(event: PointerEvent): void {
    const { pressed, band, x, y } = this;
    this.pointers.release(event.pointerId);
    this.pinch = undefined;
    this.pressed = undefined;
    this.band = undefined;
    if (!pressed || event.type !== "pointerup") return;
    const at = this.at(event);
    if (!band) {
      const cell = this.cell(at);
      if (cell && Math.hypot(at.x - pressed.x, at.y - pressed.y) < 2 * CLICK) this.say("choose", cell);
    } else if (band[2] >= LEAST_BAND && band[3] >= LEAST_BAND && x && y) {
      this.say("ranges", rangesBetween(this.frame, { x, y }, pressed, at) satisfies Ranges);
    }
  }

  private wheel(event: WheelEvent): void {
    // The page scrolls past a map that nobody works with.
    if (!event.ctrlKey && this.shadowRoot?.activeElement !== this.canvas) return;
    event.preventDefault();
    const { frame } = this;
    const { x, y } = this.at(event);
    this.zoom(
      (x - frame.left) / frame.width,
      1 - (y - frame.top) / frame.height,
      Math.exp(Math.max(-100, Math.min(100, event.deltaY)) * 0.004),
    );
  }

  private zoom(s: number, t: number, factor: number): void {
    const within = (part: number) => Math.min(1, Math.max(0, part));
    this.say("zoom", { s: within(s), t: within(t), factor } satisfies ZoomAt);
  }

  private key(event: KeyboardEvent): void {
    const { picture, cursor } = this;
    const { columns, rows } = picture ?? { columns: 1, rows: 1 };
    const next = cellAfter(event, cursor, columns, rows);
    const factor = { "+": 0.7, "=": 0.7, "-": 1 / 0.7 }[event.key];
    if (next) this.say("cell", next);
    else if (factor) {
      const [s, t] = cursor ? [(cursor[0] + 0.5) / columns, (cursor[1] + 0.5) / rows] : [0.5, 0.5];
      this.zoom(s, t, factor);
    } else if (event.key === "0") this.say("whole");
    else if (event.key === "Enter" && cursor) this.say("choose", cursor);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  override render() {
    return html`<canvas
      role="img"
      tabindex="0"
      data-testid="atlas-canvas"
      aria-label="${word("atlas.mapLabel", { name: this.twin, x: this.labels[0], y: this.labels[1] })}${this.reading ? ` ${this.reading}.` : ""} ${word("atlas.mapKeys")}"
      @pointermove=${this.move}
      @pointerdown=${this.press}
      @pointerup=${this.release}
      @pointercancel=${this.release}
      @pointerleave=${() => this.say("cell")}
      @wheel=${this.wheel}
      @keydown=${this.key}
    ></canvas>`;
  }
}
