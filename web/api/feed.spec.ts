import { describe, expect, it } from 'vitest';
import { Feed } from './feed.js';

interface Lines {
  reset: boolean;
  lines: number[];
}

/** A feed of numbered lines, and what a query would read of them. */
function feedOf(stored: number[]) {
  const shown: number[][] = [];
  const answers: ((lines: number[] | null) => void)[] = [];
  const feed = new Feed<number[], Lines>({
    read: () => new Promise((resolve) => answers.push(resolve)),
    apply: (state, { lines }) => [...new Set([...state, ...lines])].sort((a, b) => a - b),
    show: (state) => shown.push(state),
  });
  const answer = async (index: number, lines: number[] | null = stored) => {
    answers[index]!(lines);
    await new Promise((done) => setTimeout(done));
  };
  return { feed, shown, answers, answer };
}

const first: Lines = { reset: true, lines: [] };
const added = (...lines: number[]): Lines => ({ reset: false, lines });

describe('a feed', () => {
  it('reads what came before when it is told to, and applies what arrives meanwhile', async () => {
    const { feed, shown, answer } = feedOf([1, 2]);
    feed.receive(first);
    feed.receive(added(2, 3));
    expect(shown).toEqual([]);
    await answer(0);
    feed.receive(added(4));
    expect(shown).toEqual([
      [1, 2, 3],
      [1, 2, 3, 4],
    ]);
  });

  it('shows nothing before it has read, because it would look complete', () => {
    const { feed, shown } = feedOf([]);
    feed.receive(added(7));
    expect(shown).toEqual([]);
  });

  it('leaves out an answer that another query has overtaken, but none of the messages', async () => {
    const { feed, shown, answer } = feedOf([]);
    feed.receive(first);
    feed.receive(added(3));
    feed.receive(first);
    feed.receive(added(5));
    await answer(0, [1]);
    expect(shown).toEqual([]);
    await answer(1, [1, 3]);
    expect(shown).toEqual([[1, 3, 5]]);
  });

  it('reads again after a failure when the connection is back, and keeps what it had until then', async () => {
    const { feed, shown, answers, answer } = feedOf([1]);
    feed.receive(first);
    await answer(0);
    feed.receive(first);
    feed.receive(added(2));
    await answer(1, null);
    expect(shown.at(-1)).toEqual([1, 2]);
    feed.reconnected();
    await answer(2, [1, 2, 3]);
    expect(shown.at(-1)).toEqual([1, 2, 3]);
    feed.reconnected();
    expect(answers).toHaveLength(3);
  });

  it('shows nothing after it was closed', async () => {
    const { feed, shown, answer } = feedOf([1]);
    feed.receive(first);
    feed.close();
    await answer(0);
    expect(shown).toEqual([]);
  });
});
