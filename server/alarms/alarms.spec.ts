import { describe, expect, it, vi } from 'vitest';
import { type Context, Loaders } from '../context.js';
import { DatasetsRepository } from '../datasets/datasets.repository.js';
import { DatasetsService } from '../datasets/datasets.service.js';
import { Events } from '../events/events.js';
import { Budget } from '../graphql/budget.js';
import { createLogger } from '../logger.js';
import { diverging, neverPredicted } from '../testing/example-alarms.js';
import { listen } from '../testing/listener.js';
import { requestQueriesOf } from '../testing/queries.js';
import { reportedRun } from '../testing/reported-run.js';
import { testServer, USER_TOKEN } from '../testing/test-server.js';
import { AlarmsRepository } from './alarms.repository.js';
import { AlarmsService } from './alarms.service.js';

const server = testServer();
const current = reportedRun(server);

const report = (...alarms: object[]) => current.report({ alarms });
const alarms = async () =>
  (await server.run(current.attempt.runId, 'alarms { step kind network classIndex message run { id } }')).alarms;

describe('alarms', () => {
  it('are stored once, no matter how often they are sent, and returned oldest first', async () => {
    expect(await alarms()).toEqual([]);
    await report(neverPredicted, diverging);
    await report(diverging, { ...neverPredicted, message: 'the same, resumed' }, { ...neverPredicted, classIndex: 1 });
    const run = { id: current.attempt.runId };
    expect(await alarms()).toEqual([
      { ...diverging, network: null, classIndex: null, run },
      { ...neverPredicted, classIndex: 1, run },
      { ...neverPredicted, message: 'the same, resumed', run },
    ]);
  });

  it('are stored once if a report has them twice, with the last message', async () => {
    await report(neverPredicted, diverging, { ...diverging, message: 'later' }, { ...diverging, network: 'BRANCH1' });
    const stored = await alarms();
    expect(stored.map(({ network, message }: { network: string; message: string }) => [network, message])).toEqual([
      ['BRANCH1', diverging.message],
      [null, 'later'],
      ['BRANCH1', neverPredicted.message],
    ]);
  });

  it('about the data are told apart by their messages', async () => {
    const data = (message: string) => ({ step: 0, kind: 'DATA', message });
    await report(data('two'), data('one'), data('two'));
    await report(data('one'), data('three'));
    const messages = (await alarms()).map(({ message }: { message: string }) => message);
    expect(messages.sort()).toEqual(['one', 'three', 'two']);
    await report(diverging);
    const { run } = await server.ask(
      'query ($id: ID!) { run(id: $id) { all: alarms { kind } data: alarms(kind: DATA) { kind } } }',
      { id: current.attempt.runId },
      USER_TOKEN,
    );
    expect([run.all.length, run.data.length]).toEqual([4, 3]);
  });

  it('of many runs are read in one query', async () => {
    const { dataSource, url } = server.database;
    await report(diverging);
    const first = current.attempt.runId;
    await server.createRun();
    await current.claim();
    await report(neverPredicted);
    const datasets = new DatasetsService(new DatasetsRepository(dataSource));
    const service = new AlarmsService({
      repository: new AlarmsRepository(dataSource),
      datasets,
      events: new Events({ databaseUrl: url, logger: createLogger('silent') }),
    });
    const context = { loaders: new Loaders(true), budget: new Budget() } as Context;
    const { message: _, ...ended } = neverPredicted;
    await current.report({ alarmEnds: [{ ...ended, step: 60 }] });
    const kinds = async (id: string, active = false) =>
      (await service.ofRun(context, id, { active })).map(({ kind }) => kind);
    let read: string[][] = [];
    const queries = await requestQueriesOf(async () => {
      read = await Promise.all([kinds(first), kinds(current.attempt.runId)]);
    });
    expect(read).toEqual([['DIVERGING_AGREEMENT'], ['NEVER_PREDICTED']]);
    expect(queries).toEqual([expect.stringContaining('/* alarmsOfRuns */')]);
    const more = await requestQueriesOf(async () => {
      read = await Promise.all([kinds(first, true), kinds(current.attempt.runId, true)]);
    });
    expect(read).toEqual([['DIVERGING_AGREEMENT'], []]);
    expect(more).toHaveLength(1);
  });

  it('can be read in a list of runs', async () => {
    await report(diverging);
    const { runs } = await server.ask('{ runs(first: 100) { edges { node { id alarms { kind } } } } }', {}, USER_TOKEN);
    const listed = runs.edges.find(({ node }: { node: { id: string } }) => node.id === current.attempt.runId);
    expect(listed.node.alarms).toEqual([{ kind: 'DIVERGING_AGREEMENT' }]);
  });

  const steps = async (id = current.attempt.runId) =>
    (await server.run(id, 'alarms { step }')).alarms.map(({ step }: { step: number }) => step);

  it('after the checkpoint that their run resumes from are deleted', async () => {
    await report({ ...diverging, step: 400 });
    const bystander = current.attempt.runId;
    await server.createRun();
    await current.claim();
    const checkpoint = { step: 300, sha256: await current.runner.upload(Buffer.from('at step 300')), bytes: 11 };
    await current.report({ checkpoint });
    const at = (step: number) => ({ ...diverging, step });
    await current.report({ alarms: [at(200), at(300), at(400)] });
    await current.runner.finish(current.attempt, 'LOST');
    expect(await steps()).toEqual([200, 300, 400]);
    await current.claim();
    expect(await steps()).toEqual([200, 300]);
    await current.report({ alarms: [at(450)] });
    expect(await steps()).toEqual([200, 300, 450]);
    expect(await steps(bystander)).toEqual([400]);
  });

  it('about the machine stay when their run starts from the beginning', async () => {
    await report({ step: 4, kind: 'STALLED', message: 'silent for 300 s' }, neverPredicted);
    await current.runner.finish(current.attempt, 'LOST');
    await current.runner.claim();
    expect(await alarms()).toMatchObject([{ step: 4, kind: 'STALLED', network: null, classIndex: null }]);
  });

  it('are all deleted if their run starts from the beginning', async () => {
    await report({ ...diverging, step: 0 }, neverPredicted);
    await current.runner.finish(current.attempt, 'RELEASED');
    await current.runner.claim();
    expect(await steps()).toEqual([]);
  });

  it.each([
    [
      'a class that the dataset lacks',
      { classIndex: 3 },
      'classIndex: must be between 0 and 2, the classes of the dataset; got 3',
    ],
    ['a negative step', { step: -1 }, "alarms.1.step: must be between 0 and the run's 1000 iterations; got -1"],
    ['an unknown kind', { kind: 'BORED' }, 'BORED'],
  ])('are rejected with %s', async (_, change, message) => {
    const bad = { ...neverPredicted, ...change };
    await expect(report(diverging, bad, neverPredicted)).rejects.toThrow(message);
    expect(await alarms()).toEqual([]);
  });

  it('reach subscribers once each, and everyone who follows the run', async () => {
    const events = new Events({ databaseUrl: server.database.url, logger: createLogger('silent') });
    await events.start();
    const told: string[] = [];
    const stopHearing = events.on('alarms.raised', ({ alarmIds }) => told.push(...alarmIds));
    const raised = await listen(server, 'subscription { alarmRaised { kind step run { id } } }', {}, USER_TOKEN);
    const watched = await listen(
      server,
      'subscription ($id: ID!) { runChanged(runId: $id) { alarms { kind } } }',
      { id: current.attempt.runId },
      USER_TOKEN,
    );
    await report(diverging);
    await report(diverging, neverPredicted);
    await report({ ...neverPredicted, step: 60, classIndex: 1 });
    const run = { id: current.attempt.runId };
    await raised.until(() => raised.received.length === 3);
    expect(raised.received.map(({ alarmRaised }) => alarmRaised)).toEqual([
      { kind: 'DIVERGING_AGREEMENT', step: 20, run },
      { kind: 'NEVER_PREDICTED', step: 40, run },
      { kind: 'NEVER_PREDICTED', step: 60, run },
    ]);
    await watched.until(() => watched.received.at(-1).runChanged.alarms.length === 3);
    // Events arrive in the order of their transactions. Now that the third is here, a duplicate would be here too.
    await vi.waitFor(() => expect(new Set(told).size).toBe(3), { timeout: 20_000 });
    expect(told).toHaveLength(3);
    await raised.stop();
    await watched.stop();
    stopHearing();
    await events.close();
  });

  it('of one report are announced in order, in few events', async () => {
    const events = new Events({ databaseUrl: server.database.url, logger: createLogger('silent') });
    await events.start();
    const heard: string[][] = [];
    const stopHearing = events.on('alarms.raised', ({ alarmIds }) => heard.push(alarmIds));
    const steps = Array.from({ length: 250 }, (_, index) => (index * 7) % 250);
    await report(...steps.map((step) => ({ ...diverging, step })));
    await vi.waitFor(() => expect(heard.map(({ length }) => length)).toEqual([100, 100, 50]), { timeout: 20_000 });
    const stored = await server.database.dataSource.query<{ id: string; step: number }[]>(
      'SELECT id, step FROM alarms WHERE run_id = $1',
      [current.attempt.runId],
    );
    const stepOf = new Map(stored.map(({ id, step }) => [id, step]));
    expect(heard.flat().map((id) => stepOf.get(id))).toEqual(steps);
    stopHearing();
    await events.close();
  });

  it('are deleted with their run', async () => {
    await report(diverging);
    await current.runner.finish(current.attempt, 'FAILED', 'stopped by an alarm');
    await server.ask('mutation ($id: ID!) { deleteRun(id: $id) }', { id: current.attempt.runId }, USER_TOKEN);
    expect(
      await server.database.dataSource.query('SELECT FROM alarms WHERE run_id = $1', [current.attempt.runId]),
    ).toEqual([]);
  });
});
