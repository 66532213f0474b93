// The landscapes of a session: lays planes through it, deals their rows, checks what came back.
import * as Comlink from "comlink";
import { Dealer, type RowsMember } from "./pool";
import { project } from "./projection";
import { Newest, type SerialQueue } from "./queue";
import { axis } from "./rows";
import { RowsHost } from "./rows-host";
import { cellsToCheck, largestError } from "./trust";
import type {
  Directions,
  EngineName,
  Frame,
  Landscape,
  LandscapeOptions,
  PlaneSpec,
  Probe,
  Shadow,
} from "./types";
import type { WasmSession } from "./wasm";

/** What a surveyor asks of the session's worker. */
export interface Surveyed {
  /** Everything that touches the session goes through here. */
  queue: SerialQueue;
  session(): WasmSession;
  engine(): EngineName;
  step(): number;
}

type Member = Comlink.Remote<RowsHost> | RowsHost;

interface HeldPlane {
  id: number;
  spec: string;
  directions: Directions;
  shadow: Shadow;
  step: number;
}

/** Above this many parameters the moving marker is not worth projecting every frame. */
const PROJECT_AT_MOST = 1 << 17;
/** A live picture is checked in float64 while that takes at most about this many multiply-adds. */
const CHECK_LIVE_AT_MOST = 1e8;

export class Surveyor {
  private readonly newest = new Newest();
  private planes: (HeldPlane | undefined)[] = [];
  /** The plane of the picture delivered last, on which the moving marker stands. */
  private shown: (HeldPlane | undefined)[] = [];
  private count = 0;
  private starting: Promise<Member[]> | undefined;
  private members: Member[] = [];
  private ready: Promise<void> | undefined;
  private poolDealer: Dealer | undefined;
  private ownDealer = new Dealer([this.own()]);
  private experimentJson = "";

  constructor(
    private readonly host: Surveyed,
    private readonly compiled: WebAssembly.Module,
  ) {}

  /** Another experiment: nothing known of the last one holds. */
  reset(experimentJson: string): void {
    this.newest.cancelAll();
    this.experimentJson = experimentJson;
    this.ready = undefined;
    this.ownDealer = new Dealer([this.own()]);
    this.moved();
  }

  /** The session has another memory: planes that were laid in the old one are gone. */
  moved(): void {
    this.planes = [];
    this.shown = [];
  }

  /** Expected milliseconds of a picture of that size, 0 while nothing is known. */
  estimate(size: number): number {
    const dealer = this.poolDealer && this.gpuIsFaster() ? this.ownDealer : this.poolDealer;
    return dealer?.estimate(size) ?? 0;
  }

  /** The landscape of a twin, or undefined where a newer request for that twin overtook this one. */
  async landscape(
    twin: number,
    {
      size = 65,
      refine = false,
      background = false,
      plane: spec = { kind: "startCurrent" },
      view,
    }: LandscapeOptions,
    onProgress?: (done: number) => void,
  ): Promise<Landscape | undefined> {
    const isNewest = this.newest.begin(twin);
    const begin = performance.now();
    const dealer = await this.dealer();
    const key = JSON.stringify(spec);
    const last = this.planes[twin];
    const held = refine && last?.spec === key ? last : await this.lay(twin, spec, key, isNewest);
    if (!held || !isNewest()) return undefined;
    const { id, directions, shadow, step } = held;
    const { parametrization } = shadow;
    const { origin, u, v } = directions;
    const rows = Math.ceil(size / this.members.length);
    const vectors = { parametrization, origin, u, v };
    // The GPU has the plane already; one member is enough to check its values.
    const involved = dealer === this.ownDealer ? this.members.slice(0, 1) : this.members;
    await Promise.all(involved.map((member) => member.setPlane(twin, id, vectors, size, rows)));
    const { zoom = 1, a: panA = 0, b: panB = 0 } = view ?? {};
    const [a, b] = [seen(shadow.a, zoom, panA, size), seen(shadow.b, zoom, panB, size)];
    const values = await dealer.draw({ twin, plane: id, a, b, background, isNewest, onProgress });
    if (!values) return undefined;
    const n = shadow.trajectory.length;
    const iterate: [number, number] = [shadow.trajectory[n - 2]!, shadow.trajectory[n - 1]!];
    const cost = origin.length * Math.sqrt(origin.length);
    const check = !background || cost <= CHECK_LIVE_AT_MOST;
    const cells = check ? cellsToCheck(size, id) : [];
    const exact = await this.members[0]!.exact(twin, id, [
      iterate,
      ...cells.map(({ ia, ib }): [number, number] => [a[ia]!, b[ib]!]),
    ]);
    if (!exact || !isNewest()) return undefined;
    this.shown[twin] = held;
    const picture: Landscape = {
      twin,
      plane: id,
      spec,
      size,
      a,
      b,
      values,
      labels: directions.labels,
      captured: directions.captured ?? undefined,
      optimum: directions.optimum ?? undefined,
      trajectory: shadow.trajectory.slice(),
      planeDistance: shadow.planeDistance,
      iterateDistance: shadow.iterateDistance,
      distance: shadow.distance,
      variance: shadow.variance,
      inPlane: exact[0]!,
      checked: cells.length > 0 ? largestError(values, size, cells, exact.slice(1)) : undefined,
      step,
      milliseconds: performance.now() - begin,
    };
    return Comlink.transfer(picture, [values.buffer as ArrayBuffer]);
  }

