// The element as other pages import it: it defines itself.
import "./figure";

export type { Controls, FigureElement } from "./element";
export type { Part } from "./parts";
export type { FigureState } from "./run";
