import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { ReportingRunner } from '../e2e/support/reporting-runner.js';
import { TestStack } from '../e2e/support/test-stack.js';
import { freePort } from '../processes/free-port.js';
import { Program } from '../processes/program.js';
import { compiledFile } from '../runner/compiled/compiled-file.js';
import { EmbeddedPostgres } from '../server/database/embedded-postgres.js';
import { createLogger } from '../server/logger.js';
import { ServerProcess } from './documents/server-process.js';
import { type Arrivals, Crowd } from './live/crowd.js';
import { msOf, quantile } from './measure.js';

/**
 * Measures how long a metric point takes from a runner's report to its subscribers, with real servers, PostgreSQL and sockets on
 * this machine: 1, 100 and 1,000 subscribers of one run that reports 25 points ten times a second, and 100 on two servers. Before each, the
 * same reports are sent while nobody listens, which shows by how much subscribers slow them down. An empty query is timed too, so that
 * the figures of two machines can be compared. Times begin when a report is sent. Prints one JSON line; the exit code is 1 if a
 * figure misses its limit. `npm run bench:live -- [reports]`
 */
const LIMITS = { p95Ms: { 1: 100, 100: 100, 1000: 500, 'two servers': 150 }, slowedBy: 2, peakMb: 300 };
const SERIES = 25;
const REPORT_EVERY_MS = 100;
/** How long the last report may take to arrive. */
const PATIENCE_MS = 10_000;

const reports = Number(process.argv[2] ?? 200);
const stack = new TestStack({ SOCKETS_PER_ADDRESS: '5000', CONNECTIONS_PER_ADDRESS: '5000' });
/** A runner that does not train. The bench decides what it reports. */
const runner = new ReportingRunner(stack, 'bench', {
  name: 'bench',
  classes: [
    { name: 'one', color: '#ff0000' },
    { name: 'two', color: '#00ff00' },
  ],
});
let step = 0;

try {
  const first = await stack.startServer();
  await runner.register();
  await stack.queue({
    dataset: 'bench',
    split: { labelledRatio: 1 },
    method: { name: 'supervised' },
    training: { iterations: 1_000_000 },
  });
  const runId = await runner.claimRun();
  const server = new ServerProcess(first.pid, '', '');
  const references: number[] = [];
  for (let i = 0; i < 100; i++) references.push(await msOf(() => stack.send('{ server { version } }')));
  // Compiles the code.
  await report(50);

  const crowds: Record<string, Measured> = {};
  for (const subscribers of [1, 100, 1000]) crowds[subscribers] = await measure([stack.url], runId, subscribers);
  const peakMb = Math.round(server.peak() / 2 ** 20);
  const second = await secondServer();
  crowds['two servers'] = await measure([stack.url, second.url], runId, 100);
  await second.program.stop(30);

  const result = {
    bench: 'live-latency',
    node: process.version,
    machine: `${cpus().length} cores, ${cpus()[0]?.model}`,
    reports,
    series: SERIES,
    emptyQueryMedianMs: quantile(references, 0.5),
    crowds,
    peakMb,
    limits: LIMITS,
  };
  console.log(JSON.stringify(result));
  const isLate = ([name, { p95Ms, missing }]: [string, Measured]) =>
    missing > 0 || p95Ms === null || p95Ms > LIMITS.p95Ms[name as keyof typeof LIMITS.p95Ms];
  const isSlowed = Object.values(crowds).some(({ slowedBy }) => slowedBy > LIMITS.slowedBy);
  if (Object.entries(crowds).some(isLate) || isSlowed || peakMb > LIMITS.peakMb) process.exitCode = 1;
} finally {
  await stack.close();
}

interface Measured extends Arrivals {
  reportMedianMs: number;
  aloneMedianMs: number;
  /** The ratio of the two. */
  slowedBy: number;
}

async function measure(urls: readonly string[], runId: string, subscribers: number): Promise<Measured> {
  const alone = await report(reports);
  const crowd = await Crowd.gather(urls, runId, subscribers);
  try {
    const heard = await report(reports);
    let arrivals = await crowd.arrivals(heard.sent);
    for (let waited = 0; arrivals.missing > 0 && waited < PATIENCE_MS; waited += 200) {
      await sleep(200);
      arrivals = await crowd.arrivals(heard.sent);
    }
    const [reportMedianMs, aloneMedianMs] = [quantile(heard.tookMs, 0.5), quantile(alone.tookMs, 0.5)];
    return { ...arrivals, reportMedianMs, aloneMedianMs, slowedBy: +(reportMedianMs / aloneMedianMs).toFixed(2) };
  } finally {
    await crowd.disperse();
  }
}

/** Sends reports, ten a second. Returns when each step was sent, and how long each report took. */
async function report(count: number) {
  const sent: [step: number, atMs: number][] = [];
  const tookMs: number[] = [];
  let nextMs = performance.now();
  for (let i = 0; i < count; i++) {
    await sleep(Math.max(0, nextMs - performance.now()));
    nextMs += REPORT_EVERY_MS;
    step++;
    const values = Object.fromEntries(
      Array.from({ length: SERIES }, (_, series) => [`series ${series}`, series / step]),
    );
    sent.push([step, Number(process.hrtime.bigint()) / 1e6]);
    tookMs.push(await msOf(() => runner.points(step, values)));
  }
  return { sent, tookMs };
}

/** Another server on the same database. */
async function secondServer() {
  const port = await freePort();
  const { url } = await EmbeddedPostgres.startOrJoin(stack.home('server'), createLogger('warn'));
  const program = new Program({
    name: 'second server',
    command: [process.execPath, compiledFile('../cli/main.js', import.meta.url), 'server'],
    env: { DATABASE_URL: url, HOST: '127.0.0.1', PORT: String(port), AUTH: 'off', SOCKETS_PER_ADDRESS: '5000' },
  });
  await program.printed('Crosscheck is up', 120);
  return { url: `http://127.0.0.1:${port}`, program };
}
