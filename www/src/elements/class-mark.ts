import { css, html, LitElement, svg } from "lit";
import { customElement, property } from "lit/decorators.js";
import { CLASSES, markCorners } from "../draw/classes";

const RADIUS = 5.5;

/** The mark of a class, as a small picture beside its name. */
@customElement("lab-class-mark")
export class LabClassMark extends LitElement {
  @property({ type: Number }) index = 0;

  static override styles = css`
    :host {
      display: inline-flex;
    }
    svg {
      width: 1.1rem;
      height: 1.1rem;
    }
  `;

  override render() {
    const { light, dark, filled } = CLASSES[this.index % CLASSES.length]!;
    const colour = `light-dark(${light}, ${dark})`;
    const paint = filled ? `fill: ${colour}` : `fill: none; stroke: ${colour}; stroke-width: 2`;
    const corners = markCorners(this.index, RADIUS);
    return html`<svg viewBox="-9 -9 18 18" aria-hidden="true">
      ${
        corners.length > 0
          ? svg`<polygon style=${paint} points=${corners.map((corner) => corner.join(",")).join(" ")} />`
          : svg`<circle style=${paint} r=${RADIUS} />`
      }
    </svg>`;
  }
}
