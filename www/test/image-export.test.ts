import { afterEach, describe, expect, it, vi } from "vitest";
import { formatCount } from "../src/draw/scale";
import type { ImageSetInfo, RunStatus } from "../src/engine/images";
import { imageDrawing } from "../src/export/image-figure";
import type { ExportedImages, ImageFigure } from "../src/export/image-file";
import { imageExport } from "../src/export/image-save";
import { blobOf } from "../src/export/save";

const set: ImageSetInfo = {
  name: "shapes",
  classes: ["disc", 'a "square", filled', "ring"],
  channels: 1,
  height: 8,
  width: 8,
  train: 3823,
  test: 1000,
};

const status: RunStatus = {
  experiment: {
    version: 1,
    seed: 7,
    network: {
      stem: 8,
      stages: [{ filters: 8, blocks: 2 }],
      skips: true,
      batchNorm: false,
      trainTop: false,
      start: "identity",
    },
    training: {
      batch: 128,
      learningRate: 0.05,
      drops: [150],
      dropFactor: 10,
      momentum: 0.9,
      weightDecay: 0.0001,
      crop: 1,
      flip: false,
      standardize: true,
      steps: 200,
    },
  },
  step: 120,
  over: false,
  convolutions: 5,
  blocks: 2,
  weights: 2456,
};

const exported = (figure: ImageFigure): ExportedImages => ({ figure, set, device: "cpu", status });

const { experiment } = status;
const fan = { ...experiment, network: { ...experiment.network, start: "fan" as const } };
const errors: ImageFigure = {
  kind: "errors",
  scale: "log",
  runs: [
    {
      name: "this run",
      color: "var(--identity)",
      experiment,
      records: [
        { step: 60, train: 0.5, test: 0.25 },
        { step: 120, train: 1 / 3 },
      ],
    },
    {
      name: "fan, usual",
      color: "#b45309",
      experiment: fan,
      records: [{ step: 60, train: 0.75, test: 0.5 }],
    },
  ],
};

const plane: ImageFigure = {
  kind: "landscape",
  landscape: {
    axes: "plane",
    request: { axes: "plane", size: 3, radius: 1, seed: 4, subset: "test", images: 128 },
    step: 100,
    coordinates: Float32Array.of(-1, 0, 1),
    values: Float32Array.of(9, 2, 8, 1, 0.1, 3, 7, 4, NaN),
    done: 9,
    cells: 9,
  },
};

const line: ImageFigure = {
  kind: "landscape",
  landscape: {
    ...plane.landscape,
    axes: "line",
    request: { ...plane.landscape.request, axes: "line" },
    values: Float32Array.of(3, 1, 2),
    done: 3,
    cells: 3,
  },
};

const confusion: ImageFigure = {
  kind: "confusion",
  tally: {
    classes: 3,
    images: 1000,
    wrong: 5,
    loss: 0.125,
    confusion: Uint32Array.of(300, 1, 0, 4, 295, 0, 0, 0, 400),
    predictions: new Uint16Array(1000),
  },
};

const branches: ImageFigure = {
  kind: "branches",
  now: [
    { branch: 1, shortcut: 4 },
    { branch: 0.5, shortcut: 2 },
  ],
  start: [
    { branch: 0.01, shortcut: 4 },
    { branch: 0.02, shortcut: 2 },
  ],
};

const rowsOf = (figure: ImageFigure) =>
  imageExport(exported(figure))
    .csv()
    .trimEnd()
    .split("\n")
    .filter((row) => !row.startsWith("#"));

const documentOf = (figure: ImageFigure) =>
  JSON.parse(imageExport(exported(figure)).json()) as Record<string, unknown>;

