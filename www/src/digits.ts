// The small set of images that comes with the page.
import type { NamedFile } from "./engine/image-lab";
import { Refusal } from "./said";
import { site } from "./site";
import { word } from "./words";

export const DIGITS = "digits";

const FILES = [
  "train-images.idx3-ubyte.gz",
  "train-labels.idx1-ubyte.gz",
  "test-images.idx3-ubyte.gz",
  "test-labels.idx1-ubyte.gz",
];

export async function digitFiles(): Promise<NamedFile[]> {
  const one = async (name: string): Promise<NamedFile> => {
    const response = await fetch(new URL(`digits/${name}`, site())).catch(() => undefined);
    if (!response?.ok) {
      throw new Refusal(word("images.noDigits", { name }));
    }
    return { path: `digits/${name}`, file: await response.blob() };
  };
  return Promise.all(FILES.map(one));
}
