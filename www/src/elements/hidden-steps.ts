import { css, html, nothing, svg } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { inkOf, type Sheet } from "../draw/canvas";
import { currentTheme } from "../draw/classes";
import { drawFrame, drawHidden, placeOf } from "../draw/hidden-plane";
import { formatCount } from "../draw/scale";
import type { BuiltNetwork } from "../engine/expressivity";
import { extentOf, hiddenPath, positionsAt, type HiddenPath, type HiddenView } from "../hidden-path";
import { controls } from "./base";
import { PictureElement } from "./picture";
import { word } from "../words";

const SPEEDS: readonly (readonly [number, string])[] = [
  [0.5, word("steps.slow")],
  [1, word("steps.one")],
  [4, word("steps.rate", { count: 4 })],
  [20, word("steps.rate", { count: 20 })],
  [100, word("steps.rate", { count: 100 })],
];
/** How long a jump takes, in seconds, where there is time for it. */
const JUMP = 0.45;

/** Hidden points of a built network, block by block. */
@customElement("lab-hidden-steps")
export class LabHiddenSteps extends PictureElement {
  @property({ attribute: false }) built: BuiltNetwork | undefined;
  @state() private view: HiddenView = "principal";
  /** Blocks passed so far: a whole number, and where the picture is on its way there. */
  @state() private passed = 0;
  private drawn = 0;
  @state() private playing = false;
  @state() private speed = 1;
  private path: HiddenPath | undefined;
  private extent = { x: 0, y: 0, half: 1 };
  private last = 0;
  private due = 0;
  private readonly still = matchMedia("(prefers-reduced-motion: reduce)");

  static override styles = [
    controls,
    css`
      canvas {
        display: block;
        width: 100%;
        aspect-ratio: 1.05;
        max-height: 34rem;
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.375rem 0.625rem;
      }
      .bar button {
        display: grid;
        place-items: center;
        width: 2.25rem;
        height: 2.25rem;
        padding: 0;
        border-radius: 50%;
      }
      svg {
        width: 1.15rem;
        height: 1.15rem;
        fill: currentColor;
      }
      input[type="range"] {
        flex: 1 1 8rem;
        min-width: 6rem;
        padding: 0;
        accent-color: var(--accent);
      }
      .state {
        min-height: 2.5rem;
        font-size: 0.8125rem;
        text-wrap: pretty;
        margin-top: 0.25rem;
      }
    `,
  ];

  /** Where the points of the picture are now: x and y of each distinct point, for tests and other pages. */
  get positions(): Float64Array {
    return this.path ? positionsAt(this.path, this.drawn) : new Float64Array();
  }

