import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTransaction } from '../database/transaction.js';
import { createLogger } from '../logger.js';
import { testDatabase } from '../testing/test-database.js';
import { Events, type Topics } from './events.js';

const database = testDatabase();
let events: Events;

beforeAll(async () => {
  events = new Events({ databaseUrl: database.url, logger: createLogger('silent') });
  await events.start();
});
afterAll(() => events.close());

/** The next events of a topic. */
function next<T extends 'run.deleted' | 'run.queued' | 'resync'>(topic: T, count: number): Promise<Topics[T][]> {
  const heard: Topics[T][] = [];
  return new Promise((resolve) => {
    const stop = events.on(topic, (payload) => {
      heard.push(payload);
      if (heard.length < count) return;
      stop();
      resolve(heard);
    });
  });
}
const deleted = (runId: string) => ({ runId, studyId: null });

describe('events', () => {
  it('arrive when the transaction commits, never when it is rolled back', async () => {
    const heard = next('run.deleted', 1);
    const rolledBack = database.dataSource.transaction(async (manager) => {
      await events.publish(manager, 'run.deleted', deleted('rolled back'));
      throw new Error('no');
    });
    await expect(rolledBack).rejects.toThrow('no');
    await database.dataSource.transaction((manager) => events.publish(manager, 'run.deleted', deleted('kept')));
    expect(await heard).toEqual([deleted('kept')]);
  });

  it('about access are heard in this process before the change is answered, never when it is rolled back', async () => {
    const heard: string[] = [];
    const stop = events.on('access.changed', ({ id }) => void heard.push(id));
    const change = (id: string, fails: boolean) =>
      inTransaction(database.dataSource, async (transaction) => {
        await events.publish(transaction, 'access.changed', { id });
        if (fails) throw new Error('no');
      });
    await expect(change('rolled back', true)).rejects.toThrow('no');
    const changed = change('changed', false).then(() => [...heard]);
    expect(await changed).toContain('changed');
    expect(heard).not.toContain('rolled back');
    stop();
  });

  it('arrive in the order in which they were published together', async () => {
    const ids = ['first', 'second', 'third'];
    const heard = next('run.deleted', 3);
    await events.publishAll(
      database.dataSource.manager,
      ids.map((runId) => ({ topic: 'run.deleted', payload: deleted(runId) })),
    );
    expect(await heard).toEqual(ids.map(deleted));
  });

  it('reach the other listeners when one fails', async () => {
    const stop = events.on('run.deleted', () => {
      throw new Error('cannot hear');
    });
    const heard = next('run.deleted', 1);
    await events.publish(database.dataSource.manager, 'run.deleted', deleted('still'));
    expect(await heard).toEqual([deleted('still')]);
    stop();
  });

  it('send "resync" after the connection was lost, and continue', async () => {
    const resynced = next('resync', 1);
    const queued = next('run.queued', 1);
    await database.dataSource.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'crosscheck events' AND datname = current_database()`,
    );
    await resynced;
    await events.publish(database.dataSource.manager, 'run.queued', { placementIds: [7] });
    expect(await queued).toEqual([{ placementIds: [7] }]);
  });
});
