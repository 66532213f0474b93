// The look of a section that is a chapter: its statement, what it is about, cards with figures, what is wrong.
import { css } from "lit";
import { problemBox } from "./base";

export const chapterStyle = css`
  .statement {
    display: var(--told, block);
    font-family: "STIX Two Text", "Cambria", "Latin Modern Roman", Georgia, "Times New Roman", serif;
    font-size: 0.9375rem;
    max-width: 72rem;
    margin-bottom: 0.375rem;
    text-wrap: pretty;
  }
  .intro {
    display: var(--told, block);
    max-width: 72rem;
    margin-bottom: 0.625rem;
    font-size: 0.8125rem;
    color: var(--ink-muted);
    text-wrap: pretty;
  }
  lab-expressivity-settings,
  lab-images-settings {
    display: var(--form, block);
  }
  .cards {
    display: grid;
    gap: var(--gap);
    grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr));
    align-items: start;
    margin-top: var(--gap);
    container-type: inline-size;
  }
  .cards > div {
    display: grid;
    gap: var(--gap);
    min-width: 0;
  }
  /* Where there is room for two columns, the third one is a row of both. */
  @container (48rem < width < 75rem) {
    .cards > div:nth-child(3) {
      grid-column: 1 / -1;
      grid-template-columns: repeat(2, minmax(0, 1fr));
      align-items: start;
    }
  }
  .panel {
    display: grid;
    gap: 0.5rem;
    min-width: 0;
    font-size: 0.8125rem;
  }
  h3 {
    font-size: 0.9375rem;
    font-weight: 600;
  }
  progress {
    width: min(16rem, 100%);
    accent-color: var(--accent);
  }
  ${problemBox}
  .problem {
    padding: 0.375rem 0.625rem;
    margin-top: 0.5rem;
    font-size: 0.875rem;
    overflow-wrap: anywhere;
  }
`;
