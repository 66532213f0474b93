import { afterEach, describe, expect, it, vi } from "vitest";
import type { Experiment, Landscape, PlaneVectors } from "../src/engine/types";
import {
  aboutJson,
  landscapeAbout,
  landscapeCsv,
  landscapeFile,
  landscapeJson,
  type LandscapeFile,
} from "../src/export/landscape-file";
import { crc32, withText } from "../src/export/png-chunk";
import { landscapeExport } from "../src/export/landscape-save";
import { landscapeDrawing } from "../src/export/landscape-figure";
import { shortest } from "../src/export/text";
import { drawnSvg } from "../src/export/svg";
import { escapeXml, SvgContext } from "../src/export/svg-context";
import { toBase64 } from "../src/engine/base64";
import { ReadablePath } from "../src/export/svg-path";

/** Numbers that look random and are the same in every run. */
function* bits(count: number): Generator<number> {
  let state = 0x9e3779b9;
  for (let i = 0; i < count; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    yield state >>> 0;
  }
}

const words = (values: Float32Array) => [...new Uint32Array(Float32Array.from(values).buffer)];

function decoded(text: string): Float32Array {
  const bytes = Uint8Array.from(Buffer.from(text, "base64"));
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
}

const experiment: Experiment = {
  version: 1,
  seed: 7,
  network: { kind: "linear", width: 2, layers: 3 },
  target: { kind: "random", condition: 10 },
  data: { kind: "population", covariance: 1, noise: 0 },
  optimizer: { kind: "gradientDescent", learningRate: 0.05 },
  batch: null,
  twins: [{ parametrization: "identity", start: { kind: "identity" } }],
};

const vectors: PlaneVectors = {
  plane: 4,
  parametrization: "identity",
  origin: Float32Array.of(0.1, -0, 1e-42, 3e38),
  u: Float32Array.of(1, 0, 0, 0),
  v: Float32Array.of(0, 1 / 3, 0, 0),
};

const landscape: Landscape = {
  twin: 0,
  plane: 4,
  spec: { kind: "hessian", ends: "both" },
  size: 3,
  a: Float32Array.of(-0.1, 0, 0.1),
  b: Float32Array.of(-0.7, 0.1, 0.9),
  values: Float32Array.of(0.1, 1 / 3, Number.NaN, -0, 1e-42, Infinity, 2, -Infinity, 16777216),
  labels: ["first <direction>", 'the "second"'],
  captured: { kind: "curvature", share: 0.9, first: 3, second: -0.5, exact: true, residual: 1e-7 },
  optimum: [0.05, 0.2, 0.001],
  marks: [{ label: "kept & found", a: 0.02, b: 0.1 }],
  half: 1,
  trajectory: Float32Array.of(-0.1, -0.7, 0.02, 0.3),
  steps: Float64Array.of(0, 12300),
  planeDistance: 0.1,
  iterateDistance: 0.05,
  distance: 1,
  variance: 0.8,
  inPlane: 0.1,
  checked: { cells: 16, worst: 1e-5 },
  engine: "webgpu",
  divergence: 1e6,
  step: 12300,
  milliseconds: 1,
};

const file = () => landscapeFile(landscape, vectors, experiment);

describe("numbers of float32", () => {
  it.each([
    [0, "0"],
    [-0, "-0"],
    [0.1, "0.1"],
    [1 / 3, "0.33333334"],
    [-2.5, "-2.5"],
    [2 ** 24, "16777216"],
    [2 ** -149, "1e-45"],
    [2 ** -126, "1.1754944e-38"],
    [3.4028234663852886e38, "3.4028235e+38"],
  ])("%d has its fewest digits", (x, text) => {
    expect(shortest(Math.fround(x))).toBe(text);
  });

  it("read back bit by bit, with no shorter way", () => {
    let longest = 0;
    for (const word of bits(10_000)) {
      const x = new Float32Array(Uint32Array.of(word).buffer)[0]!;
      if (!Number.isFinite(x)) continue;
      const text = shortest(x);
      expect(words(Float32Array.of(Number(text)))).toEqual(words(Float32Array.of(x)));
      const digits = text.replace(/e.*$|^-?[0.]*|\.|-/g, "").replace(/0+$/, "").length;
      if (digits > 1) expect(Math.fround(Number(x.toPrecision(digits - 1)))).not.toBe(x);
      longest = Math.max(longest, digits);
    }
    expect(longest).toBe(9);
  });

  it("become base64 of their bytes, also a part of a buffer and a long list", () => {
    expect(toBase64(Float32Array.of(1))).toBe("AACAPw==");
    const many = new Float32Array(Uint32Array.from(bits(10_001)).buffer).map((x) =>
      Number.isNaN(x) ? 0 : x,
    );
    expect(words(decoded(toBase64(many)))).toEqual(words(many));
    expect(words(decoded(toBase64(many.subarray(5, 8))))).toEqual(words(many.subarray(5, 8)));
  });
});

