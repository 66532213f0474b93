// The landscapes of a session: lays planes through it, deals their rows, checks what came back. In a worker of its own,
// because every block of rows passes through here: in the session's worker each would wait for the steps under way.
import * as Comlink from "comlink";
import { Crew } from "./crew";
import { axesOf, checkOptions, iterateOf, movedTo, suggestedHalf, type LaidPlane } from "./laid-plane";
import { serving } from "./places";
import { Dealer, type RowsMember } from "./pool";
import type { Desk } from "./desk";
import { Newest } from "./queue";
import type { Vectors } from "./rows-host";
import { cellsToCheck, largestError } from "./trust";
import type {
  BallSample,
  Certificates,
  DepthBounds,
  EngineName,
  Landscape,
  LandscapeOptions,
  Parametrization,
  Place,
  PlaneSpec,
  PlaneVectors,
  Probe,
  Reading,
  Slices,
} from "./types";

/** A plane about to be drawn. */
interface Draft {
  plane: LaidPlane;
  dealer: Dealer;
  isNewest: () => boolean;
  begin: number;
}

/** A live picture is checked in float64 while that takes at most about this many multiply-adds. */
const CHECK_LIVE_AT_MOST = 1e8;

export class Surveyor {
  private readonly newest = new Newest();
  private crew!: Crew;
  private desk!: Comlink.Remote<Desk>;
  private planes: (LaidPlane | undefined)[] = [];
  /** The plane of the picture delivered last. */
  private shown: (LaidPlane | undefined)[] = [];
  private count = 0;
  private engine: EngineName = "cpu";
  /** Between two experiments nothing is drawn. */
  private closed = true;
  private ownDealer = new Dealer([this.own()]);

  /** `port` leads to the session's desk. */
  start(compiled: WebAssembly.Module, port: MessagePort): void {
    this.crew = new Crew(compiled);
    this.desk = Comlink.wrap<Desk>(port);
  }

  /** Where the pool's members run; undefined before the first of them was needed. */
  poolPlace(): Promise<Place | undefined> {
    return this.crew.place();
  }

  /** Ends the pool, which outlives a surveyor that is not in a worker. */
  end(): Promise<void> {
    return this.crew.end();
  }

  /** Another experiment is about to begin: what is under way comes to nothing. */
  close(): void {
    this.newest.cancelAll();
    this.closed = true;
  }

  /** The experiment stayed as it was. */
  reopen(): void {
    this.closed = false;
  }

  /** Another experiment: nothing known of the last one holds. */
  reset(experimentJson: string): void {
    this.newest.cancelAll();
    this.crew.reset(experimentJson);
    this.ownDealer = new Dealer([this.own()]);
    this.planes = [];
    this.shown = [];
    this.closed = false;
  }

  /** Expected milliseconds of a picture of that size, 0 while nothing is known. */
  estimate(size: number): number {
    return this.gpuIsFaster() ? this.ownDealer.estimate(size) : this.crew.estimate(size);
  }

  /** The landscape of a twin, or undefined where a newer request for that twin overtook this one. */
  async landscape(
    twin: number,
    options: LandscapeOptions,
    onProgress?: (done: number) => void,
  ): Promise<Landscape | undefined> {
    const { size = 65, background } = options;
    const draft = await this.draft(twin, options, size, size);
    if (!draft) return undefined;
    const { plane, dealer, isNewest, begin } = draft;
    const { id, directions, shadow } = plane;
    const { a, b } = axesOf(plane, options);
    const engine = dealer === this.ownDealer ? "webgpu" : "cpu";
    const values = await dealer.draw({ twin, plane: id, a, b, background, isNewest, onProgress });
    if (!values) return undefined;
    const n = directions.origin.length;
    const check = !background || n * Math.sqrt(n) <= CHECK_LIVE_AT_MOST;
    const cells = check ? cellsToCheck(size, id) : [];
    const exact = await (
      await this.crew.spokesman()
    ).exact(twin, id, [iterateOf(plane), ...cells.map(({ ia, ib }): [number, number] => [a[ia]!, b[ib]!])]);
    if (!exact || !isNewest()) return undefined;
    this.present(twin, plane);
    const picture: Landscape = {
      ...this.common(twin, plane, begin),
      size,
      a,
      b,
      values,
      optimum: directions.optimum ?? undefined,
      marks: directions.marks,
      trajectory: shadow.trajectory.slice(),
      steps: shadow.steps.slice(),
      planeDistance: shadow.planeDistance,
      inPlane: exact[0]!,
      checked: cells.length > 0 ? largestError(values, size, cells, exact.slice(1)) : undefined,
      engine,
    };
    return Comlink.transfer(picture, [values.buffer as ArrayBuffer]);
  }

