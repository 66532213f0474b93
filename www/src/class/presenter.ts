import { css, html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { sequentialPixel } from "../draw/color";
import { formatCount } from "../draw/scale";
import { controls, LabElement, panel } from "../elements/base";
import { download } from "../export/download";
import { word } from "../words";
import { Pool, summary } from "./pool";
import { qrCode } from "./qr";
import type { Scanner } from "./scanner";
import { classStyle } from "./style";
import { TASKS, type Outcome, type Task } from "./task";

const KEY = "identity-lab.class";

const TWINS = [word("class.fromIdentity"), word("class.fromRandom")] as const;

/** The presenter's page: the way in for phones, and the map of what they found. */
@customElement("lab-presenter")
export class LabPresenter extends LabElement {
  @state() private pool = this.stored();
  @state() private said = "";
  @state() private problems: readonly string[] = [];
  @state() private scanning = false;
  private scanner: Scanner | undefined;

  static override styles = [
    controls,
    panel,
    classStyle,
    css`
      .columns {
        display: grid;
        gap: 1rem;
        grid-template-columns: minmax(min(20rem, 100%), 22rem) minmax(0, 1fr);
        align-items: start;
      }
      @media (max-width: 52rem) {
        .columns {
          grid-template-columns: minmax(0, 1fr);
        }
      }
      .side {
        display: grid;
        gap: 0.75rem;
        grid-template-columns: minmax(0, 1fr);
      }
      .maps {
        display: grid;
        gap: 1rem;
        grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr));
      }
      .scroll {
        overflow-x: auto;
      }
      table {
        border-collapse: separate;
        border-spacing: 2px;
        width: 100%;
        table-layout: fixed;
        font-size: 0.8125rem;
      }
      caption {
        text-align: start;
        font-weight: 600;
        font-size: 1rem;
        padding-bottom: 0.375rem;
      }
      th {
        font-weight: 400;
        color: var(--ink-muted);
      }
      td {
        height: 2.75rem;
        text-align: center;
        border-radius: 4px;
        background: var(--sunken);
        overflow: hidden;
      }
      .diverged {
        background: repeating-linear-gradient(135deg, #6b7280 0 4px, #4b5563 4px 8px);
        color: #fff;
      }
      .unlearned {
        background: #16191d;
        color: #fff;
      }
      form {
        display: grid;
        gap: 0.5rem;
      }
      textarea {
        width: 100%;
        min-height: 3.5rem;
        font-family: ui-monospace, monospace;
        font-size: 1.125rem;
      }
      .problem {
        color: var(--danger);
      }
      video {
        width: 100%;
        border-radius: 7px;
        background: #000;
      }
      .address {
        overflow-wrap: anywhere;
        font-size: 0.8125rem;
      }
    `,
  ];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.scanner?.stop();
  }

  private get about(): Task {
    return TASKS[this.pool.task]!;
  }

  /** The class that was under way here, or a new one. */
  private stored(): Pool {
    try {
      const kept = JSON.parse(localStorage.getItem(KEY) ?? "null") as {
        task: number;
        room: number;
        codes: string;
      } | null;
      if (kept && TASKS[kept.task]) {
        const pool = new Pool(kept.task, kept.room);
        pool.add(kept.codes);
        return pool;
      }
    } catch {
      // What cannot be read is begun anew.
    }
    return this.fresh(0);
  }

  private fresh(task: number): Pool {
    return new Pool(task, Math.floor(Math.random() * 10_000));
  }

  private keep(): void {
    const { task, room, text } = this.pool;
    try {
      localStorage.setItem(KEY, JSON.stringify({ task, room, codes: text }));
    } catch {
      // Without storage a reload begins anew.
    }
  }

  private begin(task: number): void {
    if (this.pool.size > 0 && !confirm(word("class.confirm"))) return this.requestUpdate();
    this.pool = this.fresh(task);
    this.said = "";
    this.problems = [];
    this.keep();
  }

  private add(text: string): void {
    const { added, problems } = this.pool.add(text);
    this.problems = problems;
    this.said =
      added > 0
        ? word("class.added", { added, all: this.pool.size })
        : problems.length > 0
          ? ""
          : word("class.nothingNew");
    this.keep();
  }

  private submit(event: Event): void {
    event.preventDefault();
    const field = this.renderRoot.querySelector("textarea")!;
    if (field.value.trim() === "") return;
    this.add(field.value);
    // What was refused stays, to be mended.
    if (this.problems.length === 0) field.value = "";
    field.focus();
  }

  private async scan(): Promise<void> {
    if (this.scanning) {
      this.scanner?.stop();
      this.scanning = false;
      return;
    }
    this.scanning = true;
    await this.updateComplete;
    try {
      const { Scanner } = await import("./scanner");
      this.scanner = new Scanner(this.renderRoot.querySelector("video")!, (text) => this.add(text));
      await this.scanner.start();
    } catch (error) {
      this.scanning = false;
      this.problems = [
        word("class.noCamera", { why: error instanceof Error ? error.message : String(error) }),
      ];
    }
  }

  private get address(): string {
    return new URL(`./class.html#join=${this.pool.task}.${this.pool.room}`, location.href).href;
  }

  private save(): void {
    const { about, pool } = this;
    const lines = pool
      .results()
      .map(({ column, row, outcomes }) =>
        [
          about.columns[column],
          about.rows[row],
          ...outcomes.map((o) => (o.kind === "learned" ? o.step : o.kind)),
        ].join(","),
      );
    const text = [[about.columnTitle, about.rowTitle, "identity", "standard"].join(","), ...lines].join("\n");
    download(new Blob([`${text}\n`], { type: "text/csv" }), `identity-lab-class-${pool.room}.csv`);
  }

  override render() {
    const { about, pool, address } = this;
    const local = ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);
    return html`<h1>${about.title}</h1>
      <p>${about.question}</p>
      <div class="columns">
        <div class="side">
          ${qrCode(address, word("class.wayIn"))}
          <p class="address"><a href=${address} data-testid="join">${address}</a></p>
          ${local ? html`<p class="muted">${word("class.local")}</p>` : nothing}
          <form @submit=${this.submit}>
            <label
              >${word("class.codes")}
              <textarea
                data-testid="codes"
                spellcheck="false"
                autocapitalize="characters"
                @keydown=${this.enter}
              ></textarea>
            </label>
            <div class="row">
              <button data-testid="add">${word("class.add")}</button>
              <button type="button" data-testid="scan" @click=${this.scan}>
                ${word(this.scanning ? "class.stopCamera" : "class.scan")}
              </button>
            </div>
          </form>
          ${this.scanning ? html`<video playsinline muted></video>` : nothing}
          <p role="status" data-testid="said">${this.said}</p>
          ${this.problems.map((problem) => html`<p class="problem" role="alert">${problem}</p>`)}
          <div class="row">
            <label
              >${word("class.experiment")}
              <select
                data-testid="task"
                @change=${(e: Event) => this.begin(Number((e.target as HTMLSelectElement).value))}
              >
                ${TASKS.map(
                  ({ title }, i) => html`<option value=${i} ?selected=${i === pool.task}>${title}</option>`,
                )}
              </select>
            </label>
            <button @click=${() => this.begin(pool.task)}>${word("class.new")}</button>
            <button @click=${this.save} ?disabled=${pool.size === 0}>${word("class.save")}</button>
          </div>
        </div>
        <div class="maps">${([0, 1] as const).map((twin) => this.map(twin))}</div>
      </div>`;
  }

  private enter(event: KeyboardEvent): void {
    if (event.key === "Enter" && !event.shiftKey) this.submit(event);
  }

  private map(twin: 0 | 1) {
    const { about, pool } = this;
    const { median, missing } = summary(pool.results().map(({ outcomes }) => outcomes[twin]));
    return html`<div class="scroll">
      <table data-testid="map-${twin}">
        <caption>
          ${TWINS[twin]}${median === undefined ? nothing : word("class.median", { steps: formatCount(median) })}${
            missing > 0 ? word("class.missing", { count: missing }) : nothing
          }
        </caption>
        <thead>
          <tr>
            <th scope="col">${about.rowTitle} \\ ${about.columnTitle}</th>
            ${about.columns.map((column) => html`<th scope="col">${column}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${about.rows.map(
            (row, y) =>
              html`<tr>
                <th scope="row">${row}</th>
                ${about.columns.map((_, x) => cell(pool.at(x, y, twin), about.budget))}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }
}

function cell(outcome: Outcome | undefined, budget: number) {
  if (!outcome) return html`<td></td>`;
  if (outcome.kind !== "learned")
    return html`<td class=${outcome.kind}>
      ${word(outcome.kind === "diverged" ? "class.cellDiverged" : "class.cellUnlearned")}
    </td>`;
  // Few steps light, many dark, on a logarithmic scale; the letters follow.
  const part = Math.min(1, Math.log(Math.max(1, outcome.step)) / Math.log(budget));
  const pixel = sequentialPixel(part);
  const [red, green, blue] = [pixel & 255, (pixel >>> 8) & 255, (pixel >>> 16) & 255];
  // Whichever of black and white stands out more: relative luminance as WCAG 2 has it.
  const light = luminance([red, green, blue]) > 0.179;
  return html`<td style="background: rgb(${red} ${green} ${blue}); color: ${light ? "#000" : "#fff"}">
    ${formatCount(outcome.step)}
  </td>`;
}

function luminance(colour: readonly number[]): number {
  const [red, green, blue] = colour.map((channel) => {
    const part = channel / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

declare global {
  interface HTMLElementTagNameMap {
    "lab-presenter": LabPresenter;
  }
}
