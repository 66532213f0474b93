import { describe, expect, it } from "vitest";
import { fromPad, toPad } from "../src/draw/points";
import { TableReader, type TableOptions, type TableResult } from "../src/engine/table";
import { decode, type TableHost } from "../src/engine/table-host";
import type { Hosted } from "../src/engine/hosted";
import { dataOf, drawable, Drawing, MAX_POINTS, PAD, padHalf } from "../src/points";

describe("a drawing", () => {
  const drawn = () => {
    const drawing = new Drawing();
    drawing.begin();
    drawing.put(0.1, 0.2, 0, PAD);
    drawing.put(-5, 7, 3, PAD);
    drawing.end();
    return drawing;
  };

  it("keeps points within the pad, as float32 has them", () => {
    const { points } = drawn();
    expect(points.map(({ x, y }) => [x, y])).toEqual([
      [Math.fround(0.1), Math.fround(0.2)],
      [Math.fround(-PAD), Math.fround(PAD)],
    ]);
  });

  it("undoes and redoes whole strokes", () => {
    const drawing = drawn();
    drawing.begin();
    expect(drawing.erase(0.1, 0.2, 0.05)).toBe(1);
    expect(drawing.end()).toBe(true);
    expect(drawing.points).toHaveLength(1);
    expect(drawing.undo()).toBe(true);
    expect(drawing.points).toHaveLength(2);
    expect(drawing.undo()).toBe(true);
    expect(drawing.points).toHaveLength(0);
    expect(drawing.undo()).toBe(false);
    expect(drawing.redo() && drawing.redo()).toBe(true);
    expect(drawing.points).toHaveLength(1);
    expect(drawing.canRedo).toBe(false);
    drawing.undo();
    drawing.begin();
    drawing.put(0, 0, 1, PAD);
    drawing.end();
    expect(drawing.canRedo).toBe(false);
  });

  it("takes a stroke that changed nothing for no step", () => {
    const drawing = drawn();
    drawing.begin();
    expect(drawing.erase(1, -1, 0.01)).toBe(0);
    expect(drawing.end()).toBe(false);
    drawing.undo();
    expect(drawing.points).toHaveLength(0);
  });

  it("finds the nearest point and removes it alone", () => {
    const drawing = drawn();
    const near = drawing.nearest(-1, 1)!;
    expect(near.label).toBe(3);
    drawing.remove(near);
    expect(drawing.points.map(({ label }) => label)).toEqual([0]);
    expect(new Drawing().nearest(0, 0)).toBeUndefined();
  });

  it("becomes an experiment's data, classes keeping their numbers", () => {
    const drawing = drawn();
    expect(drawing.problem).toBe("");
    const data = dataOf(drawing.labelled(), 0.25);
    expect(data).toMatchObject({ kind: "points", dimension: 2, classes: 4, labels: [0, 3], heldOut: 0.25 });
    const bytes = Uint8Array.from(atob(data.inputs), (c) => c.charCodeAt(0));
    expect([...new Float32Array(bytes.buffer)]).toEqual([0.1, 0.2, -PAD, PAD].map(Math.fround));
  });

  it("cannot be trained on with one class", () => {
    const drawing = new Drawing();
    expect(drawing.problem).toContain("two classes");
    drawing.put(0, 0, 5, PAD);
    drawing.put(1, 0, 5, PAD);
    expect(drawing.problem).toContain("two classes");
    drawing.put(1, 0, 0, PAD);
    expect(drawing.problem).toBe("");
  });

  it("knows its own points again, and others not", () => {
    const drawing = drawn();
    const points = drawing.labelled();
    expect(drawing.equals({ ...points, labels: [...points.labels] })).toBe(true);
    expect(drawing.equals({ ...points, labels: [0, 2] })).toBe(false);
    expect(drawing.equals({ ...points, inputs: [0, 0, 0, 0] })).toBe(false);
    expect(drawing.equals({ ...points, dimension: 1 })).toBe(false);
    expect(drawable(points)).toEqual(drawing.points);
  });

  it("is full at as many points as the crate takes", () => {
    const drawing = new Drawing();
    drawing.replace(new Array(MAX_POINTS).fill({ x: 0, y: 0, label: 0 }));
    expect(drawing.put(0, 0, 0, PAD)).toBe(false);
    expect(drawing.points).toHaveLength(MAX_POINTS);
  });
});

