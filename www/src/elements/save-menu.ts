// The menu of formats that a picture can be saved in.
import { css, html } from "lit";
import type { SaveKind } from "../export/save";
import { word } from "../words";

const SAVES: readonly SaveKind[] = ["png", "svg", "csv", "json"];

export const saveMenuStyle = css`
  .save select {
    font-size: 0.75rem;
    min-height: 1.5rem;
    color: var(--ink-muted);
    border-color: var(--line);
    max-width: 6.5rem;
  }
`;

/** `label` is for those who do not see the picture; `title` says what goes along. */
export function saveMenu(label: string, testId: string, title: string, save: (kind: SaveKind) => void) {
  return html`<label class="save end"
    ><span class="visually-hidden">${label}</span>
    <select
      data-testid=${testId}
      title=${title}
      @change=${(event: Event) => {
        const menu = event.target as HTMLSelectElement;
        save(menu.value as SaveKind);
        menu.value = "";
      }}
    >
      <option value="" selected>${word("save.as")}</option>
      ${SAVES.map((kind) => html`<option value=${kind}>${word(`save.${kind}`)}</option>`)}
    </select>
  </label>`;
}
