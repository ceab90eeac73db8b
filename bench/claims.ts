import { cpus } from 'node:os';
import 'reflect-metadata';
import type pg from 'pg';
import { DATASETS, PLACEMENTS, World } from './claims/world.js';
import { msOf, quantile } from './measure.js';

/**
 * Measures the queue by the service that `claimRun` calls, on a PostgreSQL of its own with 100,000 queued runs in 72 placements:
 * a claim that finds nothing, and how many runs 32 runners claim per second. Beside each figure is that of one bare SQL
 * statement on the same database and index. Prints one JSON line; the exit code is 1 if a figure misses its limit.
 * `npm run bench:claims -- [runs]`
 */
const BARE_CLAIM = `UPDATE runs SET state = 'RUNNING' WHERE id = (
  SELECT id FROM runs WHERE placement_id = $1 ORDER BY priority DESC, number LIMIT 1 FOR UPDATE SKIP LOCKED)`;
const CLAIMERS = 32;
/** A runner has at most 64 slots. */
const CLAIMS_EACH = 30;
const ROUNDS = 5;
const EMPTY_CLAIMS = 300;
const LIMITS = { emptyMs: 2, share: 0.5 };

const runs = Number(process.argv[2] ?? 100_000);
/** Bare SQL empties one placement in each round. */
const NEEDED = PLACEMENTS * CLAIMERS * CLAIMS_EACH;
if (!(runs >= NEEDED)) throw new Error(`the number of runs must be at least ${NEEDED}; got ${process.argv[2]}`);
const world = await World.create(runs);
try {
  const connections = await world.connect(CLAIMERS);
  const empty = await emptyClaims(connections[0]!);
  const rates = await claimersBesideBareSql(connections);
  const share = +(rates.perSecond / rates.barePerSecond).toFixed(2);
  const result = {
    bench: 'claims',
    node: process.version,
    machine: `${cpus().length} cores, ${cpus()[0]?.model}`,
    runs,
    placements: PLACEMENTS,
    empty,
    claimers: { count: CLAIMERS, ...rates, share },
    limits: LIMITS,
  };
  console.log(JSON.stringify(result));
  if (empty.medianMs > LIMITS.emptyMs || share < LIMITS.share) process.exitCode = 1;
} finally {
  await world.close();
}

/** A claim of a runner that holds only a dataset that no run uses, and a bare claim from a placement without runs. */
async function emptyClaims(connection: pg.Client) {
  const runner = await world.addRunner(0, [DATASETS]);
  const [times, bareTimes]: number[][] = [[], []];
  for (let i = 0; i < EMPTY_CLAIMS; i++) {
    times!.push(
      await msOf(async () => {
        if (await world.attempts.claim(runner, null)) throw new Error('a run was claimed that does not fit');
      }),
    );
    bareTimes!.push(await msOf(() => connection.query(BARE_CLAIM, [0])));
  }
  return {
    medianMs: quantile(times!, 0.5, 2),
    p95Ms: quantile(times!, 0.95, 2),
    bareMedianMs: quantile(bareTimes!, 0.5, 2),
  };
}

/** Both in turn, so that what else this machine does slows both down. The median of the rounds counts. */
async function claimersBesideBareSql(connections: pg.Client[]) {
  const [rates, bareRates]: number[][] = [[], []];
  for (let i = 0; i <= ROUNDS; i++) {
    const placement = await world.somePlacement();
    await world.vacuum();
    const bare = await perSecond(connections.map((connection) => () => bareClaim(connection, placement)));
    const runners: string[] = [];
    for (let n = 0; n < CLAIMERS; n++) runners.push(await world.addRunner(i % 3, [0, 1, 2]));
    await world.vacuum();
    const rate = await perSecond(runners.map((runner) => () => serviceClaim(runner)));
    // The first round also compiles the code.
    if (i === 0) continue;
    rates!.push(rate);
    bareRates!.push(bare);
  }
  return { perSecond: Math.round(quantile(rates!, 0.5)), barePerSecond: Math.round(quantile(bareRates!, 0.5)) };
}

/** How many claims per second the claimers make together, each one after another. */
async function perSecond(claimers: (() => Promise<void>)[]): Promise<number> {
  const ms = await msOf(() =>
    Promise.all(
      claimers.map(async (claim) => {
        for (let i = 0; i < CLAIMS_EACH; i++) await claim();
      }),
    ),
  );
  return (1000 * CLAIMERS * CLAIMS_EACH) / ms;
}

async function bareClaim(connection: pg.Client, placement: number): Promise<void> {
  const { rowCount } = await connection.query(BARE_CLAIM, [placement]);
  if (rowCount !== 1) throw new Error(`bare SQL claimed ${rowCount} runs instead of one`);
}

async function serviceClaim(runner: string): Promise<void> {
  if (!(await world.attempts.claim(runner, null))) throw new Error('a claim found nothing in a full queue');
}
