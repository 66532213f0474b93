import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { bands, DEEP_STARTS, reach, reachText, TRAINED, type Band, type Height } from "../deep";
import { inkOf, type Sheet } from "../draw/canvas";
import { classColour, currentTheme } from "../draw/classes";
import { deepAt, drawDeep, type DeepCurve } from "../draw/deep";
import type { Atlas } from "../engine/atlas";
import { controls } from "./base";
import { cellAfter, type Cell } from "./cell-keys";
import "./class-mark";
import { PictureElement } from "./picture";
import { phrase, word } from "../words";

/** What the picture's height means, on its axis. */
export function heightLabel(height: Height, steps: number): string {
  return height === "right"
    ? word("atlas.rightAfter", { steps })
    : word("atlas.after", { measure: word("measure.loss"), steps });
}

/** The curves of a map of many starts. */
export function deepCurves(atlas: Atlas, height: Height, theme: "light" | "dark") {
  const { twins, grain, spec, x } = atlas;
  return twins.map((twin, i): DeepCurve & { bands: (Band | undefined)[] } => {
    const found = bands(twin, grain, spec.columns, height);
    const reached = reach(found, x);
    return {
      title: DEEP_STARTS[i]?.title ?? word("atlas.startNumber", { number: i + 1 }),
      reach: reachText(reached),
      ends: reached?.fails !== undefined && reached.depth > 0 ? reached.depth : undefined,
      colour: classColour(i, theme),
      bands: found,
    };
  });
}

/** How deep each start trains: one curve a start. It says which depth and start was pointed at or chosen. */
@customElement("lab-atlas-deep")
export class LabAtlasDeep extends PictureElement {
  @property({ attribute: false }) atlas: Atlas | undefined;
  @property() height: Height = "right";
  /** The column and the start pointed at. */
  @property({ attribute: false }) cursor: Cell | undefined;
  @property() reading = "";

  static override styles = [
    controls,
    css`
      canvas {
        display: block;
        width: 100%;
        aspect-ratio: 2;
        max-height: 30rem;
        cursor: crosshair;
        touch-action: pan-y;
      }
      h3 {
        margin: 0.25rem 0 0;
        font-size: 0.875rem;
      }
      small {
        font-weight: 400;
        color: var(--ink-muted);
      }
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr));
        gap: 0.125rem 0.75rem;
        list-style: none;
        margin: 0.25rem 0 0;
        padding: 0;
        font-size: 0.875rem;
      }
      li {
        display: flex;
        align-items: center;
        gap: 0.375rem;
      }
      strong {
        font-variant-numeric: tabular-nums;
      }
      @media (max-width: 40rem) {
        canvas {
          aspect-ratio: 0.95;
        }
      }
    `,
  ];

  private get curves() {
    return this.atlas ? deepCurves(this.atlas, this.height, currentTheme()) : [];
  }

  protected override draw({ pen, ...sheet }: Sheet): void {
    const { atlas, height, cursor } = this;
    if (!atlas) return;
    drawDeep(pen, sheet.width, sheet.height, this.curves, {
      ink: inkOf(this),
      x: atlas.spec.x,
      depths: atlas.x,
      height,
      trained: TRAINED,
      cursor,
      xLabel: word("setting.blocks"),
      yLabel: heightLabel(height, atlas.spec.budget.steps),
    });
  }

  private cellAt(event: MouseEvent): Cell | undefined {
    const { atlas, bounds, height } = this;
    if (!atlas) return undefined;
    return deepAt(bounds, this.curves, { x: atlas.spec.x, depths: atlas.x, height }, this.at(event));
  }

  private open(event: MouseEvent): void {
    const cell = this.cellAt(event);
    if (cell) this.say("choose", cell);
  }

  private key(event: KeyboardEvent): void {
    const { atlas, cursor } = this;
    if (!atlas) return;
    // The curves are listed from the top.
    const rows = atlas.twins.length;
    const flip = ([column, row]: Cell): Cell => [column, rows - 1 - row];
    const next = cellAfter(event, cursor && flip(cursor), atlas.spec.columns, rows);
    if (next) this.say("cell", flip(next));
    else if (event.key === "Enter" && cursor) this.say("choose", cursor);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  override render() {
    const { curves } = this;
    return html`<canvas
        role="img"
        tabindex="0"
        data-testid="deep-canvas"
        aria-label="${word("atlas.deepLabel")}${this.reading ? ` ${this.reading}.` : ""} ${word("atlas.deepKeys")}"
        @pointermove=${(event: PointerEvent) => this.say("cell", this.cellAt(event))}
        @pointerdown=${(event: PointerEvent) => this.say("cell", this.cellAt(event))}
        @pointerleave=${() => this.say("cell")}
        @click=${this.open}
        @keydown=${this.key}
      ></canvas>
      <h3>${phrase("atlas.deepHeading", { about: html`<small>${word("atlas.deepAbout")}</small>` })}</h3>
      <ul data-testid="deep-reach">
        ${curves.map(
          ({ title, reach }, i) =>
            html`<li><lab-class-mark .index=${i}></lab-class-mark>${title} <strong>${reach}</strong></li>`,
        )}
      </ul>`;
  }
}