describe("a landscape as JSON", () => {
  it("reads back to the same bits", () => {
    const read = JSON.parse(landscapeJson(file())) as LandscapeFile;
    expect(words(Float32Array.from(read.a))).toEqual(words(landscape.a));
    expect(words(Float32Array.from(read.b))).toEqual(words(landscape.b));
    const finite = [...landscape.values].map((x) => (Number.isFinite(x) ? x : null));
    expect(read.excess.map((row) => row.map((x) => x && Math.fround(x)))).toEqual([
      finite.slice(0, 3),
      finite.slice(3, 6),
      finite.slice(6),
    ]);
    expect(words(decoded(read.origin))).toEqual(words(vectors.origin));
    expect(words(decoded(read.u))).toEqual(words(vectors.u));
    expect(words(decoded(read.v))).toEqual(words(vectors.v));
    const { step, a, b } = read.trajectory;
    expect(step).toEqual([0, 12300]);
    expect([a[1], b[1]].map((x) => Math.fround(x!))).toEqual([...landscape.trajectory.subarray(2)]);
    expect(read).toMatchObject({
      ...{ format: "identity-lab landscape", version: 1, experiment, step: 12300, engine: "webgpu", twin: 0 },
      ...{ parametrization: "identity", plane: landscape.spec, labels: landscape.labels },
      ...{ captured: landscape.captured, optimum: landscape.optimum, checked: landscape.checked },
    });
  });

  it("has null for what is absent, and no digits that float32 does not have", () => {
    const bare = { ...landscape, captured: undefined, optimum: undefined, checked: undefined };
    const text = landscapeJson(landscapeFile(bare, vectors, experiment));
    expect(JSON.parse(text)).toMatchObject({ captured: null, optimum: null, checked: null });
    expect(text).toContain("[0.1,0.33333334,null]");
  });

  it("refuses the directions of another plane", () => {
    expect(() => landscapeFile(landscape, { ...vectors, plane: 5 }, experiment)).toThrow(/plane has changed/);
  });
});

describe("a landscape as CSV", () => {
  const lines = landscapeCsv(file()).split("\n");
  const comments = lines.filter((line) => line.startsWith("# "));
  const rows = lines.slice(comments.length);

  it("begins with everything else, one line each", () => {
    expect(lines.slice(0, comments.length)).toEqual(comments);
    const read = new Map(
      comments.map((line) => [line.slice(2, line.indexOf(": ")), line.replace(/^.*?: /, "")]),
    );
    expect(JSON.parse(read.get("experiment")!)).toEqual(experiment);
    expect(JSON.parse(read.get("labels")!)).toEqual(landscape.labels);
    expect(read.get("plane")).toBe("hessian.both");
    expect(read.get("step")).toBe("12300");
    expect(words(decoded(read.get("v")!))).toEqual(words(vectors.v));
  });

  it("has a row for each point of the grid and of the path", () => {
    expect(rows[0]).toBe("kind,step,a,b,excess");
    expect(rows.slice(1, 10)).toEqual([
      "grid,,-0.1,-0.7,0.1",
      "grid,,0,-0.7,0.33333334",
      "grid,,0.1,-0.7,nan",
      "grid,,-0.1,0.1,-0",
      "grid,,0,0.1,1e-42",
      "grid,,0.1,0.1,inf",
      "grid,,-0.1,0.9,2",
      "grid,,0,0.9,-inf",
      "grid,,0.1,0.9,16777216",
    ]);
    expect(rows.slice(10)).toEqual(["path,0,-0.1,-0.7,", "path,12300,0.02,0.3,", ""]);
  });
});

