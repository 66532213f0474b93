// A canvas that redraws when its properties, its size or the theme change, at most once an animation frame.
import { inFrames } from "../in-frames";
import { LabElement } from "./base";

export abstract class PictureElement extends LabElement {
  private readonly resize = new ResizeObserver(() => this.redraw());
  private readonly theme = new MutationObserver(() => this.redraw());

  protected get canvas(): HTMLCanvasElement | null {
    return this.renderRoot.querySelector("canvas");
  }

  protected abstract draw(canvas: HTMLCanvasElement): void;

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

  override updated(): void {
    this.redraw();
  }

  protected redraw(): void {
    inFrames(this, () => {
      const { canvas } = this;
      if (canvas && this.isConnected) this.draw(canvas);
    });
  }

  /** Pointer position in the canvas's CSS pixels. */
  protected at(event: MouseEvent): { x: number; y: number } {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }
}
