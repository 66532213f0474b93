import { css, html } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import type { LabelledPoints } from "../engine/table";
import { dataOf, type PointsIn } from "../points";
import { controls, LabElement } from "./base";
import "./pad";
import type { LabPad } from "./pad";
import "./table";
import { word } from "../words";

/**
 * A person's own points: drawn, or read from a file. Says `lab-points` with an experiment's data: after every
 * stroke on the pad, as soon as there are two classes, and when the points of a file are to be used.
 */
@customElement("lab-points")
export class LabPoints extends LabElement {
  /** The points in use. */
  @property({ attribute: false }) points: PointsIn | undefined;
  /** Share of the points that is not trained on. */
  @property({ type: Number }) heldOut = 0;
  @query("lab-pad") private pad!: LabPad;

  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }
      .ways {
        display: grid;
        gap: 0.75rem 1.5rem;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr));
        align-items: start;
      }
      section {
        display: grid;
        gap: 0.5rem;
        min-width: 0;
      }
      h2 {
        font-size: 0.875rem;
        font-weight: 600;
      }
    `,
  ];

  private drawn(event: Event): void {
    event.stopPropagation();
    const { drawing } = this.pad;
    if (drawing.problem) return;
    const points = drawing.labelled();
    this.points = points;
    this.tell(points);
  }

  private used(event: CustomEvent<{ points: LabelledPoints }>): void {
    event.stopPropagation();
    const { points } = event.detail;
    // A new object: the pad may have been drawn on since these were used last.
    this.points = { ...points };
    this.tell(points);
  }

  private tell(points: LabelledPoints): void {
    this.say("lab-points", dataOf(points, this.heldOut));
  }

  override render() {
    return html`<div class="ways">
      <section aria-label=${word("points.draw")}>
        <h2>${word("points.draw")}</h2>
        <lab-pad .points=${this.points} @drawn=${this.drawn}></lab-pad>
      </section>
      <section aria-label=${word("points.fileLabel")}>
        <h2>${word("points.file")}</h2>
        <lab-table @use=${this.used}></lab-table>
      </section>
    </div>`;
  }
}
