// What experiments worth opening first are called, and what to look for in them: the crate says it in English, the
// messages of another language say it there.
import type { Preset } from "./engine/types";
import { translation } from "./words";

export function presetTitle({ id, title }: Preset): string {
  return translation(`preset.${id}`) ?? title;
}

export function presetCommentary({ id, commentary }: Preset): string {
  return translation(`commentary.${id}`) ?? commentary;
}
