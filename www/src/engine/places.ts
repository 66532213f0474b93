// Where a host runs: in a worker where the browser allows one, otherwise in the realm that asked for it.
import * as Comlink from "comlink";
import { carryErrors } from "./comlink-errors";
import { started, Unstarted, type Hosted } from "./hosted";
import type { Place } from "./types";

/** A module that can serve its host in any realm. */
export interface HostModule {
  /** Answers at an endpoint, by default the worker's own; returns what ends that. */
  serve(endpoint?: Comlink.Endpoint): () => void;
}

/** A host's worker and its module. Bundlers must see `new Worker(new URL(…))` and `import(…)` as they stand. */
export interface Home {
  worker(): Worker;
  load(): Promise<HostModule>;
}

export interface Placed<T> extends Hosted<T> {
  place: Place;
}

/** For the module of a host: `serve` of {@link HostModule}. */
export function serving(host: () => { end(): unknown }): HostModule["serve"] {
  return (endpoint) => {
    carryErrors();
    const served = host();
    Comlink.expose(served, endpoint);
    return () => void served.end();
  };
}

/** Starts a host in the best place there is. `start` is called once for each place that is tried. */
export async function placed<T>(
  home: Home,
  start: (host: Comlink.Remote<T>) => Promise<unknown>,
): Promise<Placed<T>> {
  carryErrors();
  try {
    return { ...(await started<T>(created(home.worker), start)), place: "worker" };
  } catch (error) {
    if (!(error instanceof Unstarted)) throw error;
    const apart = await byBlob(home, start);
    if (apart) return apart;
    // Where the module cannot be had either, the worker's own error says more.
    const module = await home.load().catch(() => Promise.reject(error));
    return inline(module, start);
  }
}

/** Some browsers throw where others send an error event, and some have no workers inside workers. */
function created(worker: () => Worker): Worker {
  try {
    return worker();
  } catch (error) {
    throw new Unstarted(`The worker could not start: ${error instanceof Error ? error.message : error}`);
  }
}

async function byBlob<T>(
  home: Home,
  start: (host: Comlink.Remote<T>) => Promise<unknown>,
): Promise<Placed<T> | undefined> {
  const address = addressOf(home.worker);
  // An own file was refused for another reason, which holds for a blob too.
  if (!address || address.origin === self.origin) return undefined;
  // Not a module worker: browsers refuse one from a blob where the page has no origin.
  const script = `import(${JSON.stringify(address)}).then(() => postMessage(true), () => postMessage(false));`;
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  try {
    const worker = created(() => new Worker(url));
    await imported(worker);
    return { ...(await started<T>(worker, start)), place: "blobWorker" };
  } catch (error) {
    if (!(error instanceof Unstarted)) throw error;
    return undefined;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/**
 * The address of a worker's file, which only the expression that starts it knows once a bundler has been at work. Nothing
 * else can run while `Worker` is another.
 */
function addressOf(worker: () => Worker): URL | undefined {
  const { Worker } = globalThis;
  let address: URL | undefined;
  try {
    globalThis.Worker = class {
      constructor(url: string | URL) {
        address = new URL(url, location.href);
      }
    } as unknown as typeof Worker;
    worker();
  } catch {
    return undefined;
  } finally {
    globalThis.Worker = Worker;
  }
  return address;
}

/** Resolves once a worker has imported the file that it is about: nothing hears what is sent before. */
function imported(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    const over = (well: boolean) => {
      if (well) return resolve();
      worker.terminate();
      reject(new Unstarted("The worker could not start."));
    };
    worker.addEventListener("message", ({ data }) => over(data === true), { once: true });
    worker.addEventListener("error", () => over(false), { once: true });
  });
}

async function inline<T>(
  { serve }: HostModule,
  start: (host: Comlink.Remote<T>) => Promise<unknown>,
): Promise<Placed<T>> {
  const { port1, port2 } = new MessageChannel();
  const end = serve(port2);
  const host = Comlink.wrap<T>(port1);
  const terminate = () => {
    end();
    port1.close();
  };
  try {
    await start(host);
  } catch (error) {
    terminate();
    throw error;
  }
  return { worker: { terminate }, host, place: "inline" };
}
