// The workers that lay planes and evaluate their rows: started once, told of every new experiment.
import * as Comlink from "comlink";
import { Dealer, type RowsMember } from "./pool";
import { RowsHost } from "./rows-host";

export type Member = Comlink.Remote<RowsHost> | RowsHost;

export class Crew {
  private starting: Promise<Member[]> | undefined;
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
      const members = await this.starting;
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

  /** Expected milliseconds of a picture of that size, 0 while nothing is known. */
  estimate(size: number): number {
    return this.dealer?.estimate(size) ?? 0;
  }
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
