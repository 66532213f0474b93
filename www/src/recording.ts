// A film of the run: both landscapes side by side with their numbers, recorded while it is shown.
import { formatCount, formatValue } from "./draw/scale";
import { inkOf } from "./draw/canvas";
import { names } from "./derived";
import { download } from "./export/download";
import { listener } from "./events";
import type { Page } from "./page";
import { Refusal } from "./said";
import * as store from "./store";
import { word } from "./words";

const WIDTH = 1280;
const HEAD = 56;
const MARGIN = 16;
/** Bits a second: contours are sharp, and there are few of them. */
const BITS = 6_000_000;
/** The first that the browser can record. Safari knows only the last. */
const FORMATS = ["video/webm;codecs=vp9", "video/webm", "video/mp4"];

interface Film {
  stop(): Promise<Blob>;
}

/** The canvases of each landscape on show, the lowest first: paths and marks are on one above it. */
function pictures(): HTMLCanvasElement[][] {
  return [...document.querySelectorAll("lab-twin:not([hidden])")].map((twin) => {
    const landscape = twin.shadowRoot?.querySelector("lab-landscape")?.shadowRoot;
    const shown = landscape?.querySelector("lab-map, lab-slices, lab-surface");
    return [...(shown?.shadowRoot?.querySelectorAll("canvas") ?? [])];
  });
}

const breadthOf = (count: number) => (WIDTH - (count + 1) * MARGIN) / Math.max(1, count);

/** As high as the pictures on show need it, and even, which some encoders ask for. */
function heightOf(all: HTMLCanvasElement[][]): number {
  const first = all[0]?.[0];
  const aspect = first && first.width > 0 ? first.height / first.width : 0.75;
  return 2 * Math.round((HEAD + breadthOf(all.length) * aspect + MARGIN) / 2);
}

function drawFrame(context: CanvasRenderingContext2D): void {
  const ink = inkOf(document.body);
  const frame = store.frame.value;
  const all = pictures();
  const { height: whole } = context.canvas;
  context.fillStyle = ink.surface;
  context.fillRect(0, 0, WIDTH, whole);
  const breadth = breadthOf(all.length);
  all.forEach((layers, i) => {
    const left = MARGIN + i * (breadth + MARGIN);
    const first = layers[0];
    if (first && first.width > 0) {
      const room = whole - HEAD - MARGIN;
      const scale = Math.min(breadth / first.width, room / first.height);
      const [width, height] = [first.width * scale, first.height * scale];
      for (const layer of layers) context.drawImage(layer, left, HEAD, width, height);
    }
    const name = names.value[i];
    const twin = frame?.twins[i];
    context.fillStyle = name?.colour === "standard" ? ink.standard : ink.identity;
    context.font = `600 22px ${getComputedStyle(document.body).fontFamily}`;
    context.fillText(name?.name ?? "", left, 34);
    context.fillStyle = ink.text;
    context.textAlign = "end";
    const text = twin?.status === "diverged" ? word("landscape.diverged") : formatValue(twin?.excess);
    context.fillText(
      `${text}   ${word("run.step", { step: formatCount(frame?.step ?? 0) })}`,
      left + breadth,
      34,
    );
    context.textAlign = "start";
  });
}

/** Begins a film; throws a sentence where the browser cannot record. */
function record(): Film {
  const type = globalThis.MediaRecorder && FORMATS.find((format) => MediaRecorder.isTypeSupported(format));
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: WIDTH, height: heightOf(pictures()) });
  const context = canvas.getContext("2d");
  if (!type || !context) throw new Refusal(word("film.cannot"));
  const recorder = new MediaRecorder(canvas.captureStream(30), { mimeType: type, videoBitsPerSecond: BITS });
  const pieces: Blob[] = [];
  recorder.addEventListener("dataavailable", ({ data }) => pieces.push(data));
  let going = true;
  const draw = () => {
    if (!going) return;
    drawFrame(context);
    requestAnimationFrame(draw);
  };
  draw();
  recorder.start(1000);
  return {
    stop: () =>
      new Promise((resolve) => {
        recorder.addEventListener("stop", () => resolve(new Blob(pieces, { type })), { once: true });
        going = false;
        recorder.stop();
      }),
  };
}

export function listen(page: Page): void {
  let film: Film | undefined;
  listener(page.fail)("lab-record", async () => {
    if (film) {
      const finished = film;
      film = undefined;
      store.recording.value = false;
      const blob = await finished.stop();
      const ending = blob.type.startsWith("video/mp4") ? "mp4" : "webm";
      download(blob, `identity-lab-run-step-${store.frame.value?.step ?? 0}.${ending}`);
      page.say(word("film.saved"));
    } else {
      film = record();
      store.recording.value = true;
      page.say(word("film.recording"));
    }
  });
}
