// Eigenvalues of a product on their way in the complex plane.
import type { Ink } from "./canvas";
import { formatValue, ticks } from "./scale";
import { word } from "../words";

export interface EigenvaluePath {
  colour: string;
  /** Pairs of real and imaginary part, one list a moment, oldest first. */
  moments: readonly Float32Array[];
}

/** Half the side of the square that is shown round 0: everything but what has run away. */
export function reachOf(target: Float32Array, paths: readonly EigenvaluePath[]): number {
  let reach = 1;
  for (let i = 0; i + 1 < target.length; i += 2)
    reach = Math.max(reach, Math.hypot(target[i]!, target[i + 1]!));
  const goal = reach;
  for (const { moments } of paths) {
    const last = moments[moments.length - 1] ?? [];
    for (let i = 0; i + 1 < last.length; i += 2) {
      const size = Math.hypot(last[i]!, last[i + 1]!);
      if (size < 3 * goal) reach = Math.max(reach, size);
    }
  }
  return 1.15 * reach;
}

export function drawEigenvalues(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  target: Float32Array,
  paths: readonly EigenvaluePath[],
  ink: Ink,
): void {
  const reach = reachOf(target, paths);
  const side = Math.min(width - 20, height - 24);
  const [middleX, middleY] = [width / 2, (height - 14) / 2];
  const scale = side / 2 / reach;
  const at = (re: number, im: number): [number, number] => [middleX + re * scale, middleY - im * scale];

  context.font = ink.font;
  context.lineWidth = 1;
  context.strokeStyle = ink.line;
  context.beginPath();
  context.moveTo(...at(-reach, 0));
  context.lineTo(...at(reach, 0));
  context.moveTo(...at(0, -reach));
  context.lineTo(...at(0, reach));
  context.stroke();
  context.beginPath();
  context.arc(middleX, middleY, scale, 0, 2 * Math.PI);
  context.stroke();
  context.fillStyle = ink.muted;
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const tick of ticks(-reach, reach, 5)) {
    if (tick !== 0)
      context.fillText(
        formatValue(tick)
          .replace(/(\.\d*?)0+$/, "$1")
          .replace(/\.$/, ""),
        at(tick, 0)[0],
        middleY + 4,
      );
  }
  context.textAlign = "right";
  context.fillText(word("eigenvalues.real"), middleX + side / 2, middleY - 16);
  context.textAlign = "left";
  context.fillText(word("eigenvalues.imaginary"), middleX + 5, middleY - side / 2);

  // The straight ways from 1 to the goals, which gradient flow from the identity follows on a normal target.
  context.setLineDash([4, 4]);
  context.strokeStyle = ink.muted;
  context.beginPath();
  for (let i = 0; i + 1 < target.length; i += 2) {
    context.moveTo(...at(1, 0));
    context.lineTo(...at(target[i]!, target[i + 1]!));
  }
  context.stroke();
  context.setLineDash([]);

  for (const { colour, moments } of paths) {
    context.fillStyle = colour;
    moments.forEach((moment, k) => {
      const now = k === moments.length - 1;
      context.globalAlpha = now ? 1 : 0.35;
      const size = now ? 4 : 1.25;
      for (let i = 0; i + 1 < moment.length; i += 2) {
        const [x, y] = at(moment[i]!, moment[i + 1]!);
        context.beginPath();
        context.arc(x, y, size, 0, 2 * Math.PI);
        context.fill();
      }
    });
    context.globalAlpha = 1;
  }
  context.strokeStyle = ink.text;
  context.lineWidth = 1.5;
  for (let i = 0; i + 1 < target.length; i += 2) {
    const [x, y] = at(target[i]!, target[i + 1]!);
    context.beginPath();
    context.arc(x, y, 6.5, 0, 2 * Math.PI);
    context.stroke();
  }
}
