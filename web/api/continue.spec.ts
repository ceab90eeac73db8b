import { expect, it } from 'vitest';
import { continuing } from './continue.js';

const sent = (subscription: unknown) => JSON.parse(JSON.stringify(subscription));

it('a subscription that is sent again continues after the newest message', () => {
  const received: unknown[] = [];
  const end = () => {};
  const { subscription, sink } = continuing(
    { query: 'q', variables: { runId: '7', after: 'first' } },
    { next: (result: { data?: unknown }) => received.push(result), error: end, complete: end },
  );
  expect(sent(subscription)).toEqual({ query: 'q', variables: { runId: '7', after: 'first' } });
  const messages = [{ data: { runPoints: { cursor: 'a' } } }, { data: { runPoints: { cursor: 'b' } } }, { data: null }];
  for (const message of messages) sink.next(message);
  expect(received).toEqual(messages);
  expect(sent(subscription)).toEqual({ query: 'q', variables: { runId: '7', after: 'b' } });
});

it('a subscription without cursors is sent again as it was', () => {
  const end = () => {};
  const { subscription, sink } = continuing({ query: 'q' }, { next: end, error: end, complete: end });
  for (const data of [{ runDeleted: '7' }, { runChanged: { id: '7' } }]) sink.next({ data });
  expect(sent(subscription)).toEqual({ query: 'q' });
});
