// The workers that lay planes and evaluate their rows: started once, told of every new experiment.
import type { Remote } from "comlink";
import { placed, type Home, type Placed } from "./places";
import { Dealer, type RowsMember } from "./pool";
import type { RowsHost } from "./rows-host";
import type { Place } from "./types";

type Member = Remote<RowsHost>;

export class Crew {
  private starting: Promise<Placed<RowsHost>[]> | undefined;
  private ready: Promise<Member[]> | undefined;
  private dealer: Dealer | undefined;
  private json = "";

  constructor(private readonly compiled: WebAssembly.Module) {}

  /** Another experiment: the members hear of it with the next picture. */
  reset(experimentJson: string): void {
    this.json = experimentJson;
    this.ready = undefined;
  }

  /** The members, started with the first landscape so that they do not delay the first frames. */
  members(): Promise<Member[]> {
    const { json } = this;
    this.ready ??= (async () => {
      this.starting ??= startMembers(this.compiled);
      const members = (await this.starting).map(({ host }) => host);
      await Promise.all(members.map((member) => member.configure(json)));
      this.dealer = new Dealer(members as unknown as RowsMember[]);
      return members;
    })();
    return this.ready;
  }

  /** The member that answers single questions. */
  async spokesman(): Promise<Member> {
    return (await this.members())[0]!;
  }

  async rows(): Promise<Dealer> {
    await this.members();
    return this.dealer!;
  }

  /** Where the members run; undefined before they were needed. */
  async place(): Promise<Place | undefined> {
    return (await this.starting)?.[0]!.place;
  }

  async end(): Promise<void> {
    (await this.starting)?.forEach(({ worker }) => worker.terminate());
  }

  /** Expected milliseconds of a picture of that size, 0 while nothing is known. */
  estimate(size: number): number {
    return this.dealer?.estimate(size) ?? 0;
  }
}

const home: Home = {
  worker: () =>
    new Worker(new URL("./landscape-worker.ts", import.meta.url), { type: "module", name: "landscape" }),
  load: () => import("./rows-host"),
};

async function startMembers(compiled: WebAssembly.Module): Promise<Placed<RowsHost>[]> {
  const count = Math.min(navigator.hardwareConcurrency || 2, 8);
  const all = await Promise.all(
    Array.from({ length: count }, () => placed<RowsHost>(home, (host) => host.start(compiled))),
  );
  // Several in one realm would only wait for each other.
  const apart = all.filter(({ place }) => place !== "inline");
  const members = apart.length > 0 ? apart : all.slice(0, 1);
  for (const one of all) if (!members.includes(one)) one.worker.terminate();
  return members;
}