describe("a figure of images as a file", () => {
  it("has a name that says what it is, and of which step", () => {
    const names = [errors, plane, confusion, branches].map((figure) => imageExport(exported(figure)).name);
    expect(names).toEqual([
      "identity-lab-images-errors-step-120",
      "identity-lab-images-landscape-step-100",
      "identity-lab-images-confusion-step-120",
      "identity-lab-images-branches-step-120",
    ]);
  });

  it.each([errors, plane, line, confusion, branches])("says what it was made from ($kind)", (figure) => {
    const { name, about, csv } = imageExport(exported(figure));
    expect(name).toContain(figure.kind);
    const told = JSON.parse(about()) as Record<string, unknown>;
    expect(told).toMatchObject({
      format: "identity-lab images",
      version: 1,
      figure: figure.kind,
      device: "cpu",
      set: { name: "shapes", train: 3823 },
      experiment: { seed: 7, training: { learningRate: 0.05 } },
    });
    expect(documentOf(figure)).toMatchObject(told);
    expect(csv()).toContain(`# experiment: ${JSON.stringify(experiment)}\n`);
  });

  it("has the errors of every run, and what else was trained", () => {
    expect(rowsOf(errors)).toEqual([
      "run,step,trainError,testError",
      "this run,60,0.5,0.25",
      "this run,120,0.3333333333333333,",
      '"fan, usual",60,0.75,0.5',
    ]);
    const { runs, comparedWith } = documentOf(errors);
    expect(runs).toEqual([
      { name: "this run", step: [60, 120], trainError: [0.5, 1 / 3], testError: [0.25, null] },
      { name: "fan, usual", step: [60], trainError: [0.75], testError: [0.5] },
    ]);
    expect(comparedWith).toEqual([{ name: "fan, usual", experiment: fan }]);
  });

  it("has the losses of a landscape with the directions' seed", () => {
    expect(rowsOf(plane).slice(0, 4)).toEqual(["a,b,loss", "-1,-1,9", "0,-1,2", "1,-1,8"]);
    expect(rowsOf(plane).at(-1)).toBe("1,1,nan");
    expect(rowsOf(line)).toEqual(["a,loss", "-1,3", "0,1", "1,2"]);
    const { coordinates, loss, landscape, step } = documentOf(plane);
    expect(coordinates).toEqual([-1, 0, 1]);
    expect(loss).toEqual([
      [9, 2, 8],
      [1, 0.1, 3],
      [7, 4, null],
    ]);
    expect(landscape).toEqual(plane.landscape.request);
    expect(step).toBe(100);
    expect(documentOf(line)["loss"]).toEqual([[3, 1, 2]]);
  });

  it("has confusions by class, and the norms of every block", () => {
    expect(rowsOf(confusion)).toEqual([
      'trueClass,disc,"a ""square"", filled",ring',
      "disc,300,1,0",
      '"a ""square"", filled",4,295,0',
      "ring,0,0,400",
    ]);
    expect(documentOf(confusion)).toMatchObject({ images: 1000, wrong: 5, loss: 0.125 });
    expect(documentOf(confusion)["confusion"]).toEqual([
      [300, 1, 0],
      [4, 295, 0],
      [0, 0, 400],
    ]);
    expect(rowsOf(branches)).toEqual([
      "block,branch,shortcut,branchAtStart,shortcutAtStart",
      "1,1,4,0.01,4",
      "2,0.5,2,0.02,2",
    ]);
    expect(rowsOf({ ...branches, start: [] }).at(-1)).toBe("2,0.5,2,,");
    expect(documentOf(branches)).toMatchObject({
      blocks: { branch: [1, 0.5], shortcut: [4, 2] },
      atStart: { branch: [0.01, 0.02], shortcut: [4, 2] },
    });
  });
});

describe("a figure of images for print", () => {
  afterEach(() => vi.unstubAllGlobals());

  /** As much of a browser as drawing takes. */
  function browser(): void {
    const context = {
      putImageData: () => undefined,
      measureText: (text: string) => ({ width: 6 * text.length }),
    };
    vi.stubGlobal("document", {
      createElement: () => ({ getContext: () => context, toDataURL: () => "data:image/png;base64,AA==" }),
    });
    vi.stubGlobal("ImageData", class {});
  }

  const drawn = async (figure: ImageFigure) => (await blobOf("svg", imageExport(exported(figure)))).text();

  it("names the set, the step, the network and the training", async () => {
    browser();
    const svg = await drawn(errors);
    expect(svg).toContain(">Error against steps<");
    expect(svg).toContain(
      `>shapes: ${formatCount(3823)} images to train on, ${formatCount(1000)} to test on; after step 120, trained on the processor.<`,
    );
    expect(svg).toContain(
      `>5 convolutions, ${formatCount(2456)} weights: with skips; start near the identity, σ = 1/(k<`,
    );
    expect(svg).toContain(">Learning rate 0.05, minibatches of 128, seed 7.<");
    // The page's own colours as they are on paper, others as they are.
    expect(svg).toContain('stroke="#0b6e66"');
    expect(svg).toContain('stroke="#b45309"');
    expect(svg).not.toContain("var(");
  });

  it("says what the colours of a plane are, at the step that it is of", async () => {
    browser();
    const svg = await drawn(plane);
    expect(svg).toContain("after step 100,");
    expect(svg).toContain("Filter-normalized directions of seed 4, loss on 128 test images.");
    expect(svg).toContain("<image ");
    expect(svg).toContain(">not finite<");
    expect(await drawn(line)).not.toContain("<image ");
  });

  it("draws confusions and blocks", async () => {
    browser();
    const svg = await drawn(confusion);
    expect(svg).toContain(`Tested on ${formatCount(1000)} images.`);
    expect(svg).toContain(">a &quot;square&quot;, filled<");
    expect(svg).toContain(">400<");
    expect(await drawn(branches)).toContain(">Solid: now. Hollow: at the start.<");
  });

  it.each([errors, plane, line, confusion, branches])("fits its sheet ($kind)", (figure) => {
    browser();
    const { width, height } = imageDrawing(exported(figure));
    expect([width, height].every((side) => side > 300 && side < 800)).toBe(true);
  });
});
