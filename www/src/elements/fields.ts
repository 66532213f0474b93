// Labelled menus and numbers of the settings.
import { html, nothing, type TemplateResult } from "lit";

export type Options = readonly (readonly [string, string])[];

export function choice(
  label: string | TemplateResult,
  options: Options,
  value: string,
  set: (value: string) => void,
): TemplateResult {
  return html`<label
    ><span>${label}</span>
    <select
      .value=${value}
      data-testid=${typeof label === "string" ? `setting-${label}` : nothing}
      @change=${(event: Event) => set((event.target as HTMLSelectElement).value)}
    >
      ${options.map(([key, title]) => html`<option value=${key} ?selected=${key === value}>${title}</option>`)}
    </select>
  </label>`;
}

/** A number that the crate judges: what is not a number goes on as text, to be refused by name. */
export function number(
  label: string,
  value: number,
  range: string,
  set: (value: number) => void,
): TemplateResult {
  return html`<label
    >${label}
    <input
      inputmode="decimal"
      autocomplete="off"
      title="${label}: ${range}"
      data-testid="setting-${label}"
      .value=${String(value)}
      @change=${(event: Event) => {
        const text = (event.target as HTMLInputElement).value.trim().replace("−", "-").replace(",", ".");
        const number = Number(text);
        set(text !== "" && Number.isFinite(number) ? number : (text as unknown as number));
      }}
    />
  </label>`;
}

/** Sizes of minibatches to choose from, the present one among them. */
export function batchChoice(
  batch: number | null,
  title: (size: number) => string,
  set: (batch: number | null) => void,
): TemplateResult {
  const sizes = [1, 8, 32, 128, ...(batch === null ? [] : [batch])];
  const options = [...new Set(sizes)]
    .sort((x, y) => x - y)
    .map((size) => [String(size), title(size)] as const);
  return choice("batch", [["full", "full"], ...options], batch === null ? "full" : String(batch), (value) =>
    set(value === "full" ? null : Number(value)),
  );
}
