// Sentences of the crate in another language, from pairs of patterns such as "got {1}" and "angegeben ist {1}". What
// stands in a place is translated in its turn where there is a pattern for it: "allowed is {1}; {2}" takes "a whole
// number from 1 to 64" and "got 65". The crate's own sentences are the keys, so it needs to know of no language.

/** A sentence in the other language, or nothing where there is no pattern for it. */
export type Translate = (sentence: string) => string | undefined;

export function translator(pairs: Readonly<Record<string, string>>): Translate {
  const rules = Object.entries(pairs)
    .map(([from, to]) => {
      const literal = from.split(/\{\d+\}/);
      return {
        // The one that says most itself counts.
        weight: literal.join("").length,
        pattern: new RegExp(`^${literal.map(escaped).join("(.+?)")}$`, "s"),
        to,
      };
    })
    .sort((a, b) => b.weight - a.weight);

  const whole: Translate = (sentence) => {
    for (const { pattern, to } of rules) {
      const values = pattern.exec(sentence);
      if (values)
        return to.replace(/\{(\d+)\}/g, (_, place: string) => {
          const value = values[Number(place)]!;
          return translate(value) ?? value;
        });
    }
    return undefined;
  };

  /** A sentence is often about something, a field or a file: "network.width: allowed is …" */
  const about: Translate = (sentence) => {
    const [, name, rest] = /^(.+?): (.+)$/s.exec(sentence) ?? [];
    const translated = rest && translate(rest);
    return translated && `${whole(name!) ?? name}: ${translated}`;
  };

  const translate: Translate = (sentence) => whole(sentence) ?? about(sentence) ?? withoutStop(sentence);

  /** Some places close a sentence of the crate that others leave open. */
  const withoutStop: Translate = (sentence) => {
    if (!sentence.endsWith(".")) return undefined;
    const translated = translate(sentence.slice(0, -1));
    return translated && `${translated}.`;
  };

  return translate;
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
