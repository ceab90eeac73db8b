import { beforeAll, describe, expect, it } from 'vitest';
import { listen as listenTo } from '../testing/listener.js';
import { type TestRunner, testServer } from '../testing/test-server.js';

const server = testServer();
let runner: TestRunner;

const RUN_CHANGED = 'subscription ($id: ID!) { runChanged(runId: $id) { state step evaluation { meanIou } } }';

const listen = (query: string, variables: Record<string, unknown> = {}) => listenTo(server, query, variables);

async function studyOfOneRun(): Promise<{ id: string; runId: string }> {
  const input = {
    name: 's',
    base: { dataset: 'shapes', split: { labelledRatio: 0.5 } },
    matrix: { methods: [{ name: 'cps' }] },
  };
  const { createStudy } = await server.ask(
    'mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id runs { edges { node { id } } } } }',
    { input },
  );
  return { id: createStudy.id, runId: createStudy.runs.edges[0].node.id };
}

beforeAll(async () => {
  runner = await server.registerRunner({ slots: 20 });
});

describe('a subscriber', () => {
  it('receives a run as it is now and every change, until it is deleted', async () => {
    const id = await server.createRun();
    const { received, until, ended } = await listen(RUN_CHANGED, { id });
    const deleted = await listen('subscription { runDeleted }');
    await until(() => received.length > 0);
    expect(received[0].runChanged).toEqual({ state: 'QUEUED', step: 0, evaluation: null });
    const attempt = (await runner.claim())!;
    await until(() => received.at(-1).runChanged.state === 'RUNNING');
    const confusion = [4, 0, 0, 0, 4, 0, 0, 0, 4];
    const evaluations = [{ step: 3, network: 'BRANCH1', subset: 'VAL', confusion }];
    await runner.report(attempt, { sequence: 1, step: 3, evaluations });
    await until(() => received.at(-1).runChanged.evaluation?.meanIou === 1);
    await runner.complete(attempt);
    await until(() => received.at(-1).runChanged.state === 'COMPLETED');
    await server.ask(`mutation { deleteRun(id: "${id}") }`);
    await ended;
    await deleted.until(() => deleted.received.some(({ runDeleted }) => runDeleted === id));
    await deleted.stop();
  });

  it('receives the states of a busy run in order, and always its last one', async () => {
    await server.createRun();
    const attempt = (await runner.claim())!;
    const { received, until, stop } = await listen(RUN_CHANGED, { id: attempt.runId });
    await until(() => received.length > 0);
    for (let sequence = 1; sequence <= 20; sequence++) await runner.report(attempt, { sequence, step: sequence });
    await until(() => received.at(-1).runChanged.step === 20);
    const steps = received.map(({ runChanged }) => runChanged.step);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    await stop();
    await runner.complete(attempt);
  });

  it('only receives runs that meet its condition, and is refused with one that no run could meet', async () => {
    const changed =
      'subscription ($query: String, $where: RunWhere) { runsChanged(query: $query, where: $where) { id step } }';
    const where = { field: { path: 'name' }, value: 'wanted' };
    const { received, until, stop } = await listen(changed, { query: 'step >= 2', where });
    await server.createRun({ name: 'other' });
    const other = (await runner.claim())!;
    await server.createRun({ name: 'wanted' });
    const wanted = (await runner.claim())!;
    await runner.report(wanted, { sequence: 1, step: 1 });
    await runner.report(other, { sequence: 1, step: 5 });
    await runner.report(wanted, { sequence: 2, step: 2 });
    await until(() => received.length > 0);
    expect(received.map(({ runsChanged }) => runsChanged)).toEqual([{ id: wanted.runId, step: 2 }]);
    await stop();
    for (const attempt of [other, wanted]) await runner.finish(attempt, 'FAILED', 'm');
    const answer = await server.subscribe(changed, { query: 'stat = running' }).next();
    expect(answer.value.errors[0].message).toBe('query: character 1: "stat" is unknown; did you mean "state"?');
  });

  it('only receives runs of its study', async () => {
    const created = await studyOfOneRun();
    const study = await listen('subscription ($id: ID) { runsChanged(studyId: $id) { id state } }', {
      id: created.id,
    });
    const all = await listen('subscription { runsChanged { id } }');
    const other = await server.createRun();
    await server.ask(`mutation { cancelRun(id: "${created.runId}") { id } }`);
    await study.until(() => study.received.some(({ runsChanged }) => runsChanged.state === 'CANCELED'));
    await all.until(() => all.received.some(({ runsChanged }) => runsChanged.id === other));
    expect(study.received.some(({ runsChanged }) => runsChanged.id === other)).toBe(false);
    await study.stop();
    await all.stop();
    await server.ask(`mutation { cancelRun(id: "${other}") { id } }`);
  });

  it('of a study is told of the end, although the study had no runs', async () => {
    const study = await studyOfOneRun();
    await server.ask(`mutation { deleteRun(id: "${study.runId}") }`);
    const { received, until, ended } = await listen(
      'subscription ($id: ID!) { studyChanged(studyId: $id) { runCounts { total } } }',
      { id: study.id },
    );
    await until(() => received.length > 0);
    await server.ask(`mutation { deleteStudy(id: "${study.id}") }`);
    await ended;
    expect(received.at(-1)).toEqual({ studyChanged: { runCounts: { total: 0 } } });
  });

  it('receives runners, and runners are told of queued runs', async () => {
    const runners = await listen('subscription { runnersChanged { id state } }');
    const work = await listen('subscription { runQueued }');
    await server.ask(`mutation { drainRunner(id: "${runner.id}") { id } }`);
    await runners.until(() => runners.received.some(({ runnersChanged }) => runnersChanged.state === 'DRAINING'));
    await runner.start({ slots: 20 });
    await runners.until(() => runners.received.at(-1).runnersChanged.state === 'ONLINE');
    const id = await server.createRun();
    await work.until(() => work.received.some(({ runQueued }) => runQueued === true));
    await runners.stop();
    await work.stop();
    await server.ask(`mutation { cancelRun(id: "${id}") { id } }`);
  });

  it('receives the current state after the server has lost its event connection', async () => {
    const id = await server.createRun();
    const { received, until, stop } = await listen(RUN_CHANGED, { id });
    await until(() => received.length > 0);
    const { dataSource } = server.database;
    // The run changes at the moment the connection is lost, so nobody receives the event of this change.
    await dataSource.query(`UPDATE runs SET step = 77 WHERE id = $1`, [id]);
    await dataSource.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'crosscheck events' AND datname = current_database()`,
    );
    await until(() => received.at(-1).runChanged.step === 77);
    await stop();
  });

  it.each([
    'runChanged(runId: $id) { step }',
    'runPoints(runId: $id) { cursor }',
    'runLog(runId: $id) { cursor }',
    'runAlarms(runId: $id) { cursor }',
    'runMetrics(runId: $id) { name }',
  ])('of %s is told of the end although the event of the deletion was lost', async (field) => {
    const id = await server.createRun();
    const { ended } = await listen(`subscription ($id: ID!) { ${field} }`, { id });
    const { dataSource } = server.database;
    await dataSource.query('DELETE FROM runs WHERE id = $1', [id]);
    await dataSource.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'crosscheck events' AND datname = current_database()`,
    );
    await ended;
  });

  it('is told that a run does not exist', async () => {
    const iterator = server.subscribe(RUN_CHANGED, { id: 'x' });
    const answer = await iterator.next().catch((errors: unknown) => ({ value: { errors } }));
    expect(JSON.stringify(answer.value.errors)).toContain('there is no run');
  });
});
