// What a map of basins shows beside its pictures: what to begin with, where its starts lie, and its legend.
import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import {
  entryCount,
  entryName,
  EXAMPLES,
  networkOf,
  patternName,
  type ColourBook,
  type Counts,
  type Example,
  type StartsForm,
} from "../basins";
import { basinGradient, DESCENDING_COLOUR, STALLED_COLOUR } from "../draw/basins";
import { formatCount, formatShare, type Domain } from "../draw/scale";
import type { AtlasSpec } from "../engine/atlas";
import { depthOf, type Experiment } from "../engine/types";
import { phrase, word, type Word } from "../words";

/** More entries than this are chosen by their numbers. */
const LISTED = 64;
/** More optima than this are summed up. */
const NAMED = 8;

const LAST = html`W<sub>ℓ</sub>`;
const DETERMINANTS = html`det W₁ … det ${LAST}`;

export const BASINS_INTRO = html`${phrase("basins.intro", { product: html`${LAST} … W₁ = R`, determinants: DETERMINANTS })}`;

/** One click to a picture worth seeing. */
export function exampleButtons(begin: (example: Example) => void, hint: Word | undefined) {
  return html`<div class="examples" role="group" aria-label=${word("basins.examples")}>
    <span>${word("basins.begin")}</span>
    ${EXAMPLES.map(
      (example) =>
        html`<button data-testid="basins-${example.id}" @click=${() => begin(example)}>
          ${example.title}
        </button>`,
    )}
    ${hint ? html`<p data-testid="basins-hint">${word(hint)}</p>` : nothing}
  </div>`;
}

/** Which plane the starts lie on. */
export function startsChoice(
  starts: StartsForm,
  network: Experiment["network"] | undefined,
  set: (starts: StartsForm) => void,
  askLab: () => void,
) {
  const lab = starts.kind === "lab";
  return html`<label class="choice"
      >${word("basins.starts")}
      <select
        data-testid="atlas-starts"
        .value=${live(starts.kind)}
        @change=${(e: Event) => {
          if ((e.target as HTMLSelectElement).value === "lab") askLab();
          else set({ kind: "coordinates", first: 0, second: Math.max(0, last(network)) });
        }}
      >
        <option value="coordinates" ?selected=${!lab}>${word("basins.entries")}</option>
        <option value="lab" ?selected=${lab}>${word("basins.plane")}</option>
      </select>
    </label>
    ${
      starts.kind === "lab"
        ? html`<button
            type="button"
            data-testid="atlas-lay"
            title=${word("basins.takeTitle")}
            @click=${askLab}
          >
            ${word("basins.take")}
          </button>`
        : (["first", "second"] as const).map((which) =>
            entry(which, starts[which], network, (index) => set({ ...starts, [which]: index })),
          )
    }`;
}

const last = (network: Experiment["network"] | undefined) => (network ? entryCount(network) - 1 : 1);

function entry(
  which: "first" | "second",
  index: number,
  network: Experiment["network"] | undefined,
  set: (index: number) => void,
) {
  const listed = network && entryCount(network) <= LISTED && index < entryCount(network);
  const changed = (e: Event) => set(Number((e.target as HTMLInputElement).value));
  return html`<label class="small" title=${word("basins.entryTitle")}
    >${word(`basins.${which}`)}
    ${
      listed
        ? html`<select data-testid="atlas-${which}" .value=${live(String(index))} @change=${changed}>
            ${Array.from(
              { length: entryCount(network) },
              (_, i) => html`<option value=${i} ?selected=${i === index}>${entryName(i, network)}</option>`,
            )}
          </select>`
        : html`<input
            inputmode="numeric"
            autocomplete="off"
            data-testid="atlas-${which}"
            .value=${live(String(index))}
            @change=${changed}
          />`
    }
  </label>`;
}

/** The optima found, most frequent first, with their parts of each network's cells. */
export function basinsLegend(
  spec: AtlasSpec,
  { patterns, stalled, descending, diverged, known }: Counts,
  book: ColourBook,
  domain: Domain | undefined,
) {
  const network = networkOf(spec);
  const { width } = network;
  const layers = depthOf(network);
  const deepest = Math.max(layers, ...[spec.x, spec.y].map((a) => (a.quantity === "depth" ? a.high : 0)));
  const share = (cells: readonly number[]) =>
    cells
      .map((count) => (count > 0 && count / known < 0.005 ? "< 1 %" : formatShare(count / known)))
      .join(" / ");
  const some = (cells: readonly number[]) => cells.some((count) => count > 0);
  const named = patterns.slice(0, NAMED);
  const rest = stalled.map((_, twin) =>
    patterns.slice(NAMED).reduce((sum, { cells }) => sum + cells[twin]!, 0),
  );
  const flat = (name: string, colour: string, cells: readonly number[], about = "") =>
    some(cells)
      ? html`<span title=${about}
          ><span class="swatch" style="background: ${colour}"></span>${name} ${share(cells)}</span
        >`
      : nothing;
  return html`<span
      >${width === 1 ? word("basins.signsOfNumbers") : html`<span>${phrase("basins.signs", { determinants: DETERMINANTS })}</span>`}</span
    >
    ${named.map(
      ({ pattern, cells }) =>
        html`<span data-testid="basin"
          ><span class="swatch" style="background: ${basinGradient(book.place(pattern))}"></span
          ><strong>${patternName(pattern, deepest)}</strong> ${share(cells)}</span
        >`,
    )}
    ${flat(word("basins.others", { count: patterns.length - named.length }), basinGradient(undefined), rest)}
    ${flat(word("basins.stalled"), STALLED_COLOUR, stalled, word("basins.stalledTitle"))}
    ${flat(word("basins.descending", { steps: formatCount(spec.budget.steps) }), DESCENDING_COLOUR, descending)}
    ${some(diverged) ? html`<span><span class="swatch hatch"></span>${word("landscape.diverged")} ${share(diverged)}</span>` : nothing}
    ${
      domain && patterns.length > 0
        ? html`<span
            >${word("basins.steps", { low: formatCount(10 ** domain.low), high: formatCount(10 ** domain.high) })}</span
          >`
        : nothing
    }
    <span><span class="ring"></span>${word("atlas.here")}</span>`;
}
