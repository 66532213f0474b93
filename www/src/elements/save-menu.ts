// The menu of formats that a picture can be saved in.
import { css, html } from "lit";
import type { SaveKind } from "../store";

const SAVES: readonly (readonly [SaveKind, string])[] = [
  ["png", "PNG picture"],
  ["svg", "SVG drawing"],
  ["csv", "CSV table"],
  ["json", "JSON, to compute again"],
];

export const saveMenuStyle = css`
  .save select {
    font-size: 0.75rem;
    min-height: 1.5rem;
    color: var(--ink-muted);
    border-color: var(--line);
    max-width: 6.5rem;
  }
`;

/** `what` is saved, for those who do not see the picture; `title` says what goes along. */
export function saveMenu(what: string, testId: string, title: string, save: (kind: SaveKind) => void) {
  return html`<label class="save end"
    ><span class="visually-hidden">save ${what}</span>
    <select
      data-testid=${testId}
      title=${title}
      @change=${(event: Event) => {
        const menu = event.target as HTMLSelectElement;
        save(menu.value as SaveKind);
        menu.value = "";
      }}
    >
      <option value="" selected>save as</option>
      ${SAVES.map(([kind, title]) => html`<option value=${kind}>${title}</option>`)}
    </select>
  </label>`;
}
