import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { draws } from '../../testing/draws.js';
import { Feed } from './feed.js';
import { KeyedSource, type Sink } from './keyed-source.js';
import { type Ears, type First, onlyNew, type Source, WentBack } from './source.js';

/** Numbers that are added one after the other: the number at place i has the position i + 1. Reads take a while. */
class Numbers implements Source<number> {
  readonly all: number[] = [];
  reads = 0;
  isOpen = false;
  private ears: Ears | null = null;

  constructor(private readonly most = Number.POSITIVE_INFINITY) {}

  add(...numbers: number[]): void {
    this.all.push(...numbers);
    this.ears?.changed(this.all.length);
  }
  hear = (position: number) => this.ears!.changed(position);
  resync = () => this.ears!.changed();
  end = () => this.ears!.end();
  listen(ears: Ears): () => void {
    this.ears = ears;
    this.isOpen = true;
    return () => {
      this.isOpen = false;
    };
  }
  newest = async () => this.all.length;
  async read(from: number, to: number) {
    this.reads++;
    await nextTurn();
    const position = Math.min(to, from + this.most);
    return { contents: this.all.slice(from, position), position };
  }
}

const from =
  (position: number): First<number> =>
  async () => ({ contents: [], position });
const asText = async (numbers: readonly number[]) => numbers.map(String);
const take = async <T>(iterator: AsyncIterator<T>, count: number) => {
  const taken: T[] = [];
  while (taken.length < count) taken.push((await iterator.next()).value);
  return taken;
};

describe('a feed', () => {
  it('reads and renders once for all who are at the same position', async () => {
    const source = new Numbers();
    const feed = new Feed<number, string>(source);
    let rendered = 0;
    const render = async (numbers: readonly number[]) => {
      rendered++;
      return asText(numbers);
    };
    const followers = Array.from({ length: 200 }, () => feed.follow(onlyNew, render));
    const first = followers.map((follower) => take(follower, 2));
    await nextTurn();
    source.add(7, 8);
    expect(await Promise.all(first)).toEqual(followers.map(() => ['7', '8']));
    expect([source.reads, rendered]).toEqual([1, 1]);
    for (const follower of followers) await follower.return!();
    expect(source.isOpen).toBe(false);
  });

  it.each([1, 2, 3, 4, 5])('sends everything after a position once and in order, to all (seed %i)', async (seed) => {
    const draw = draws(seed);
    const below = (limit: number) => Math.floor(draw() * limit);
    const source = new Numbers(below(2) === 0 ? 3 : undefined);
    const feed = new Feed<number, string>(source);
    const total = 300;
    const isSlow = () => below(3) === 0;
    const follow = async (start: number, slow: boolean, until: number) => {
      const follower = feed.follow(from(start), asText);
      const received: number[] = [];
      while (start + received.length < until) {
        received.push(Number((await follower.next()).value));
        for (let turns = slow ? below(5) : 0; turns > 0; turns--) await nextTurn();
      }
      await follower.return!();
      expect(received).toEqual(source.all.slice(start, until));
      return until;
    };
    /** Follows, leaves at some place, and comes back from there. */
    const comeAndGo = async () => {
      let position = below(source.all.length + 1);
      while (position < total) {
        position = await follow(position, isSlow(), Math.min(total, position + 1 + below(80)));
      }
    };
    const following: Promise<void>[] = [comeAndGo()];
    while (source.all.length < total) {
      const count = Math.min(1 + below(8), total - source.all.length);
      source.add(...Array.from({ length: count }, () => below(1000)));
      if (below(10) === 0) source.resync();
      if (below(8) === 0) following.push(comeAndGo());
      for (let turns = below(4); turns > 0; turns--) await nextTurn();
    }
    await Promise.all(following);
    expect(source.isOpen).toBe(false);
  });

  it('delivers what was added before the end, then ends', async () => {
    const source = new Numbers();
    const follower = new Feed<number, string>(source).follow(from(0), asText);
    const first = follower.next();
    source.add(1, 2);
    source.end();
    expect([await first, await follower.next(), (await follower.next()).done]).toEqual([
      { done: false, value: '1' },
      { done: false, value: '2' },
      true,
    ]);
    expect(source.isOpen).toBe(false);
  });

  it('ends at once for a follower that leaves, even while it waits', async () => {
    const source = new Numbers();
    const feed = new Feed<number, string>(source);
    const [leaving, staying] = [feed.follow(onlyNew, asText), feed.follow(onlyNew, asText)];
    const [left, stays] = [leaving.next(), staying.next()];
    await nextTurn();
    await leaving.return!();
    expect((await left).done).toBe(true);
    source.add(5);
    expect((await stays).value).toBe('5');
    await staying.return!();
  });

  it('keeps what it has rendered only while a follower has not taken it', async () => {
    const source = new Numbers();
    const feed = new Feed<number, string>(source);
    const kept = () => (feed as unknown as { batches: Map<string, unknown> }).batches.size;
    const [quick, slow] = [feed.follow(onlyNew, asText), feed.follow(onlyNew, asText)];
    const [first, firstSlow] = [quick.next(), slow.next()];
    await nextTurn();
    source.add(1);
    expect([(await first).value, (await firstSlow).value]).toEqual(['1', '1']);
    expect(kept()).toBe(0);
    source.add(2);
    expect((await quick.next()).value).toBe('2');
    expect(kept()).toBe(1);
    expect((await slow.next()).value).toBe('2');
    expect(kept()).toBe(0);
    source.add(3);
    expect((await quick.next()).value).toBe('3');
    await slow.return!();
    expect(kept()).toBe(0);
    await quick.return!();
  });

  it('asks its source for its position when it hears of an earlier one', async () => {
    class GoingBack extends Numbers {
      override newest = async () => {
        if (this.all.length < 2) return this.all.length;
        throw new WentBack('restored');
      };
    }
    const source = new GoingBack();
    const follower = new Feed<number, string>(source).follow(from(0), asText);
    const first = follower.next();
    source.add(1, 2);
    expect((await first).value).toBe('1');
    expect((await follower.next()).value).toBe('2');
    const failed = expect(follower.next()).rejects.toThrow(WentBack);
    source.hear(1);
    await failed;
    expect(source.isOpen).toBe(false);
  });

  it('tells all followers when reading fails, and is closed then', async () => {
    class Failing extends Numbers {
      override async read(): Promise<never> {
        throw new Error('no database');
      }
    }
    const source = new Failing();
    const feed = new Feed<number, string>(source);
    const following = [feed.follow(onlyNew, asText), feed.follow(onlyNew, asText)].map((follower) => follower.next());
    const ends = Promise.allSettled(following);
    await nextTurn();
    source.add(1);
    for (const end of await ends) expect(end).toMatchObject({ status: 'rejected', reason: { message: 'no database' } });
    expect(source.isOpen).toBe(false);
  });
});

