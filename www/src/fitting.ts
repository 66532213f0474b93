// What people do with training beside Theorem 3.2: begin it and stop it.
import type { LabExpressivityFit } from "./elements/expressivity-fit";
import type { BuiltNetwork } from "./engine/expressivity";
import { fitEach } from "./engine/fitting";
import { fitExperiment, growingParts, tooMuch, type FitBudget } from "./fitting-plan";
import { Refusal, whyOf } from "./said";

export class Fitting {
  private running: AbortController | undefined;

  /** The card is there only while a network is. */
  constructor(private readonly card: () => LabExpressivityFit | null) {}

  async begin(built: BuiltNetwork, budget: FitBudget): Promise<void> {
    this.stop();
    const card = this.card();
    if (!card) return;
    const mine = new AbortController();
    this.running = mine;
    const newest = () => this.running === mine;
    Object.assign(card, { counts: [], problem: "", progress: 0 });
    try {
      const parts = growingParts(await built.reads());
      if (!newest()) return;
      const given = parts.map(({ labels }) => labels.length);
      const problem = tooMuch(built.report, given, budget);
      if (problem) throw new Refusal(problem);
      const seed = built.spec.seed ?? 1;
      const experiments = parts.map((points) => fitExperiment(built.report, points, budget, seed));
      const all = given.reduce((sum, count) => sum + count, 0);
      await fitEach(
        experiments,
        budget.steps,
        (count, index) => {
          if (!newest()) return;
          const before = given.slice(0, index).reduce((sum, count) => sum + count, 0);
          const part = count.done ? 1 : count.step / budget.steps;
          card.counts = [...card.counts.slice(0, index), count];
          card.progress = (before + part * count.given) / all;
        },
        mine.signal,
      );
    } catch (error) {
      if (newest()) card.problem = whyOf(error);
    }
    if (newest()) this.stop();
  }

  /** Ends the training; what was counted stays. */
  stop(): void {
    this.running?.abort();
    this.running = undefined;
    const card = this.card();
    if (card) card.progress = undefined;
  }
}
