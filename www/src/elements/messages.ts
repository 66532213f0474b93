import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { said } from "./said";
import { controls, LabElement } from "./base";
import { word } from "../words";

/** One place for what went wrong, what to know, and what waits for a restart. */
@customElement("lab-messages")
export class LabMessages extends LabElement {
  @property() alert = "";
  @property() notice = "";
  @property() commentary = "";
  @property() commentaryTitle = "";
  @property({ type: Boolean }) changed = false;

  static override styles = [
    controls,
    css`
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.375rem 0.75rem;
        margin-top: var(--gap);
        border-radius: var(--radius);
        padding: 0.5rem 0.875rem;
      }
      .bar p {
        flex: 1 1 16rem;
        text-wrap: pretty;
      }
      .alert {
        background: var(--danger-wash);
        color: var(--danger);
      }
      .notice {
        background: var(--notice-wash);
        color: var(--notice);
      }
      .restart {
        background: var(--surface);
        border: 1px solid var(--focus);
      }
      .restart button:first-of-type {
        background: var(--accent);
        border-color: var(--accent);
        color: var(--on-accent);
        font-weight: 600;
      }
      .close {
        border: 0;
        background: none;
        color: inherit;
        padding: 0 0.5rem;
      }
      .commentary {
        padding: 0.5rem 0.125rem 0;
        font-size: 0.875rem;
        color: var(--ink-muted);
        max-width: 95rem;
        text-wrap: pretty;
      }
      .commentary strong {
        color: var(--ink);
        font-weight: 600;
      }
    `,
  ];

  override render() {
    return html`
      <div role="alert" data-testid="alert" ?hidden=${!this.alert}>
        ${
          this.alert
            ? html`<div class="bar alert">
                <p>${said(this.alert)}</p>
                <button
                  class="close"
                  aria-label=${word("message.close")}
                  @click=${() => this.say("lab-close-alert")}
                >
                  ✕
                </button>
              </div>`
            : nothing
        }
      </div>
      <div role="status" data-testid="notice" ?hidden=${!this.notice}>
        ${
          this.notice
            ? html`<div class="bar notice">
                <p>${said(this.notice)}</p>
                <button
                  class="close"
                  aria-label=${word("message.closeNotice")}
                  @click=${() => this.say("lab-close-notice")}
                >
                  ✕
                </button>
              </div>`
            : nothing
        }
      </div>
      ${
        this.changed
          ? html`<div class="bar restart">
              <p>${word("message.changed")}</p>
              <button data-testid="restart" @click=${() => this.say("lab-restart")}>
                ${word("message.restart")}
              </button>
              <button data-testid="discard" @click=${() => this.say("lab-discard")}>
                ${word("message.discard")}
              </button>
            </div>`
          : nothing
      }
      ${
        this.commentary
          ? html`<p class="commentary"><strong>${this.commentaryTitle}.</strong> ${this.commentary}</p>`
          : nothing
      }
    `;
  }
}