describe("the pad", () => {
  it("grows with points that need it, in steps", () => {
    const half = (x: number) => padHalf([{ x: 0, y: x, label: 0 }]);
    expect(half(0.3)).toBe(PAD);
    expect(half(-3.14)).toBeCloseTo(3.3);
    expect(half(3.2)).toBeCloseTo(half(3.21));
    expect(half(8e5)).toBeGreaterThan(8e5);
    expect(half(8e5)).toBeLessThan(8.4e5);
  });

  it("maps places to the screen and back", () => {
    const [px, py] = toPad(300, 1.2, 0.5, -0.75);
    expect(px).toBeGreaterThan(150);
    expect(py).toBeGreaterThan(150);
    const [x, y] = fromPad(300, 1.2, px, py);
    expect(x).toBeCloseTo(0.5, 12);
    expect(y).toBeCloseTo(-0.75, 12);
  });
});

describe("files", () => {
  const bytes = (...values: number[]) => Uint8Array.from(values).buffer;

  it("are decoded from UTF-8, UTF-16 and Windows' Latin", () => {
    expect(decode(new TextEncoder().encode("é,1\n").buffer as ArrayBuffer)).toBe("é,1\n");
    expect(decode(bytes(0xef, 0xbb, 0xbf, 0x61))).toBe("a");
    expect(decode(bytes(0xff, 0xfe, 0x61, 0, 0xe9, 0))).toBe("aé");
    expect(decode(bytes(0xfe, 0xff, 0, 0x61, 0, 0xe9))).toBe("aé");
    expect(decode(bytes(0x61, 0xe9, 0x2c))).toBe("aé,");
    expect(decode(bytes())).toBe("");
  });

  /** A reader whose worker is here and answers when it is told to. */
  function readerWith(host: Partial<Record<keyof TableHost, (...args: never[]) => unknown>>) {
    const answers: string[] = [];
    const errors: string[] = [];
    const reader = new TableReader(
      (result) => answers.push(String(result.reading)),
      (error) => errors.push(error.message),
      async () => ({ host, worker: { terminate: () => undefined } }) as unknown as Hosted<TableHost>,
    );
    return { reader, answers, errors };
  }
  const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

  it("answer the newest request only, and are handed over once", async () => {
    const opened: number[] = [];
    const asked: TableOptions[] = [];
    const { reader, answers } = readerWith({
      open: (buffer: ArrayBuffer) => opened.push(buffer.byteLength),
      read: async (options: TableOptions) => {
        asked.push(options);
        await new Promise((resolve) => setTimeout(resolve, 1));
        return { reading: `label ${options.label}`, points: null } as unknown as TableResult;
      },
    });
    const file = new Blob(["abc"]);
    for (const label of [0, 1, 2, 3]) reader.read(file, { label });
    await settled();
    expect(answers).toEqual(["label 3"]);
    expect(asked.length).toBeLessThanOrEqual(2);
    reader.read(file, { label: 4 });
    await settled();
    expect(answers).toEqual(["label 3", "label 4"]);
    expect(opened).toEqual([3]);
  });

  it("are not answered when something else was asked meanwhile", async () => {
    let finish: (() => void) | undefined;
    const { reader, answers } = readerWith({
      open: () => undefined,
      read: async ({ label }: TableOptions) => {
        if (label === 0) await new Promise<void>((resolve) => (finish = resolve));
        return { reading: `label ${label}`, points: null } as unknown as TableResult;
      },
    });
    const file = new Blob(["abc"]);
    reader.read(file, { label: 0 });
    await settled();
    reader.read(file, { label: 1 });
    finish!();
    await settled();
    expect(answers).toEqual(["label 1"]);
  });

  it("are refused with a sentence when too large, before they are read", async () => {
    const { reader, errors } = readerWith({});
    const large = { size: 33 * 2 ** 20, arrayBuffer: () => expect.unreachable() } as unknown as Blob;
    reader.read(large, {});
    await settled();
    expect(errors).toEqual(["Allowed are files of up to 32 MB; this one has 33.0 MB."]);
    const folder = { size: 1, arrayBuffer: () => Promise.reject(new Error("x")) } as unknown as Blob;
    reader.read(folder, {});
    await settled();
    expect(errors[1]).toContain("could not be read");
  });

  it("can be closed while one is read", async () => {
    let ends = false;
    const { reader, answers, errors } = readerWith({
      open: () => undefined,
      read: () => (ends ? { reading: "ended" } : new Promise(() => undefined)),
    });
    const file = new Blob(["abc"]);
    reader.read(file, {});
    await settled();
    reader.close();
    ends = true;
    await settled();
    expect([answers, errors]).toEqual([[], []]);
    reader.read(file, {});
    await settled();
    expect(answers).toEqual(["ended"]);
  });
});
