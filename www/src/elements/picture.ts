// One picture on a canvas, and where on it the pointer is.
import { unsafeCSS } from "lit";
import { fit, sizeOf, type Sheet, type Size } from "../draw/canvas";
import { RedrawnElement } from "./redrawn";

/** Where plots begin (`plotFrame`) for what stands below them: 54 units, of 1 px or of 0.72 / 15 rem. */
export const plotLeft = unsafeCSS("max(54px, 2.592rem)");

export abstract class PictureElement extends RedrawnElement {
  protected get canvas(): HTMLCanvasElement | null {
    return this.renderRoot.querySelector("canvas");
  }

  /** Width and height of the picture in its units; 1 before there is one. */
  protected get bounds(): Size {
    const { canvas } = this;
    return canvas ? sizeOf(canvas) : { width: 1, height: 1, unit: 1 };
  }

  protected abstract draw(sheet: Sheet): void;

  protected override drawAll(): void {
    const sheet = this.canvas && fit(this.canvas);
    if (sheet) this.draw(sheet);
  }

  /** Where the pointer is on the picture, in its units. */
  protected at(event: MouseEvent): { x: number; y: number } {
    // Not of the event's target: those that a browser has put together have none.
    const box = this.canvas!.getBoundingClientRect();
    const { unit } = this.bounds;
    return { x: (event.clientX - box.left) / unit, y: (event.clientY - box.top) / unit };
  }
}
