import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { axisTitle } from "../atlas-form";
import { inkOf, type Sheet } from "../draw/canvas";
import { columnAt, curveLook, drawSweep, spreads, type Spread } from "../draw/sweep";
import type { Atlas } from "../engine/atlas";
import type { TwinSpec } from "../engine/types";
import { controls } from "./base";
import { cellAfter } from "./cell-keys";
import { PictureElement } from "./picture";
import { word } from "../words";

/** Steps to the threshold against one quantity, over the seeds of a map. */
@customElement("lab-atlas-sweep")
export class LabAtlasSweep extends PictureElement {
  @property({ attribute: false }) atlas: Atlas | undefined;
  @property({ attribute: false }) twins: readonly TwinSpec[] = [];
  /** The column pointed at. */
  @property({ type: Number }) cursor: number | undefined;
  @property() yLabel = "";
  @property() reading = "";

  private curves: (Spread | undefined)[][] = [];

  static override styles = [
    controls,
    css`
      canvas {
        display: block;
        width: 100%;
        aspect-ratio: 2;
        max-height: 30rem;
        touch-action: pan-y;
      }
      @media (max-width: 40rem) {
        canvas {
          aspect-ratio: 1.1;
        }
      }
    `,
  ];

  override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has("atlas")) return;
    const { atlas } = this;
    this.curves = atlas
      ? atlas.twins.map((twin) => spreads(twin, atlas.grain, atlas.spec.columns, atlas.spec.rows))
      : [];
  }

  protected override draw({ pen, width, height }: Sheet): void {
    const { atlas, twins, curves } = this;
    if (!atlas) return;
    const ink = inkOf(this);
    const drawn = curves.map((spreads, i) => ({ spreads, ...curveLook(twins, i, ink) }));
    drawSweep(pen, width, height, drawn, {
      ink,
      x: atlas.spec.x,
      values: atlas.x,
      steps: atlas.spec.budget.steps,
      xLabel: axisTitle(atlas.spec, atlas.spec.x, "label"),
      yLabel: this.yLabel,
      cursor: this.cursor,
    });
  }

  private move(event: PointerEvent): void {
    const { atlas, bounds } = this;
    if (!atlas) return;
    const column = columnAt(bounds, atlas.spec.x, atlas.x, this.at(event));
    this.say("cell", column === undefined ? undefined : [column, 0]);
  }

  private key(event: KeyboardEvent): void {
    const { atlas, cursor } = this;
    const next =
      atlas && cellAfter(event, cursor === undefined ? undefined : [cursor, 0], atlas.spec.columns, 1);
    if (!next) return;
    this.say("cell", next);
    event.preventDefault();
    event.stopPropagation();
  }

  override render() {
    return html`<canvas
      role="img"
      tabindex="0"
      data-testid="sweep-canvas"
      aria-label="${word("atlas.sweepLabel", { quantity: this.yLabel })}${this.reading ? ` ${this.reading}.` : ""} ${word("atlas.sweepKeys")}"
      @pointermove=${this.move}
      @pointerdown=${this.move}
      @pointerleave=${() => this.say("cell")}
      @keydown=${this.key}
    ></canvas>`;
  }
}
