// The element as other pages import it: it defines itself, and speaks their language where there are messages of it.
import { expectWords, type Messages } from "../words";
import "./figure";

export type { Controls, FigureElement } from "./element";
export type { Part } from "./parts";
export type { FigureState } from "./run";

const LANGUAGES = import.meta.glob<Messages>(["../../messages/*.json", "!../../messages/en.json"], {
  import: "default",
});

const { lang } = document.documentElement;
const load = LANGUAGES[`../../messages/${lang}.json`];
if (load) expectWords(lang, load);
