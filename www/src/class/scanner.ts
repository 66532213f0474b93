// Reads QR codes from the camera.
import { frameLoop, QRCanvas, rearCamera } from "qr/dom.js";

export class Scanner {
  private end: (() => void) | undefined;
  private last = "";

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly found: (text: string) => void,
  ) {}

  /** Asks for the camera; refused where there is none or it may not be used. */
  async start(): Promise<void> {
    const camera = await rearCamera(this.video);
    const reader = new QRCanvas();
    let reading = false;
    const stop = frameLoop(() => {
      if (reading) return;
      reading = true;
      void camera
        .readFrame(reader)
        .then((text) => {
          // A code stays in sight for many frames.
          if (typeof text !== "string" || text === this.last) return;
          this.last = text;
          this.found(text);
        })
        // A frame without a code, or one that came as the camera stopped.
        .catch(() => undefined)
        .finally(() => (reading = false));
    });
    this.end = () => {
      stop();
      camera.stop();
    };
  }

  stop(): void {
    this.end?.();
    this.end = undefined;
  }
}
