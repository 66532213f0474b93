import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { withFormulas } from "../story/formulas";
import { allPages } from "../story/pages";

/** What is seen of a formula: letters, with a bar for every thin space. */
const seen = (tex: string) =>
  withFormulas(`$${tex}$`)
    .replace(/<annotation[^]*?<\/annotation>/, "")
    .replaceAll('<mspace width="0.1667em"></mspace>', "|")
    .replace(/<[^>]*>|\u2061/g, "");

/** How many children browsers ask of these; with others they take them for a row. */
const CHILDREN: Record<string, number> = { msub: 2, msup: 2, mfrac: 2, munder: 2, mover: 2, msubsup: 3 };

/** Elements of a formula that have another number of children, as text. */
function malformed(math: string): string[] {
  const open: { name: string; children: number }[] = [];
  const found: string[] = [];
  for (const [, end, name] of math.matchAll(/<(\/?)(\w+)[^>]*>/g)) {
    if (!end) {
      if (open.length > 0) open.at(-1)!.children++;
      open.push({ name: name!, children: 0 });
      continue;
    }
    const { children } = open.pop()!;
    if ((CHILDREN[name!] ?? children) !== children) found.push(`${name} of ${children} in ${math}`);
  }
  return found;
}

describe("formulas", () => {
  it("have indices and exponents that browsers take for such, in all chapters", () => {
    const pages = allPages().map((file) => readFileSync(resolve(__dirname, "..", file), "utf8"));
    const formulas = pages.flatMap((html) => withFormulas(html).match(/<math.*?<\/math>/gs) ?? []);
    expect(formulas.length).toBeGreaterThan(200);
    expect(formulas.flatMap(malformed)).toEqual([]);
    expect(seen("\\sigma_{\\min}(\\Sigma)")).toBe("σmin(Σ)");
  });

  it("have bars of norms that stand close", () => {
    expect(withFormulas("$\\lVert A\\rVert$").match(/<mo[^>]* lspace="0" rspace="0">‖<\/mo>/g)).toHaveLength(
      2,
    );
  });

  it("have no letters in a variant that browsers do not know", () => {
    expect(seen("A^{\\mathsf T}")).toBe("A𝖳");
    expect(withFormulas("$A^{\\mathsf T}$")).not.toContain("sans-serif");
  });

  it("have room beside the name of a function, where TeX has", () => {
    expect(seen("O(n \\log n + r^2)")).toBe("O(n|log|n+r2)");
    expect(seen("2\\log k")).toBe("2|log|k");
    expect(seen("\\det R = 0")).toBe("det|R=0");
    expect(seen("\\operatorname{tr}(A)")).toBe("tr(A)");
    expect(seen("\\max(|a|, b)")).toBe("max(∣a∣,b)");
  });

  it("do not let a line begin with what follows them", () => {
    expect(withFormulas("see $x$, then")).toMatch(/^see <span class="together">.*,<\/span> then$/s);
  });
});
