// Calls for which only the newest answer matters: one under way, and at most one waiting.

export class NewestCall<Question> {
  private running = false;
  private next: { question: Question } | undefined;

  constructor(private readonly call: (question: Question) => Promise<void>) {}

  /** Asks now, or as soon as the call under way has ended, unless something newer is asked before that. */
  ask(question: Question): void {
    this.next = { question };
    if (!this.running) void this.run();
  }

  private async run(): Promise<void> {
    this.running = true;
    for (let next = this.next; next; next = this.next) {
      this.next = undefined;
      await this.call(next.question);
    }
    this.running = false;
  }
}
