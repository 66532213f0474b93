// Typed lists and matrices. What is not a number stays text, so that the crate can name the field it is in.
import { word } from "./words";

export function parseList(text: string): unknown[] {
  return text
    .split(/[\s,;]+/)
    .filter((entry) => entry !== "")
    .map(numberOrText);
}

/** Rows on lines (or between semicolons), entries between spaces or commas. */
export function parseRows(text: string): unknown[][] {
  return text
    .split(/[\n;]+/)
    .map((row) =>
      row
        .replace(/[[\]]/g, " ")
        .split(/[\s,]+/)
        .filter((entry) => entry !== "")
        .map(numberOrText),
    )
    .filter((row) => row.length > 0);
}

export function formatRows(rows: readonly (readonly unknown[])[]): string {
  return rows.map((row) => row.join(" ")).join("\n");
}

function numberOrText(entry: string): unknown {
  const value = Number(entry.replace("−", "-"));
  return Number.isFinite(value) ? value : entry;
}

/**
 * A sentence about the first entry of a typed-in target that is not a number. The crate refuses it as well,
 * but sees only the target as a whole.
 */
export function entryProblem(target: unknown): string | undefined {
  const { values, rows } = (target ?? {}) as { values?: unknown; rows?: unknown };
  const at = (list: unknown, field: string): string | undefined => {
    if (!Array.isArray(list)) return undefined;
    const i = list.findIndex((entry) => typeof entry !== "number");
    return i < 0 ? undefined : word("address.entry", { place: `${field}[${i}]`, got: String(list[i]) });
  };
  if (!Array.isArray(rows)) return at(values, "target.values");
  return rows.map((row, i) => at(row, `target.rows[${i}]`)).find((problem) => problem !== undefined);
}
