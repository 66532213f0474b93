// The small set of images that comes with the page.
import type { NamedFile } from "./engine/image-lab";
import { LabError } from "./engine/types";
import { site } from "./site";

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
      throw new LabError(`The digits could not be downloaded (${name}); open the section again to retry.`);
    }
    return { path: `digits/${name}`, file: await response.blob() };
  };
  return Promise.all(FILES.map(one));
}
