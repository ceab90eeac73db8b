import { describe, expect, it, vi } from 'vitest';
import { type GraphQLAnswer, testServer } from './testing/test-server.js';

const server = testServer();
const get = async (path: string) => {
  const response = await fetch(server.url + path);
  return { status: response.status, text: await response.text() };
};

describe('the server', () => {
  it('is healthy while its database answers', async () => {
    expect(await get('/healthz')).toEqual({ status: 200, text: '{"status":"ok"}' });
  });

  it('exposes the number of queued runs in each pool', async () => {
    await server.registerRunner();
    for (let i = 0; i < 2; i++) await server.createRun({}, { placement: { pool: 'a100' } });
    const { text } = await get('/metrics');
    expect(text).toContain('crosscheck_queue_depth{pool="a100"} 2');
    expect(text).toContain('process_cpu_seconds_total');
  });

  it('keeps working after the database has closed every connection', async () => {
    await server.database.dataSource.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    // Each connection of the pool may first fail once.
    await vi.waitFor(async () => {
      expect((await get('/healthz')).status).toBe(200);
      expect((await server.ask('{ runs { totalCount } }')).runs.totalCount).toBe(2);
    }, 10_000);
  });

  it('answers the requests in progress before it stops, and then refuses connections', async () => {
    const answers: GraphQLAnswer[] = [];
    // Loop until the connection is refused.
    const ask = async (): Promise<never> => {
      for (;;) answers.push(await server.send('{ runs { totalCount } }'));
    };
    const asking = Promise.allSettled(Array.from({ length: 8 }, ask));
    await vi.waitFor(() => expect(answers.length).toBeGreaterThan(20), { timeout: 60_000 });
    await server.stop();
    for (const outcome of await asking) expect(outcome).toMatchObject({ status: 'rejected' });
    expect(answers.flatMap(({ errors }) => errors ?? [])).toEqual([]);
  });
});
