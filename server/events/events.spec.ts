import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../logger.js';
import { testDatabase } from '../testing/test-database.js';
import { Events } from './events.js';

const database = testDatabase();
let events: Events;

beforeAll(async () => {
  events = new Events({ databaseUrl: database.url, logger: createLogger('silent') });
  await events.start();
});
afterAll(() => events.close());

describe('events', () => {
  it('arrive when the transaction commits, never when it is rolled back', async () => {
    const heard = events.subscribe('run.deleted');
    const next = heard.next();
    const rolledBack = database.dataSource.transaction(async (manager) => {
      await events.publish(manager, 'run.deleted', { runId: 'rolled back' });
      throw new Error('no');
    });
    await expect(rolledBack).rejects.toThrow('no');
    await database.dataSource.transaction((manager) => events.publish(manager, 'run.deleted', { runId: 'kept' }));
    expect((await next).value).toEqual({ runId: 'kept' });
    await heard.return?.();
  });

  it('arrive in the order in which they were published together', async () => {
    const heard = events.subscribe('run.deleted');
    const ids = ['first', 'second', 'third'];
    // Listening begins with the first call of `next`.
    const arriving = ids.map(() => heard.next());
    await events.publishAll(
      database.dataSource.manager,
      ids.map((runId) => ({ topic: 'run.deleted', payload: { runId } })),
    );
    for (const [i, runId] of ids.entries()) expect((await arriving[i])!.value).toEqual({ runId });
    await heard.return?.();
  });

  it('send "resync" after the connection was lost, and continue', async () => {
    const resync = events.subscribe('resync');
    const heard = events.subscribe('run.queued');
    const resynced = resync.next();
    const queued = heard.next();
    await database.dataSource.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'crosscheck events' AND datname = current_database()`,
    );
    expect((await resynced).done).toBe(false);
    await events.publish(database.dataSource.manager, 'run.queued', { placementIds: [7] });
    expect((await queued).value).toEqual({ placementIds: [7] });
    await resync.return?.();
    await heard.return?.();
  });
});
