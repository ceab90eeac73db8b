import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Listener, listen } from '../testing/listener.js';
import { datasetInput } from '../testing/results-fixtures.js';
import { testDatabase } from '../testing/test-database.js';
import { type TestRunner, TestServer, USER_TOKEN } from '../testing/test-server.js';

/** Two servers on one database. Runs are queued on the first, and everybody listens on the second. */
const database = testDatabase();
const [first, second] = [new TestServer(database, {}), new TestServer(database, {})];
const RUN_QUEUED = 'subscription { runQueued }';
const thermal = datasetInput({ name: 'thermal', fingerprint: 'b'.repeat(64) });

beforeAll(async () => {
  await first.start();
  await second.start();
});
afterAll(async () => {
  await first.stop();
  await second.stop();
});

/** The messages to listeners of other runners, if any, were sent before the answer to this. */
const settled = () => second.ask('{ server { version } }');

async function listening(runner: TestRunner): Promise<Listener> {
  return listen(second, RUN_QUEUED, {}, runner.token);
}

it('a runner is woken only for runs that may fit it, and a person for all of them, on every server', async () => {
  const plain = await first.registerRunner({ name: 'plain', engine: 'wasm' });
  const able = await first.registerRunner({
    name: 'able',
    engine: 'webgpu',
    pool: 'large',
    configVersion: 2,
    datasets: [datasetInput(), thermal],
  });
  const [toPlain, toAble, toPerson] = [
    await listening(plain),
    await listening(able),
    await listen(second, RUN_QUEUED, {}, USER_TOKEN),
  ];
  const large = { pool: 'large' };
  const others: Record<string, unknown>[] = [
    { placement: large },
    { placement: { ...large, engine: 'webgpu' } },
    { placement: large, dataset: 'thermal' },
    { placement: large, training: { maxHours: 2 } },
  ];
  for (const [i, config] of others.entries()) {
    await first.createRun({}, config);
    // Messages of 200 ms become one, so each is awaited.
    await toAble.until(() => toAble.received.length === i + 1);
    await toPerson.until(() => toPerson.received.length === i + 1);
  }
  await settled();
  expect(toPlain.received).toEqual([]);

  // Now the other runner fits none of them.
  const unfit = [
    { placement: { engine: 'cpu' } },
    { dataset: 'thermal' },
    { training: { maxHours: 2 } },
    { placement: { pool: 'empty' } },
  ];
  for (const [i, config] of unfit.entries()) {
    await first.createRun({}, config);
    await toPerson.until(() => toPerson.received.length === others.length + i + 1);
  }
  const id = await first.createRun();
  await toPlain.until(() => toPlain.received.length === 1);
  await settled();
  expect(toAble.received).toHaveLength(others.length);

  // A run that returns to the queue wakes those that fit it, too.
  const claim = (await plain.claim())!;
  expect(claim.runId).toBe(id);
  await plain.finish(claim, 'RELEASED');
  await toPlain.until(() => toPlain.received.length === 2);
  for (const listener of [toPlain, toAble, toPerson]) await listener.stop();
});

it('a runner that has changed is woken for what it fits now, and one that drains for nothing', async () => {
  const [changed, draining, control] = [
    await first.registerRunner({ pool: 'a' }),
    await first.registerRunner({ pool: 'b' }),
    await first.registerRunner({ pool: 'b' }),
  ];
  const [toChanged, toDraining, toControl] = [
    await listening(changed),
    await listening(draining),
    await listening(control),
  ];
  await changed.start({ pool: 'b' });
  await first.ask('mutation ($id: ID!) { drainRunner(id: $id) { id } }', { id: draining.id }, USER_TOKEN);
  await first.createRun({}, { placement: { pool: 'a' } });
  await first.createRun({}, { placement: { pool: 'b' } });
  await toControl.until(() => toControl.received.length === 1);
  await toChanged.until(() => toChanged.received.length === 1);
  await settled();
  expect(toDraining.received).toEqual([]);
  for (const listener of [toChanged, toDraining, toControl]) await listener.stop();
});

it('only the runner whose slots have changed is woken by that', async () => {
  const [changed, other] = [await first.registerRunner({ pool: 'c' }), await first.registerRunner({ pool: 'c' })];
  const [toChanged, toOther] = [await listening(changed), await listening(other)];
  await first.setSlotLimit(changed, 9);
  await toChanged.until(() => toChanged.received.length === 1);
  await settled();
  expect(toOther.received).toEqual([]);
  await toChanged.stop();
  await toOther.stop();
});