  /** Probes a point of the plane on show; undefined while none is. */
  async probe(twin: number, a: number, b: number): Promise<Probe | undefined> {
    const held = this.shown[twin];
    if (!held) return undefined;
    const { origin, u, v } = held.directions;
    return this.members[0]!.probe({ parametrization: held.shadow.parametrization, origin, u, v }, a, b);
  }

  /** Marks where the iterate stands in the plane on show, so that it moves between two landscapes. */
  mark(frame: Frame, twin: number): void {
    const held = this.shown[twin];
    if (!held || held.directions.origin.length > PROJECT_AT_MOST) return;
    const { origin, u, v } = held.directions;
    const theta = this.host.session().parameters(twin);
    if (theta.length !== origin.length) return;
    frame.twins[twin]!.point = { plane: held.id, ...project(theta, origin, u, v) };
  }

  /** A new plane: where it lies is worked out by a member of the pool, so that training goes on. */
  private async lay(
    twin: number,
    spec: PlaneSpec,
    key: string,
    isNewest: () => boolean,
  ): Promise<HeldPlane | undefined> {
    const { queue } = this.host;
    const run = await queue.run(() => ({
      parametrization: this.host.session().parametrization(twin),
      path: this.host.session().path(twin, spec.kind === "trajectory"),
    }));
    const directions = await this.members[0]!.directions(run.parametrization, spec, run.path);
    if (!isNewest()) return undefined;
    return queue.run(() => {
      if (!isNewest()) return undefined;
      const { origin, u, v, middle, half } = directions;
      const shadow = this.host.session().setPlane(twin, origin, u, v, middle, half ?? undefined);
      const held = { id: ++this.count, spec: key, directions, shadow, step: this.host.step() };
      this.planes[twin] = held;
      return held;
    });
  }

  /** The session's own engine as a member of a pool of one. */
  private own(): RowsMember {
    return {
      rows: (twin, plane, a, b) =>
        this.host.queue.run(async () => {
          if (this.planes[twin]?.id !== plane) return undefined;
          const begin = performance.now();
          const values = await this.host.session().landscape(twin, a, b);
          return { values, milliseconds: performance.now() - begin };
        }),
    };
  }

  /** The GPU draws landscapes where it trains and was measured to be faster than the pool. */
  private async dealer(): Promise<Dealer> {
    const pool = await this.pool();
    return this.gpuIsFaster() ? this.ownDealer : pool;
  }

  private gpuIsFaster(): boolean {
    if (this.host.engine() !== "webgpu") return false;
    const [own, pool] = [this.ownDealer.estimate(100), this.poolDealer?.estimate(100) ?? 0];
    // What was not measured yet is tried; both learn with every picture.
    return own === 0 || (pool !== 0 && own < pool);
  }

  /** The pool starts with the first landscape, so that it does not delay the first frames. */
  private async pool(): Promise<Dealer> {
    const json = this.experimentJson;
    this.ready ??= (async () => {
      this.starting ??= startMembers(this.compiled);
      this.members = await this.starting;
      await Promise.all(this.members.map((member) => member.configure(json)));
      this.poolDealer = new Dealer(this.members as unknown as RowsMember[]);
    })();
    await this.ready;
    return this.poolDealer!;
  }
}

/** The axis that a view shows of a suggested range: pans are in halves of that range. */
function seen([low, high]: readonly [number, number], zoom: number, pan: number, size: number): Float32Array {
  const [middle, half] = [(low + high) / 2, (high - low) / 2];
  const centre = middle + pan * half;
  return axis([centre - half / zoom, centre + half / zoom], size);
}

async function startMembers(compiled: WebAssembly.Module): Promise<Member[]> {
  // A browser without workers inside workers still gets its landscapes, from this one.
  const count = typeof Worker === "undefined" ? 0 : Math.min(navigator.hardwareConcurrency || 2, 8);
  const members: Member[] = Array.from({ length: count }, () =>
    Comlink.wrap<RowsHost>(
      new Worker(new URL("./landscape-worker.ts", import.meta.url), { type: "module", name: "landscape" }),
    ),
  );
  if (members.length === 0) members.push(new RowsHost());
  await Promise.all(members.map((member) => member.start(compiled)));
  return members;
}
