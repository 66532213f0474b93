// Results as markdown: one table to read first, then every form and note behind it.

/** What the comparison is stated for; peers are also measured in rearranged forms, which the last column uses. */
const stated = ["data", "chain", "plain", "fused"];

const isLab = ({ engine }) => engine.startsWith("lab ");
const isWebgpu = ({ engine }) => engine.endsWith("webgpu");

/** [form, milliseconds] of the fastest measured form among those allowed, or undefined. */
export function fastest(forms, allowed = () => true) {
  return Object.entries(forms)
    .filter(([form, value]) => typeof value === "number" && allowed(form))
    .sort((x, y) => x[1] - y[1])[0];
}

const isStated = (form) => stated.includes(form);

function best(rows, work, allowed) {
  const times = rows.map((row) => fastest(row[work], allowed)?.[1]).filter((time) => time !== undefined);
  return times.length ? Math.min(...times) : undefined;
}

const number = (value) => (value >= 100 ? value.toFixed(0) : Number(value.toPrecision(3)).toString());

const ratio = (reference, time) =>
  reference === undefined || time === undefined ? "–" : `${number(reference / time)}×`;

/** Time, form, and how many times faster than the fastest peer (of all, of the WebGPU ones, in any form). */
function cells(row, work, peers) {
  const found = fastest(row[work], isLab(row) ? undefined : isStated);
  if (!found) return ["–", "–", "–", "–"];
  const [form, time] = found;
  return [
    `${number(time)}${isLab(row) ? "" : ` (${form})`}`,
    ratio(best(peers, work, isStated), time),
    isWebgpu(row) ? ratio(best(peers.filter(isWebgpu), work, isStated), time) : "–",
    ratio(best(peers, work), time),
  ];
}

const line = (values) => `| ${values.join(" | ")} |`;

function table(head, rows) {
  return [line(head), line(head.map((_, i) => (i ? "--:" : "---"))), ...rows.map(line)].join("\n");
}

function describe(machine) {
  const { vendor, architecture, description, isFallbackAdapter } = machine.adapter ?? {};
  const adapter = machine.adapter
    ? `WebGPU adapter ${[vendor, architecture, description].filter(Boolean).join(" ") || "unnamed"}${isFallbackAdapter ? " (software, no GPU)" : ""}`
    : "no WebGPU adapter";
  const versions = Object.entries(machine.peers)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");
  return [
    `${machine.cpu}, ${machine.cores} cores, ${(machine.memory / 2 ** 30).toFixed(0)} GiB, ${machine.system}; ${machine.browser}; ${adapter}.`,
    `${versions}. ${machine.date.slice(0, 10)}${machine.quick ? ", quick run" : ""}; load ${machine.load.toFixed(2)} before, ${machine.loadAfter.toFixed(2)} after.`,
  ].join("\n");
}

const reading = `Medians, in milliseconds, all engines in one page of one browser, each checked against a float64
answer to 1e-3 before it is timed.

- W1: one full-batch gradient step (forward, gradient, update) of a linear identity residual network, width 16,
  depth 32, n = 256. W2: a 128 × 128 landscape of it; peers: time per point × 16384 (extrapolated).
- A peer counts in its faster form of: *data* (activations of all samples) and *chain* (sufficient statistics: 16 × 16
  products, one after the other). "any form" also admits rearrangements: W1 as a *tree* of batched products,
  W2 with a *batch* of 128 points a call.
- W3: one full-batch gradient step of a ReLU identity residual network, width 16, 8 blocks, 256 points of two spirals,
  cross-entropy. W4: a 64 × 64 landscape of it; peers: time per point × 4096. *fused*: product, bias and relu in one operation.
- "×" is how many times faster than the fastest peer; "× WebGPU" compares WebGPU with WebGPU on the same adapter.
- Waiting for the device: peers after each step and, on WebGPU, also after every 8 steps, the faster counting; this lab after
  each call of up to 200 steps, as its page trains. One thread each, but W2 and W4 on \`lab cpu\`: two workers.`;

