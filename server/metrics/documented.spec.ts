import { expect, it } from 'vitest';
import { blocksOf, pageOfDocs } from '../testing/documented.js';
import { testServer, USER_TOKEN } from '../testing/test-server.js';

/** The examples in docs/metrics.md, on a run that has what they ask for. */
const server = testServer({ authRequired: true });
const section = /^## Histories$[\s\S]*?(?=^## )/m.exec(pageOfDocs('metrics.md'))![0];

it('the examples of histories in the docs work', async () => {
  const runner = await server.registerRunner();
  await server.createRun({}, { training: { iterations: 2000 } });
  const attempt = (await runner.claim())!;
  const started = Date.now();
  const points = ['loss', 'lr'].map((series) => ({ series, steps: [990, 1000, 1010], values: [1, 0.8731, 'NaN'] }));
  await runner.report(attempt, { sequence: 1, step: 1010, points });
  const { number } = await server.run(attempt.runId, 'number');

  const [zoom, lastHour] = blocksOf(section, 'graphql');
  const { histories } = await server.ask(zoom!, { runs: [attempt.runId] }, USER_TOKEN);
  const shown = { runId: attempt.runId, steps: [1000, 1010], values: [0.8731, 'NaN'], total: 2 };
  expect(histories).toEqual([
    { ...shown, name: 'loss' },
    { ...shown, name: 'lr' },
  ]);
  const { run } = await server.ask(lastHour!, { run: attempt.runId, hourAgo: started - 3_600_000 }, USER_TOKEN);
  expect(run.metrics[0].values).toEqual([1, 0.8731, 'NaN']);
  expect(run.metrics[0].times[0]).toBeGreaterThanOrEqual(started);

  const addresses = [...blocksOf(section, 'sh')[0]!.matchAll(/\$CROSSCHECK_SERVER(\S+)"/g)].map(([, path]) => path!);
  expect(addresses).toHaveLength(2);
  const [csv, ndjson] = await Promise.all(
    addresses.map(async (path) => {
      const headers = { authorization: `Bearer ${USER_TOKEN}` };
      const response = await fetch(server.url + path.replace('/runs/12/', `/runs/${number}/`), { headers });
      return (await response.text()).split('\n');
    }),
  );
  const [header, ...lines] = blocksOf(section, 'csv')[0]!.trim().split('\n');
  expect([csv![0], csv!.length, ndjson!.length]).toEqual([header, 1 + 4 + 1, 6 + 1]);
  const withoutTime = (line: string) => line.split(',').toSpliced(3, 1).slice(1);
  expect(csv!.slice(1, 3).map(withoutTime)).toEqual(lines.map(withoutTime));
});
