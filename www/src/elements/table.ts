import { css, html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { formatCount, formatValue } from "../draw/scale";
import {
  TableReader,
  type LabelledPoints,
  type Separator,
  type TableOptions,
  type TableReading,
} from "../engine/table";
import { english, whyOf } from "../said";
import { controls, LabElement, problemBox } from "./base";
import { said } from "./said";
import "./class-mark";
import { word } from "../words";

const SEPARATORS: readonly (readonly [Separator, string])[] = [
  [",", word("table.comma")],
  [";", word("table.semicolon")],
  ["\t", word("table.tab")],
];
/** Columns that the preview has room for. */
const PREVIEWED = 12;
const MAX_DIMENSION = 64;

/** A table of text (CSV) that is looked at before it is used. Says `use` with its points. */
@customElement("lab-table")
export class LabTable extends LabElement {
  @state() private file: File | undefined;
  @state() private reading: TableReading | undefined;
  @state() private points: LabelledPoints | null = null;
  /** Why the last file could not be read. */
  @state() private refusal = "";
  @state() private working = false;
  @state() private over = false;
  /** What was done last, for those who do not see it. */
  @state() private said = "";
  /** What the person chose; the rest is guessed. */
  private options: TableOptions = {};

  private readonly reader = new TableReader(
    ({ reading, points }, file) => {
      this.working = false;
      this.refusal = "";
      this.file = file as File;
      this.reading = reading;
      this.points = points;
      this.said = reading.problem ? english(reading.problem) : summary(reading, points!);
    },
    (error, file) => {
      this.working = false;
      this.file = file as File;
      this.reading = undefined;
      this.points = null;
      this.refusal = whyOf(error);
    },
  );

  static override styles = [
    controls,
    problemBox,
    css`
      :host {
        display: grid;
        gap: 0.5rem;
        align-content: start;
        min-width: 0;
      }
      .drop {
        border: 1.5px dashed var(--line-strong);
        border-radius: 7px;
        padding: 0.75rem;
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.375rem 0.75rem;
        font-size: 0.8125rem;
      }
      .drop.over {
        border-color: var(--focus);
        background: var(--sunken);
      }
      .drop p {
        flex: 1 1 12rem;
        text-wrap: pretty;
      }
      .choices {
        display: flex;
        flex-wrap: wrap;
        gap: 0.375rem 0.75rem;
        align-items: end;
      }
      select {
        max-width: 12rem;
      }
      .check {
        display: flex;
        align-items: center;
        gap: 0.35rem;
        min-height: 2rem;
        font-size: 0.8125rem;
        color: var(--ink);
      }
      .check input {
        min-height: 0;
        width: 1rem;
        height: 1rem;
        margin: 0;
      }
      fieldset {
        border: 1px solid var(--line);
        border-radius: 7px;
        margin: 0;
        padding: 0 0.625rem 0.25rem;
        min-width: 0;
        max-height: 9rem;
        overflow-y: auto;
        display: flex;
        flex-wrap: wrap;
        gap: 0 0.875rem;
      }
      legend {
        font-size: 0.75rem;
        color: var(--ink-muted);
      }
      .scroll {
        overflow-x: auto;
        border: 1px solid var(--line);
        border-radius: 7px;
      }
      table {
        border-collapse: collapse;
        font-size: 0.75rem;
        width: 100%;
      }
      th,
      td {
        padding: 0.125rem 0.5rem;
        text-align: start;
        white-space: nowrap;
        border-bottom: 1px solid var(--line);
      }
      tr:last-child td {
        border-bottom: 0;
      }
      th {
        font-weight: 600;
      }
      th small {
        display: block;
        font-weight: 400;
        color: var(--ink-muted);
      }
      td.unused,
      th.unused {
        color: var(--ink-muted);
      }
      .number {
        text-align: end;
      }
      .notes {
        font-size: 0.8125rem;
        display: grid;
        gap: 0.25rem;
      }
      .problem {
        padding: 0.375rem 0.625rem;
        overflow-wrap: anywhere;
      }
      .warning {
        background: var(--notice-wash);
        color: var(--notice);
        border-radius: 7px;
        padding: 0.375rem 0.625rem;
      }
      ul {
        margin: 0.25rem 0 0;
        padding-inline-start: 1.25rem;
      }
      .warning ul {
        max-height: 10rem;
        overflow-y: auto;
        overflow-wrap: anywhere;
      }
      summary {
        cursor: pointer;
      }
      .classes {
        display: flex;
        flex-wrap: wrap;
        gap: 0 0.75rem;
      }
      .classes span {
        display: inline-flex;
        align-items: center;
        gap: 0.25rem;
      }
      button.use:not(:disabled) {
        background: var(--accent);
        border-color: var(--accent);
        color: var(--on-accent);
      }
    `,
  ];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.reader.close();
    this.working = false;
  }

  /** Reads a file with nothing chosen yet. */
  open(file: File): void {
    this.options = {};
    this.read(file);
  }

  private read(file: File): void {
    this.working = true;
    this.reader.read(file, this.options);
  }

  /** What is chosen, by the person or by guess; the reading may still be on its way. */
  private get chosen() {
    const { header, coordinates, label } = this.reading!;
    return { header, coordinates, label, ...this.options };
  }

  private choose(part: TableOptions): void {
    if (!this.file || !this.reading) return;
    const { standardize = false } = this.options;
    // Another separator means other columns.
    this.options = "separator" in part ? { standardize, ...part } : { ...this.chosen, ...part };
    this.read(this.file);
  }

  private setLabel(label: number): void {
    const { coordinates, label: before } = this.chosen;
    const others = coordinates.filter((column) => column !== label);
    // The column that was the label becomes a coordinate in exchange, if it can.
    const exchanged = others.length < coordinates.length && this.reading!.columns[before]?.numeric;
    this.choose({ label, coordinates: ascending(exchanged ? [...others, before] : others) });
  }

  private setCoordinate(column: number, on: boolean): void {
    const others = this.chosen.coordinates.filter((other) => other !== column);
    this.choose({ coordinates: on ? ascending([...others, column]) : others });
  }

  private drop(event: DragEvent): void {
    event.preventDefault();
    this.over = false;
    const file = event.dataTransfer?.files[0];
    if (file) this.open(file);
  }

  private picked(event: Event): void {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    if (file) this.open(file);
    // The same file, mended, can be chosen again.
    input.value = "";
  }

  private use(): void {
    const { points, file, reading } = this;
    if (!points || !reading) return;
    this.said = word("table.inUse", { summary: summary(reading, points) });
    this.say("use", { points, name: file?.name });
  }

  override render() {
    const { reading, file } = this;
    return html`<div
        class="drop ${this.over ? "over" : ""}"
        data-testid="table-drop"
        @dragover=${(event: DragEvent) => {
          event.preventDefault();
          this.over = true;
        }}
        @dragleave=${() => (this.over = false)}
        @drop=${this.drop}
      >
        <p>${word("table.drop")}</p>
        <button @click=${() => this.renderRoot.querySelector<HTMLInputElement>("input[type=file]")!.click()}>
          ${word("table.choose")}
        </button>
        <input
          type="file"
          hidden
          data-testid="table-file"
          accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"
          aria-label=${word("table.file")}
          @change=${this.picked}
        />
      </div>
      ${
        this.refusal
          ? html`<p class="problem" role="alert" data-testid="table-refusal">
              ${file?.name}: ${said(this.refusal)}
            </p>`
          : nothing
      }
      ${this.working && !reading ? html`<p class="muted">${word("table.reading")}</p>` : nothing}
      ${reading ? this.table(reading) : nothing}
      <p class="visually-hidden" role="status">${said(this.said)}</p>`;
  }

  private table(reading: TableReading) {
    const { points } = this;
    return html`<p class="notes">
        <strong>${this.file?.name}</strong>
      </p>
      ${reading.separator ? this.choices(reading) : nothing}
      ${reading.columns.length > 0 ? this.preview(reading) : nothing}
      <div class="notes" data-testid="table-notes">
        ${
          reading.problem
            ? html`<p class="problem" data-testid="table-problem">${said(english(reading.problem))}</p>`
            : html`<p data-testid="table-summary">${summary(reading, points!)}</p>`
        }
        ${
          points
            ? html`<p class="classes">
                ${reading.classes.map(
                  ({ name, points: count }, i) =>
                    html`<span
                      ><lab-class-mark .index=${i}></lab-class-mark>${name}
                      <span class="muted">${formatCount(count)}</span></span
                    >`,
                )}
              </p>`
            : nothing
        }
        ${this.badRows(reading)} ${this.contradictions(reading)} ${this.standard(reading)}
      </div>
      <div>
        <button class="use" data-testid="table-use" ?disabled=${!points || this.working} @click=${this.use}>
          ${word("table.use")}
        </button>
      </div>`;
  }

  private choices(reading: TableReading) {
    const { columns, coordinates, label } = reading;
    return html`<div class="choices">
        <label
          >${word("table.separated")}
          <select
            data-testid="table-separator"
            @change=${(event: Event) =>
              this.choose({ separator: (event.target as HTMLSelectElement).value as Separator })}
          >
            ${SEPARATORS.map(
              ([value, title]) =>
                html`<option value=${value} ?selected=${value === reading.separator}>
                  ${value === reading.separator && reading.decimalComma ? word("table.decimalComma", { separator: title }) : title}
                </option>`,
            )}
          </select>
        </label>
        <label
          >${word("table.label")}
          <select
            data-testid="table-label"
            @change=${(event: Event) => this.setLabel(Number((event.target as HTMLSelectElement).value))}
          >
            ${columns.map(
              ({ name }, i) => html`<option value=${i} ?selected=${i === label}>${heading(name, i)}</option>`,
            )}
          </select>
        </label>
        ${this.check("table-header", word("table.header"), reading.header, (header) =>
          this.choose({ header }),
        )}
        ${this.check(
          "table-standardize",
          word("table.standardize"),
          this.options.standardize ?? false,
          (standardize) => this.choose({ standardize }),
          word("table.standardizeTitle"),
        )}
      </div>
      <fieldset data-testid="table-coordinates" tabindex="0">
        <legend>${word("table.coordinates", { most: MAX_DIMENSION, chosen: coordinates.length })}</legend>
        ${columns.map(({ name }, i) =>
          i === label
            ? nothing
            : this.check(`table-coordinate-${i}`, heading(name, i), coordinates.includes(i), (on) =>
                this.setCoordinate(i, on),
              ),
        )}
      </fieldset>`;
  }

  private check(
    id: string,
    title: string,
    checked: boolean,
    set: (on: boolean) => void,
    explanation: string | undefined = undefined,
  ) {
    return html`<label class="check" title=${explanation ?? nothing}
      ><input
        type="checkbox"
        data-testid=${id}
        .checked=${checked}
        @change=${(event: Event) => set((event.target as HTMLInputElement).checked)}
      />${title}</label
    >`;
  }

  private preview({ columns, coordinates, label, preview, rows }: TableReading) {
    const shown = columns.slice(0, PREVIEWED);
    const role = (i: number) =>
      i === label
        ? word("table.label")
        : coordinates.includes(i)
          ? `x${subscript(coordinates.indexOf(i) + 1)}`
          : "";
    const more = columns.length - shown.length;
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${word("table.preview")}>
      <table data-testid="table-preview">
        <caption class="visually-hidden">
          ${word(more > 0 ? "table.captionMore" : "table.caption", { shown: preview.length, rows, more })}
        </caption>
        <thead>
          <tr>
            ${shown.map(
              ({ name, numeric }, i) =>
                html`<th scope="col" class="${role(i) ? "" : "unused"} ${numeric ? "number" : ""}">
                  ${heading(name, i)}<small>${role(i) || word("table.unused")}</small>
                </th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${preview.map(
            (row) =>
              html`<tr>
                ${shown.map(
                  ({ numeric }, i) =>
                    html`<td class="${role(i) ? "" : "unused"} ${numeric ? "number" : ""}">
                      ${row[i] ?? ""}
                    </td>`,
                )}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  private badRows({ bad, badCount }: TableReading) {
    if (badCount === 0) return nothing;
    const more = badCount - bad.length;
    return html`<details class="warning" data-testid="table-bad" ?open=${badCount <= 5}>
      <summary>
        ${word(badCount === 1 ? "table.oneBad" : "table.bad", { count: formatCount(badCount) })}
      </summary>
      <ul tabindex="0">
        ${bad.map(({ line, reason }) => html`<li>${said(word("table.line", { line, reason: english(reason) }))}</li>`)}
        ${more > 0 ? html`<li>${word("table.more", { count: formatCount(more) })}</li>` : nothing}
      </ul>
    </details>`;
  }

  private contradictions({ contradictions, contradictionCount: count }: TableReading) {
    if (count === 0) return nothing;
    const more = count - contradictions.length;
    return html`<details class="warning" data-testid="table-contradictions" ?open=${count <= 5}>
      <summary>
        ${word(count === 1 ? "table.oneContradiction" : "table.contradictions", { count: formatCount(count) })}
      </summary>
      <ul tabindex="0">
        ${contradictions.map(
          ({ lines, labels }) =>
            html`<li>
              ${word("table.lines", { first: lines[0], second: lines[1], label: labels[0], other: labels[1] })}
            </li>`,
        )}
        ${more > 0 ? html`<li>${word("table.more", { count: formatCount(more) })}</li>` : nothing}
      </ul>
    </details>`;
  }

  private standard({ standard, coordinates, columns }: TableReading) {
    if (!standard) return nothing;
    return html`<details data-testid="table-standard">
      <summary>${word("table.standardized")}</summary>
      <ul>
        ${standard.map(({ mean, deviation }, i) => {
          const column = coordinates[i]!;
          return html`<li>
            ${word("table.standard", {
              column: heading(columns[column]!.name, column),
              mean: formatValue(mean),
              deviation: formatValue(deviation),
            })}
          </li>`;
        })}
      </ul>
    </details>`;
  }
}

function ascending(numbers: readonly number[]): number[] {
  return [...numbers].sort((a, b) => a - b);
}

/** Columns without a name have their number for one. */
function heading(name: string, index: number): string {
  return name === String(index + 1) ? word("table.column", { number: name }) : name;
}

function subscript(value: number): string {
  return [...String(value)].map((digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]).join("");
}

function summary({ rows, badCount }: TableReading, points: LabelledPoints): string {
  const { dimension, classes, labels } = points;
  const many = dimension === 1 ? "table.oneCoordinate" : "table.someCoordinates";
  const coordinates = word(many, { count: dimension });
  return word(badCount > 0 ? "table.summaryOf" : "table.summary", {
    points: formatCount(labels.length),
    rows: formatCount(rows),
    coordinates,
    classes,
  });
}
