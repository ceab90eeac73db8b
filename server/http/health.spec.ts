import { setImmediate as later } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Health } from './health.js';

/** A check that ends when the test says so. */
function controlled() {
  const checks: { pass(): void; fail(error: Error): void }[] = [];
  const failures: string[] = [];
  const check = () =>
    new Promise<void>((resolve, reject) => {
      checks.push({ pass: resolve, fail: reject });
    });
  const create = (freshMs: number, withinMs?: number) =>
    new Health(check, (reason) => failures.push(reason), freshMs, withinMs);
  return { checks, failures, create };
}

describe('the health of the server', () => {
  it('is checked once for all who ask at the same time', async () => {
    const { checks, failures, create } = controlled();
    const health = create(0);
    const answers = Array.from({ length: 50 }, () => health.problem());
    await later();
    answers.push(health.problem());
    expect(checks).toHaveLength(1);
    checks[0]!.fail(new Error('no database'));
    expect(await Promise.all(answers)).toEqual(new Array(51).fill('no database'));
    expect(failures).toEqual(['no database']);
  });

  it('is not checked again for a moment after a check that passed', async () => {
    const { checks, create } = controlled();
    const health = create(60_000);
    const first = health.problem();
    checks[0]!.pass();
    expect([await first, await health.problem(), await health.problem()]).toEqual([null, null, null]);
    expect(checks).toHaveLength(1);
  });

  it('is checked again at once after a failure', async () => {
    const { checks, create } = controlled();
    const health = create(60_000);
    const first = health.problem();
    checks[0]!.fail(new Error('no database'));
    expect(await first).toBe('no database');
    const second = health.problem();
    checks[1]!.pass();
    expect(await second).toBeNull();
  });

  it('is bad while a check does not end, and good as soon as it has passed', async () => {
    const { checks, create } = controlled();
    const health = create(60_000, 50);
    const answers = await Promise.all(Array.from({ length: 20 }, () => health.problem()));
    expect(answers).toEqual(new Array(20).fill('no answer within 0.05 s'));
    expect(checks).toHaveLength(1);
    const late = health.problem();
    checks[0]!.pass();
    expect([await late, await health.problem()]).toEqual([null, null]);
    expect(checks).toHaveLength(1);
  });
});
