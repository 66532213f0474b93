// Going back, forking, inserting a layer: what people do with the past of a run.
import type { Frame, LabSession, NetworkSpec } from "./engine";
import { formatCount, formatValue } from "./draw/scale";
import { sessionListener } from "./events";
import type { Page } from "./page";
import { withRun } from "./runs";
import { givenStart, trainsGains } from "./starts";
import * as store from "./store";
import { word } from "./words";

export interface PastPage extends Page {
  /** Stops pulling steps; resolves when nothing is under way. */
  hold(): Promise<void>;
  showFrame(frame: Frame): void;
}

/** Keeps the present run among the earlier ones. */
export function archive(): void {
  const [experiment, frame] = [store.experiment.value, store.frame.value];
  if (experiment && frame)
    store.runs.value = withRun(store.runs.value, experiment, frame, store.offset.value);
}

export function listen(page: PastPage): void {
  const on = sessionListener(page);
  on<number | undefined>("lab-rewind", (step, session) => step !== undefined && goBack(page, session, step));
  on<number>("lab-insert", (position, session) => insert(page, session, position));
  on<number>("lab-run-shown", (id) => {
    store.runs.value = store.runs.value.map((run) => (run.id === id ? { ...run, shown: !run.shown } : run));
  });
  on<number>("lab-run-open", (id) => {
    const run = store.runs.value.find((one) => one.id === id);
    return run && page.start(run.experiment);
  });
}

/** Back to a step: what came after stays to be seen among the earlier runs. */
async function goBack(page: PastPage, session: LabSession, step: number): Promise<void> {
  await page.hold();
  const generation = page.run();
  const frame = await session.rewind(step);
  if (generation !== page.run()) return;
  archive();
  store.scrub.value = undefined;
  store.probes.value = [];
  const before = store.experiment.value;
  store.experiment.value = session.experiment;
  // Edits that wait for a restart go on waiting.
  if (store.draft.value === before) store.draft.value = session.experiment;
  page.showFrame(frame);
  page.lookAgain();
  page.say(word("run.backAt", { step: formatCount(step) }));
}

function deeper(network: NetworkSpec): NetworkSpec {
  return network.kind === "linear"
    ? { ...network, layers: network.layers + 1 }
    : { ...network, blocks: network.blocks + 1 };
}

/** One more layer in mid-run: a new run from where the present one stands, drawn on from there. */
async function insert(page: PastPage, session: LabSession, position: number): Promise<void> {
  const [experiment, frame] = [store.experiment.value, store.frame.value];
  if (!experiment || !frame) return;
  const playing = store.playing.value;
  await page.hold();
  const now = store.frame.value ?? frame;
  const before = now.twins.map(({ excess }) => excess);
  const twins = await Promise.all(
    experiment.twins.map(async (twin, i) => ({
      ...twin,
      start: givenStart(await session.withLayer(i, position), trainsGains(twin.start)),
    })),
  );
  const network = deeper(experiment.network);
  const offset = store.offset.value + now.step;
  if (!(await page.start({ ...experiment, network, twins }, offset))) return;
  const after = store.frame.value!.twins;
  const changes = after.map(({ parametrization, excess }, i) =>
    word(Object.is(excess, before[i]) ? "run.same" : "run.change", {
      name: word(`twins.${parametrization}`),
      before: formatValue(before[i]),
      after: formatValue(excess),
    }),
  );
  const inserted = network.kind === "linear" ? "run.layer" : "run.block";
  store.notice.value = word(inserted, { position, changes: changes.join("; ") });
  if (playing) document.dispatchEvent(new CustomEvent("lab-play"));
}
