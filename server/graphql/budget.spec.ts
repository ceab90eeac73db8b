import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Budget } from './budget.js';

const MESSAGE = /^the operation reads more than 100 numbers, .* ask for fewer runs/;
const budget = (refillMs?: number) => new Budget(refillMs, 100);

describe('the budget of an operation', () => {
  it('is refused once it is used up, whatever is asked for then', () => {
    const some = budget();
    some.spend(60);
    some.spend(40);
    expect(() => some.spend(1)).toThrow(MESSAGE);
    expect(() => some.spend(0)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
  });

  it('limits the rows of a query to one more than can be paid for', async () => {
    const some = budget();
    const limits: number[] = [];
    const rows = (count: number) =>
      some.rows(async (limit) => {
        limits.push(limit);
        return new Array<number>(Math.min(count, limit)).fill(1);
      });
    expect(await rows(20)).toHaveLength(20);
    await expect(rows(1_000_000)).rejects.toThrow(MESSAGE);
    expect(limits).toEqual([51, 31]);
    await expect(rows(1)).rejects.toThrow(MESSAGE);
    expect(limits).toHaveLength(2);
  });

  it('is not spent twice by fields that are resolved at the same time', async () => {
    const some = budget();
    let reading = 0;
    const reads = Array.from({ length: 5 }, () =>
      some.rows(async (limit) => {
        reading++;
        await sleep(1);
        return new Array<number>(Math.min(30, limit)).fill(1);
      }),
    );
    const outcomes = await Promise.allSettled(reads);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected', 'rejected']);
    expect(reading).toBe(2);
  });

  it('comes back with time for a subscription only', async () => {
    const [query, subscription] = [budget(), budget(1)];
    for (const each of [query, subscription]) expect(() => each.spend(101)).toThrow(MESSAGE);
    await sleep(10);
    expect(() => query.spend(1)).toThrow(MESSAGE);
    subscription.spend(100);
  });
});