  /** The lines along both directions through the iterate's place; undefined as for {@link landscape}. */
  async slices(twin: number, options: LandscapeOptions): Promise<Slices | undefined> {
    const { size = 129, background } = options;
    const draft = await this.draft(twin, options, size, 2);
    if (!draft) return undefined;
    const { plane, dealer, isNewest, begin } = draft;
    const { a, b } = axesOf(plane, { ...options, size });
    const at = iterateOf(plane);
    const part = { twin, plane: plane.id, background, isNewest };
    const alongA = await dealer.draw({ ...part, a, b: Float32Array.of(at[1]) });
    const alongB = alongA && (await dealer.draw({ ...part, a: Float32Array.of(at[0]), b }));
    if (!alongA || !alongB) return undefined;
    this.present(twin, plane);
    return { ...this.common(twin, plane, begin), at, a, alongA, b, alongB };
  }

  /** Theorem 2.2 at the points kept of a twin's run. */
  async certificates(twin: number): Promise<Certificates | undefined> {
    if (this.closed) return undefined;
    const { parametrization, path, steps } = await this.desk.path(twin);
    return (await this.crew.spokesman()).certificates(parametrization, path, steps);
  }

  /** Theorem 2.2 at parameters given. */
  async certify(parametrization: Parametrization, parameters: Float32Array): Promise<Certificates> {
    return (await this.crew.spokesman()).certificates(parametrization, parameters, Float64Array.of(0));
  }

  /** Random networks of the ball of radius τ; the members take turns. */
  async ball(
    parametrization: Parametrization,
    tau: number,
    from: number,
    count: number,
  ): Promise<BallSample | undefined> {
    if (this.closed) return undefined;
    const members = await this.crew.members();
    this.turn = (this.turn + 1) % members.length;
    return members[this.turn]!.ball(parametrization, tau, from, count);
  }

  async ballPoint(parametrization: Parametrization, tau: number, number: number): Promise<Float32Array> {
    return (await this.crew.spokesman()).ballPoint(parametrization, tau, number);
  }

  async smallestCovariance(): Promise<number> {
    return (await this.crew.spokesman()).smallestCovariance();
  }

  /** The parameters that Theorem 2.1 constructs. */
  async optimum(parametrization: Parametrization): Promise<Float32Array> {
    return (await this.crew.spokesman()).optimum(parametrization);
  }

  /** Theorem 2.1 at every depth up to that one. */
  async depths(most: number): Promise<DepthBounds> {
    return (await this.crew.spokesman()).depths(most);
  }

  private turn = 0;

  private present(twin: number, plane: LaidPlane): void {
    this.shown[twin] = plane;
    void this.desk.show(twin, plane.id);
  }

  /** What every picture of a plane says. */
  private common(twin: number, plane: LaidPlane, begin: number) {
    const { id, spec, directions, shadow, step } = plane;
    return {
      twin,
      plane: id,
      spec,
      labels: directions.labels,
      captured: directions.captured ?? undefined,
      half: suggestedHalf(shadow),
      iterateDistance: shadow.iterateDistance,
      distance: shadow.distance,
      variance: shadow.variance,
      divergence: plane.divergence,
      step,
      milliseconds: performance.now() - begin,
    };
  }

  /** What is known at once of a point of the plane on show; undefined while none is, or no more. */
  async read(twin: number, a: number, b: number): Promise<Reading | undefined> {
    const plane = this.shown[twin];
    if (!plane) return undefined;
    const found = await (await this.crew.spokesman()).read(twin, plane.id, a, b);
    return found && { a, b, ...found, moved: movedTo(plane, a, b) };
  }

