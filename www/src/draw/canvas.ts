// What every canvas picture needs: sharp pixels, and the page's colours.

/** CSS pixels of the largest letters that the pictures' margins have room for. */
const LARGEST_LETTERS = 15;

/** The letters that pictures have beside the page's own text, in CSS pixels; never too small to read. */
function lettersOf(style: CSSStyleDeclaration): number {
  // Figures in other people's pages have a size of their own; see src/figure/tokens.ts.
  const sizes = [
    style.getPropertyValue("--identity-lab-rem"),
    getComputedStyle(document.documentElement).fontSize,
  ];
  const root = sizes.map(Number.parseFloat).find((size) => size > 0) ?? 16;
  return Math.max(11, root * 0.72);
}

/** How large a picture is in units of its own, and how many CSS pixels one of them has. */
export interface Size {
  width: number;
  height: number;
  /** 1, or more where the page's type is large, as on a projector: letters, lines and marks then grow alike. */
  unit: number;
}

/** The element's size in units of a picture. */
export function sizeOf(element: HTMLElement): Size {
  const unit = Math.max(1, lettersOf(getComputedStyle(element)) / LARGEST_LETTERS);
  return { width: element.clientWidth / unit, height: element.clientHeight / unit, unit };
}

/** A canvas made ready for a picture. */
export interface Sheet extends Size {
  /** Cleared, and in the picture's units. */
  pen: CanvasRenderingContext2D;
}

/** Makes the bitmap match the element's size on the screen; undefined while it has none. */
export function fit(canvas: HTMLCanvasElement): Sheet | undefined {
  const ratio = Math.min(3, window.devicePixelRatio || 1);
  const size = sizeOf(canvas);
  if (size.width === 0 || size.height === 0) return undefined;
  const [w, h] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  }
  const pen = canvas.getContext("2d");
  if (!pen) return undefined;
  const scale = ratio * size.unit;
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, size.width, size.height);
  return { pen, ...size };
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
  /** The font for labels, as canvas wants it, in units of the picture. */
  font: string;
}

/** The colours in force where the element stands. */
export function inkOf(element: Element): Ink {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim() || "#888888";
  const letters = Math.min(LARGEST_LETTERS, lettersOf(style));
  return {
    text: token("--ink"),
    muted: token("--ink-muted"),
    line: token("--line"),
    surface: token("--surface"),
    identity: token("--identity"),
    standard: token("--standard"),
    font: `${letters.toFixed(1)}px ${style.fontFamily}`,
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
