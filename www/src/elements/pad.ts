import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { inkOf, type Sheet } from "../draw/canvas";
import { CLASSES, currentTheme } from "../draw/classes";
import { drawPad, fromPad } from "../draw/points";
import { formatCount } from "../draw/scale";
import { drawable, DRAWN_CLASSES, Drawing, MAX_POINTS, padHalf, type PointsIn } from "../points";
import { controls } from "./base";
import "./class-mark";
import { PictureElement } from "./picture";
import { word } from "../words";

/** Units of the picture between two points that are sprayed. */
const SPRAY_STEP = 8;
/** How far from the pointer they land, in units of the picture. */
const SPREADS = [
  ["0", word("pad.none")],
  ["12", word("pad.narrow")],
  ["32", word("pad.wide")],
] as const;
/** How far the eraser reaches, in units of the picture. */
const ERASER = 14;
/** Steps of the keyboard's cursor along the half side. */
const CURSOR_STEPS = 24;

interface Stroke {
  pointer: number;
  erases: boolean;
  x: number;
  y: number;
}

/** A square on which labelled points are drawn. Says `drawn` after every step that changed them. */
@customElement("lab-pad")
export class LabPad extends PictureElement {
  /** The points in use; other than those drawn here they replace the drawing. */
  @property({ attribute: false }) points: PointsIn | undefined;
  @state() private label = 0;
  @state() private erasing = false;
  @state() private spread = 12;
  /** What was done last, for those who do not see it. */
  @state() private said = "";
  @state() private cursor: { x: number; y: number } | undefined;
  @state() private half = padHalf([]);

