import { setImmediate as nextTurn } from 'node:timers/promises';

let last: Promise<unknown> = Promise.resolve();

/**
 * The value, in a turn of the event loop that nobody else who calls this has. Whoever continues with long work on it blocks
 * other requests for the length of this work only, however much of it there is.
 */
export function inOwnTurn<T>(value: T): Promise<T> {
  const turn = last.then(() => nextTurn(value));
  last = turn;
  return turn;
}
