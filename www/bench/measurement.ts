// What is reported of one engine.

export interface Measurement {
  /** Median milliseconds of each form, or why it does not count. */
  w1: Record<string, number | string>;
  w2: Record<string, number | string>;
  w3: Record<string, number | string>;
  w4: Record<string, number | string>;
  notes: string[];
}
