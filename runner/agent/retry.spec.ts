import { expect, test } from 'vitest';
import { ServerFault } from './errors.js';
import { errorOf } from './faults.js';
import { backoffMs, retry, WAITS } from './retry.js';

const never = new AbortController().signal;

/** Fails with the given error the given number of times, then returns how often it was called. */
function failing(times: number, error: Error): () => Promise<number> {
  let calls = 0;
  return async () => {
    calls++;
    if (calls <= times) throw error;
    return calls;
  };
}

test('keeps trying while the server is unreachable or broken', async () => {
  expect(await retry(failing(2, new ServerFault('unreachable', 'ECONNREFUSED', 'away')), never, WAITS)).toBe(3);
  expect(await retry(failing(1, new ServerFault('broken', '500', 'broken')), never, WAITS)).toBe(2);
});

test.each([
  ['SERVICE_UNAVAILABLE', 503, 'unreachable'],
  ['TOO_MANY_REQUESTS', 429, 'unreachable'],
  // Too slow for the database: that may never change, so it is not retried forever.
  ['TIMEOUT', 503, 'broken'],
  ['INTERNAL_SERVER_ERROR', 200, 'broken'],
  ['BAD_USER_INPUT', 200, 'refused'],
  ['PAYLOAD_TOO_LARGE', 413, 'refused'],
])('an error with the code %s and HTTP %d is %s', (code, status, kind) => {
  expect(errorOf({ message: 'no', extensions: { code } }, status)).toMatchObject({ kind, code });
});

test('does not retry after a refusal or an error of its own', async () => {
  const refused = new ServerFault('refused', 'FORBIDDEN', 'no');
  await expect(retry(failing(1, refused), never, WAITS)).rejects.toBe(refused);
  const bug = new TypeError('bug');
  await expect(retry(failing(1, bug), never, WAITS)).rejects.toBe(bug);
});

test('stops waiting when its signal aborts', async () => {
  const aborter = new AbortController();
  let calls = 0;
  const endless = retry(
    async () => {
      calls++;
      // By then, it is waiting.
      setImmediate(() => aborter.abort(new Error('enough')));
      throw new ServerFault('unreachable', 'X', 'away');
    },
    aborter.signal,
    WAITS,
  );
  await expect(endless).rejects.toThrow('enough');
  expect(calls).toBe(1);
});

test('the wait grows from a twentieth of a second to at most five seconds', () => {
  for (let i = 0; i < 100; i++) {
    expect(backoffMs(1)).toBeGreaterThanOrEqual(50);
    expect(backoffMs(1)).toBeLessThanOrEqual(100);
    expect(backoffMs(50)).toBeGreaterThanOrEqual(2_500);
    expect(backoffMs(50)).toBeLessThanOrEqual(5_000);
  }
});
