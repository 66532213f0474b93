// What the surveyor asks of the session, answered in the session's worker between two calls of its own.
import * as Comlink from "comlink";
import { as, type KeptPoints } from "./kept";
import { project } from "./projection";
import type { SerialQueue } from "./queue";
import type { NamedPoints, RowsResult, Vectors } from "./rows-host";
import {
  asLabError,
  type EngineName,
  type Experiment,
  type Frame,
  type Parametrization,
  type Shadow,
} from "./types";
import type { WasmSession } from "./wasm";

/** The session as its worker holds it. */
export interface Running {
  queue: SerialQueue;
  session(): WasmSession;
  experiment(): Experiment;
  engine(): EngineName;
  step(): number;
  kept: KeptPoints;
}

/** A run as a surveyor sees it when it lays a plane. */
export interface RunSeen {
  parametrization: Parametrization;
  /** Its start first, its iterate last: all points that are kept, or these two. */
  path: Float32Array;
  named: NamedPoints;
  engine: EngineName;
  divergence: number;
}

interface Held extends Vectors {
  id: number;
}

/** Above this many parameters the moving marker is not worth projecting every frame. */
const PROJECT_AT_MOST = 1 << 17;

export class Desk {
  /** The plane that the session has, and the one of the picture on show, on which the moving marker stands. */
  private laid: (Held | undefined)[] = [];
  private shown: (Held | undefined)[] = [];

  constructor(private readonly running: Running) {}

  /** The session is another one, or has another memory: planes that were laid in the old one are gone. */
  clear(): void {
    this.laid = [];
    this.shown = [];
  }

  see(twin: number, all: boolean, names: readonly string[]): Promise<RunSeen> {
    return this.ask((session) => {
      const seen: RunSeen = {
        parametrization: session.parametrization(twin),
        path: session.path(twin, all),
        named: this.named(session, twin, names),
        engine: this.running.engine(),
        divergence: session.divergence(),
      };
      return Comlink.transfer(seen, [
        seen.path.buffer as ArrayBuffer,
        seen.named.points.buffer as ArrayBuffer,
      ]);
    });
  }

  /** All points that are kept of a run, with their steps. */
  path(twin: number): Promise<{ parametrization: Parametrization; path: Float32Array; steps: Float64Array }> {
    return this.ask((session) => {
      const seen = {
        parametrization: session.parametrization(twin),
        path: session.path(twin, true),
        steps: session.pathSteps(twin),
      };
      return Comlink.transfer(seen, [seen.path.buffer as ArrayBuffer, seen.steps.buffer as ArrayBuffer]);
    });
  }

  /** Lays a plane through a twin's run, which may have gone on since it was seen. */
  lay(
    twin: number,
    id: number,
    { parametrization, origin, u, v }: Vectors,
    middle: number,
    half: number | undefined,
  ): Promise<{ shadow: Shadow; step: number }> {
    return this.ask((session) => {
      const shadow = session.setPlane(twin, origin, u, v, middle, half);
      this.laid[twin] = { id, parametrization, origin, u, v };
      return { shadow, step: this.running.step() };
    });
  }

  /** Rows of the plane laid last, by the session's own engine; undefined if another one has been laid since. */
  rows(twin: number, id: number, a: Float32Array, b: Float32Array): Promise<RowsResult | undefined> {
    return this.ask(async (session) => {
      if (this.laid[twin]?.id !== id) return undefined;
      const begin = performance.now();
      const values = await session.landscape(twin, a, b);
      const result = { values, milliseconds: performance.now() - begin };
      return Comlink.transfer(result, [values.buffer as ArrayBuffer]);
    });
  }

  /** A picture of that plane is on show now. */
  show(twin: number, id: number): void {
    const held = this.laid[twin];
    if (held?.id === id) this.shown[twin] = held;
  }

  /** Marks where the iterate stands in the plane on show, so that it moves between two landscapes. */
  mark(frame: Frame): void {
    frame.twins.forEach((twin, i) => {
      const held = this.shown[i];
      if (!held || held.origin.length > PROJECT_AT_MOST) return;
      const theta = this.running.session().parameters(i);
      if (theta.length !== held.origin.length) return;
      twin.point = { plane: held.id, ...project(theta, held.origin, held.u, held.v) };
    });
  }

  /** The points of other runs among these names, in the parametrization of that twin. */
  private named(session: WasmSession, twin: number, names: readonly string[]): NamedPoints {
    const { network, twins } = this.running.experiment();
    const count = session.parameters(twin).length;
    const parametrization = session.parametrization(twin);
    const found: [string, Float32Array][] = [];
    for (const name of names) {
      const values =
        name === "other" && twins.length > 1
          ? as(session.parameters(1 - twin), session.parametrization(1 - twin), parametrization, network)
          : this.running.kept.find(name, parametrization, network, count);
      if (values) found.push([name, values]);
    }
    const size = found[0]?.[1].length ?? 0;
    const points = new Float32Array(found.length * size);
    found.forEach(([, values], i) => points.set(values, i * size));
    return { names: found.map(([name]) => name), points };
  }

  private ask<T>(answer: (session: WasmSession) => T | Promise<T>): Promise<T> {
    return this.running.queue.run(async () => {
      try {
        return await answer(this.running.session());
      } catch (error) {
        throw asLabError(error);
      }
    });
  }
}
