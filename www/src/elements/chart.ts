import uPlot from "uplot";
import uPlotStyle from "uplot/dist/uPlot.min.css?inline";
import { css, html, nothing, unsafeCSS } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { inkOf, sizeOf, type Ink } from "../draw/canvas";
import { logRange, logTable, valueBefore, type LogTable, type Series } from "../draw/history";
import { decades, formatCount, formatValue, powerOfTen } from "../draw/scale";
import { controls, panel } from "./base";
import { RedrawnElement } from "./redrawn";
import { word } from "../words";

export interface ChartSeries extends Series {
  name: string;
  twin: "identity" | "standard";
  /** An earlier run's: drawn faintly under the others, and not named. */
  past?: boolean;
}

/** The plot makes letters as many times larger as pixels are denser only if their size is a whole number. */
function wholeFont(font: string, unit: number): string {
  return font.replace(/^[\d.]+/, (size) => String(Math.round(Number(size) * unit)));
}

/** Values of both twins against steps on a logarithmic axis. */
@customElement("lab-chart")
export class LabChart extends RedrawnElement {
  @property() heading = "";
  @property({ attribute: false }) series: readonly ChartSeries[] = [];
  /** The earlier step that is being looked at. */
  @property({ type: Number }) scrub: number | undefined;
  @state() private hovered: number | undefined;

  /** Where the pointer is, in pixels from the left, while it is above the plot. */
  private pointed: number | undefined;
  private plot: uPlot | undefined;
  private look = "";
  private table: LogTable = { steps: [], logs: [], zeros: false, infinite: false };

