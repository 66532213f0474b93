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

/** More entries than this are chosen by their numbers. */
const LISTED = 64;
/** More optima than this are summed up. */
const NAMED = 8;

const LAST = html`W<sub>ℓ</sub>`;

export const BASINS_INTRO = html`Each cell is a start; its colour says at which optimum training ended, and
the lighter it is, the sooner. The optima are the solutions of ${LAST} … W₁ = R, R invertible: one connected
set for each pattern of signs of det W₁ … det ${LAST} that multiplies to the sign of det R, because invertible
matrices form two connected sets, told apart by that sign, and the last layer follows from the others. Point
at a cell to read it, click to open that start in the lab, draw a rectangle to zoom in.`;

/** One click to a picture worth seeing. */
export function exampleButtons(begin: (example: Example) => void, hint: string) {
  return html`<div class="examples" role="group" aria-label="Basins to begin with">
    <span>Begin with</span>
    ${EXAMPLES.map(
      (example) =>
        html`<button data-testid="basins-${example.id}" @click=${() => begin(example)}>
          ${example.title}
        </button>`,
    )}
    ${hint ? html`<p data-testid="basins-hint">${hint}</p>` : nothing}
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
      >starts
      <select
        data-testid="atlas-starts"
        .value=${live(starts.kind)}
        @change=${(e: Event) => {
          if ((e.target as HTMLSelectElement).value === "lab") askLab();
          else set({ kind: "coordinates", first: 0, second: Math.max(0, last(network)) });
        }}
      >
        <option value="coordinates" ?selected=${!lab}>two entries of W</option>
        <option value="lab" ?selected=${lab}>landscapes' plane</option>
      </select>
    </label>
    ${
      starts.kind === "lab"
        ? html`<button
            type="button"
            data-testid="atlas-lay"
            title="Takes over the plane that the landscapes above show now"
            @click=${askLab}
          >
            Take it again
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
  return html`<label class="small" title="Entry of the layer maps, counted from 0: layer by layer, row by row"
    >${which} entry
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
      >${width === 1 ? "signs of the numbers" : html`<span>signs of det W₁ … det ${LAST}</span>`}</span
    >
    ${named.map(
      ({ pattern, cells }) =>
        html`<span data-testid="basin"
          ><span class="swatch" style="background: ${basinGradient(book.place(pattern))}"></span
          ><strong>${patternName(pattern, deepest)}</strong> ${share(cells)}</span
        >`,
    )}
    ${flat(`${patterns.length - named.length} other optima`, basinGradient(undefined), rest)}
    ${flat("stalled at a saddle", STALLED_COLOUR, stalled, "The gradient is below a hundredth of what it is next to an optimum of balanced layers at the same risk")}
    ${flat(`still descending after ${formatCount(spec.budget.steps)} steps`, DESCENDING_COLOUR, descending)}
    ${some(diverged) ? html`<span><span class="swatch hatch"></span>diverged ${share(diverged)}</span>` : nothing}
    ${
      domain && patterns.length > 0
        ? html`<span
            >steps: light ${formatCount(10 ** domain.low)}, dark ${formatCount(10 ** domain.high)}</span
          >`
        : nothing
    }
    <span><span class="ring"></span>the lab now</span>`;
}
