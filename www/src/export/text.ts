// Numbers and tables as text that reads back as the same.

/**
 * JSON of an object with one member a line, so that a person can look into it, and with further members whose text is
 * given: numbers of float32 are not JSON.stringify's.
 */
export function withMembers(object: object, members: Record<string, string> = {}): string {
  const text = Object.entries(object).map(([key, value]) => `"${key}":${JSON.stringify(value)}`);
  for (const [key, value] of Object.entries(members)) text.push(`"${key}":${value}`);
  return `{\n${text.join(",\n")}\n}\n`;
}

/** Numbers of float32 as a list of JSON, which has no number for what is not finite. */
export function list(values: readonly (number | null)[]): string {
  return `[${values.map((x) => (x !== null && Number.isFinite(x) ? shortest(x) : "null")).join(",")}]`;
}

/** Lines above a table, one for each member: texts as they are, all else as JSON. */
export function commentLines(object: object): string[] {
  return Object.entries(object).map(
    ([key, value]) => `# ${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
}

/** Rows of so many numbers each. */
export function rowsOf(values: Float32Array | Uint32Array, columns: number): number[][] {
  return Array.from({ length: values.length / columns }, (_, row) => [
    ...values.subarray(row * columns, (row + 1) * columns),
  ]);
}

export function csvNumber(x: number | null): string {
  if (x === null || Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x > 0 ? "inf" : "-inf";
  return shortest(x);
}

/** Below this a float32 has fewer bits. */
const LEAST_NORMAL = 2 ** -126;

/** The fewest digits that read back as the same float32. */
export function shortest(x: number): string {
  if (Object.is(x, -0)) return "-0";
  // Six digits or fewer always survive the way into a normal float32 and back: 6 finds those, zeros removed.
  for (let digits = Math.abs(x) < LEAST_NORMAL ? 1 : 6; digits < 9; digits++) {
    const read = Number(x.toPrecision(digits));
    if (Math.fround(read) === x) return String(read);
  }
  return String(Number(x.toPrecision(9)));
}
