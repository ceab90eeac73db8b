import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Together } from './together.js';

describe('Together', () => {
  /** Answers with ten times the question. -1 is refused; 0 loses the connection. */
  function asker() {
    const calls: number[][] = [];
    const together = new Together<number, number>({
      ask: async (questions) => {
        calls.push(questions);
        await nextTurn();
        if (questions.includes(0)) throw new Error('connection lost');
        if (questions.includes(-1)) throw new Error('refused');
        return questions.map((question) => 10 * question);
      },
      canRepeat: (error) => (error as Error).message === 'refused',
      calls: 1,
      questions: 3,
    });
    const all = (questions: number[]) => Promise.allSettled(questions.map((question) => together.answer(question)));
    return { calls, together, all };
  }

  it('asks a question that comes alone at once, and those that come during a call together', async () => {
    const { calls, together, all } = asker();
    expect(await together.answer(1)).toBe(10);
    await nextTurn();
    const answers = await all([2, 3, 4, 5, 6]);
    expect(answers.map((each) => (each as PromiseFulfilledResult<number>).value)).toEqual([20, 30, 40, 50, 60]);
    expect(calls).toEqual([[1], [2], [3, 4, 5], [6]]);
    expect(await together.answer(7)).toBe(70);
  });

  it('lets only that question fail that is refused', async () => {
    const { calls, all } = asker();
    const answers = await all([1, 2, -1, 3]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(calls).toEqual([[1], [2, -1, 3], [2], [-1], [3]]);
  });

  it('repeats nothing after an error that leaves open what has happened', async () => {
    const { calls, together, all } = asker();
    const answers = await all([1, 2, 0]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(calls).toEqual([[1], [2, 0]]);
    expect(await together.answer(4)).toBe(40);
  });
});
