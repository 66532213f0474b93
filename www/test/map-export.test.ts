import { afterEach, describe, expect, it, vi } from "vitest";
import type { Atlas } from "../src/engine/atlas";
import { mapAbout, mapCsv, mapFile, type ExportedMap } from "../src/export/map-file";
import { withMembers } from "../src/export/text";
import { mapDrawing } from "../src/export/map-figure";
import { mapExport } from "../src/export/map-save";
import { drawnSvg } from "../src/export/svg";
import { SvgContext } from "../src/export/svg-context";

const N = Number.NaN;

/** Three columns and two rows; one network diverged, one never learned, and one cell shows its neighbour's. */
const atlas: Atlas = {
  spec: {
    experiment: {
      version: 1,
      seed: 7,
      network: { kind: "linear", width: 4, layers: 9 },
      target: { kind: "random", condition: 10 },
      data: { kind: "population", covariance: 1, noise: 0 },
      optimizer: { kind: "gradientDescent", learningRate: 0.05 },
      batch: null,
      twins: [
        { parametrization: "identity", start: { kind: "identity" } },
        { parametrization: "standard", start: { kind: "xavier", scale: 1 } },
      ],
    },
    x: { quantity: "learningRate", scale: "log", low: 0.001, high: 1 },
    y: { quantity: "condition", scale: "linear", low: 1, high: 3 },
    columns: 3,
    rows: 2,
    budget: { steps: 2000, threshold: 0.01, stopAtThreshold: false },
  },
  engine: "cpu",
  workers: 2,
  x: Float64Array.of(0.003, 0.03, 0.3),
  y: Float64Array.of(1.5, 2.5),
  twins: [
    {
      excess: Float32Array.of(0.1, 1e-7, 3e38, 2, 2, 2),
      steps: Float32Array.of(N, 40, N, N, N, 9),
      divergedAt: Float32Array.of(N, N, 3, N, N, N),
    },
    {
      excess: Float32Array.of(1 / 3, 0, 1, 2, 2, 2),
      steps: Float32Array.of(12, 0, N, N, N, N),
      divergedAt: Float32Array.of(N, N, N, N, N, N),
    },
  ],
  grain: Uint16Array.of(1, 1, 1, 1, 2, 1),
  trained: 10,
  networks: 12,
  networkSteps: 1e5,
  milliseconds: 100,
};
const map: ExportedMap = { atlas, view: "map" };

function decoded(text: string): number[] {
  const bytes = Uint8Array.from(Buffer.from(text, "base64"));
  return Array.from({ length: bytes.length / 4 }, (_, i) =>
    new DataView(bytes.buffer).getFloat32(4 * i, true),
  );
}

describe("a saved map", () => {
  it("holds the whole request and every bit of the outcomes, and nothing of what was not trained", () => {
    const file = JSON.parse(withMembers(mapFile(map))) as ReturnType<typeof mapFile>;
    expect(file).toMatchObject({ format: "identity-lab map", version: 1, engine: "cpu", view: "map" });
    expect(file.map).toEqual(atlas.spec);
    expect(file.x).toEqual([...atlas.x]);
    expect(decoded(file.trained)).toEqual([1, 1, 1, 1, 0, 1]);
    file.twins.forEach(({ parametrization, ...outcomes }, i) => {
      expect(parametrization).toBe(["identity", "standard"][i]);
      for (const [name, text] of Object.entries(outcomes)) {
        const wanted = [...atlas.twins[i]![name as "excess"]].map((v, cell) => (cell === 4 ? N : v));
        expect(decoded(text)).toEqual(wanted);
      }
    });
    expect(file.networks).toEqual([10, 12]);
  });

  it("is a table with one row for each network that was trained", () => {
    const lines = mapCsv(map).trimEnd().split("\n");
    expect(lines.filter((line) => line.startsWith("#"))).toContain(
      '# y: {"quantity":"condition","scale":"linear","low":1,"high":3}',
    );
    expect(lines.some((line) => line.startsWith("# experiment: {") && line.includes('"seed":7'))).toBe(true);
    const table = lines.filter((line) => !line.startsWith("#"));
    expect(table[0]).toBe("learningRate,condition,network,parametrization,excess,steps,divergedAt");
    expect(table).toHaveLength(11);
    expect(table[1]).toBe("0.003,1.5,1,identity,0.1,,");
    expect(table[2]).toBe("0.003,1.5,2,standard,0.33333334,12,");
    expect(table[5]).toBe("0.3,1.5,1,identity,3e+38,,3");
    expect(table.some((line) => line.startsWith("0.03,2.5"))).toBe(false);
  });

  it("gets a name that says what it is", () => {
    expect(mapExport(map).name).toBe("identity-lab-map-learningRate-condition");
    expect(mapExport({ ...map, view: "curves" }).name).toBe("identity-lab-curves-learningRate");
  });
});

describe("its figure", () => {
  afterEach(() => vi.unstubAllGlobals());

  function drawn(exported: ExportedMap): string {
    const canvas = {
      getContext: () => ({ putImageData: () => undefined }),
      toDataURL: () => "data:image/png;base64,AA==",
    };
    vi.stubGlobal("document", { createElement: () => canvas });
    vi.stubGlobal("ImageData", class {});
    return drawnSvg(mapDrawing(exported), withMembers(mapAbout(exported)));
  }

  it("shows every network's map, with what identifies them", () => {
    const svg = drawn(map);
    expect(svg.match(/<image /g)).toHaveLength(2);
    expect(svg).toContain(">Training against learning rate and condition number of the target<");
    expect(svg).toContain(">Standard layers, start: Xavier<");
    expect(svg).toContain("width 4, depth 9, seed 7; at most 2\u202f000 steps each.");
    expect(svg).toContain("Trained so far: 10 of 12 networks.");
    expect(svg).toContain("diverged");
    expect(svg).not.toContain("not within");
    expect(svg).toMatch(/<metadata>[^<]*&quot;seed&quot;:7/);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    const stopping = structuredClone(atlas);
    stopping.spec.budget.stopAtThreshold = true;
    expect(drawn({ ...map, atlas: stopping })).toContain("not within 2\u202f000 steps");
  });

  it("shows curves with bands, dashed where both networks are of one kind", () => {
    const seeds = structuredClone(atlas);
    seeds.spec.y = { quantity: "seed", scale: "linear", low: 6.5, high: 8.5 };
    const svg = drawn({ atlas: seeds, view: "curves" });
    expect(svg).toContain(">Steps until learned against learning rate<");
    expect(svg).toContain('fill-opacity="0.2"');
    expect(svg).toContain("medians over 2 seeds");
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    expect(svg).not.toContain("stroke-dasharray");
    (seeds.spec.experiment.twins as { parametrization: string }[])[1]!.parametrization = "identity";
    expect(drawn({ atlas: seeds, view: "curves" })).toContain('stroke-dasharray="6 4"');
  });
});

it("SVG knows dashes and transparency, and forgets them with restore", () => {
  const context = new SvgContext("x");
  const line = () => {
    context.beginPath();
    context.moveTo(0, 0);
    context.lineTo(1, 1);
    context.stroke();
  };
  context.save();
  context.setLineDash([6, 4.5]);
  context.globalAlpha = 0.5;
  context.strokeStyle = "rgb(0 0 0 / 0.5)";
  line();
  context.restore();
  line();
  const [dashed, plain] = context.text().split("\n");
  expect(dashed).toContain('stroke-dasharray="6 4.5"');
  expect(dashed).toContain('stroke-opacity="0.25"');
  expect(plain).not.toMatch(/dash|opacity/);
});