describe("text inside a PNG", () => {
  const tiny = Uint8Array.from(
    Buffer.from(
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
      "base64",
    ),
  );

  /** Type, content and checksum of each chunk. */
  function chunks(png: Uint8Array): { type: string; data: Uint8Array; crc: number; counted: number }[] {
    const view = new DataView(png.buffer, png.byteOffset);
    const found = [];
    for (let at = 8; at < png.length;) {
      const length = view.getUint32(at);
      found.push({
        type: new TextDecoder().decode(png.subarray(at + 4, at + 8)),
        data: png.subarray(at + 8, at + 8 + length),
        crc: view.getUint32(at + 8 + length),
        counted: crc32(png.subarray(at + 4, at + 8 + length)),
      });
      at += 12 + length;
    }
    return found;
  }

  it("has the checksum of the standard", () => {
    expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
    for (const { crc, counted } of chunks(tiny)) expect(counted).toBe(crc);
  });

  it("stands before the end, and leaves the rest as it was", () => {
    const found = chunks(withText(tiny, "identity-lab", '{"λ":1}'));
    expect(found.map(({ type }) => type)).toEqual(["IHDR", "IDAT", "iTXt", "IEND"]);
    for (const { crc, counted } of found) expect(counted).toBe(crc);
    expect(new TextDecoder().decode(found[2]!.data)).toBe('identity-lab\0\0\0\0\0{"λ":1}');
    expect(found[1]!.data).toEqual(chunks(tiny)[1]!.data);
  });
});

describe("drawing written down as SVG", () => {
  it("has paths where the pen was moved to, and colours with their opacity", () => {
    const context = new SvgContext("x");
    context.translate(10, 20);
    context.beginPath();
    context.lineTo(1, 2);
    context.lineTo(Number.NaN, 5);
    context.lineTo(3, 4.567);
    context.strokeStyle = "rgb(10 14 20 / 0.75)";
    context.lineWidth = 2.25;
    context.lineJoin = "round";
    context.stroke();
    context.beginPath();
    context.fill();
    expect(context.text()).toBe(
      '<path d="M11 22L13 24.57" fill="none" stroke="#0a0e14" stroke-opacity="0.75" stroke-width="2.25" stroke-linejoin="round"/>',
    );
  });

  it("closes a clip's group where it is restored, with what was set since", () => {
    const context = new SvgContext("x");
    context.save();
    context.rect(0, 0, 5, 5);
    context.clip();
    context.fillStyle = "#ff0000";
    context.restore();
    context.fillRect(1, 1, 2, 3);
    expect(context.text().split("\n")).toEqual([
      '<clipPath id="x-1"><path d="M0 0L5 0 5 5 0 5Z"/></clipPath>',
      '<g clip-path="url(#x-1)">',
      "</g>",
      '<path d="M1 1L3 1 3 4 1 4Z" fill="#000000"/>',
    ]);
  });

  it("turns text, escapes it and puts it at its baseline", () => {
    const context = new SvgContext("x");
    context.font = '600 10px "A & B", serif';
    context.textAlign = "right";
    context.textBaseline = "top";
    context.fillText("a < b & \u0001", 3, 4);
    expect(context.text()).toBe(
      '<text x="3" y="12" font-family="&quot;A &amp; B&quot;, serif" font-size="10" font-weight="600" ' +
        'text-anchor="end" fill="#000000">a &lt; b &amp; \ufffd</text>',
    );
    const power = new SvgContext("x");
    power.fillText("1·10⁻¹² off", 0, 0);
    expect(power.text()).toContain(
      '>1·10<tspan dy="-3.6" font-size="7">−12</tspan><tspan dy="3.6"> off</tspan></text>',
    );
    const turned = new SvgContext("x");
    turned.translate(2, 50);
    turned.rotate(-Math.PI / 2);
    turned.fillText("b", 1, 0);
    expect(turned.text()).toContain('transform="matrix(0 -1 1 0 2 49)"');
  });

  it("has round arcs, and a row of cells as one", () => {
    const circle = new ReadablePath();
    circle.arc(10, 10, 5, 0, 2 * Math.PI);
    expect(circle.text()).toMatch(/^M15 10C15 12.76 12.76 15 10 15C/);
    expect(circle.text().match(/C/g)).toHaveLength(4);
    const cells = new ReadablePath();
    for (const x of [0, 1, 2]) cells.rect(x, 0, 1, 1);
    cells.rect(5, 0, 1, 1);
    cells.rect(0, 1, 1, 1);
    expect(cells.text()).toBe("M0 0L3 0 3 1 0 1ZM5 0L6 0 6 1 5 1ZM0 1L1 1 1 2 0 2Z");
    const uneven = new ReadablePath();
    uneven.rect(0, 0, 1, 2);
    uneven.rect(1, 0, 1, 1);
    uneven.rect(2, -1, 1, 2);
    expect(uneven.text().match(/M/g)).toHaveLength(3);
  });

  it("escapes what XML means something by", () => {
    expect(escapeXml(`<a b="c">&'😀\u0000`)).toBe("&lt;a b=&quot;c&quot;&gt;&amp;'😀\ufffd");
  });
});

