// The run's buttons stay within reach while its pictures are in sight: on a phone these are a screen further down.
import type { LabTransport } from "./elements/transport";

export function keepWithinReach(): void {
  const transport = document.querySelector<LabTransport>("lab-transport");
  const pictures = document.querySelector(".stage");
  if (!transport || !pictures) return;
  const inSight = new Map<Element, boolean>();
  const observer = new IntersectionObserver((all) => {
    for (const { target, isIntersecting } of all) inSight.set(target, isIntersecting);
    transport.away = inSight.get(pictures) === true && inSight.get(transport) === false;
  });
  observer.observe(transport);
  observer.observe(pictures);
}