  readonly drawing = new Drawing();
  private stroke: Stroke | undefined;
  private hover: { x: number; y: number } | undefined;

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        gap: 0.5rem;
        align-content: start;
      }
      canvas {
        display: block;
        width: 100%;
        max-width: 30rem;
        aspect-ratio: 1;
        border: 1px solid var(--line-strong);
        border-radius: 7px;
        touch-action: none;
        cursor: crosshair;
      }
      fieldset {
        border: 0;
        margin: 0;
        padding: 0;
        min-width: 0;
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem;
      }
      legend {
        font-size: 0.75rem;
        color: var(--ink-muted);
        padding: 0;
      }
      .class {
        position: relative;
        display: flex;
        align-items: center;
        gap: 0.3rem;
        min-height: 2rem;
        min-width: 2.75rem;
        padding: 0 0.5rem;
        border: 1px solid var(--line);
        border-radius: 7px;
        color: var(--ink);
        cursor: pointer;
        font-variant-numeric: tabular-nums;
      }
      .class input {
        position: absolute;
        inset: 0;
        min-height: 0;
        margin: 0;
        padding: 0;
        opacity: 0;
        cursor: pointer;
      }
      .class:has(:checked) {
        border-color: var(--ink);
        box-shadow: inset 0 0 0 1px var(--ink);
      }
      .class:has(:focus-visible) {
        outline: 2px solid var(--focus);
        outline-offset: 2px;
      }
      .tools {
        display: flex;
        flex-wrap: wrap;
        gap: 0.375rem;
        align-items: end;
      }
      button[aria-pressed="true"]:not(:disabled) {
        background: var(--accent);
        border-color: var(--accent);
        color: var(--on-accent);
      }
      .status {
        font-size: 0.75rem;
        color: var(--ink-muted);
        min-height: 1.1rem;
        max-width: 30rem;
        text-wrap: pretty;
      }
    `,
  ];

  override willUpdate(changed: Map<string, unknown>): void {
    const { points, drawing } = this;
    if (!changed.has("points") || !points || drawing.equals(points)) return;
    if (points.dimension !== 2) return;
    drawing.begin();
    drawing.replace(drawable(points));
    this.half = padHalf(drawing.points);
  }

  private get side(): number {
    return this.bounds.width;
  }

  private get focused(): boolean {
    return this.shadowRoot?.activeElement === this.canvas;
  }

  protected override draw({ pen, width }: Sheet): void {
    const { cursor, hover } = this;
    drawPad(pen, width, this.drawing.points, {
      ink: inkOf(this),
      theme: currentTheme(),
      half: this.half,
      cursor: cursor && this.focused ? { ...cursor, label: this.label } : undefined,
      eraser: hover && (this.erasing || this.stroke?.erases) ? { ...hover, radius: ERASER } : undefined,
    });
  }

  /** A step of undo; the page hears of it if it changed anything. */
  private step(act: () => void): void {
    this.drawing.begin();
    act();
    this.finish(this.drawing.end());
  }

  private finish(changed: boolean): void {
    this.requestUpdate();
    if (changed) this.say("drawn");
  }

  private press(event: PointerEvent): void {
    // A second finger is no second stroke; the wheel's button is for scrolling.
    if (this.stroke || event.button === 1) return;
    event.preventDefault();
    const canvas = event.currentTarget as HTMLCanvasElement;
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    this.cursor = undefined;
    // The right button, or the other end of a pen.
    const erases = this.erasing || event.button === 2 || event.button === 5;
    const at = this.at(event);
    this.stroke = { pointer: event.pointerId, erases, ...at };
    this.drawing.begin();
    if (erases) this.eraseAt(at);
    else this.putAt(at, 0);
  }

  private move(event: PointerEvent): void {
    const { stroke } = this;
    this.hover = event.pointerType === "mouse" || stroke ? this.at(event) : undefined;
    if (stroke?.pointer === event.pointerId) {
      // All places on the way, not only where the pointer was when the frame was drawn.
      const way = event.getCoalescedEvents?.() ?? [];
      for (const one of way.length > 0 ? way : [event]) this.follow(stroke, one);
    }
    this.redraw();
  }

  private follow(stroke: Stroke, event: PointerEvent): void {
    const at = this.at(event);
    if (stroke.erases) this.eraseAt(at);
    else if (Math.hypot(at.x - stroke.x, at.y - stroke.y) >= SPRAY_STEP) {
      [stroke.x, stroke.y] = [at.x, at.y];
      this.putAt(at, this.spread);
    }
  }

  private release(event: PointerEvent): void {
    if (this.stroke?.pointer !== event.pointerId) return;
    const { erases } = this.stroke;
    this.stroke = undefined;
    const changed = this.drawing.end();
    if (changed) this.tell(word(erases ? "pad.erased" : "pad.put"));
    this.finish(changed);
  }

  private putAt({ x, y }: { x: number; y: number }, spread: number): void {
    const [angle, radius] = [2 * Math.PI * Math.random(), spread * Math.sqrt(Math.random())];
    const place = fromPad(this.side, this.half, x + radius * Math.cos(angle), y + radius * Math.sin(angle));
    this.put(...place);
  }

  private put(x: number, y: number): void {
    if (!this.drawing.put(x, y, this.label, this.half)) {
      this.said = word("pad.most", { count: formatCount(MAX_POINTS) });
    }
    this.redraw();
  }

  private eraseAt({ x, y }: { x: number; y: number }): void {
    const { side, half } = this;
    const radius = fromPad(side, half, side / 2 + ERASER, 0)[0];
    this.drawing.erase(...fromPad(side, half, x, y), radius);
    this.redraw();
  }

  private tell(what: string): void {
    const count = this.drawing.points.length;
    this.said = word(count === 1 ? "pad.onePoint" : "pad.points", { what, count: formatCount(count) });
  }

  private again(done: boolean, what: string): void {
    if (!done) return;
    this.half = Math.max(this.half, padHalf(this.drawing.points));
    this.tell(what);
    this.finish(true);
  }

  private clear(): void {
    if (this.drawing.points.length === 0) return;
    this.step(() => this.drawing.replace([]));
    this.half = padHalf([]);
    this.tell(word("pad.cleared"));
  }

  private key(event: KeyboardEvent): void {
    if (!this.acts(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Whether the key means something here. */
  private acts({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
    if (altKey) return false;
    if (ctrlKey || metaKey) {
      const letter = key.toLowerCase();
      if (letter === "y" || (letter === "z" && shiftKey)) this.again(this.drawing.redo(), word("pad.redone"));
      else if (letter === "z") this.again(this.drawing.undo(), word("pad.undone"));
      else return false;
      return true;
    }
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] }[key];
    if (way) this.walk(way[0]!, way[1]!, shiftKey ? 4 : 1);
    else if (/^[1-8]$/.test(key)) this.choose(Number(key) - 1);
    else if (key === "Enter") this.putByKey();
    else if (key === "Delete" || key === "Backspace") this.removeByKey();
    else return false;
    return true;
  }

  private walk(dx: number, dy: number, steps: number): void {
    const { half } = this;
    const to = (value: number, by: number) =>
      Math.min(half, Math.max(-half, value + (by * steps * half) / CURSOR_STEPS));
    const { x, y } = this.cursor ?? { x: 0, y: 0 };
    this.cursor = { x: to(x, dx), y: to(y, dy) };
    const near = this.drawing.nearest(this.cursor.x, this.cursor.y);
    const away = near && Math.hypot(near.x - this.cursor.x, near.y - this.cursor.y);
    this.said = near
      ? word("pad.nearest", {
          place: place(this.cursor),
          class: near.label + 1,
          distance: away!.toFixed(2),
        })
      : `${place(this.cursor)}.`;
  }

  private choose(label: number): void {
    this.label = label;
    this.erasing = false;
    this.said = word("pad.class", { class: label + 1 });
  }

  private putByKey(): void {
    const cursor = (this.cursor ??= { x: 0, y: 0 });
    this.said = "";
    this.step(() => this.put(cursor.x, cursor.y));
    if (!this.said) this.tell(word("pad.classAt", { class: this.label + 1, place: place(cursor) }));
  }

  private removeByKey(): void {
    const { x, y } = (this.cursor ??= { x: 0, y: 0 });
    const near = this.drawing.nearest(x, y);
    if (!near) {
      this.said = word("pad.nothing");
      return;
    }
    this.step(() => this.drawing.remove(near));
    this.tell(word("pad.removed", { class: near.label + 1, place: place(near) }));
  }

  override render() {
    const { drawing } = this;
    const counts = drawing.counts();
    const count = drawing.points.length;
    return html`<fieldset>
        <legend>${word("pad.legend", { count: DRAWN_CLASSES })}</legend>
        ${CLASSES.slice(0, DRAWN_CLASSES).map(
          (_, i) =>
            html`<label class="class" title=${word("pad.classTitle", { class: i + 1, count: counts[i]! })}>
              <input
                type="radio"
                name="class"
                aria-label=${word("pad.classLabel", { class: i + 1, count: counts[i]! })}
                .checked=${i === this.label}
                @change=${() => this.choose(i)}
              />
              <lab-class-mark .index=${i}></lab-class-mark>${formatCount(counts[i]!)}
            </label>`,
        )}
      </fieldset>
      <canvas
        role="application"
        aria-roledescription=${word("pad.role")}
        tabindex="0"
        data-testid="pad"
        data-count=${count}
        aria-label=${word("pad.label", { count })}
        @pointerdown=${this.press}
        @pointermove=${this.move}
        @pointerup=${this.release}
        @pointercancel=${this.release}
        @pointerleave=${this.leave}
        @contextmenu=${(event: Event) => event.preventDefault()}
        @keydown=${this.key}
        @focus=${this.redraw}
        @blur=${this.redraw}
      ></canvas>
      <div class="tools">
        <button
          aria-pressed=${this.erasing}
          data-testid="pad-erase"
          title=${word("pad.rightButton")}
          @click=${() => (this.erasing = !this.erasing)}
        >
          ${word("pad.erase")}
        </button>
        <button
          ?disabled=${!drawing.canUndo}
          data-testid="pad-undo"
          @click=${() => this.again(drawing.undo(), word("pad.undone"))}
        >
          ${word("pad.undo")}
        </button>
        <button
          ?disabled=${!drawing.canRedo}
          data-testid="pad-redo"
          @click=${() => this.again(drawing.redo(), word("pad.redone"))}
        >
          ${word("pad.redo")}
        </button>
        <button ?disabled=${count === 0} data-testid="pad-clear" @click=${this.clear}>
          ${word("pad.clear")}
        </button>
        <label
          >${word("pad.spray")}
          <select
            data-testid="pad-spread"
            @change=${(event: Event) => (this.spread = Number((event.target as HTMLSelectElement).value))}
          >
            ${SPREADS.map(
              ([value, title]) =>
                html`<option value=${value} ?selected=${Number(value) === this.spread}>${title}</option>`,
            )}
          </select>
        </label>
      </div>
      <p class="status" role="status" data-testid="pad-status">
        ${[this.said, drawing.problem].filter(Boolean).join(" ")}
        ${
          this.points && this.points.dimension !== 2
            ? word("pad.dimension", { dimension: this.points.dimension })
            : nothing
        }
      </p>`;
  }

  private leave(): void {
    this.hover = undefined;
    this.redraw();
  }
}

function place({ x, y }: { x: number; y: number }): string {
  const number = (value: number) => value.toFixed(2).replace("-", "−");
  return `(${number(x)}, ${number(y)})`;
}