/** What the page's own landscapes cost, and how smoothly surfaces move. */
function landscapeText({ landscapes: l, surface: s }) {
  const parts = [];
  if (l?.problem) parts.push(`Landscapes were not measured: ${l.problem}`);
  else if (l) {
    const curve = (name, rows, points) =>
      table(
        [name, ...rows.map(([at]) => String(at))],
        [
          ["ms", ...rows.map(([, time]) => number(time))],
          [
            "ns a point and layer",
            ...rows.map(([at, time]) => number((1e6 * time) / points(at))),
          ],
        ],
      );
    const depth = 32;
    parts.push(
      `Landscapes through the public API (width 16; the pool has a worker a core): first 9 × 9 picture of a new plane after ${number(l.warm)} ms, ${number(l.cold)} ms where the workers start first. A training step takes ${number(1000 * l.alone)} µs alone and ${number(1000 * l.watched)} µs while both landscapes are redrawn (${l.pictures} pictures): ${(100 * (l.watched / l.alone - 1)).toFixed(1)} % longer.`,
      curve(`points a side, depth ${depth}`, l.bySide, (side) => side * side * depth),
      curve("depth, 128 × 128", l.byDepth, (layers) => layers * 128 * 128),
    );
  }
  if (s?.problem) parts.push(`Surfaces were not measured: ${s.problem}`);
  else if (s) {
    const line = (what, { frames, pictures, steps, size }) =>
      `- ${what}: ${frames.toFixed(1)} frames/s, ${pictures.toFixed(1)} new pictures/s of ${size} × ${size}, ${number(steps)} steps/s`;
    parts.push(
      `Both landscapes as surfaces in the page, 1440 × 900, while it trains width 16, depth 32 at 60 steps/s:\n\n${line("at rest", s.still)}\n${line("while the camera turns", s.turning)}`,
    );
  }
  return parts.join("\n\n");
}

/** What a map costs, beside training one network of W1. */
function mapText({ maps: m, w1: own }, results) {
  if (!m) return "";
  if (m.problem) return `Maps were not measured: ${m.problem}`;
  const w1 = results.find(({ engine }) => engine === "lab cpu")?.w1.chain ?? own?.["lab cpu"];
  // W1's multiply-adds: three products a layer.
  const rate = typeof w1 === "number" ? (3 * 32 * 16 ** 3 * 1000) / w1 : undefined;
  const rows = m.rows.map(({ what, networks, milliseconds, steps, multiplyAdds }) => [
    what,
    String(networks),
    number(milliseconds),
    number(steps / 1000),
    number(multiplyAdds / 1e9),
    rate ? `${((100 * multiplyAdds) / rate).toFixed(0)} %` : "–",
  ]);
  return `Maps of both networks, 200 steps each, none of which diverges, all cores; width 8 and depth 16 where not said otherwise:

${table(["map", "networks", "ms", "1000 network-steps/s", "GMAC/s", "of one thread's W1 rate"], rows)}`;
}

const FLEET_ENGINES = ["lab cpu", "lab webgpu"];

/** Many networks at once: this lab beside the peers, and beside itself training one network. */
function fleetText(extras) {
  const fleets = extras["fleets of maps"];
  if (!fleets) return "";
  if (fleets.problem) return `Many networks at once were not measured: ${fleets.problem}`;
  const w1 = (engine) => extras.w1?.[engine];
  const time = (row, engine) => row.times[engine]?.milliseconds;
  const names = [...new Set(fleets.rows.flatMap(({ times }) => Object.keys(times)))];
  const peers = names.filter((name) => !FLEET_ENGINES.includes(name));
  const least = (row, among) => {
    const found = among.map((name) => time(row, name)).filter((value) => value !== undefined);
    return found.length ? Math.min(...found) : undefined;
  };
  const rows = fleets.rows.map((row) => {
    const work = 3 * row.layers * row.width ** 3 * row.networks;
    return [
      row.what,
      ...FLEET_ENGINES.flatMap((engine) => {
        const milliseconds = time(row, engine);
        const alone = w1(engine);
        if (milliseconds === undefined) return ["–", "–", "–", "–"];
        const same = peers.filter((name) => name.endsWith("webgpu") === (engine === "lab webgpu"));
        return [
          number(milliseconds),
          number(work / milliseconds / 1e6),
          typeof alone === "number"
            ? `${((100 * (work / milliseconds)) / ((3 * 32 * 16 ** 3) / alone)).toFixed(0)} %`
            : "–",
          ratio(least(row, same), milliseconds),
        ];
      }),
      ratio(least(row, peers), least(row, FLEET_ENGINES)),
      ...peers.map((name) => {
        const { milliseconds, form } = row.times[name] ?? {};
        return milliseconds === undefined ? "–" : `${number(milliseconds)} (${form})`;
      }),
    ];
  });
  const problems = fleets.rows.flatMap(({ what, times }) =>
    Object.entries(times)
      .filter(([, { problem }]) => problem)
      .map(([engine, { problem }]) => `- ${engine}, ${what}: ${problem}`),
  );
  return `Many networks at once, each with a rate of its own: milliseconds a gradient step of all of them, width 8, depth 16 and
256 networks where not said otherwise. Every engine has one thread or the one adapter, and every network's loss was
compared to 1e-3 before the clock ran. "of W1": multiply-adds a second as a share of what the same engine does on one
network of width 16 and depth 32 in the same run. "×" beside \`cpu\`: against the fastest peer on the processor; beside
\`webgpu\`: against the fastest on WebGPU; "× all": the faster of the two against the fastest peer anywhere.

${table(["", ...["cpu", "webgpu"].flatMap((name) => [`${name} ms`, "GMAC/s", "of W1", "×"]), "× all", ...peers], rows)}${problems.length ? `\n\n${problems.join("\n")}` : ""}`;
}

