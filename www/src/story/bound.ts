// What in a text is tied to a figure: numbers that it tells, values that a reader sets. They are ordinary elements
// with ordinary text in them, which is what stands there without JavaScript.
import type { FigureElement } from "../figure/element";

/** A button of what stands in an element, once. */
function buttonOf(element: HTMLElement, act: () => void): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...element.childNodes);
  button.addEventListener("click", act);
  element.append(button);
  return button;
}

abstract class Bound extends HTMLElement {
  private readonly listener = () => this.follow(this.figure!);

  /** The figure of the page that it is tied to. */
  protected get figure(): FigureElement | null {
    return document.querySelector<FigureElement>(`identity-lab-figure#${this.getAttribute("figure")}`);
  }

  connectedCallback(): void {
    const { figure } = this;
    if (!figure) throw new Error(`There is no figure "${this.getAttribute("figure")}" in this page.`);
    this.dress();
    figure.addEventListener("identity-lab-change", this.listener);
  }

  disconnectedCallback(): void {
    this.figure?.removeEventListener("identity-lab-change", this.listener);
  }

  /** Makes a control of the text, once. */
  protected dress(): void {}

  /** The figure shows something else. */
  protected abstract follow(figure: FigureElement): void;
}

/** What shows whether the run has certain values: asked anew for another experiment only, not in every frame. */
abstract class Choice extends Bound {
  private asked: unknown;

  protected override follow(figure: FigureElement): void {
    const experiment = figure.state?.experiment;
    if (!experiment || experiment === this.asked) return;
    this.asked = experiment;
    this.compare(figure);
  }

  protected abstract compare(figure: FigureElement): void;
}

/** Faster than this no number can be read, and each change lays its paragraph out anew. */
const NUMBER_MILLISECONDS = 100;

/** `<lab-number figure="race" of="excess.1">0.2</lab-number>`: a number of the figure, as it is now. */
class LabNumber extends Bound {
  private timer: ReturnType<typeof setTimeout> | undefined;

  protected override follow(figure: FigureElement): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const text = figure.number(this.getAttribute("of") ?? "");
      if (text !== undefined && text !== this.textContent) this.textContent = text;
    }, NUMBER_MILLISECONDS);
  }
}

/** `<lab-set figure="race" fields="network.layers=64">64 layers</lab-set>`: sets fields of the run, and starts it. */
class LabSet extends Choice {
  private button: HTMLButtonElement | undefined;

  protected override dress(): void {
    if (this.button) return;
    const button = buttonOf(this, () => void this.figure?.set(this.fields));
    button.setAttribute("aria-pressed", "false");
    this.button = button;
  }

  private get fields(): string {
    return this.getAttribute("fields") ?? "";
  }

  protected override compare(figure: FigureElement): void {
    this.button?.setAttribute("aria-pressed", String(figure.holds(this.fields) ?? false));
  }
}

/**
 * `<lab-knob figure="race" label="depth"><data value="network.layers=4">4</data> …</lab-knob>`: a slider over the values
 * listed, each a set of fields.
 */
class LabKnob extends Choice {
  private slider: HTMLInputElement | undefined;
  private output: HTMLOutputElement | undefined;
  private values: { fields: string; text: string }[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;

  protected override dress(): void {
    if (this.slider) return;
    this.values = [...this.querySelectorAll("data")].map(({ value, textContent }) => ({
      fields: value,
      text: textContent ?? "",
    }));
    const label = document.createElement("label");
    const slider = document.createElement("input");
    const output = document.createElement("output");
    Object.assign(slider, {
      type: "range",
      min: "0",
      max: String(this.values.length - 1),
      step: "1",
      value: "0",
    });
    slider.addEventListener("input", () => this.turn());
    label.append(`${this.getAttribute("label")} `, slider, output);
    this.replaceChildren(label);
    this.slider = slider;
    this.output = output;
    this.say(Number(this.getAttribute("at") ?? 0));
  }

  /** While the slider is being dragged the last place counts. */
  private turn(): void {
    const at = Number(this.slider!.value);
    this.say(at);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      const { figure } = this;
      // What was refused leaves the run, and so the slider, where it was.
      void figure?.set(this.values[at]!.fields).then(() => this.compare(figure));
    }, 120);
  }

  private say(at: number): void {
    const { text = "" } = this.values[at] ?? {};
    this.slider!.value = String(at);
    this.slider!.setAttribute("aria-valuetext", text);
    this.output!.textContent = text;
  }

  protected override compare(figure: FigureElement): void {
    const at = this.values.findIndex(({ fields }) => figure.holds(fields));
    // A slider that has been moved on says where it is going.
    if (at >= 0 && this.timer === undefined) this.say(at);
  }
}

/** `<lab-ask fields="maps.view=deep">starts against depth</lab-ask>`: sets the maps section, and starts it. */
class LabAsk extends HTMLElement {
  connectedCallback(): void {
    if (this.querySelector("button")) return;
    buttonOf(this, () => {
      const fields = new URLSearchParams(`maps=open&${this.getAttribute("fields") ?? ""}`);
      this.dispatchEvent(new CustomEvent("lab-ask", { detail: new Map(fields), bubbles: true }));
    });
  }
}

/** From now on the texts of the page follow their figures. */
export function bindTexts(): void {
  customElements.define("lab-number", LabNumber);
  customElements.define("lab-set", LabSet);
  customElements.define("lab-knob", LabKnob);
  customElements.define("lab-ask", LabAsk);
}
