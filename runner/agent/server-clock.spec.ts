import { expect, it } from 'vitest';
import { ServerClock } from './server-clock.js';

const HOUR_MS = 3_600_000;
const START = Date.parse('2026-01-01T00:00:00Z');

/** A machine whose clock is wrong by `skewMs`, next to a server that is right. */
function machine(skewMs: number) {
  const at = { ms: 0, skewMs };
  const clock = new ServerClock(
    () => START + at.ms + at.skewMs,
    () => at.ms,
  );
  const right = () => START + at.ms;
  return {
    at,
    clock,
    right,
    /** Asks the server. The way there and the way back take these times. */
    ask(thereMs = 5, backMs = 5) {
      const sent = at.ms;
      at.ms += thereMs;
      const time = new Date(right()).toISOString();
      at.ms += backMs;
      clock.learn(time, sent, at.ms);
    },
    /** By how much the corrected time of a record that is `ageMs` old is wrong. */
    error: (ageMs = 0) =>
      Date.parse(clock.correct(new Date(START + at.ms + at.skewMs - ageMs).toISOString())) - (right() - ageMs),
  };
}

it.each([HOUR_MS, -HOUR_MS])('a clock that is wrong by %i ms is corrected', (skewMs) => {
  const { ask, error } = machine(skewMs);
  expect(error()).toBe(skewMs);
  ask();
  expect(error()).toBe(0);
  expect(error(300)).toBe(0);
});

it('of several answers, the one that took the shortest time counts', () => {
  const { ask, error } = machine(HOUR_MS);
  ask(400, 0);
  expect(error()).toBe(200);
  ask(2, 2);
  ask(0, 400);
  expect(error()).toBe(0);
  for (let i = 0; i < 8; i++) ask(400, 0);
  expect(error(), 'the shortest was long ago').toBe(200);
});

it('a clock that is set while a run trains changes nothing', () => {
  const { ask, at, clock, error, right } = machine(0);
  ask();
  const dated = new Date(START + at.ms).toISOString();
  at.skewMs = -HOUR_MS;
  expect(Date.parse(clock.correct(dated)) - right(), 'dated before, received after').toBe(0);
  at.skewMs = 2 * HOUR_MS;
  expect(error()).toBe(0);
});

it('after a sleep, during which the monotonic clock stood still, older answers no longer count', () => {
  const { clock, ask, at, right } = machine(0);
  ask(1, 1);
  const later = right() + HOUR_MS;
  clock.learn(new Date(later).toISOString(), at.ms - 50, at.ms + 50);
  expect(Date.parse(clock.correct(new Date(right()).toISOString()))).toBe(later);
});

it.each([null, '', 'soon', '1999-01-01T00:00:00Z', '2101-01-01T00:00:00Z', '+275760-09-13T00:00:00.000Z'])(
  'a time that no server can have is ignored: %s',
  (time) => {
    const { clock, error } = machine(HOUR_MS);
    clock.learn(time, 0, 1);
    expect(error()).toBe(HOUR_MS);
  },
);
