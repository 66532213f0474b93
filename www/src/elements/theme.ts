import { css, html, svg } from "lit";
import { customElement, state } from "lit/decorators.js";
import { controls, LabElement } from "./base";
import { word } from "../words";

const KEY = "identity-lab.theme";

/** Light or dark: the system's until a person chooses. */
@customElement("lab-theme")
export class LabTheme extends LabElement {
  @state() private theme = document.documentElement.dataset["theme"] ?? "light";
  private readonly system = matchMedia("(prefers-color-scheme: dark)");

  static override styles = [
    controls,
    css`
      button {
        width: 2rem;
        padding: 0;
        border-color: var(--line);
        border-radius: 50%;
        display: grid;
        place-items: center;
      }
      svg {
        width: 1.05rem;
        height: 1.05rem;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.system.addEventListener("change", this.followSystem);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.system.removeEventListener("change", this.followSystem);
  }

  private readonly followSystem = () => {
    if (!stored()) this.show(this.system.matches ? "dark" : "light");
  };

  private show(theme: string): void {
    this.theme = theme;
    document.documentElement.dataset["theme"] = theme;
    this.say("lab-theme", theme);
  }

  private toggle(): void {
    const next = this.theme === "dark" ? "light" : "dark";
    try {
      localStorage.setItem(KEY, next);
    } catch {
      // Without storage the choice lasts until the page is left.
    }
    this.show(next);
  }

  override render() {
    const dark = this.theme === "dark";
    const label = word(dark ? "theme.light" : "theme.dark");
    return html`<button @click=${this.toggle} aria-label=${label} title=${label}>
      <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round">
        ${
          dark
            ? svg`
              <circle cx="12" cy="12" r="4.5" />
              <path
                d="M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M5 19l1.4-1.4M17.6 6.4 19 5"
              />
            `
            : svg`<path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z" />`
        }
      </svg>
    </button>`;
  }
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