/** Images trained on a second; every engine in its fastest form. */
function imageText({ images }) {
  if (!images) return "";
  if (images.problem) return `Training on images was not measured: ${images.problem}`;
  const { rows } = images;
  if (rows.length === 0) return "";
  const names = [...new Set(rows.flatMap(({ times }) => Object.keys(times)))];
  const rate = ({ batch, times }, engine) => {
    const [form, time] = fastest(times[engine] ?? {}) ?? [];
    return time === undefined ? "–" : `${number((1000 * batch) / time)} (${form})`;
  };
  const problems = rows.flatMap(({ preset, times }) =>
    names.flatMap((engine) =>
      Object.entries(times[engine] ?? {})
        .filter(([, value]) => typeof value === "string")
        .map(([form, why]) => `- ${engine}, ${preset}, ${form}: does not count: ${why}`),
    ),
  );
  return `Training on images, images a second: forward, gradient and update of one minibatch of ${rows[0].batch} without augmentation; W5 is
the network of the preset \`digits\` on 8 × 8 × 1 pixels, W6 that of \`middle\` on 32 × 32 × 3. Losses after 0, 1 and 5
steps agreed with float64 to 1e-3 before the clock ran. *conv*: the engine's own convolutions; *product*: the
filters' gradient as one matrix product of gathered pixels, as TensorFlow.js wasm has no kernel for it. One thread or the one adapter each.

${table(["images/s", ...rows.map(({ preset }) => preset)], names.map((name) => [name, ...rows.map((row) => rate(row, name))]))}${problems.length ? `\n\n${problems.join("\n")}` : ""}`;
}

export function markdown(machine, results, extras) {
  const peers = results.filter((row) => !isLab(row));
  const summary = table(
    ["engine", "W1 ms", "×", "× WebGPU", "× any form", "W2 ms", "×", "× WebGPU", "× any form"],
    results.map((row) => [row.engine, ...cells(row, "w1", peers), ...cells(row, "w2", peers)]),
  );
  const reluSummary = table(
    ["engine", "W3 ms", "×", "× WebGPU", "W4 ms", "×", "× WebGPU"],
    results.map((row) => [
      row.engine,
      ...cells(row, "w3", peers).slice(0, 3),
      ...cells(row, "w4", peers).slice(0, 3),
    ]),
  );
  const show = (value) => (typeof value === "number" ? number(value) : "–");
  const details = table(
    ["peer, ms", "W1 data", "W1 chain", "W1 tree", "W2 data", "W2 chain", "W2 batch"],
    peers.map(({ engine, w1, w2 }) => [
      engine,
      ...[w1.data, w1.chain, w1.tree, w2.data, w2.chain, w2.batch].map(show),
    ]),
  );
  const notes = results.flatMap(({ engine, w1, w2, w3, w4, notes }) => [
    ...notes.map((note) => `- ${engine}: ${note}`),
    ...[
      ["W1", w1],
      ["W2", w2],
      ["W3", w3],
      ["W4", w4],
    ].flatMap(([work, forms]) =>
      Object.entries(forms)
        .filter(([, value]) => typeof value === "string")
        .map(([form, why]) => `- ${engine}, ${work} ${form}: does not count: ${why}`),
    ),
  ]);
  const engines = results.length > 0 ? [summary, reluSummary, reading, details, notes.join("\n")] : [];
  return [describe(machine), ...engines, landscapeText(extras), imageText(extras), mapText(extras, results), fleetText(extras)].filter(Boolean).join("\n\n") + "\n";
}