  static override styles = [
    unsafeCSS(uPlotStyle),
    controls,
    panel,
    css`
      .head {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 0 1rem;
        font-size: 0.8125rem;
        margin-bottom: 0.25rem;
      }
      h3 {
        font-size: 0.8125rem;
        font-weight: 600;
      }
      .key {
        display: flex;
        gap: 0.875rem;
        color: var(--ink-muted);
        font-size: 0.75rem;
      }
      .key span {
        display: inline-flex;
        gap: 0.35rem;
        align-items: center;
        white-space: nowrap;
      }
      .key i {
        width: 1.1rem;
        border-top: 2.5px solid var(--identity);
      }
      .key .standard i {
        border-top: 2.5px dashed var(--standard);
      }
      .plot {
        height: clamp(8rem, 17vh, 16rem);
      }
      :host([plain]) .plot {
        height: var(--picture-height, clamp(12rem, 28vh, 24rem));
      }
      .note {
        font-size: 0.75rem;
        color: var(--ink-muted);
      }
    `,
  ];

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("series")) this.table = logTable(this.series);
  }

  protected override drawAll(): void {
    const place = this.renderRoot.querySelector<HTMLElement>(".plot");
    if (!place || place.clientWidth === 0) return;
    const size = { width: place.clientWidth, height: place.clientHeight };
    // Colours, sizes and the number of lines are fixed when a plot is made.
    const ink = inkOf(this);
    const { unit } = sizeOf(place);
    const look = `${ink.text} ${ink.font} ${unit} ${devicePixelRatio} ${this.series.map((s) => `${s.twin}${s.past ?? ""}`).join()}`;
    const data = [this.table.steps, ...this.table.logs] as uPlot.AlignedData;
    if (!this.plot || look !== this.look) {
      this.plot?.destroy();
      this.plot = new uPlot({ ...size, ...this.options(ink, unit) }, data, place);
      this.look = look;
      return;
    }
    if (this.plot.width !== size.width || this.plot.height !== size.height) this.plot.setSize(size);
    this.plot.setData(data);
    this.placeCursor(this.plot);
  }

  private point(left: number | undefined): void {
    this.pointed = left;
    const step = left === undefined || !this.plot ? undefined : this.plot.posToVal(left, "x");
    if (step === this.hovered) return;
    this.hovered = step;
    this.say("lab-hover-step", step);
  }

  /** Puts the line at the step that is looked at, unless the pointer leads it. */
  private placeCursor(plot: uPlot): void {
    if (this.hovered !== undefined) return;
    const left = this.scrub === undefined ? -10 : plot.valToPos(this.scrub, "x");
    plot.setCursor({ left, top: this.scrub === undefined ? -10 : 0 });
  }

  private options(ink: Ink, unit: number): Omit<uPlot.Options, "width" | "height"> {
    // Dashes are the plot's only lengths in pixels of the screen.
    const dense = unit * devicePixelRatio;
    const axis = {
      stroke: ink.muted,
      font: wholeFont(ink.font, unit),
      grid: { stroke: ink.line, width: unit },
      ticks: { show: false },
    };
    return {
      legend: { show: false },
      padding: [10 * unit, 18 * unit, 0, 0],
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 * unit } },
      scales: {
        x: { time: false, range: (_, low, high) => [low ?? 0, Math.max(high ?? 1, (low ?? 0) + 1)] },
        y: { range: () => logRange(this.table.logs) },
      },
      axes: [
        {
          ...axis,
          size: 24 * unit,
          gap: 4 * unit,
          space: 64 * unit,
          values: (_, splits) => splits.map((step) => (Number.isInteger(step) ? formatCount(step) : "")),
        },
        {
          ...axis,
          size: 42 * unit,
          gap: 4 * unit,
          splits: () => {
            const [low, high] = logRange(this.table.logs);
            return decades({ low, high }, 6);
          },
          values: (_, splits) => splits.map(powerOfTen),
        },
      ],
      series: [
        {},
        ...this.series.map(({ twin, past }) => ({
          stroke: twin === "identity" ? ink.identity : ink.standard,
          width: past ? unit : 2 * unit,
          alpha: past ? 0.5 : 1,
          // A run of one step has no line to show.
          points: { show: () => this.table.steps.length < 2 },
          ...(twin === "identity" ? {} : { dash: [7 * dense, 4 * dense] }),
        })),
      ],
      hooks: {
        // Below a pointer that rests lies another step now: the axis has its new range only here.
        draw: [() => this.point(this.pointed)],
        ready: [
          ({ over }) => {
            // The plot's own cursor cannot tell a pointer from a step that was chosen elsewhere.
            over.addEventListener("pointermove", (event) => this.point(event.offsetX));
            over.addEventListener("pointerleave", () => this.point(undefined));
          },
        ],
      },
    };
  }

  override render() {
    const { table } = this;
    const cursor = this.hovered ?? this.scrub;
    if (this.series.length === 0) return html`<slot></slot>`;
    return html`<div class="panel" role="group" aria-label=${this.heading}>
      <div class="head">
        <h3>
          ${this.heading}${
            cursor === undefined
              ? nothing
              : html`<span class="muted" style="font-weight: 400">
                  ${word("chart.atStep", { step: formatCount(cursor) })}</span
                >`
          }
        </h3>
        <div class="key">
          ${this.present.map(
            (s) =>
              html`<span class=${s.twin}
                ><i></i>${s.name}${
                  cursor === undefined
                    ? nothing
                    : html` <b style="color: var(--ink)">${formatValue(valueBefore(s, cursor))}</b>`
                }</span
              >`,
          )}
        </div>
      </div>
      <div class="plot" role="img" aria-label=${this.summary()}></div>
      ${
        table.zeros || table.infinite
          ? html`<p class="note">
              ${table.zeros ? word("chart.zeros") : ""} ${table.infinite ? word("chart.infinite") : ""}
            </p>`
          : nothing
      }
    </div>`;
  }

  private get present(): readonly ChartSeries[] {
    return this.series.filter(({ past }) => !past);
  }

  private summary(): string {
    const last = this.present
      .map((s) => `${s.name} ${formatValue(s.values[s.values.length - 1])}`)
      .join(", ");
    return word("chart.label", { heading: this.heading, last });
  }
}
