// One member of the pool: finds directions and evaluates rows of landscapes on the CPU.
import * as Comlink from "comlink";
import { serving } from "./places";
import {
  asLabError,
  type BallSample,
  type Certificates,
  type DepthBounds,
  type Directions,
  type PlaneSpec,
  type PlaneVectors,
  type Probe,
} from "./types";
import { instantiate, type WasmLandscapeWorker, type WasmModule, type WasmSurvey } from "./wasm";

/** A plane before it has a number. */
export type Vectors = Omit<PlaneVectors, "plane">;

/** Points of other runs that a spec names. */
export interface NamedPoints {
  names: readonly string[];
  /** One after the other. */
  points: Float32Array;
}

export interface RowsResult {
  values: Float32Array;
  milliseconds: number;
}

export class RowsHost {
  private module: WasmModule | undefined;
  private worker: WasmLandscapeWorker | undefined;
  /** The plane of each twin, by the number the session gave it. */
  private readonly planes = new Map<number, { id: number; survey: WasmSurvey }>();

  async start(compiled: WebAssembly.Module): Promise<void> {
    this.module = await instantiate(compiled, "core");
  }

  configure(experimentJson: string): void {
    this.end();
    this.worker = new this.module!.LandscapeWorker(experimentJson);
  }

  /** Frees what it holds. */
  end(): void {
    this.worker?.free();
    this.worker = undefined;
    for (const { survey } of this.planes.values()) survey.free();
    this.planes.clear();
  }

  /** Where the plane of a spec lies for a run with these points, its start first, its iterate last. */
  directions(
    parametrization: PlaneVectors["parametrization"],
    spec: PlaneSpec,
    path: Float32Array,
    { names, points }: NamedPoints,
  ): Directions {
    try {
      const found = this.worker!.directions(parametrization, JSON.stringify(spec), path, names, points);
      return Comlink.transfer(
        found,
        [found.origin, found.u, found.v].map((values) => values.buffer as ArrayBuffer),
      );
    } catch (error) {
      throw asLabError(error);
    }
  }

  /** Looks for the critical point nearest to a point of a plane. */
  probe({ parametrization, origin, u, v }: Vectors, a: number, b: number): Probe {
    try {
      return this.worker!.probe(parametrization, origin, u, v, a, b);
    } catch (error) {
      throw asLabError(error);
    }
  }

  /** Theorem 2.2 at every point of a path. */
  certificates(
    parametrization: PlaneVectors["parametrization"],
    path: Float32Array,
    steps: Float64Array,
  ): Certificates {
    try {
      const numbers = this.worker!.certificates(parametrization, path);
      const column = (at: number) => Float64Array.from(steps, (_, i) => numbers[6 * i + at]!);
      const [gradientSquared, excess, tau] = [column(0), column(1), column(2)];
      return { steps, gradientSquared, excess, tau, bound: column(3), sharp: column(4), printed: column(5) };
    } catch (error) {
      throw asLabError(error);
    }
  }

  /** Random networks of a ball, by their numbers. */
  ball(
    parametrization: PlaneVectors["parametrization"],
    tau: number,
    from: number,
    count: number,
  ): BallSample {
    try {
      const numbers = this.worker!.ball(parametrization, tau, from, count);
      const column = (at: number) => Float64Array.from({ length: count }, (_, i) => numbers[2 * i + at]!);
      return { from, excess: column(0), gradientSquared: column(1) };
    } catch (error) {
      throw asLabError(error);
    }
  }

  /** The parameters of one of them. */
  ballPoint(parametrization: PlaneVectors["parametrization"], tau: number, number: number): Float32Array {
    try {
      return this.worker!.ballPoint(parametrization, tau, number);
    } catch (error) {
      throw asLabError(error);
    }
  }

  smallestCovariance(): number {
    return this.worker!.smallestCovariance();
  }

  /** The parameters that Theorem 2.1 constructs. */
  optimum(parametrization: PlaneVectors["parametrization"]): Float32Array {
    try {
      return this.worker!.optimum(parametrization);
    } catch (error) {
      throw asLabError(error);
    }
  }

  /** Theorem 2.1 at every depth up to that one. */
  depths(most: number): DepthBounds {
    try {
      return this.worker!.depths(most);
    } catch (error) {
      throw asLabError(error);
    }
  }

  /** The plane crosses once; the blocks of rows that follow name it. */
  setPlane(twin: number, id: number, plane: Vectors, columns: number, rows: number): void {
    const { parametrization, origin, u, v } = plane;
    const survey = this.worker!.survey(parametrization, origin, u, v, columns, rows);
    this.planes.get(twin)?.survey.free();
    this.planes.set(twin, { id, survey });
  }

  rows(twin: number, id: number, a: Float32Array, b: Float32Array): RowsResult | undefined {
    const plane = this.planes.get(twin);
    if (plane?.id !== id) return undefined;
    const begin = performance.now();
    const values = plane.survey.rows(a, b);
    return Comlink.transfer({ values, milliseconds: performance.now() - begin }, [
      values.buffer as ArrayBuffer,
    ]);
  }

  /** The excess risk in float64 at points of the plane, given as (a, b) pairs. */
  exact(twin: number, id: number, points: readonly (readonly [number, number])[]): number[] | undefined {
    const plane = this.planes.get(twin);
    if (plane?.id !== id) return undefined;
    return points.map(([a, b]) => plane.survey.exact(a, b));
  }

  /** Excess risk and gradient norm in float64 at a point of the plane. */
  read(twin: number, id: number, a: number, b: number): { excess: number; gradientNorm: number } | undefined {
    const plane = this.planes.get(twin);
    if (plane?.id !== id) return undefined;
    return { excess: plane.survey.exact(a, b), gradientNorm: plane.survey.gradientNorm(a, b) };
  }
}

export const serve = serving(() => new RowsHost());
