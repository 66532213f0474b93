import { describe, expect, it } from "vitest";
import { withFormulas } from "../story/formulas";

/** What is seen of a formula: letters, with a bar for every thin space. */
const seen = (tex: string) =>
  withFormulas(`$${tex}$`)
    .replace(/<annotation[^]*?<\/annotation>/, "")
    .replaceAll('<mspace width="0.1667em"></mspace>', "|")
    .replace(/<[^>]*>|\u2061/g, "");

describe("formulas", () => {
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
