import { describe, expect, it } from 'vitest';
import { emptyTables } from '../testing/empty-tables.js';
import { datasetInput } from '../testing/results-fixtures.js';
import { type Claimed, type TestRunner, testServer, USER_TOKEN } from '../testing/test-server.js';

const server = testServer();
const { dataSource } = server.database;

/** A queued run, as the rules see it. */
interface Queued {
  id: string;
  /** Higher for runs that were created later. */
  order: number;
  pool: string;
  engine: string;
  dataset: string;
  priority: number;
  version: number;
}

interface Claimer {
  runner: TestRunner;
  pool: string;
  engine: string;
  datasets: string[];
  version: number;
}

const POOLS = ['default', 'large'];
const ENGINES = ['wasm', 'webgpu'];
const DATASETS = ['shapes', 'camvid', 'thermal'];
const VERSIONS = [1, 2, 3];
const PRIORITIES = [-1, 0, 0, 5];

/** What a claim must return, by the rules in words: the fitting run of the highest priority, the oldest one on ties. */
function expected(queue: Iterable<Queued>, { pool, engine, datasets, version }: Claimer): string | null {
  const fits = [...queue].filter(
    (run) =>
      run.pool === pool &&
      ['any', engine].includes(run.engine) &&
      datasets.includes(run.dataset) &&
      run.version <= version,
  );
  return fits.sort((a, b) => b.priority - a.priority || a.order - b.order)[0]?.id ?? null;
}

/** Random numbers that depend on the seed only (mulberry32). */
function randomFrom(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
  return <Item>(items: readonly Item[]): Item => items[Math.floor(next() * items.length)]!;
}

const infoOf = (name: string) => datasetInput({ name, fingerprint: name.padEnd(64, '0').slice(0, 64) });

/** Registers a runner with every slot that it can have. */
async function claimer({ datasets, version, ...place }: Omit<Claimer, 'runner'>): Promise<Claimer> {
  const info = { ...place, configVersion: version, slots: 64, datasets: datasets.map(infoOf) };
  const runner = await server.registerRunner(info);
  await server.setSlotLimit(runner, 64);
  return { runner, datasets, version, ...place };
}

const places = () =>
  dataSource.query(
    `SELECT count(*)::int AS wrong FROM runs LEFT JOIN placements p ON p.id = placement_id
     WHERE (state = 'QUEUED') IS DISTINCT FROM ((p.pool, p.engine, p.dataset_id, p.config_version)
       IS NOT DISTINCT FROM (runs.pool, runs.engine, runs.dataset_id, needed_config_version))`,
  );

