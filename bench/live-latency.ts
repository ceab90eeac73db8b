import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { TestStack } from '../e2e/support/test-stack.js';

/**
 * How long a metric point takes from a runner's report to a subscriber: server, PostgreSQL and sockets are real, and on this
 * machine. Beside each report one trivial GraphQL query is timed, so that the ratio says what is ours and what is the
 * machine's. Prints one JSON line; milliseconds. `npm run bench:live -- [reports]`
 */
const reports = Number(process.argv[2] ?? 200);
const stack = new TestStack();

try {
  await stack.startServer();
  const { attempt, runId, token } = await claimedRun();
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
    const points = [{ series: 'loss', steps: [step], values: [1 / step] }];
    const report = { ...attempt, sequence: step, step, points };
    await stack.send(
      'mutation($report: AttemptReportInput!) { reportAttempt(report: $report) { directive } }',
      { report },
      token,
    );
    while (!arrivals.has(step)) {
      if (performance.now() - sent > 10_000) throw new Error(`the point of step ${step} did not arrive within 10 s`);
      await pause(1);
    }
    latencies.push(arrivals.get(step)! - sent);
    // Uneven gaps: reports must not fall into step with the server's own batching.
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

/** A run that a registered runner holds, without a process behind it: this bench is the runner. */
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
  const { registerRunner } = await stack.send<{ registerRunner: { token: string } }>(
    'mutation($t: String!, $info: RunnerInfoInput!) { registerRunner(registrationToken: $t, info: $info) { token } }',
    { t: await stack.registrationToken(), info: machine },
  );
  const { token } = registerRunner;
  await stack.send(
    'mutation($info: RunnerInfoInput!) { startRunner(info: $info) { leaseSeconds } }',
    { info: machine },
    token,
  );
  const config = { dataset: 'bench', split: { labelledRatio: 1 }, method: { name: 'supervised' } };
  await stack.send('mutation($config: JSONObject!) { createRun(input: { config: $config }) { id } }', { config });
  const { claimRun } = await stack.send<{ claimRun: { attemptId: string; fence: number; run: { id: string } } }>(
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
