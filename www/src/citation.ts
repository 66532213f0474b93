// BibTeX of what somebody saw here, and of the paper that it is about. No DOM.
import { version } from "../package.json";
import { HARDT } from "../story/references";

/** Characters that LaTeX reads as commands. */
const escaped = (text: string) => text.replace(/[\\{}]/g, "").replace(/[#$%&_]/g, "\\$&");

/** `seen`: the day, which tells which version of a page it was. Figures are runs: the address holds all that they depend on. */
export function citation(title: string, address: string, seen: Date): string {
  const day = seen.toISOString().slice(0, 10);
  return `@misc{identitylab,
  title        = {Identity Lab: ${escaped(title)}},
  year         = {${seen.getFullYear()}},
  note         = {Version ${version}, accessed ${day}},
  howpublished = {\\url{${address.replace(/[{}\\\s]/g, encodeURIComponent)}}}
}

@inproceedings{hardt${HARDT.year}identity,
  author    = {${HARDT.authors}},
  title     = {${HARDT.title}},
  booktitle = {${HARDT.where}},
  year      = {${HARDT.year}},
  doi       = {${HARDT.doi}}
}
`;
}