  /** Probes a point of the plane on show; undefined while none is. */
  async probe(twin: number, a: number, b: number): Promise<Probe | undefined> {
    const plane = this.shown[twin];
    if (!plane) return undefined;
    return (await this.crew.spokesman()).probe(vectorsOf(plane), a, b);
  }

  /** The parameters at a point of the plane on show; undefined while none is. */
  async point(twin: number, a: number, b: number): Promise<Float32Array | undefined> {
    const plane = this.shown[twin];
    if (!plane) return undefined;
    const { origin, u, v } = plane.directions;
    return Float32Array.from(origin, (value, i) => value + a * u[i]! + b * v[i]!);
  }

  /** The vectors of the plane on show; undefined while none is. */
  vectors(twin: number): PlaneVectors | undefined {
    const plane = this.shown[twin];
    return plane && { plane: plane.id, ...vectorsOf(plane) };
  }

  /** Lays the plane that the options ask for, or takes the last one again, and tells the members of it. */
  private async draft(
    twin: number,
    options: LandscapeOptions,
    columns: number,
    rows: number,
  ): Promise<Draft | undefined> {
    checkOptions(options);
    if (this.closed) return undefined;
    const { refine = false, plane: spec = { kind: "startCurrent" } } = options;
    const isNewest = this.newest.begin(twin);
    const begin = performance.now();
    const dealer = await this.dealer();
    const last = this.planes[twin];
    const same = refine && last && JSON.stringify(last.spec) === JSON.stringify(spec);
    const plane = same ? last : await this.lay(twin, spec, isNewest);
    if (!plane || !isNewest()) return undefined;
    // The GPU has the plane already; one member is enough to check its values.
    const members = await this.crew.members();
    const involved = dealer === this.ownDealer ? members.slice(0, 1) : members;
    // The whole grid, not a member's share of it: its bits must not depend on how many members there are.
    await Promise.all(
      involved.map((member) => member.setPlane(twin, plane.id, vectorsOf(plane), columns, rows)),
    );
    return isNewest() ? { plane, dealer, isNewest, begin } : undefined;
  }

  /** A new plane: where it lies is worked out by a member of the pool, so that training goes on. */
  private async lay(twin: number, spec: PlaneSpec, isNewest: () => boolean): Promise<LaidPlane | undefined> {
    const run = await this.desk.see(
      twin,
      spec.kind === "trajectory",
      spec.kind === "points" ? spec.points : [],
    );
    if (!isNewest()) return undefined;
    this.engine = run.engine;
    const { parametrization, path, named, divergence } = run;
    const member = await this.crew.spokesman();
    const directions = await member.directions(parametrization, spec, path, named);
    if (!isNewest()) return undefined;
    const id = ++this.count;
    const { origin, u, v, middle, half } = directions;
    const vectors = { parametrization, origin, u, v };
    const { shadow, step } = await this.desk.lay(twin, id, vectors, middle, half ?? undefined);
    if (!isNewest()) return undefined;
    const plane = { id, spec, directions, shadow, step, divergence };
    this.planes[twin] = plane;
    return plane;
  }

  /** The session's own engine as a member of a pool of one. */
  private own(): RowsMember {
    return { rows: (twin, plane, a, b) => this.desk.rows(twin, plane, a, b) };
  }

  /** The GPU draws landscapes where it trains and was measured to be faster than the pool. */
  private async dealer(): Promise<Dealer> {
    const rows = await this.crew.rows();
    return this.gpuIsFaster() ? this.ownDealer : rows;
  }

  private gpuIsFaster(): boolean {
    if (this.engine !== "webgpu") return false;
    const [own, crew] = [this.ownDealer.estimate(100), this.crew.estimate(100)];
    // What was not measured yet is tried; both learn with every picture.
    return own === 0 || (crew !== 0 && own < crew);
  }
}

function vectorsOf({ directions, shadow }: LaidPlane): Vectors {
  const { origin, u, v } = directions;
  return { parametrization: shadow.parametrization, origin, u, v };
}

export const serve = serving(() => new Surveyor());
