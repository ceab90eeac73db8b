import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEnv } from '../env.js';
import { Events } from '../events/events.js';
import { createLogger } from '../logger.js';
import { modules } from '../modules.js';
import { testServer } from '../testing/test-server.js';

const server = testServer();
const { dataSource, url } = server.database;
const logger = createLogger('silent');
const events = new Events({ databaseUrl: url, logger });
const { services } = modules.create({ dataSource, events, env: readEnv({}), logger, version: 'test' });
beforeAll(() => events.start());
afterAll(() => events.close());

const CLAIMERS = 24;
/** Its claim comes when as many calls as allowed are in progress, so it is asked with others. */
const UNLUCKY = CLAIMERS - 5;

describe('claims that come at once', () => {
  it('share transactions, and do not fail with one of them', async () => {
    const runners = await Promise.all(
      Array.from({ length: CLAIMERS }, (_, i) => server.registerRunner({ name: `runner ${i}` })),
    );
    const unlucky = runners[UNLUCKY]!;
    // A sequence also counts in transactions that are rolled back.
    await dataSource.query(`
      CREATE SEQUENCE refusals;
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN PERFORM nextval('refusals'); RAISE 'no attempt for this runner'; END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON attempts
        FOR EACH ROW WHEN (NEW.runner_id = '${unlucky.id}') EXECUTE FUNCTION refuse()`);
    const created = new Set<string>();
    for (let i = 0; i < CLAIMERS; i++) created.add(await server.createRun());

    // Of one process, so that they come at the same moment, however slow this machine is.
    const claims = await Promise.allSettled(runners.map(({ id }) => services.attempts.claim(id, null)));
    expect(claims.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect(claims[UNLUCKY]).toMatchObject({ status: 'rejected', reason: { message: 'no attempt for this runner' } });
    const answered = claims.flatMap((each, i) =>
      each.status === 'fulfilled' ? [{ runId: each.value!.run.id, runnerId: runners[i]!.id }] : [],
    );
    expect(new Set(answered.map(({ runId }) => runId)).size).toBe(CLAIMERS - 1);
    for (const { runId } of answered) expect(created).toContain(runId);

    const stored = await dataSource.query<{ runId: string; runnerId: string; transaction: string }[]>(
      'SELECT run_id AS "runId", runner_id AS "runnerId", xmin::text AS transaction FROM attempts',
    );
    const sorted = (all: { runId: string; runnerId: string }[]) =>
      all.map(({ runId, runnerId }) => `${runId} ${runnerId}`).sort();
    expect(sorted(stored)).toEqual(sorted(answered));
    // Three are asked alone and the others in groups, of which only the one with the refused claim is asked again, one by one.
    expect(new Set(stored.map(({ transaction }) => transaction)).size).toBeLessThan(CLAIMERS / 2);
    // With others at first, and then alone.
    expect(await dataSource.query('SELECT last_value::int AS refusals FROM refusals')).toEqual([{ refusals: 2 }]);

    await dataSource.query('DROP TRIGGER refuse ON attempts; DROP FUNCTION refuse; DROP SEQUENCE refusals');
    expect(await unlucky.claim()).not.toBeNull();
  });
});
