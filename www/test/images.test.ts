import { describe, expect, it } from "vitest";
import { droppedFiles } from "../src/dropped-files";
import type { ImageExperiment } from "../src/engine/images";
import { VARIANTS } from "../src/image-comparison";
import { ImageRun, testEvery } from "../src/image-run";
import { readImages, settingsOf, writeImages } from "../src/images-address";
import { adjustment, experimentOf, formOf, type ImagesForm } from "../src/images-form";
import type { ImageLab } from "../src/engine/image-lab";

const EXPERIMENT: ImageExperiment = {
  version: 1,
  seed: 1,
  network: {
    stem: 8,
    stages: [
      { filters: 8, blocks: 1 },
      { filters: 16, blocks: 2 },
    ],
    skips: true,
    batchNorm: false,
    trainTop: false,
    start: "identity",
  },
  training: {
    batch: 128,
    learningRate: 0.05,
    drops: [300, 350],
    dropFactor: 10,
    momentum: 0.9,
    weightDecay: 1e-4,
    crop: 0,
    flip: false,
    standardize: true,
    steps: 400,
  },
};

describe("the settings of a run on images", () => {
  it("are the experiment again", () => {
    const form = formOf(EXPERIMENT);
    expect(form["network.stages"]).toBe("8 × 1, 16 × 2");
    expect(experimentOf(form)).toEqual(EXPERIMENT);
  });

  it("may be typed in other ways", () => {
    const form = { ...formOf(EXPERIMENT), "network.stages": "8x1; 16*2", "training.drops": "" };
    expect(experimentOf(form)).toEqual({
      ...EXPERIMENT,
      training: { ...EXPERIMENT.training, drops: [] },
    });
  });

  it("change a run that goes on where only its rate and its end differ", () => {
    const { training } = EXPERIMENT;
    const later = { ...EXPERIMENT, training: { ...training, learningRate: 0.01, steps: 500 } };
    expect(adjustment(EXPERIMENT, later)).toEqual({ learningRate: 0.01, steps: 500 });
    expect(adjustment(EXPERIMENT, { ...later, seed: 2 })).toBeUndefined();
    expect(
      adjustment(EXPERIMENT, { ...later, training: { ...later.training, drops: [10] } }),
    ).toBeUndefined();
  });

  it("leave to the crate what is no number", () => {
    const form = { ...formOf(EXPERIMENT), "network.stages": "8 × 1, many", seed: "" };
    expect(experimentOf(form)).toMatchObject({
      seed: "",
      network: { stages: [{ filters: 8, blocks: 1 }, "many"] },
    });
  });
});

describe("a run", () => {
  it("is tested about twenty times, at round steps", () => {
    expect([1, 20, 60, 400, 8000, 60_000].map(testEvery)).toEqual([1, 1, 5, 20, 500, 5000]);
  });

  it("trains slices until it is over, and is tested at the steps that are due and at the end", async () => {
    let step = 0;
    const tested: number[] = [];
    const status = () => ({ experiment: EXPERIMENT, step, over: step >= 50 });
    const host = {
      advance: () => {
        step = Math.min(50, step + 15);
        const record = { step: step - 1, loss: 1, error: step / 100, learningRate: 0.05 };
        return Promise.resolve({ records: [record], status: status(), busy: 1 });
      },
      test: (_: string, most: number) => {
        tested.push(most);
        return Promise.resolve({ images: 10, wrong: 3 });
      },
    };
    const points: unknown[] = [];
    const run = new ImageRun({ host } as unknown as ImageLab, {
      onStatus: () => undefined,
      onTest: (point) => void points.push(point),
    });
    await run.train({ ...status(), convolutions: 5, blocks: 2, weights: 9 });
    expect(points).toEqual([
      { step: 30, train: (0.15 + 0.3) / 2, test: 0.3 },
      { step: 45, train: 0.45, test: 0.3 },
      { step: 50, train: 0.5, test: 0.3 },
    ]);
    // The whole test set only at the end.
    expect(tested).toEqual([2000, 2000, Infinity]);
  });

  it("is compared with networks that differ in one thing, each from the paper's", () => {
    expect(VARIANTS[0]!.change).toEqual({});
    expect(new Set(VARIANTS.map(({ id }) => id)).size).toBe(5);
  });
});

describe("files that are dropped", () => {
  const file = (name: string): unknown => ({
    name,
    isFile: true,
    fullPath: name,
    file: (take: (file: File) => void) => take(new File(["x"], name.split("/").at(-1)!)),
  });
  const folder = (name: string, ...entries: unknown[]): unknown => ({
    name,
    isFile: false,
    fullPath: name,
    createReader: () => {
      // As browsers do: some at a time, then none.
      const parts = [entries.slice(0, 1), entries.slice(1), []];
      return { readEntries: (take: (entries: unknown[]) => void) => take(parts.shift()!) };
    },
  });
  const dropped = (...entries: unknown[]) =>
    droppedFiles({
      items: entries.map((entry) => ({ kind: "file", webkitGetAsEntry: () => entry })),
    } as unknown as DataTransfer);

  it("come with the folders they lie in, without hidden ones", async () => {
    const files = await dropped(
      folder(
        "/pets",
        folder("/pets/dog", file("/pets/dog/1.png"), file("/pets/dog/2.png")),
        file(".DS_Store"),
      ),
      file("/a.bin"),
    );
    expect(files.map(({ path }) => path)).toEqual(["a.bin", "pets/dog/1.png", "pets/dog/2.png"]);
  });
});

describe("the address of the section", () => {
  const form = formOf(EXPERIMENT);
  const changed: ImagesForm = { ...form, "network.stages": "8 × 2", "training.flip": "true" };

  it("says what differs from the first settings, and reads it again", () => {
    const settings = settingsOf(changed, form);
    expect(settings).toEqual({ "network.stages": "8 × 2", "training.flip": "true" });
    const fields = writeImages({ open: true, settings });
    expect([...fields.keys()]).toEqual(["images", "images.network.stages", "images.training.flip"]);
    expect(readImages(fields)).toEqual({ open: true, settings });
    expect(readImages(new Map())).toBeUndefined();
  });

  it("knows every setting of the form", () => {
    const other = Object.fromEntries(Object.keys(form).map((name) => [name, "x"])) as ImagesForm;
    expect(settingsOf(other, form)).toEqual(other);
  });

  it("names a setting that does not exist", () => {
    expect(() => readImages(new Map([["images.colour", "red"]]))).toThrow(
      /images\.colour: there is no such setting of images; allowed are images\.seed, /,
    );
    expect(() => readImages(new Map([["images", "ajar"]]))).toThrow(/allowed are open and closed/);
  });
});
