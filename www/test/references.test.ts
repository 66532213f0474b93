import { describe, expect, it } from "vitest";
import { withReferences } from "../story/citations";
import { wordsOf } from "../story/words";

const seen = (text: string) => text.replace(/<[^>]*>/g, "");

describe("citations", () => {
  it("stand aside in brackets, or are part of the sentence", () => {
    const { text, references } = withReferences("<p>Trained [@he]. @[yun] show it.</p>", wordsOf("en"));
    expect(seen(text)).toBe("Trained (He and others, 2016). Yun, Sra and Jadbabaie (2018) show it.");
    expect(text).toContain('<a class="cite" href="#ref-yun">');
    expect(references.match(/<li id="ref-/g)).toHaveLength(2);
  });

  it("speak the language of the page", () => {
    const { text } = withReferences("[@yun] @[yun]", wordsOf("de"));
    expect(seen(text)).toBe("(Yun, Sra und Jadbabaie, 2018) Yun, Sra und Jadbabaie (2018)");
  });

  it("are of what is in the list", () => {
    expect(() => withReferences("[@nobody]", wordsOf("en"))).toThrow('There is no reference "nobody".');
  });
});
