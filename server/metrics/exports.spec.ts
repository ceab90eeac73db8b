import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../processes/until.js';
import { type Claimed, type TestRunner, testServer, USER_TOKEN } from '../testing/test-server.js';

const server = testServer({ authRequired: true });
const { dataSource } = server.database;
const LONG = { training: { iterations: 1_000_000 } };
const AWKWARD = '="quoted", long name';

interface Row {
  run: number;
  series: string;
  step: number;
  time: number | null;
  value: number | string;
}

const ask = (path: string, token: string | null = USER_TOKEN, init: RequestInit = {}) =>
  fetch(`${server.url}${path}`, { ...init, headers: token === null ? {} : { authorization: `Bearer ${token}` } });
const text = async (path: string) => (await ask(path)).text();
const ndjson = async (path: string) =>
  (await text(path))
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Row);

describe('an export', () => {
  let runner: TestRunner;
  let attempt: Claimed;
  let number: number;
  let path: string;

  /** Stores a series of many blocks. */
  const storeLong = (blocks: number) =>
    dataSource.query(
      `WITH long AS (INSERT INTO series (run_id, name) VALUES ($1, 'long') RETURNING id)
       INSERT INTO point_blocks (series_id, first_step, last_step, points, first_value, last_value, steps, values)
       SELECT id, n * 480, n * 480 + 479, 480, 1, 1, ARRAY(SELECT generate_series(0, 479)), array_fill(1.25::float8, ARRAY[480])
       FROM long, generate_series(0, $2::int - 1) n`,
      [attempt.runId, blocks],
    );

  /** Waits until the points of the run are in blocks. */
  const rolledUp = () =>
    until('the roll-up', 60, async () => {
      const query = 'SELECT FROM run_points WHERE run_id = $1 AND batches > rolled_up';
      return (await dataSource.query(query, [attempt.runId])).length === 0;
    });

  beforeAll(async () => {
    runner = await server.registerRunner();
    await server.createRun({}, LONG);
    attempt = (await runner.claim())!;
    ({ number } = await server.run(attempt.runId, 'number'));
    path = `/runs/${attempt.runId}/metrics`;
    const steps = Array.from({ length: 12_000 }, (_, i) => 3 * i);
    const points = [
      { series: 'loss', steps, values: steps.map((step) => Math.sin(step) / 3) },
      { series: AWKWARD, steps: [0, 1, 2, 3], values: ['NaN', 'Infinity', '-Infinity', 5e-324] },
    ];
    await runner.report(attempt, { sequence: 1, step: 1, points });
    await rolledUp();
    // These wait: some come after the blocks, one is between them, and one replaces a point.
    const later = { series: 'loss', steps: [30, 31, 36_000, 36_001], values: [-7, 8, 9, 10] };
    await runner.report(attempt, { sequence: 2, step: 2, points: [later] });
  });

  it('has the points of the view, as NDJSON and as CSV', async () => {
    const rows = await dataSource.query<Omit<Row, 'run'>[]>(
      `SELECT name AS series, step, value, round(extract(epoch FROM time) * 1000)::float8 AS time
       FROM points JOIN series ON series.id = series_id ORDER BY name, step`,
    );
    expect(rows).toHaveLength(12_000 + 3 + 4);
    const stored = rows.map(({ value, ...row }) => ({
      ...{ run: number, ...row, value: Number.isFinite(value) ? value : String(value) },
    }));
    const answer = await ask(`${path}.ndjson`);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/x-ndjson',
      'content-disposition': `attachment; filename="run-${number}-metrics.ndjson"`,
      'cache-control': 'no-store',
    });
    const lines = (await answer.text()).split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.map((line) => JSON.parse(line))).toEqual(stored);

    const csv = (await text(`/runs/${number}/metrics.csv`)).split('\n');
    expect(csv.shift()).toBe('run,series,step,time,value');
    expect(csv.pop()).toBe('');
    const quoted = (series: string) => (series === AWKWARD ? `"'=""quoted"", long name"` : series);
    expect(csv).toEqual(
      stored.map(({ run, series, step, time, value }) => [run, quoted(series), step, time, value].join()),
    );
  });

  it('can be limited to series and steps', async () => {
    const rows = await ndjson(`${path}.ndjson?names=loss&names=nothing&fromStep=30&toStep=33`);
    expect(rows.map(({ series, step, value }) => [series, step, value])).toEqual([
      ['loss', 30, -7],
      ['loss', 31, 8],
      ['loss', 33, Math.sin(33) / 3],
    ]);
    expect(await text(`${path}.csv?names=nothing`)).toBe('run,series,step,time,value\n');
    expect(await text(`${path}.ndjson?fromStep=40000`)).toBe('');
  });

  it('can be limited to times, wherever their points are', async () => {
    const steps = [...Array.from({ length: 2000 }, (_, i) => i)];
    const timeOf = (step: number) => 1e12 + 1000 * step;
    const long = { series: 'timed', steps, values: steps.map((step) => step + 0.5), times: steps.map(timeOf) };
    await runner.report(attempt, { sequence: 3, step: 2, points: [long] });
    await rolledUp();
    // One replaces a point with another time, and one is newer than the blocks.
    const later = { series: 'timed', steps: [700, 2000], values: [-1, -2], times: [timeOf(1500), timeOf(1501)] };
    await runner.report(attempt, { sequence: 4, step: 2, points: [later] });
    const within = async (from: number, to: number) =>
      (await ndjson(`${path}.ndjson?names=timed&fromTime=${timeOf(from)}&toTime=${timeOf(to)}`)).map(
        ({ step }) => step,
      );
    expect(await within(699, 701)).toEqual([699, 701]);
    expect(await within(1499, 1502)).toEqual([700, 1499, 1500, 1501, 1502, 2000]);
    expect(await ndjson(`${path}.ndjson?names=timed&fromTime=${timeOf(1999)}`)).toMatchObject([{ step: 1999 }]);
    expect(await ndjson(`${path}.ndjson?names=timed&toTime=${timeOf(1)}&fromStep=1`)).toMatchObject([{ step: 1 }]);
  });

  it('leaves the time empty if none is known', async () => {
    await server.createRun({}, LONG);
    const second = await server.registerRunner({ name: 'gpu-2' });
    const other = (await second.claim())!;
    await second.report(other, { sequence: 1, step: 1, points: [{ series: 'loss', steps: [1], values: [2] }] });
    await second.finish(other, 'CANCELED');
    const forget = () =>
      dataSource.query(
        `UPDATE point_blocks SET first_time = NULL, times = NULL, earliest = NULL, latest = NULL
         WHERE series_id IN (SELECT id FROM series WHERE run_id = $1) RETURNING 1`,
        [other.runId],
      );
    await expect.poll(async () => (await forget())[1], { timeout: 30_000 }).toBe(1);
    const { number: run } = await server.run(other.runId, 'number');
    expect(await text(`/runs/${run}/metrics.csv`)).toBe(`run,series,step,time,value\n${run},loss,1,,2\n`);
    expect(await ndjson(`/runs/${run}/metrics.ndjson`)).toEqual([
      { run, series: 'loss', step: 1, time: null, value: 2 },
    ]);
  });

  it.each<[string, string, number, string]>([
    [
      'an unknown parameter',
      '.csv?name=loss',
      400,
      'the parameters are names, fromStep, toStep, fromTime, toTime; got \\"name\\"',
    ],
    ['an invalid time', '.csv?toTime=now', 400, 'toTime: must be a number from 0 to 8640000000000000; got \\"now\\"'],
    ['an invalid step', '.csv?fromStep=-1', 400, 'fromStep: must be a number from 0 to 2147483647; got \\"-1\\"'],
    ['a name that nothing can have', '.csv?names=%00', 400, 'must not contain the character NUL'],
    ['another format', '.xlsx', 404, 'there is no page'],
  ])('refuses %s', async (_, end, status, message) => {
    const answer = await ask(path + end);
    expect(answer.status).toBe(status);
    expect(await answer.text()).toContain(message);
    // The rule of GraphQL over HTTP for this header is not for files.
    const headers = { authorization: `Bearer ${USER_TOKEN}`, accept: 'application/json' };
    expect((await fetch(server.url + path + end, { headers })).status).toBe(status);
  });

  it('is for those who may read the run, if there is one', async () => {
    const status = async (at: string, token: string | null = USER_TOKEN) => (await ask(at, token)).status;
    expect(await status(`${path}.csv`, null)).toBe(401);
    expect(await status(`${path}.csv`, 'wrong')).toBe(401);
    expect(await status(`${path}.csv`, runner.token)).toBe(403);
    for (const run of ['77777', '99999999999999', 'x', crypto.randomUUID()]) {
      expect(await status(`/runs/${run}/metrics.csv`)).toBe(404);
    }
    const head = await ask(`${path}.csv`, USER_TOKEN, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-type'), await head.text()]).toEqual([
      ...[200, 'text/csv; charset=utf-8', ''],
    ]);
  });

  describe('to a client that does not read', () => {
    const inTransaction = async () => {
      const rows = await dataSource.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'`,
      );
      return rows.length;
    };
    /** An answer whose body nobody reads. */
    const stalled = async () => {
      const request = get(`${server.url}${path}.ndjson`, {
        ...{ agent: false, headers: { authorization: `Bearer ${USER_TOKEN}` } },
      });
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      response.pause();
      return { request, response };
    };

    // More than the buffers between the two hold.
    beforeAll(() => storeLong(1000));

    it('waits, one connection for each of at most four, until they leave', async () => {
      const clients = [await stalled(), await stalled(), await stalled(), await stalled()];
      for (const { response } of clients) expect(response.statusCode).toBe(200);
      await expect.poll(inTransaction).toBe(4);
      const refused = await ask(`${path}.csv`);
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
      expect(await refused.text()).toContain('4 exports are already in progress');
      for (const { request } of clients) request.destroy();
      await expect.poll(inTransaction).toBe(0);
      expect((await ask(`${path}.csv?toStep=0`)).status).toBe(200);
    });

    it('shows one state of the run, whatever is stored meanwhile', async () => {
      const before = (await ndjson(`${path}.ndjson`)).length;
      const { response } = await stalled();
      const points = [{ series: 'loss', steps: [1, 36_001, 500_000], values: [99, 99, 99] }];
      await runner.report(attempt, { sequence: 5, step: 3, points });
      let body = '';
      for await (const part of response.setEncoding('utf8')) body += part;
      expect(body.split('\n')).toHaveLength(before + 1);
      expect(body).not.toContain('"value":99}');
      expect(await text(`${path}.ndjson?fromStep=500000`)).toContain('"value":99}');
    });
  });
});
