// What the crate throws, as errors of this page that carry their field.
import { asLabError } from "./types";

export function told<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw asLabError(error);
  }
}

export async function toldLater<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw asLabError(error);
  }
}
