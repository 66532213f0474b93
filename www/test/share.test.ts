import { describe, expect, it } from "vitest";
import { embedCode, readShared, sharedAddress } from "../src/figure/share";

describe("a figure's address", () => {
  it("brings its attributes and experiment back", () => {
    const shared = {
      attributes: new Map([
        ["show", "landscapes chart"],
        ["controls", "run"],
        ["heading", 'Two "layers" & more'],
      ]),
      experiment: "network.layers=32&target.kind=rotation",
    };
    const { search, hash } = new URL(sharedAddress("https://lab.test/figure.html", shared));
    expect(readShared(search, hash)).toEqual(shared);
  });

  it("sets nothing but a figure's own attributes", () => {
    const { attributes } = readShared("?onclick=alert(1)&style=x&show=chart&lab=//elsewhere.test", "");
    expect([...attributes]).toEqual([["show", "chart"]]);
  });

  it("is escaped in the code that embeds it", () => {
    const code = embedCode('https://lab.test/figure.html?a=1&b=2#c="d"', 'A "figure" <of> mine');
    expect(code).toContain('src="https://lab.test/figure.html?a=1&amp;b=2#c=&quot;d&quot;"');
    expect(code).toContain('title="A &quot;figure&quot; &lt;of> mine"');
  });
});
