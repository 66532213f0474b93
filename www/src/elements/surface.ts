import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import {
  dragged,
  FIRST_CAMERA,
  keyed,
  sightOf,
  wheeled,
  zoomed,
  type Camera,
  type Sight,
} from "../draw/camera";
import { inkOf, type Ink, type Sheet } from "../draw/canvas";
import type { ColourScale, Domain } from "../draw/scale";
import type { Surface } from "../draw/surface";
import { fractions, reliefOf, type Relief } from "../draw/surface-height";
import { CASING, drawAxes, drawDot, drawRing, spotOf, SurfacePath } from "../draw/surface-ink";
import type { Landscape, PlanePoint } from "../engine/types";
import { measureName, type Measure } from "../measure";
import { axisLabel, placeTitle } from "../plane-name";
import { controls } from "./base";
import { PictureElement } from "./picture";
import { Pointers, spread, type Grip } from "./pointers";
import { word } from "../words";

/** A finger that moved less than this, in pixels, has not said where it goes. */
const SLOP = 8;

/** A place in the plane that deserves a ring and a name. */
export interface SurfaceMark {
  a: number;
  b: number;
  label: string;
}

/** After this long without a turn the camera is at rest. */
const REST_MILLISECONDS = 200;

/**
 * The landscape as a surface that can be turned. WebGL draws the surface, only when it or the view of it changes; the
 * path and all that moves in every frame are on a plain canvas above it.
 */
@customElement("lab-surface")
export class LabSurface extends PictureElement {
  @property({ attribute: false }) landscape: Landscape | undefined;
  @property({ attribute: false }) point: PlanePoint | undefined;
  /** (a, b) pairs newer than the landscape's own path, the iterate last. */
  @property({ attribute: false }) trail: readonly number[] = [];
  @property() twin: "identity" | "standard" = "identity";
  /** What it is called. */
  @property() measure: Measure = "excess risk";
  @property() name = "identity";
  @property() scale: ColourScale = "log";
  /** What the colours, and the heights, cover. */
  @property({ attribute: false }) domain: Domain | undefined;
  @property({ attribute: false }) camera: Camera = FIRST_CAMERA;
  /** (a, b) of an earlier moment that is being looked at. */
  @property({ attribute: false }) marker: readonly [number, number] | undefined;
  @property({ attribute: false }) marks: readonly SurfaceMark[] = [];
  /** Why there is no picture. */
  @state() private problem = "";
  @state() private ready = false;