describe("the figure", () => {
  afterEach(() => vi.unstubAllGlobals());

  /** As much of a browser as the figure takes from one. */
  function browser(): void {
    const canvas = {
      getContext: () => ({ putImageData: () => undefined }),
      toDataURL: () => "data:image/png;base64,AA==",
    };
    vi.stubGlobal("document", { createElement: () => canvas });
    vi.stubGlobal("ImageData", class {});
    vi.stubGlobal(
      "DOMMatrix",
      class {
        a: number;
        b: number;
        c: number;
        d: number;
        e: number;
        f: number;
        constructor(values: [number, number, number, number, number, number]) {
          [this.a, this.b, this.c, this.d, this.e, this.f] = values;
        }
      },
    );
  }

  it("is drawn by the landscape's own code, with what identifies it", () => {
    browser();
    const about = aboutJson(landscapeAbout(landscape, vectors, experiment), landscape);
    const svg = drawnSvg(
      landscapeDrawing({ landscape, parametrization: "identity", experiment, scale: "log" }),
      about,
    );
    expect(svg).toContain("<title>Identity layers, width 2, depth 3, step 12\u202f300</title>");
    expect(svg).toContain("first &lt;direction&gt;, λ = 3.00");
    expect(svg).toContain("plane hessian.both; seed 7;");
    // A mark's name is outlined under its letters.
    expect(svg).toMatch(
      /fill="none" stroke="#0a0e14".*>kept &amp; found<\/text>\n<text .*fill="#ffffff">kept &amp; found</,
    );
    expect(svg).toContain("Hatched:");
    expect(svg).toContain(">≥ 3.16<");
    expect(svg).toMatch(/<image x="-?[\d.]+" y="-?[\d.]+" .*href="data:image\/png;base64,AA=="\/>/);
    // The frame's clip for the ground and for the run, the three cells without a value, and groups closed.
    expect(svg.match(/<clipPath /g)).toHaveLength(3);
    const ids = [...svg.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids).toHaveLength(4);
    expect(new Set(ids).size).toBe(4);
    expect(svg.match(/<g /g)).toHaveLength(svg.match(/<\/g>/g)!.length);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    const metadata = /<metadata>([^<]*)<\/metadata>/.exec(svg)![1]!;
    const letters: Record<string, string> = { quot: '"', lt: "<", gt: ">", amp: "&" };
    const read = JSON.parse(metadata.replace(/&(\w+);/g, (_, name: string) => letters[name]!));
    expect(read).toMatchObject({
      experiment,
      size: 3,
      a: [-0.1, 0.1],
      b: [-0.7, 0.9],
      labels: landscape.labels,
    });
    expect(read.marks).toEqual(landscape.marks);
    expect(read).not.toHaveProperty("excess");
    expect(words(decoded(read.u))).toEqual(words(vectors.u));
  });

  it("takes the colours that another picture has a say in", () => {
    browser();
    const figure = { landscape, parametrization: "standard", experiment, scale: "log" } as const;
    const svg = drawnSvg(landscapeDrawing({ ...figure, domain: { low: -2, high: 2 } }), "");
    expect(svg).toMatch(/>0\.0100<[^]*>≥ 100</);
    expect(svg).toContain(">Standard layers, width 2");
  });

  it("gets a name that says what it is", () => {
    expect(landscapeExport({ landscape, vectors, experiment, scale: "log" }).name).toBe(
      "identity-lab-landscape-identity-step-12300",
    );
  });
});
