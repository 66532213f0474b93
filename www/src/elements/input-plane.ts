import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { bitmap, inkOf, type Sheet } from "../draw/canvas";
import { currentTheme, type Theme } from "../draw/classes";
import { decisionPixels, drawMarks, markRadius } from "../draw/marks";
import { drawFrame, onScreen, placeOf, type Window } from "../draw/hidden-plane";
import type { LabelledPoints } from "../engine/expressivity";
import { controls } from "./base";
import { PictureElement } from "./picture";
import { word } from "../words";

/** Classes that a network decides for at the middles of a window's cells, rows from below. */
export interface Decision {
  classes: Uint16Array;
  side: number;
}

/** Inputs in the plane, over what a network makes of the rest of it. */
@customElement("lab-input-plane")
export class LabInputPlane extends PictureElement {
  @property({ attribute: false }) points: LabelledPoints | undefined;
  @property({ attribute: false }) window: Window | undefined;
  @property({ attribute: false }) decision: Decision | undefined;
  private image: HTMLCanvasElement | undefined;
  private made: { decision: Decision | undefined; theme: Theme } | undefined;

  static override styles = [
    controls,
    css`
      canvas {
        display: block;
        width: 100%;
        aspect-ratio: 1.05;
        max-height: 34rem;
      }
    `,
  ];

  /** The picture of a decision, made anew when it or the theme is another. */
  private background(theme: Theme): HTMLCanvasElement | undefined {
    const { decision } = this;
    if (this.made?.decision !== decision || this.made?.theme !== theme) {
      const { classes, side } = decision ?? {};
      this.image =
        classes && side ? bitmap(decisionPixels(classes, side, side, theme), side, side) : undefined;
      this.made = { decision, theme };
    }
    return this.image;
  }

  protected override draw({ pen, width, height }: Sheet): void {
    const { points, window } = this;
    if (!points || !window) return;
    const theme = currentTheme();
    const image = this.background(theme);
    const ink = inkOf(this);
    const place = placeOf(width, height, window);
    if (image) {
      pen.imageSmoothingEnabled = false;
      pen.drawImage(image, place.left, place.top, place.side, place.side);
    }
    const radius = markRadius(points.labels.length);
    const places = onScreen(place, points.inputs);
    drawMarks(pen, places, points.labels, points.classes, radius, ink.surface, theme);
    drawFrame(pen, place, window, ["x₁", "x₂"], ink);
  }

  override render() {
    return html`<canvas
      role="img"
      aria-label=${word(this.decision ? "built.inputsOver" : "built.inputs")}
    ></canvas>`;
  }
}