  private get blocks(): number {
    return this.built?.report.blocks ?? 0;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.playing = false;
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("built")) {
      this.passed = this.drawn = 0;
      this.playing = false;
      const { width } = this.built?.report ?? { width: 0 };
      if (this.view !== "principal" && Math.max(...this.view) >= width) this.view = "principal";
    }
    if (changed.has("built") || changed.has("view")) {
      const { built, view } = this;
      this.path = built?.hidden && hiddenPath(built.hidden, built.points, built.report.blocks, view);
      if (this.path) this.extent = extentOf(this.path);
    }
  }

  // ---------------------------------------------------------------- moving

  /** To the state after so many blocks; one block further, or back, is shown as a jump. */
  private go(to: number): void {
    const at = Math.min(this.blocks, Math.max(0, to));
    const near = Math.abs(at - this.drawn) <= 1 && Math.abs(at - this.passed) === 1;
    this.passed = at;
    if (this.still.matches || !near) this.drawn = at;
    this.run();
  }

  private toggle(): void {
    this.playing = !this.playing;
    if (!this.playing) return;
    if (this.passed === this.blocks) this.passed = this.drawn = 0;
    this.due = performance.now();
    this.run();
  }

  private running = false;

  private run(): void {
    if (this.running) return this.redraw();
    this.running = true;
    this.last = performance.now();
    requestAnimationFrame(this.frame);
  }

  private readonly frame = (now: number): void => {
    const seconds = Math.max(0, now - this.last) / 1000;
    this.last = now;
    if (this.playing && this.isConnected && now >= this.due) {
      const period = 1000 / this.speed;
      // Late frames take more than one block; what is far behind is not caught up with.
      const steps = Math.min(Math.ceil(this.speed / 10), 1 + Math.floor((now - this.due) / period));
      this.due = Math.max(this.due + steps * period, now - period);
      const at = Math.min(this.blocks, this.passed + steps);
      if (this.still.matches || this.speed > 4 || steps > 1) this.drawn = at;
      this.passed = at;
      if (at === this.blocks) this.playing = false;
    }
    const rest = this.passed - this.drawn;
    const most = seconds / Math.min(JUMP, this.playing ? 0.8 / this.speed : JUMP);
    this.drawn = Math.abs(rest) <= most ? this.passed : this.drawn + Math.sign(rest) * most;
    this.redraw();
    if (this.isConnected && (this.playing || this.drawn !== this.passed)) requestAnimationFrame(this.frame);
    else this.running = false;
  };

  // ---------------------------------------------------------------- drawing

  protected override draw({ pen, width, height }: Sheet): void {
    const { path } = this;
    if (!path) return;
    const ink = inkOf(this);
    const extent = this.extent;
    const place = placeOf(width, height, extent);
    const mover = Math.ceil(this.drawn) - 1;
    const indices: number[] = [];
    path.movers.forEach((block, i) => block === mover && indices.push(i));
    const moving = { indices, from: path.from };
    drawHidden(pen, place, this.positions, path.labels, path.goals, moving, ink, currentTheme());
    const names =
      this.view === "principal" ? [1, 2].map((axis) => word("steps.axis", { axis })) : this.coordinates();
    drawFrame(pen, place, extent, [names[0]!, names[1]!], ink);
  }

  private coordinates(): string[] {
    return this.view === "principal"
      ? []
      : this.view.map((c) => word("steps.coordinate", { coordinate: c + 1 }));
  }

  private sentence(): string {
    const { built, passed: at, blocks } = this;
    if (!built) return "";
    const { distinct, width } = built.report;
    if (at === 0) return word("steps.before", { points: formatCount(distinct) });
    const moved = Math.min(width, distinct - (at - 1) * width);
    const rest = distinct - moved;
    const said = word(rest === 0 ? "steps.block" : "steps.blockOthers", {
      block: formatCount(at),
      blocks: formatCount(blocks),
      jump: word(moved === 1 ? "steps.oneJumps" : "steps.jump", { moved }),
      rest: formatCount(rest),
    });
    return at === blocks ? `${said} ${word("steps.last")}` : said;
  }

  override render() {
    const { built, passed: at, blocks, playing, view } = this;
    if (!built?.hidden) return nothing;
    const { width } = built.report;
    const text = this.sentence();
    const icon = (d: string) =>
      html`<svg viewBox="0 0 24 24" aria-hidden="true">${svg`<path d=${d} />`}</svg>`;
    return html`<canvas role="img" aria-label=${word("steps.label", { text })}></canvas>
      <div class="bar">
        <button
          data-testid="hidden-back"
          aria-label=${word("steps.back")}
          title=${word("steps.back")}
          ?disabled=${at === 0}
          @click=${() => this.go(at - 1)}
        >
          ${icon("M7 5h2.5v14H7zM19 5v14l-9-7z")}
        </button>
        <button
          data-testid="hidden-play"
          aria-label=${word(playing ? "figure.pause" : "figure.play")}
          title=${word(playing ? "figure.pause" : "figure.play")}
          @click=${this.toggle}
        >
          ${icon(playing ? "M7 5h3.5v14H7zM13.5 5H17v14h-3.5z" : "M8 5v14l11-7z")}
        </button>
        <button
          data-testid="hidden-forward"
          aria-label=${word("steps.on")}
          title=${word("steps.on")}
          ?disabled=${at === blocks}
          @click=${() => this.go(at + 1)}
        >
          ${icon("M14.5 5H17v14h-2.5zM5 5v14l9-7z")}
        </button>
        <input
          type="range"
          min="0"
          max=${blocks}
          step="1"
          data-testid="hidden-at"
          aria-label=${word("steps.passed")}
          aria-valuetext=${text}
          .value=${live(String(at))}
          @input=${(e: Event) => this.go(Number((e.target as HTMLInputElement).value))}
        />
        <label
          ><span class="visually-hidden">${word("steps.speed")}</span>
          <select
            data-testid="hidden-speed"
            .value=${live(String(this.speed))}
            @change=${(e: Event) => (this.speed = Number((e.target as HTMLSelectElement).value))}
          >
            ${SPEEDS.map(([value, title]) => html`<option value=${value} ?selected=${value === this.speed}>${title}</option>`)}
          </select>
        </label>
        <label
          ><span class="visually-hidden">${word("steps.along")}</span>
          <select
            data-testid="hidden-view"
            .value=${live(view === "principal" ? "principal" : view.join(" "))}
            @change=${(e: Event) => (this.view = viewOf((e.target as HTMLSelectElement).value))}
          >
            <option value="principal" ?selected=${view === "principal"}>
              ${word("steps.principal", { share: Math.round(100 * built.hidden.share) })}
            </option>
            ${Array.from({ length: Math.floor(width / 2) }, (_, i) => [2 * i, 2 * i + 1]).map(
              ([first, second]) =>
                html`<option
                  value="${first} ${second}"
                  ?selected=${view !== "principal" && view[0] === first}
                >
                  ${word("steps.coordinates", { first: first! + 1, second: second! + 1 })}
                </option>`,
            )}
          </select>
        </label>
      </div>
      <p class="state" data-testid="hidden-state">${text}</p>`;
  }
}

function viewOf(text: string): HiddenView {
  if (text === "principal") return text;
  const [first = 0, second = 1] = text.split(" ").map(Number);
  return [first, second];
}
