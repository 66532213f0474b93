import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Certificates, DepthBounds, Spectra, TwinSpec } from "../engine/types";
import type { BallState } from "../theorems";
import type { TwinName } from "../twin-names";
import type { WayPoint } from "../way";
import { controls, LabElement } from "./base";
import "./theorem-ball";
import "./theorem-near";
import "./theorem-paths";
import "./theorem-run";
import { word } from "../words";

/** The paper's two theorems about linear networks, beside the numbers just measured. */
@customElement("lab-theorems")
export class LabTheorems extends LabElement {
  @property({ attribute: false }) bounds: DepthBounds | undefined;
  /** Why there is no optimum near the identity. */
  @property() refused = "";
  @property({ attribute: false }) certificates: readonly (Certificates | undefined)[] = [];
  @property({ attribute: false }) twins: readonly TwinSpec[] = [];
  @property({ attribute: false }) ball: BallState | undefined;
  @property({ type: Boolean }) sampling = false;
  @property({ type: Number }) layers = 1;
  /** Whether the layers stand between fixed maps, of which the theorems do not speak. */
  @property({ type: Boolean }) fixedMaps = false;
  @property({ type: Number }) width = 1;
  /** The part of the way to the constructed optimum that is being looked at, and what each network has there. */
  @property({ type: Number }) way: number | undefined;
  @property({ attribute: false }) wayPoints: readonly WayPoint[] = [];
  @property({ type: Boolean }) walking = false;
  /** Least singular value of the target. */
  @property({ type: Number }) sigmaMin = 0;
  @property({ attribute: false }) spectra: readonly (Spectra | undefined)[] = [];
  @property({ attribute: false }) names: readonly TwinName[] = [];
  /** Another one means another run. */
  @property({ attribute: false }) run: unknown;
  @state() private open = false;

  static override styles = [
    controls,
    css`
      .cards {
        display: grid;
        gap: var(--gap);
        grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr));
        padding-top: var(--gap);
      }
      summary {
        cursor: pointer;
        font-size: 0.9375rem;
        font-weight: 600;
        padding: 0.5rem 0.125rem;
      }
    `,
  ];

  override render() {
    // Closed, it costs nothing; open, a plot is drawn again only when its own numbers change.
    return html`<details @toggle=${this.toggle}>
      <summary data-testid="theorems">${word("theorem.summary")}</summary>
      ${
        this.open
          ? this.fixedMaps
            ? html`<p class="muted" data-testid="no-theorems">${word("theorem.fixedMaps")}</p>`
            : this.cards()
          : nothing
      }
    </details>`;
  }

  private toggle(event: Event): void {
    this.open = (event.target as HTMLDetailsElement).open;
    this.say("lab-theorems", this.open);
    // What is out of sight leaves no ring on the landscapes.
    if (!this.open) this.say("lab-way");
  }

  private cards() {
    return html`<div class="cards">
      <lab-theorem-near
        .bounds=${this.bounds}
        .refused=${this.refused}
        .layers=${this.layers}
        .width=${this.width}
        .way=${this.way}
        .wayPoints=${this.wayPoints}
        .walking=${this.walking}
        .sigmaMin=${this.sigmaMin}
        .names=${this.names}
      ></lab-theorem-near>
      <lab-theorem-run .certificates=${this.certificates} .twins=${this.twins}></lab-theorem-run>
      <lab-theorem-ball
        .ball=${this.ball}
        .sampling=${this.sampling}
        .layers=${this.layers}
        .bounds=${this.bounds}
      ></lab-theorem-ball>
      <lab-theorem-paths .spectra=${this.spectra} .names=${this.names} .run=${this.run}></lab-theorem-paths>
    </div>`;
  }
}
