import { once } from 'node:events';
import { WebSocket } from 'ws';
import { quantile } from '../measure.js';
import type { Arrivals } from './crowd.js';

/**
 * Subscribes to the points of a run, with a socket for each subscriber, and remembers when each step arrived at each. It runs in a process
 * of its own, so that reading a thousand sockets does not delay what is measured. Arguments: the addresses of servers, the run, how many.
 * It answers a list of steps and when they were sent with how long they took.
 */
const QUERY =
  'subscription ($runId: ID!) { runPoints(runId: $runId) { cursor reset histories { name steps values } } }';
const NEXT = '{"id":"1","type":"next","payload":';

let last = { payload: '', steps: [] as number[] };

const [urls, runId, count] = process.argv.slice(2) as [string, string, string];
const addresses = urls.split(',').map((url) => `${url.replace(/^http/, 'ws')}/graphql`);

const subscribers: Map<number, number>[] = [];
for (let i = 0; i < Number(count); i++) subscribers.push(await subscribe(addresses[i % addresses.length]!));
process.send!('ready');
process.on('message', (sent: [step: number, atMs: number][]) => process.send!(arrivalsOf(sent)));

/** Returns when each step arrives, in milliseconds on the clock that all processes share, once the subscription has begun. */
async function subscribe(address: string): Promise<Map<number, number>> {
  const arrivals = new Map<number, number>();
  const socket = new WebSocket(address, 'graphql-transport-ws');
  await once(socket, 'open');
  await new Promise<void>((begun) => {
    socket.on('message', (bytes) => {
      const atMs = Number(process.hrtime.bigint()) / 1e6;
      const text = String(bytes);
      if (text.startsWith('{"type":"connection_ack"')) {
        socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: QUERY, variables: { runId } } }));
      } else if (text.startsWith(NEXT)) {
        // The first message says where the subscription begins.
        begun();
        for (const step of stepsOf(text.slice(NEXT.length, -1))) {
          if (arrivals.has(step)) throw new Error(`step ${step} arrived twice`);
          arrivals.set(step, atMs);
        }
      } else throw new Error(`unexpected message: ${text.slice(0, 300)}`);
    });
    socket.send('{"type":"connection_init"}');
  });
  return arrivals;
}

/** The steps in a message. Subscribers receive the same text, which is parsed once. */
function stepsOf(payload: string): number[] {
  if (payload !== last.payload) {
    const { data } = JSON.parse(payload) as { data: { runPoints: { histories: { steps: number[] }[] } } };
    last = { payload, steps: data.runPoints.histories[0]?.steps ?? [] };
  }
  return last.steps;
}

function arrivalsOf(sent: readonly [step: number, atMs: number][]): Arrivals {
  const took = sent.flatMap(([step, atMs]) =>
    subscribers.map((arrivals) => (arrivals.get(step) ?? Number.POSITIVE_INFINITY) - atMs),
  );
  const arrived = took.filter(Number.isFinite);
  const at = (share: number) => (arrived.length > 0 ? quantile(arrived, share) : null);
  return { missing: took.length - arrived.length, medianMs: at(0.5), p95Ms: at(0.95), maxMs: at(1) };
}
