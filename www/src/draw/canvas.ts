// What every canvas picture needs: sharp pixels, and the page's colours.

/** Makes the bitmap match the element's size on the screen; returns the context in CSS pixels. */
export function fit(canvas: HTMLCanvasElement): CanvasRenderingContext2D | undefined {
  const ratio = Math.min(3, window.devicePixelRatio || 1);
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (width === 0 || height === 0) return undefined;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  }
  const context = canvas.getContext("2d");
  if (!context) return undefined;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/** The part of a canvas context that figures are drawn with. */
export interface Pen extends Pick<
  CanvasRenderingContext2D,
  | "save"
  | "restore"
  | "translate"
  | "rotate"
  | "beginPath"
  | "moveTo"
  | "lineTo"
  | "rect"
  | "arc"
  | "fill"
  | "stroke"
  | "clip"
  | "fillRect"
  | "strokeRect"
  | "fillText"
  | "strokeText"
  | "measureText"
  | "createLinearGradient"
  | "fillStyle"
  | "strokeStyle"
  | "lineWidth"
  | "lineJoin"
  | "lineCap"
  | "setLineDash"
  | "globalAlpha"
  | "font"
  | "textAlign"
  | "textBaseline"
  | "imageSmoothingEnabled"
  | "imageSmoothingQuality"
> {
  drawImage(image: HTMLCanvasElement, x: number, y: number, width: number, height: number): void;
}

export interface Ink {
  text: string;
  muted: string;
  line: string;
  surface: string;
  identity: string;
  standard: string;
  /** The font for labels, as canvas wants it. */
  font: string;
}

/** The colours in force where the element stands. */
export function inkOf(element: Element): Ink {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim() || "#888888";
  // Figures in other people's pages have a size of their own; see src/figure/tokens.ts.
  const sizes = [
    style.getPropertyValue("--identity-lab-rem"),
    getComputedStyle(document.documentElement).fontSize,
  ];
  const root = sizes.map(Number.parseFloat).find((size) => size > 0) ?? 16;
  return {
    text: token("--ink"),
    muted: token("--ink-muted"),
    line: token("--line"),
    surface: token("--surface"),
    identity: token("--identity"),
    standard: token("--standard"),
    font: `${Math.min(15, Math.max(11, root * 0.72)).toFixed(1)}px ${style.fontFamily}`,
  };
}

/** A bitmap of packed pixels, to be drawn scaled. */
export function bitmap(pixels: Uint32Array<ArrayBuffer>, width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const bytes = new Uint8ClampedArray(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  canvas.getContext("2d")!.putImageData(new ImageData(bytes, width, height), 0, 0);
  return canvas;
}