  private surface: Surface | undefined;
  private scene: HTMLCanvasElement | undefined;
  private relief: Relief | undefined;
  private sight: Sight | undefined;
  private readonly path = new SurfacePath();
  /** What the WebGL picture shows: when this is the same, it need not be drawn again. */
  private shown = "";
  private reliefShown = false;
  private readonly pointers = new Pointers();
  private drag: (Grip & { camera: Camera; holds: boolean }) | undefined;

  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }
      figure {
        margin: 0;
        position: relative;
        height: var(--picture-height, clamp(14rem, 34vh, 34rem));
      }
      canvas {
        position: absolute;
        inset: 0;
        display: block;
        width: 100%;
        height: 100%;
      }
      .ink {
        cursor: grab;
        touch-action: pan-y;
        border-radius: 4px;
      }
      .ink:active {
        cursor: grabbing;
      }
      @media (max-width: 68rem) {
        figure {
          height: var(--picture-height, auto);
          aspect-ratio: 1.15;
        }
      }
      .waiting {
        position: absolute;
        inset: 8px 10px;
        display: grid;
        place-items: center;
        padding: 1rem;
        text-align: center;
        text-wrap: balance;
        color: var(--ink-muted);
        background: var(--sunken);
        border-radius: 4px;
      }
    `,
  ];

  protected override get canvas(): HTMLCanvasElement | null {
    return this.renderRoot.querySelector<HTMLCanvasElement>(".ink");
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.problem = "";
    void this.open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.close();
  }

  private async open(): Promise<void> {
    let loaded: typeof import("../draw/surface");
    try {
      [loaded] = await Promise.all([import("../draw/surface"), this.updateComplete]);
    } catch {
      this.fail(word("surface.noCode"));
      return;
    }
    if (!this.isConnected || this.surface) return;
    // A canvas whose context was given back cannot have another one, so every opening makes its own.
    const canvas = document.createElement("canvas");
    canvas.setAttribute("aria-hidden", "true");
    try {
      this.surface = new loaded.Surface(canvas);
    } catch {
      this.fail(word("surface.noWebgl"));
      return;
    }
    canvas.addEventListener("webglcontextrestored", () => {
      this.shown = "";
      this.redraw();
    });
    this.renderRoot.querySelector("figure")?.prepend(canvas);
    this.scene = canvas;
    this.ready = true;
  }

  private close(): void {
    this.surface?.dispose();
    this.scene?.remove();
    clearTimeout(this.turning);
    this.surface = this.scene = this.turning = undefined;
    this.ready = false;
    this.shown = "";
    this.reliefShown = false;
    this.pointers.clear();
    this.drag = undefined;
  }

  private fail(sentence: string): void {
    if (!this.isConnected) return;
    this.problem = sentence;
    this.say("lab-no-surface", sentence);
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("camera") && changed.get("camera")) this.startTurning();
    if (!["landscape", "scale", "domain"].some((name) => changed.has(name))) return;
    const { landscape } = this;
    this.relief = landscape && reliefOf(landscape, this.scale, this.domain, this.relief);
    this.reliefShown = false;
    if (this.relief && landscape) this.path.set(this.relief, landscape.trajectory);
  }

  /** Runs while the camera turns, and a little longer. */
  private turning: ReturnType<typeof setTimeout> | undefined;

  private startTurning(): void {
    clearTimeout(this.turning);
    this.turning = setTimeout(() => {
      this.turning = undefined;
      this.shown = "";
      this.redraw();
    }, REST_MILLISECONDS);
  }

  protected override draw({ pen, width, height, unit }: Sheet): void {
    const { surface, relief, camera } = this;
    if (!surface || !relief) return;
    const ink = inkOf(this);
    const ratio = unit * devicePixelRatio;
    const seen = [width, height, ratio, camera.azimuth, camera.elevation, camera.distance].join();
    const look = `${seen} ${ink.surface}`;
    if (!this.sight || look !== this.shown) this.sight = sightOf(camera, width, height);
    if (look !== this.shown || !this.reliefShown) {
      if (!this.reliefShown) surface.set(relief);
      surface.look(wallColour(ink));
      surface.render(this.sight, unit, this.turning !== undefined);
      this.shown = look;
      this.reliefShown = true;
    }
    this.drawInk(pen, relief, this.sight, ink);
  }

  private drawInk(context: CanvasRenderingContext2D, relief: Relief, sight: Sight, ink: Ink): void {
    const { path, landscape, point, marker } = this;
    drawAxes(context, sight, relief, {
      ink,
      labels: landscape ? [axisLabel(landscape, 0), axisLabel(landscape, 1)] : ["", ""],
      azimuth: this.camera.azimuth,
      scale: this.scale,
      measure: measureName(this.measure),
    });
    path.extend(this.trail);
    path.look(sight);
    path.draw(context);
    const spot = ([s, t]: readonly [number, number]) => spotOf(relief, sight, s, t);
    const colour = this.twin === "identity" ? ink.identity : ink.standard;
    context.font = ink.font;
    for (const { a, b, label } of this.marks) {
      const [s, t] = fractions(relief, a, b);
      const place = s >= 0 && s <= 1 && t >= 0 && t <= 1 && spot([s, t]);
      if (place) drawRing(context, place, 10, "#ffffff", CASING, placeTitle(label));
    }
    const start = path.start && spot(path.start);
    if (start) drawDot(context, start, 4.5, "#ffffff", "rgb(10 14 20 / 0.9)");
    const head = point && point.plane === landscape?.plane ? fractions(relief, point.a, point.b) : path.head;
    const iterate = head && spot(head);
    if (iterate) drawDot(context, iterate, 7.5, colour, "#ffffff");
    const scrubbed = marker && spot(fractions(relief, ...marker));
    if (scrubbed) drawRing(context, scrubbed, 7, colour, "#ffffff");
  }

  private turn(camera: Camera): void {
    this.say("lab-camera", camera);
  }

  private press(event: PointerEvent): void {
    if (event.pointerType === "mouse" && event.button !== 0) return;
    this.pointers.press(event.pointerId, this.at(event));
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.grip(event.pointerType !== "touch" || this.pointers.count > 1);
  }

  /** Takes hold anew, with the pointers that are down now; one finger holds once it is clear that it does not scroll. */
  private grip(holds: boolean): void {
    this.drag = this.pointers.count > 0 ? { ...this.pointers.grip, camera: this.camera, holds } : undefined;
  }

  private move(event: PointerEvent): void {
    const { drag } = this;
    if (!drag || !this.pointers.move(event.pointerId, this.at(event))) return;
    const { grip } = this.pointers;
    const { x, y } = grip;
    if (!drag.holds) {
      const [across, along] = [Math.abs(x - drag.x), Math.abs(y - drag.y)];
      if (Math.max(across, along) < SLOP) return;
      if (along > across) this.drag = undefined;
      else this.grip(true);
      return;
    }
    const turned = dragged(drag.camera, x - drag.x, y - drag.y, this.bounds.width);
    this.turn(zoomed(turned, spread(drag, grip)));
  }

  private release(event: PointerEvent): void {
    if (this.pointers.release(event.pointerId)) this.grip(true);
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    this.turn(wheeled(this.camera, event.deltaY));
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const camera = keyed(this.camera, event.key);
    if (!camera) return;
    this.turn(camera);
    event.preventDefault();
    event.stopPropagation();
  }

  override render() {
    const { landscape, problem } = this;
    if (problem) {
      return html`<figure><p class="waiting" data-testid="no-surface">${problem}</p></figure>`;
    }
    const label = landscape
      ? word("surface.label", { name: this.name, measure: measureName(this.measure) })
      : word("surface.notYet");
    return html`<figure>
      <canvas
        class="ink"
        role="img"
        tabindex="0"
        data-testid="surface-canvas"
        data-size=${landscape?.size ?? 0}
        aria-label="${label} ${word("surface.keys")}"
        @pointerdown=${this.press}
        @pointermove=${this.move}
        @pointerup=${this.release}
        @pointercancel=${this.release}
        @wheel=${this.wheel}
        @dblclick=${() => this.turn(FIRST_CAMERA)}
        @keydown=${this.key}
      ></canvas>
      ${landscape && this.ready ? nothing : html`<div class="waiting">${word("surface.waiting")}</div>`}
    </figure>`;
  }
}

/** The page's own grey: the walls are no part of the picture. */
function wallColour(ink: Ink): string {
  return ink.line;
}
