// Labelled menus and numbers of the settings.
import { html, nothing, type TemplateResult } from "lit";
import { word, type Word } from "../words";

export type Options = readonly (readonly [string, string])[];

/** By the names that tests know them by; what is a formula has no words. */
const LABELS = {
  network: "setting.network",
  width: "measure.width",
  "inner width": "setting.innerWidth",
  depth: "class.depth",
  blocks: "setting.blocks",
  loss: "measure.loss",
  "A₀ and B": "setting.ends",
  target: "spectrum.target",
  degrees: "setting.degrees",
  eigenvalue: "setting.eigenvalue",
  condition: "setting.condition",
  entries: "setting.entries",
  data: "setting.data",
  "points of": "setting.pointsOf",
  points: "setting.points",
  classes: "setting.classes",
  dimension: "setting.dimension",
  "cond Σ": "setting.covariance",
  noise: "setting.noise",
  "held out": "setting.heldOut",
  batch: "setting.batch",
  optimizer: "setting.optimizer",
  momentum: "setting.momentum",
  "β₁": undefined,
  "β₂": undefined,
  scale: "setting.scale",
} as const satisfies Record<string, Word | undefined>;

export type FieldName = keyof typeof LABELS;

export function labelOf(name: FieldName): string {
  const key = LABELS[name];
  return key ? word(key) : name;
}

export const rangeText = (from: number | string, to: number | string) => word("setting.range", { from, to });

/** `label` where it is not that of a known field. */
export function choice(
  label: FieldName | TemplateResult,
  options: Options,
  value: string,
  set: (value: string) => void,
): TemplateResult {
  const known = typeof label === "string";
  return html`<label
    ><span>${known ? labelOf(label) : label}</span>
    <select
      .value=${value}
      data-testid=${known ? `setting-${label}` : nothing}
      @change=${(event: Event) => set((event.target as HTMLSelectElement).value)}
    >
      ${options.map(([key, title]) => html`<option value=${key} ?selected=${key === value}>${title}</option>`)}
    </select>
  </label>`;
}

/** A number that the crate judges: what is not a number goes on as text, to be refused by name. */
export function number(
  name: FieldName,
  value: number,
  range: string,
  set: (value: number) => void,
): TemplateResult {
  const label = labelOf(name);
  return html`<label
    >${label}
    <input
      inputmode="decimal"
      autocomplete="off"
      title="${label}: ${range}"
      data-testid="setting-${name}"
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
  const full = ["full", word("setting.full")] as const;
  return choice("batch", [full, ...options], batch === null ? "full" : String(batch), (value) =>
    set(value === "full" ? null : Number(value)),
  );
}
