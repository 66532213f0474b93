import { css, html } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { fit, inkOf, type Ink, type Sheet } from "../draw/canvas";
import { drawGround, drawRun, placeAt, plotFrame, toScreen, type LandscapePicture } from "../draw/landscape";
import { WHOLE, type View } from "../engine/types";
import { controls } from "./base";
import { PictureElement } from "./picture";
import { Pointers, spread, type Grip } from "./pointers";
import { word } from "../words";

/** Pointer movement, in units of the picture, below which a press is a click. */
const CLICK = 4;
/** How near the start one must press to take hold of it; a finger is less exact. */
const GRASP = { mouse: 10, touch: 22 } as const;

type Drag =
  | { kind: "pan"; x: number; y: number; view: View; moved: boolean }
  | { kind: "start"; x: number; y: number; moved: boolean }
  | { kind: "pinch"; view: View; grip: Grip };

/** The landscape from above. It changes nothing itself: it says what was pointed at, and how it should be seen. */
@customElement("lab-map")
export class LabMap extends PictureElement {
  @property({ attribute: false }) picture: LandscapePicture | undefined;
  /** (a, b) pairs newer than the picture's own path. */
  @property({ attribute: false }) trail: readonly number[] = [];
  /** Place of an earlier step. */
  @property({ attribute: false }) marker: readonly [number, number] | undefined;
  @property({ attribute: false }) view: View = WHOLE;
  @property({ attribute: false }) labels: readonly [string, string] = ["", ""];
  @property() twin = "identity";
  /** What it is called. */
  @property() measure = "excess risk";
  @property() name = "identity";
  /** Where a dragged start would come to lie. */
  @state() private ghost: readonly [number, number] | undefined;

