import { expect, test } from "vitest";
import { phrase, word } from "../src/words";

test("a message takes its values by name", () => {
  expect(word("slides.said", { at: 2, count: 3, title: "A ball" })).toBe("2 of 3: A ball");
  expect(word("figure.step")).toBe("step");
});

test("a name without a value stays to be seen", () => {
  expect(word("slides.said", { at: 2, count: 3 })).toBe("2 of 3: {title}");
});

test("values may be more than text", () => {
  const value = { of: "a template" };
  expect(phrase("certificate.sharper", { form: value })).toEqual(["sharper: ", value, ""]);
});
