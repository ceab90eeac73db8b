import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { ReportingRunner } from '../e2e/support/reporting-runner.js';
import { TestStack } from '../e2e/support/test-stack.js';
import { quantile } from './measure.js';

/**
 * Measures how long a metric point takes from a runner's report to a subscriber, with a real server, PostgreSQL and sockets on
 * this machine. Before each report it also times a trivial GraphQL query, so that the ratio hardly depends on the machine's
 * speed. Prints one JSON line, in milliseconds. `npm run bench:live -- [reports]`
 */
const reports = Number(process.argv[2] ?? 200);
const stack = new TestStack();
/** A runner that does not train. The bench decides what it reports. */
const runner = new ReportingRunner(stack, 'bench', {
  name: 'bench',
  classes: [
    { name: 'one', color: '#ff0000' },
    { name: 'two', color: '#00ff00' },
  ],
});

try {
  await stack.startServer();
  await runner.register();
  await stack.queue({ dataset: 'bench', split: { labelledRatio: 1 }, method: { name: 'supervised' } });
  const runId = await runner.claimRun();
  const arrivals = new Map<number, number>();
  const client = createClient({ url: `${stack.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket });
  client.subscribe<{ runMetrics: { steps: number[] }[] }>(
    { query: 'subscription($runId: ID!) { runMetrics(runId: $runId) { steps } }', variables: { runId } },
    {
      next: ({ data }) => {
        for (const history of data?.runMetrics ?? []) {
          for (const step of history.steps) arrivals.set(step, arrivals.get(step) ?? performance.now());
        }
      },
      error: (error) => {
        throw new Error(`the subscription failed: ${JSON.stringify(error)}`);
      },
      complete: () => {},
    },
  );
  await pause(500);

  const latencies: number[] = [];
  const references: number[] = [];
  for (let step = 1; step <= reports; step++) {
    const before = performance.now();
    await stack.send('{ server { version } }');
    const sent = performance.now();
    references.push(sent - before);
    await runner.points(step, { loss: 1 / step });
    while (!arrivals.has(step)) {
      if (performance.now() - sent > 10_000) throw new Error(`the point of step ${step} did not arrive within 10 s`);
      await pause(1);
    }
    latencies.push(arrivals.get(step)! - sent);
    // Uneven gaps, so that reports do not synchronise with the server's batching.
    await pause(20 + ((step * 37) % 260));
  }
  await client.dispose();

  const result = {
    bench: 'live-latency',
    reports,
    medianMs: quantile(latencies, 0.5),
    p95Ms: quantile(latencies, 0.95),
    maxMs: quantile(latencies, 1),
    referenceMedianMs: quantile(references, 0.5),
    ratio: +(quantile(latencies, 0.5) / quantile(references, 0.5)).toFixed(1),
    limitMs: 500,
  };
  console.log(JSON.stringify(result));
  if (result.maxMs >= result.limitMs) process.exitCode = 1;
} finally {
  await stack.close();
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
