// What draws itself anew when its properties, its size or the theme change, at most once an animation frame.
import { inFrames } from "../in-frames";
import { LabElement } from "./base";

export abstract class RedrawnElement extends LabElement {
  private readonly resize = new ResizeObserver(() => this.redraw());
  private readonly theme = new MutationObserver(() => this.redraw());

  protected abstract drawAll(): void;

  override connectedCallback(): void {
    super.connectedCallback();
    this.resize.observe(this);
    this.theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resize.disconnect();
    this.theme.disconnect();
  }

  override updated(_changed: Map<string, unknown>): void {
    this.redraw();
  }

  protected redraw(): void {
    inFrames(this, () => {
      if (this.isConnected) this.drawAll();
    });
  }
}