describe('the states of rows', () => {
  /** Rows that are read as they are then. */
  function rows() {
    const states = new Map<string, number>();
    let sink!: Sink;
    const fetched: string[][] = [];
    const source = new KeyedSource<string>(
      (given) => {
        sink = given;
        return [];
      },
      async (keys) => {
        fetched.push([...keys]);
        return keys.map((key) => (states.has(key) ? `${key}${states.get(key)}` : null));
      },
    );
    const set = (key: string, state: number) => {
      states.set(key, state);
      sink.emit(key);
    };
    const remove = (key: string) => {
      states.delete(key);
      sink.emit(key);
    };
    return { source, set, remove, fetched };
  }
  const asIs = async (states: readonly string[]) => [...states];

  it('are skipped by a slow follower, but never the latest of a row', async () => {
    const { source, set, remove, fetched } = rows();
    const feed = new Feed<string, string>(source);
    const [quick, slow] = [feed.follow(onlyNew, asIs), feed.follow(onlyNew, asIs)];
    const [first, firstSlow] = [quick.next(), slow.next()];
    await nextTurn();
    set('a', 1);
    expect([(await first).value, (await firstSlow).value]).toEqual(['a1', 'a1']);
    expect(fetched).toEqual([['a']]);
    for (let state = 2; state <= 50; state++) {
      set('a', state);
      if (state % 10 === 0) set('b', state);
    }
    set('c', 1);
    remove('c');
    const last: string[] = [];
    while (last.at(-1) !== 'b50') last.push((await quick.next()).value);
    expect(last.length).toBeLessThan(20);
    expect(await take(slow, 2)).toEqual(['a50', 'b50']);
    await quick.return!();
    await slow.return!();
  });

  it('are read a hundred at a time, and forgotten when all followers have them', async () => {
    const { source, set, fetched } = rows();
    const feed = new Feed<string, string>(source);
    const follower = feed.follow(onlyNew, asIs);
    const first = take(follower, 250);
    await nextTurn();
    for (let row = 0; row < 250; row++) set(`row ${row} `, 1);
    expect(new Set(await first).size).toBe(250);
    expect(Math.max(...fetched.map((keys) => keys.length))).toBe(100);
    const next = follower.next();
    set('last ', 1);
    await next;
    expect((await source.read(0, Number.POSITIVE_INFINITY)).contents.length).toBeLessThan(250);
    await follower.return!();
  });
});
