// Fetches the elements that a figure's parts are made of, and no others.
import type { Part } from "./parts";

const ELEMENTS: Record<Part, () => Promise<unknown>> = {
  landscapes: () => import("../elements/landscape"),
  chart: () => import("../elements/chart"),
  gradient: () => import("../elements/chart"),
  norms: () => Promise.resolve(),
  spectra: () => import("../elements/spectrum"),
  layers: () => import("../elements/matrices"),
  decision: () => import("../elements/decision"),
  hidden: () => import("../elements/hidden"),
  near: () => import("../elements/theorem-near"),
  certificate: () => import("../elements/theorem-run"),
  ball: () => import("../elements/theorem-ball"),
  eigenvalues: () => import("../elements/theorem-paths"),
};

export async function loadParts(parts: ReadonlySet<Part>): Promise<void> {
  await Promise.all([...parts].map((part) => ELEMENTS[part]()));
}
