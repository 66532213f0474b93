// A text for the clipboard.
import { word } from "./words";

/** Whether it was copied; on insecure origins, or where it is forbidden, the reader is shown it to copy by hand. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    prompt(word("figure.copyThis"), text);
    return false;
  }
}
