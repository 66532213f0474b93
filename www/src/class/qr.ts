// A text as a QR code, drawn as SVG.
import encodeQR from "qr";
import { html } from "lit";
import { unsafeSVG } from "lit/directives/unsafe-svg.js";

export function qrCode(text: string, label: string) {
  return html`<div class="qr" role="img" aria-label=${label}>
    ${unsafeSVG(encodeQR(text, "svg", { border: 1 }))}
  </div>`;
}
