import { expect, test } from "vitest";
import { citation } from "../src/citation";

test("a citation is BibTeX of the figure and of the paper, safe for LaTeX", () => {
  const text = citation(
    "100 % of {depth} & width_8",
    "https://example.org/figure.html?show=chart#network.layers=32&x={1}",
    new Date("2027-01-02T03:04:05Z"),
  );
  expect(text).toContain("title        = {Identity Lab: 100 \\% of depth \\& width\\_8}");
  expect(text).toContain("{\\url{https://example.org/figure.html?show=chart#network.layers=32&x=%7B1%7D}}");
  expect(text).toMatch(/Version \d+\.\d+\.\d+, accessed 2027-01-02/);
  expect(text).toContain("author    = {M. Hardt and T. Ma}");
  expect(text).toContain("doi       = {10.48550/arXiv.1611.04231}");
  expect(text.match(/[{]/g)).toHaveLength(text.match(/[}]/g)!.length);
});