describe('a claim', () => {
  it.each([1, 2, 3])('returns the run that the rules say, whatever happened before: seed %i', async (seed) => {
    const pick = randomFrom(seed);
    await emptyTables(dataSource, 'runs', 'runners');
    const claimers: Claimer[] = [
      // Announces every dataset.
      await claimer({ pool: 'default', engine: 'wasm', datasets: DATASETS, version: 3 }),
    ];
    for (let i = 0; i < 7; i++) {
      const datasets = DATASETS.filter(() => pick([true, true, false]));
      claimers.push(await claimer({ pool: pick(POOLS), engine: pick(ENGINES), datasets, version: pick(VERSIONS) }));
    }
    const queue = new Map<string, Queued>();
    const held: { run: Queued; attempt: Claimed; runner: TestRunner }[] = [];
    const ended: Queued[] = [];
    let order = 0;

    const actions = {
      create: async () => {
        const [pool, engine, dataset] = [pick(POOLS), pick(['any', ...ENGINES]), pick(DATASETS)];
        const [priority, version] = [pick(PRIORITIES), pick(VERSIONS)];
        const id = await server.createRun({ priority }, { dataset, placement: { pool, engine } });
        if (version > 1)
          await dataSource.query('UPDATE runs SET needed_config_version = $1 WHERE id = $2', [version, id]);
        queue.set(id, { id, order: ++order, pool, engine, dataset, priority, version });
      },
      claim: async () => {
        const who = pick(claimers);
        if (held.filter(({ runner }) => runner === who.runner).length === 64) return;
        const id = expected(queue.values(), who);
        const attempt = await who.runner.claim();
        expect(attempt?.runId ?? null).toBe(id);
        if (attempt) held.push({ run: queue.get(attempt.runId)!, attempt, runner: who.runner });
        if (attempt) queue.delete(attempt.runId);
      },
      end: async () => {
        const one = held.length > 0 ? pick(held) : null;
        if (!one) return;
        held.splice(held.indexOf(one), 1);
        const outcome = pick(['RELEASED', 'LOST', 'FAILED', 'CANCELED']);
        await one.runner.finish(one.attempt, outcome);
        if (['RELEASED', 'LOST'].includes(outcome)) queue.set(one.run.id, one.run);
        else ended.push(one.run);
      },
      cancel: async () => {
        if (queue.size === 0) return;
        const run = pick([...queue.values()]);
        await server.ask('mutation ($id: ID!) { cancelRun(id: $id) { id } }', { id: run.id }, USER_TOKEN);
        queue.delete(run.id);
        ended.push(run);
      },
      retry: async () => {
        const run = ended.pop();
        if (!run) return;
        await server.ask('mutation ($id: ID!) { retryRun(id: $id) { id } }', { id: run.id }, USER_TOKEN);
        queue.set(run.id, run);
      },
      // There is no mutation for this, but an administrator may do it.
      edit: async () => {
        if (queue.size === 0) return;
        const run = pick([...queue.values()]);
        Object.assign(run, { pool: pick(POOLS), priority: pick(PRIORITIES) });
        await dataSource.query('UPDATE runs SET pool = $1, priority = $2 WHERE id = $3', [
          run.pool,
          run.priority,
          run.id,
        ]);
      },
    };
    const { create, claim, end, cancel, retry, edit } = actions;
    for (let i = 0; i < 20; i++) await create();
    for (let i = 0; i < 200; i++)
      await pick([create, create, claim, claim, claim, claim, end, end, cancel, retry, edit])();
    // Empties the queue.
    for (const who of claimers) {
      for (let id = expected(queue.values(), who); id !== null; id = expected(queue.values(), who)) {
        expect((await who.runner.claim())?.runId).toBe(id);
        queue.delete(id);
      }
      expect(await who.runner.claim()).toBeNull();
    }
    expect(await places()).toEqual([{ wrong: 0 }]);
  });

  it('finds a run for each of 64 claimers that ask at once for 64 runs', async () => {
    await emptyTables(dataSource, 'runs', 'runners');
    const place = { pool: 'default', engine: 'wasm', datasets: DATASETS, version: 1 };
    const claimers: Claimer[] = [];
    for (let i = 0; i < 64; i++) claimers.push(await claimer(place));
    for (let round = 0; round < 3; round++) {
      const created = new Set<string>();
      for (let i = 0; i < 64; i++) {
        const dataset = DATASETS[i % DATASETS.length]!;
        created.add(await server.createRun({ priority: i % 3 }, { dataset }));
      }
      const claims = await Promise.all(claimers.map(({ runner }) => runner.claim()));
      expect(claims.filter((claim) => claim === null)).toEqual([]);
      expect(new Set(claims.map((claim) => claim!.runId))).toEqual(created);
    }
  });
});

describe('a placement', () => {
  const placements = () => dataSource.query<{ pool: string }[]>('SELECT pool FROM placements ORDER BY pool');
  const age = () => dataSource.query(`UPDATE placements SET created_at = now() - interval '25 hours'`);

  it('is shared by the queued runs with the same demands, and deleted a day later, once none is queued', async () => {
    await emptyTables(dataSource, 'runs', 'placements');
    await server.stop();
    await server.start({ leaseSeconds: 0.1, sweepSeconds: 0.05 });
    const runner = await server.registerRunner({ pool: 'used', datasets: [infoOf('shapes')] });
    for (let i = 0; i < 2; i++) await server.createRun({}, { placement: { pool: 'used' } });
    const other = await server.createRun({}, { placement: { pool: 'waiting' } });
    expect(await placements()).toEqual([{ pool: 'used' }, { pool: 'waiting' }]);
    expect(await runner.claim()).not.toBeNull();
    await age();
    await server.ask('mutation ($id: ID!) { cancelRun(id: $id) { id } }', { id: other }, USER_TOKEN);
    await expect.poll(placements, { timeout: 20_000 }).toEqual([{ pool: 'used' }]);
    await server.ask('mutation ($id: ID!) { retryRun(id: $id) { id } }', { id: other }, USER_TOKEN);
    expect(await placements()).toEqual([{ pool: 'used' }, { pool: 'waiting' }]);
  });
});
