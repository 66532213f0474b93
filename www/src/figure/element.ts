// What a page can ask of <identity-lab-figure>, whatever the element is made with.
import type { FigureState } from "./run";

/** Which controls a figure has: all, those that run it, or none. */
export type Controls = "all" | "run" | "none";

/**
 * `<identity-lab-figure experiment="network.layers=32" show="landscapes chart" autoplay></identity-lab-figure>`: a run of
 * its own, and pictures of it. It starts its engine when it comes near the screen, and rests while it is out of sight.
 *
 * Its properties are attributes too. Others than at first begin another run.
 *
 * ```js
 * import "identity-lab/figure";
 *
 * const figure = document.createElement("identity-lab-figure");
 * figure.experiment = "network.layers=8&network.width=4";
 * figure.show = "chart";
 * document.body.append(figure);
 * await figure.ready();
 * await figure.step();
 * console.log(figure.state.frame.step, figure.number("depth")); // → 1 8
 * await figure.set("network.layers=999").then(() => console.log(figure.state.problem.length > 0)); // → true
 * ```
 */
export interface FigureElement extends HTMLElement {
  /** Fields of the experiment as in the lab's address: `network.layers=32&target.kind=rotation`. */
  experiment: string;
  /** Parts, by spaces: {@link Part}; by default `landscapes chart`. */
  show: string | null;
  /** The plane of the landscapes, as in the lab's address. */
  plane: string;
  /** Half the side of the landscapes' range; empty for what the plane suggests. */
  reach: string;
  /** Steps a second, or `full`. */
  speed: string;
  /** The step at which the run rests; empty for none. */
  until: string;
  controls: Controls;
  heading: string;
  /** Whether it plays once it is in sight, unless reduced motion is preferred. */
  autoplay: boolean;
  /** The address of the lab, for links to it; empty for none. */
  lab: string;
  /** What it shows now; undefined before its engine has started. Each change of it is an `identity-lab-change` event. */
  readonly state: FigureState | undefined;
  /** Resolves once it runs, which it then also does without having been in sight. */
  ready(): Promise<void>;
  play(): void;
  pause(): void;
  /** One step. */
  step(): Promise<void>;
  /** The figure as it was first. */
  reset(): Promise<void>;
  /** Starts anew with these fields changed, and plays; what is refused leaves the run, and is `state.problem`. */
  set(fields: string): Promise<void>;
  /** Whether the run has these values; undefined while there is none. */
  holds(fields: string): boolean | undefined;
  /** A number of the figure as text, by its name, such as `excess.1`; undefined where there is none yet. */
  number(name: string): string | undefined;
}

declare global {
  interface HTMLElementTagNameMap {
    "identity-lab-figure": FigureElement;
  }
}
