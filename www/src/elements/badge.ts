import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { LabElement } from "./base";
import { word } from "../words";

/** Which engine trains at the moment. */
@customElement("lab-badge")
export class LabBadge extends LabElement {
  @property() engine = "";
  @property({ type: Boolean }) software = false;

  static override styles = css`
    span {
      display: inline-flex;
      align-items: center;
      gap: 0.4rem;
      border: 1px solid var(--line);
      border-radius: 99px;
      background: var(--surface);
      padding: 0.15rem 0.7rem;
      font-size: 0.8125rem;
      white-space: nowrap;
    }
    i {
      width: 0.5rem;
      height: 0.5rem;
      border-radius: 50%;
      background: var(--identity);
    }
  `;

  override render() {
    if (!this.engine) return html`<span><i style="opacity: 0.3"></i>${word("engines.loading")}</span>`;
    return html`<span title=${word("engines.trains")}
      ><i></i>${this.software ? word("engines.softwareBadge", { engine: this.engine }) : this.engine}</span
    >`;
  }
}
