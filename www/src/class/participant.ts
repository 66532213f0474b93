import { html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { FigureElement } from "../figure/element";
import "../figure/figure";
import { learnedAt } from "../figure/quantities";
import { copyText } from "../copy";
import { controls, LabElement, panel } from "../elements/base";
import type { TwinFrame } from "../engine/types";
import { phrase, word } from "../words";
import { writeCode } from "./code";
import { qrCode } from "./qr";
import { classStyle } from "./style";
import { TASKS, type Outcome, type Task } from "./task";

/** The page of a phone: a network of its own, and the code of what became of it. */
@customElement("lab-participant")
export class LabParticipant extends LabElement {
  @property({ type: Number }) task = 0;
  @property({ type: Number }) room = 0;
  @state() private cell: [column: number, row: number] | undefined;
  @state() private started = false;
  @state() private outcomes: [Outcome, Outcome] | undefined;
  @query("identity-lab-figure") private figure!: FigureElement | null;

  static override styles = [controls, panel, classStyle];

  private get about(): Task | undefined {
    return TASKS[this.task];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.draw();
  }

  /** A cell by lot: no phone knows of the others. */
  private draw(): void {
    const { about } = this;
    if (!about) return;
    const among = (count: number) => Math.floor(Math.random() * count);
    this.cell = [among(about.columns.length), among(about.rows.length)];
    this.started = false;
    this.outcomes = undefined;
  }

  private async train(): Promise<void> {
    this.started = true;
    await this.updateComplete;
    await this.figure?.ready();
    this.figure?.play();
  }

  private follow(): void {
    const frame = this.figure?.state?.frame;
    const { about } = this;
    if (!frame || !about || this.outcomes || frame.twins.length < 2) return;
    const found = frame.twins.map((twin) => outcome(twin, frame.step >= about.budget));
    const [first, second] = found;
    if (!first || !second) return;
    this.figure?.pause();
    this.outcomes = [first, second];
  }

  override render() {
    const { about, cell } = this;
    if (!about || !cell)
      return html`<h1>${word("class.unknown")}</h1>
        <p>${word("class.askAgain")}</p>`;
    const [column, row] = [about.columns[cell[0]]!, about.rows[cell[1]]!];
    return html`<h1>${about.title}</h1>
      <p>${word("class.yours")} <strong data-testid="cell">${about.cell(column, row)}</strong></p>
      ${
        this.outcomes
          ? this.result(this.outcomes, cell)
          : this.started
            ? html`<p role="status">${word("class.training")}</p>`
            : html`<div class="row">
                <button class="large" data-testid="train" @click=${this.train}>${word("class.train")}</button>
                <button @click=${this.draw}>${word("class.another")}</button>
              </div>`
      }
      ${
        this.started
          ? html`<section class="panel" aria-labelledby="training">
              <h2 id="training">${word("class.trainingTitle")}</h2>
              <identity-lab-figure
                experiment=${about.fields(column, row)}
                show="chart"
                speed="400"
                until=${about.budget}
                controls="none"
                @identity-lab-change=${this.follow}
              ></identity-lab-figure>
            </section>`
          : nothing
      }`;
  }

  private result(outcomes: [Outcome, Outcome], [column, row]: [number, number]) {
    const code = writeCode({ task: this.task, column, row, outcomes }, this.room);
    return html`<section class="panel" aria-label=${word("class.result")}>
      <p>
        ${phrase("class.outcomes", {
          identity: html`<strong>${inWords(outcomes[0])}</strong>`,
          random: html`<strong>${inWords(outcomes[1])}</strong>`,
        })}
      </p>
      <p>${word("class.readOut")}</p>
      <p class="code" data-testid="code">${code}</p>
      ${qrCode(code, word("class.codeLabel", { code }))}
      <div class="row">
        <button @click=${() => copyText(code)}>${word("class.copy")}</button>
        <button data-testid="another" @click=${this.draw}>${word("class.trainAnother")}</button>
      </div>
    </section>`;
  }
}

/** What became of a network; undefined while it is still under way. */
function outcome(twin: TwinFrame, over: boolean): Outcome | undefined {
  if (twin.status === "diverged") return { kind: "diverged" };
  const step = learnedAt(twin.history);
  if (step !== undefined) return { kind: "learned", step };
  return over ? { kind: "unlearned" } : undefined;
}

function inWords(outcome: Outcome): string {
  if (outcome.kind === "learned") return word("class.learned", { step: outcome.step });
  return word(outcome.kind === "diverged" ? "class.diverged" : "class.unlearned");
}

declare global {
  interface HTMLElementTagNameMap {
    "lab-participant": LabParticipant;
  }
}