  /** What the ground was drawn of. */
  private ground: readonly unknown[] = [];
  private readonly pointers = new Pointers();
  private drag: Drag | undefined;
  /** Where the pointer is, while it is above the picture. */
  private pointed: { x: number; y: number } | undefined;

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
      }
      canvas {
        grid-area: 1 / 1;
        display: block;
        width: 100%;
        height: var(--picture-height, clamp(14rem, 34vh, 34rem));
        touch-action: pan-y;
        cursor: grab;
      }
      canvas:active {
        cursor: grabbing;
      }
      @media (max-width: 68rem) {
        canvas {
          height: var(--picture-height, auto);
          aspect-ratio: 1.15;
        }
      }
    `,
  ];

  protected override get canvas(): HTMLCanvasElement | null {
    return this.renderRoot.querySelector("canvas[role]");
  }

  protected override draw(sheet: Sheet): void {
    const { picture } = this;
    if (!picture) return;
    const ink = inkOf(this);
    this.drawGround(sheet, picture, ink);
    const { pen, width, height } = sheet;
    drawRun(pen, width, height, picture, this.trail, {
      ink,
      colour: this.twin === "identity" ? ink.identity : ink.standard,
      marker: this.marker,
      ghost: this.ghost,
    });
  }

  /** On a canvas below, and only when it is another: a run moves in every frame, the colours need not. */
  private drawGround({ pen, width, height }: Sheet, picture: LandscapePicture, ink: Ink): void {
    const [aLabel, bLabel] = this.labels;
    const { canvas } = pen;
    const made = [picture, width, height, canvas.width, canvas.height, aLabel, bLabel, ink.muted, ink.font];
    if (made.every((part, i) => part === this.ground[i])) return;
    const below = this.renderRoot.querySelector("canvas");
    const sheet = below && fit(below);
    if (!sheet) return;
    this.ground = made;
    drawGround(sheet.pen, width, height, picture, { ink, aLabel, bLabel });
  }

  private get frame() {
    const { width, height } = this.bounds;
    return plotFrame(width, height);
  }

  private place({ x, y }: { x: number; y: number }) {
    return this.picture && placeAt(this.picture.data, this.frame, x, y);
  }

  /** Zooms about a place on the screen, from a view to another zoom. */
  private zoomed(view: View, x: number, y: number, factor: number): View {
    const { frame } = this;
    const zoom = Math.min(1e5, Math.max(0.01, view.zoom * factor));
    // From the middle of the picture, in halves of the range shown.
    const s = (2 * (x - frame.left)) / frame.width - 1;
    const t = 1 - (2 * (y - frame.top)) / frame.height;
    const moved = 1 / view.zoom - 1 / zoom;
    return { zoom, a: view.a + s * moved, b: view.b + t * moved };
  }

  private panned({ zoom, a, b }: View, dx: number, dy: number): View {
    const { frame } = this;
    return { zoom, a: a - (2 * dx) / frame.width / zoom, b: b + (2 * dy) / frame.height / zoom };
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    const { x, y } = this.at(event);
    const factor = Math.exp(-Math.max(-100, Math.min(100, event.deltaY)) * 0.004);
    this.say("lab-view", this.zoomed(this.view, x, y, factor));
  }

  private press(event: PointerEvent): void {
    if (event.pointerType === "mouse" && event.button !== 0) return;
    const at = this.at(event);
    this.pointers.press(event.pointerId, at);
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.hover(at);
    const two = this.pointers.count === 2;
    if (two) this.ghost = undefined;
    this.drag = two
      ? { kind: "pinch", view: this.view, grip: this.pointers.grip }
      : this.onStart(event, at)
        ? { kind: "start", ...at, moved: false }
        : { kind: "pan", ...at, view: this.view, moved: false };
  }

  /** Whether the press took hold of the start of the path. */
  private onStart(event: PointerEvent, { x, y }: { x: number; y: number }): boolean {
    const { picture } = this;
    const [a, b] = picture?.data.trajectory ?? [];
    if (!picture || a === undefined || b === undefined) return false;
    const [startX, startY] = toScreen(picture.data, this.frame, a, b);
    return Math.hypot(x - startX, y - startY) < GRASP[event.pointerType === "touch" ? "touch" : "mouse"];
  }

  private move(event: PointerEvent): void {
    const at = this.at(event);
    const { drag } = this;
    this.pointers.move(event.pointerId, at);
    this.hover(at);
    if (!drag) return;
    if (drag.kind === "pinch") {
      if (this.pointers.count < 2) return;
      const { grip } = this.pointers;
      const near = this.zoomed(drag.view, drag.grip.x, drag.grip.y, spread(drag.grip, grip));
      this.say("lab-view", this.panned(near, grip.x - drag.grip.x, grip.y - drag.grip.y));
      return;
    }
    drag.moved ||= Math.hypot(at.x - drag.x, at.y - drag.y) >= CLICK;
    if (!drag.moved) return;
    if (drag.kind === "start") {
      const place = this.place(at);
      this.ghost = place && [place.a, place.b];
    } else if (event.pointerType !== "touch") {
      // A finger that scrolls the page must not move the picture.
      this.say("lab-view", this.panned(drag.view, at.x - drag.x, at.y - drag.y));
    }
  }

  private release(event: PointerEvent): void {
    const { drag, ghost } = this;
    this.pointers.release(event.pointerId);
    this.drag = undefined;
    this.ghost = undefined;
    if (!drag || drag.kind === "pinch" || event.type !== "pointerup") return;
    if (drag.kind === "start" && drag.moved) {
      if (ghost) this.say("lab-start-at", { a: ghost[0], b: ghost[1] });
    } else if (!drag.moved) {
      const place = this.place(this.at(event));
      if (place) this.say("lab-pick", place);
    }
  }

  private hover(at: { x: number; y: number } | undefined): void {
    this.pointed = at;
    this.say("lab-hover", at && this.place(at));
  }

  override updated(changed: Map<string, unknown>): void {
    super.updated(changed);
    // Below a pointer that rests lies another place now.
    if (this.pointed && changed.has("picture")) this.hover(this.pointed);
  }

  private key(event: KeyboardEvent): void {
    const { view, picture } = this;
    const by = 0.25 / view.zoom;
    const pan = { ArrowLeft: [-by, 0], ArrowRight: [by, 0], ArrowDown: [0, -by], ArrowUp: [0, by] }[
      event.key
    ];
    const factor = { "+": 1.25, "=": 1.25, "-": 0.8 }[event.key];
    if (pan) this.say("lab-view", { zoom: view.zoom, a: view.a + pan[0]!, b: view.b + pan[1]! });
    else if (factor) this.say("lab-view", { ...view, zoom: view.zoom * factor });
    else if (event.key === "0") this.say("lab-view", WHOLE);
    else if (event.key === "Enter" && picture) {
      const middle = (axis: Float32Array) => (axis[0]! + axis[axis.length - 1]!) / 2;
      this.say("lab-pick", { a: middle(picture.data.a), b: middle(picture.data.b) });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  override render() {
    const size = this.picture?.data.size ?? 0;
    const label = this.picture
      ? word("map.label", { name: this.name, measure: this.measure })
      : word("map.notYet");
    return html`<canvas aria-hidden="true"></canvas
      ><canvas
        role="img"
        tabindex="0"
        data-testid="landscape-canvas"
        data-size=${size}
        aria-label="${label} ${word("map.keys")}"
        @pointermove=${this.move}
        @pointerdown=${this.press}
        @pointerup=${this.release}
        @pointercancel=${this.release}
        @pointerleave=${() => this.hover(undefined)}
        @wheel=${this.wheel}
        @dblclick=${() => this.say("lab-view", WHOLE)}
        @keydown=${this.key}
      ></canvas>`;
  }
}
