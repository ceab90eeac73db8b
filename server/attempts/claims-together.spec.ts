import { describe, expect, it } from 'vitest';
import { testServer } from '../testing/test-server.js';

const server = testServer();
const { dataSource } = server.database;

const CLAIMERS = 24;

describe('claims that come at once', () => {
  it('do not fail with one of them', async () => {
    const runners = await Promise.all(
      Array.from({ length: CLAIMERS }, (_, i) => server.registerRunner({ name: `runner ${i}` })),
    );
    const unlucky = runners[CLAIMERS - 5]!;
    await dataSource.query(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no attempt for this runner'; END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON attempts
        FOR EACH ROW WHEN (NEW.runner_id = '${unlucky.id}') EXECUTE FUNCTION refuse()`);
    const created = new Set<string>();
    for (let i = 0; i < CLAIMERS; i++) created.add(await server.createRun());
    const claims = await Promise.allSettled(runners.map((runner) => runner.claim()));
    expect(claims.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect(claims[CLAIMERS - 5]!.status).toBe('rejected');
    const claimed = claims.flatMap((each) => (each.status === 'fulfilled' ? [each.value!.runId] : []));
    expect(new Set(claimed).size).toBe(CLAIMERS - 1);
    for (const runId of claimed) expect(created).toContain(runId);
    const attempts = 'SELECT run_id AS "runId", runner_id AS "runnerId" FROM attempts';
    const stored = await dataSource.query<{ runId: string; runnerId: string }[]>(attempts);
    const answered = runners.flatMap(({ id }, i) => {
      const claim = claims[i]!;
      return claim.status === 'fulfilled' ? [{ runId: claim.value!.runId, runnerId: id }] : [];
    });
    const sorted = (all: { runId: string; runnerId: string }[]) => all.sort((a, b) => (a.runId < b.runId ? -1 : 1));
    expect(sorted(stored)).toEqual(sorted(answered));
    await dataSource.query('DROP TRIGGER refuse ON attempts; DROP FUNCTION refuse');
    expect(await unlucky.claim()).not.toBeNull();
  });
});
