interface Waiting<Question, Answer> {
  question: Question;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

export interface TogetherOptions<Question, Answer> {
  /** Returns an answer for each question, in their order, or rejects. */
  ask: (questions: Question[]) => Promise<Answer[]>;
  /** Whether each question can be asked again, alone, after `ask` has rejected several with this error. */
  canRepeat: (error: unknown) => boolean;
  /** How many calls of `ask` are in progress at most, except for those that repeat a question. */
  calls: number;
  /** How many questions one call has at most. */
  questions: number;
}

/**
 * Asks several questions at once when there are many, for what costs less together. A question does not wait for others: it is asked
 * at once, unless as many calls as allowed are in progress. Those that come in the meantime are asked with the next call.
 */
export class Together<Question, Answer> {
  private readonly waiting: Waiting<Question, Answer>[] = [];
  private calls = 0;

  constructor(private readonly options: TogetherOptions<Question, Answer>) {}

  /** @throws what `ask` rejects with */
  answer(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ question, resolve, reject });
      if (this.calls < this.options.calls) void this.call();
    });
  }

  private async call(): Promise<void> {
    this.calls++;
    while (this.waiting.length > 0) await this.settle(this.waiting.splice(0, this.options.questions));
    this.calls--;
  }

  private async settle(some: Waiting<Question, Answer>[]): Promise<void> {
    try {
      const answers = await this.options.ask(some.map(({ question }) => question));
      for (const [i, { resolve }] of some.entries()) resolve(answers[i]!);
    } catch (error) {
      if (some.length > 1 && this.options.canRepeat(error)) for (const each of some) await this.settle([each]);
      else for (const { reject } of some) reject(error);
    }
  }
}
