import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { Laboratory } from '../e2e/support/laboratory.js';

/**
 * Measures how long a metric point takes from a runner's report to a subscriber, with a real server, PostgreSQL and sockets on
 * this machine. Before each report it also times a trivial GraphQL query, so that the ratio hardly depends on the machine's
 * speed. Prints one JSON line, in milliseconds. `npm run bench:live -- [reports]`
 */
const reports = Number(process.argv[2] ?? 200);
const laboratory = new Laboratory({ LOG_LEVEL: 'error' });

try {
  await laboratory.startServer();
  const { attempt, runId, token } = await claimedRun();
  const arrivals = new Map<number, number>();
  const client = createClient({ url: `${laboratory.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket });
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
    await laboratory.send('{ server { version } }');
    const sent = performance.now();
    references.push(sent - before);
    const points = [{ series: 'loss', steps: [step], values: [1 / step] }];
    const report = { ...attempt, sequence: step, step, points };
    await laboratory.send(
      'mutation($report: AttemptReportInput!) { reportAttempt(report: $report) { directive } }',
      { report },
      token,
    );
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
  await laboratory.close();
}

/** A run claimed by a registered runner. There is no runner process: this bench acts as the runner. */
async function claimedRun(): Promise<{ attempt: { attemptId: string; fence: number }; runId: string; token: string }> {
  const dataset = {
    name: 'bench',
    kind: 'folder',
    classes: [
      { name: 'one', color: '#ff0000' },
      { name: 'two', color: '#00ff00' },
    ],
    ignoreIndex: 255,
    trainImages: 1,
    valImages: 1,
    testImages: 1,
    fingerprint: '0'.repeat(64),
  };
  const machine = { name: 'bench', host: 'bench', engine: 'wasm', device: 'cpu', version: '0', datasets: [dataset] };
  const { registerRunner } = await laboratory.send<{ registerRunner: { token: string } }>(
    'mutation($t: String!, $info: RunnerInfoInput!) { registerRunner(registrationToken: $t, info: $info) { token } }',
    { t: await laboratory.registrationToken(), info: machine },
  );
  const { token } = registerRunner;
  await laboratory.send(
    'mutation($info: RunnerInfoInput!) { startRunner(info: $info) { leaseSeconds } }',
    { info: machine },
    token,
  );
  const config = { dataset: 'bench', split: { labelledRatio: 1 }, method: { name: 'supervised' } };
  await laboratory.send('mutation($config: JSONObject!) { createRun(input: { config: $config }) { id } }', { config });
  const { claimRun } = await laboratory.send<{ claimRun: { attemptId: string; fence: number; run: { id: string } } }>(
    'mutation { claimRun { attemptId fence run { id } } }',
    {},
    token,
  );
  return { attempt: { attemptId: claimRun.attemptId, fence: claimRun.fence }, runId: claimRun.run.id, token };
}

function quantile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return +sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!.toFixed(1);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
