import { describe, expect, it } from 'vitest';
import { FailureLimit, networkOf, UnknownToken } from './failure-limit.js';

const wrong = async () => {
  throw new UnknownToken('TOKEN_UNKNOWN');
};

/** A limit with a clock that only the test moves. */
function limit(perMinute: number) {
  const clock = { ms: 0 };
  return { clock, failures: new FailureLimit(perMinute, () => clock.ms) };
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'OK',
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );

describe('unknown tokens', () => {
  it('empty the bucket of their address, and no other', async () => {
    const { failures } = limit(3);
    const codes: string[] = [];
    for (let i = 0; i < 5; i++) codes.push(await codeOf(failures.attempt('10.0.0.1', wrong)));
    expect(codes).toEqual([...new Array(3).fill('UNAUTHENTICATED'), ...new Array(2).fill('TOO_MANY_REQUESTS')]);
    expect(await codeOf(failures.attempt('10.0.0.1', async () => 1))).toBe('TOO_MANY_REQUESTS');
    expect(await codeOf(failures.attempt('10.0.0.2', async () => 1))).toBe('OK');
  });

  it('are allowed again as the bucket refills, and the message says when', async () => {
    const { failures, clock } = limit(6);
    for (let i = 0; i < 6; i++) await codeOf(failures.attempt(null, wrong));
    await expect(failures.attempt(null, wrong)).rejects.toThrow('from this address: try again in 10 s');
    clock.ms += 10_000;
    expect(await codeOf(failures.attempt(null, wrong))).toBe('UNAUTHENTICATED');
    expect(await codeOf(failures.attempt(null, wrong))).toBe('TOO_MANY_REQUESTS');
    clock.ms += 3_600_000;
    const codes: string[] = [];
    for (let i = 0; i < 7; i++) codes.push(await codeOf(failures.attempt(null, wrong)));
    expect(codes.filter((code) => code === 'UNAUTHENTICATED')).toHaveLength(6);
  });

  it('that arrive at the same time do not slip through', async () => {
    const { failures } = limit(4);
    let lookedUp = 0;
    const guess = async () => {
      lookedUp++;
      await new Promise((resolve) => setTimeout(resolve, 5));
      return wrong();
    };
    const codes = await Promise.all(Array.from({ length: 50 }, () => codeOf(failures.attempt('10.0.0.1', guess))));
    expect(codes.filter((code) => code === 'UNAUTHENTICATED')).toHaveLength(4);
    expect(codes.filter((code) => code === 'TOO_MANY_REQUESTS')).toHaveLength(46);
    expect(lookedUp).toBe(4);
  });
});

describe('valid tokens', () => {
  it('take nothing from the bucket, however many arrive at the same time', async () => {
    const { failures } = limit(2);
    const look = () => new Promise((resolve) => setTimeout(resolve, 1));
    const codes = await Promise.all(Array.from({ length: 40 }, () => codeOf(failures.attempt('10.0.0.1', look))));
    expect(new Set(codes)).toEqual(new Set(['OK']));
  });

  it('are not counted when the look-up itself fails', async () => {
    const { failures } = limit(1);
    const broken = async () => {
      throw new Error('the database is unavailable');
    };
    for (let i = 0; i < 3; i++) expect(await codeOf(failures.attempt('10.0.0.1', broken))).toContain('the database');
    expect(await codeOf(failures.attempt('10.0.0.1', async () => 1))).toBe('OK');
  });
});

it('remembers a bounded number of addresses, and forgets the longest unused first', async () => {
  const { failures } = limit(1);
  await codeOf(failures.attempt('first', wrong));
  expect(await codeOf(failures.attempt('first', wrong))).toBe('TOO_MANY_REQUESTS');
  for (let i = 0; i < 10_000; i++) await codeOf(failures.attempt(`address ${i}`, wrong));
  expect(await codeOf(failures.attempt('first', wrong))).toBe('UNAUTHENTICATED');
  expect(await codeOf(failures.attempt('address 9999', wrong))).toBe('TOO_MANY_REQUESTS');
});

it.each([
  ['10.0.0.1', '10.0.0.1'],
  ['::ffff:10.0.0.1', '10.0.0.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  [null, 'unknown'],
])('the network of %s is %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
