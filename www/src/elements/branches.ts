import { css, html } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { branchRatio, branchReading, leftOut } from "../branches";
import { drawBranches } from "../draw/branches";
import { inkOf, type Sheet } from "../draw/canvas";
import { blockAt } from "../draw/variance";
import type { Branch } from "../engine/images";
import { controls } from "./base";
import { cellAfter } from "./cell-keys";
import { figureStyle } from "./figure-style";
import { PictureElement } from "./picture";
import { word } from "../words";

/** How near the identity each block is: the norm of its branch over that of its shortcut. */
@customElement("lab-branches")
export class LabBranches extends PictureElement {
  @property({ attribute: false }) branches: readonly Branch[] = [];
  /** As they were at the beginning. */
  @property({ attribute: false }) start: readonly Branch[] = [];
  @state() private marked: number | undefined;

  static override styles = [
    controls,
    figureStyle,
    css`
      canvas {
        height: clamp(10rem, 22vh, 16rem);
      }
    `,
  ];

  protected override draw({ pen, width, height }: Sheet): void {
    const [now, start] = [this.branches.map(branchRatio), this.start.map(branchRatio)];
    drawBranches(pen, width, height, now, start, this.marked, inkOf(this));
  }

  private point(event: PointerEvent): void {
    this.marked = blockAt(this.at(event).x, this.bounds.width, this.branches.length);
  }

  private key(event: KeyboardEvent): void {
    if (event.key === "Escape") this.marked = undefined;
    const from = this.marked === undefined ? undefined : ([this.marked, 0] as const);
    const next = cellAfter(event, from, this.branches.length, 1);
    if (!next) return;
    this.marked = next[0];
    event.preventDefault();
    event.stopPropagation();
  }

  override render() {
    const [now, start] = [this.branches.map(branchRatio), this.start.map(branchRatio)];
    const reading = branchReading(now, start, this.marked);
    const key = start.length > 0 ? word("branches.key") : "";
    return html`<div class="head">
        <h3>${word("branches.heading")}</h3>
        <span class="reading" data-testid="branches-reading">${reading}</span>
      </div>
      <canvas
        role="img"
        tabindex="0"
        data-testid="branches"
        aria-label=${word("branches.label", { blocks: now.length, reading })}
        @pointermove=${this.point}
        @pointerdown=${this.point}
        @pointerleave=${() => (this.marked = undefined)}
        @blur=${() => (this.marked = undefined)}
        @keydown=${this.key}
      ></canvas>
      <p data-testid="branches-said">${key} ${leftOut(now)}</p>`;
  }
}
