import { beforeAll, expect, it } from 'vitest';
import { blocksOf, documentedExamples, pageOfDocs, variablesFor } from '../testing/documented.js';
import { type TestRunner, testServer, USER_TOKEN } from '../testing/test-server.js';

/** The examples of docs/api/editing.md, in their order, each with what it returns. */
const server = testServer({ authRequired: true });
const examples = documentedExamples('api/editing.md').map(({ document }) => document);
const used = new Set<string>();
let runner: TestRunner;
let known: Record<string, unknown>;

/** Sends the one example that contains the text. */
// biome-ignore lint/suspicious/noExplicitAny: each example returns something else
async function example(part: string): Promise<any> {
  const found = examples.filter((each) => each.includes(part));
  expect(found, part).toHaveLength(1);
  used.add(found[0]!);
  return server.ask(found[0]!, variablesFor(found[0]!, known), USER_TOKEN);
}

beforeAll(async () => {
  runner = await server.registerRunner({ slots: 8 });
  const create = 'mutation ($i: CreateStudyInput!) { createStudy(input: $i) { id runs { edges { node { id } } } } }';
  const input = {
    ...{ name: 's', base: { dataset: 'shapes', split: { labelledRatio: 0.5 } } },
    matrix: { methods: [{ name: 'cps' }] },
  };
  const { createStudy } = await server.ask(create, { i: input }, USER_TOKEN);
  known = { study: createStudy.id, run: createStudy.runs.edges[0].node.id, expected: 2 };
});

it('of runs, their history and the archive', async () => {
  expect((await example('second try')).updateRun).toEqual({
    ...{ name: 'CPS, second try', tags: ['paper'], notes: 'Better *stem*.' },
  });
  const { edits } = (await example('edits(first: 10)')).run;
  expect(edits.map(({ field }: { field: string }) => field)).toEqual(['notes', 'tags', 'name']);
  const { changes } = (await example('auditLog')).auditLog.edges[0].node;
  expect(changes).toHaveLength(3);
  expect((await example('archived: true')).updateRun.archivedAt).toMatch(/^\d{4}-/);
  expect((await example('not archived and tag')).runs.totalCount).toBe(0);
});

it('of many runs', async () => {
  const failed = async () => {
    await server.createRun({ priority: 9 });
    await runner.finish((await runner.claim())!, 'FAILED', 'x');
  };
  for (let i = 0; i < 2; i++) await failed();
  expect((await example('dryRun: true')).deleteRuns).toMatchObject({ matched: 2, changed: 2, refused: [] });
  expect((await example('expectedCount: $expected')).deleteRuns).toEqual({ changed: 2, refused: [] });
  await server.createRun({ tags: ['paper'], priority: 10 });
  await runner.claim();
  const { updateRuns } = await example('priority: 5');
  expect(updateRuns).toMatchObject({
    matched: 2,
    changed: 1,
    refused: [{ reason: expect.stringContaining('RUNNING') }],
  });
});

it('of studies, lineage and saved filters', async () => {
  const { updateStudy } = await example('baselineRunId');
  expect(updateStudy).toMatchObject({ tags: ['paper'], baseline: { number: 1 }, edits: { length: 2 } });
  const { parent } = (await example('the same again')).createRun;
  expect(parent).toEqual({ kind: 'CLONE', number: 1, run: { name: 'CPS, second try' } });
  known.failed = await server.createRun({ priority: 99 });
  await runner.finish((await runner.claim())!, 'FAILED', 'x');
  expect((await example('copy: true')).retryRun.parent.kind).toBe('RETRY');
  expect((await example('children')).run.children).toEqual([{ number: expect.any(Number), parent: { kind: 'CLONE' } }]);
  await example('createSavedFilter');
  expect((await example('savedFilters {')).savedFilters).toMatchObject([
    { name: 'weak discs', owner: { name: 'admin' } },
  ]);
});

it('of logs', async () => {
  known.run = await server.createRun({ priority: 100 });
  const attempt = (await runner.claim())!;
  const log = ['one', 'two', 'three'].map((message) => ({ at: '2026-11-24T01:02:03.456Z', level: 'INFO', message }));
  await runner.report(attempt, { sequence: 1, step: 1, log });
  const words = (lines: { message: string }[]) => lines.map(({ message }) => message);
  const { log: first } = (await example('fromStart: true')).run;
  expect(words(first)).toEqual(['one', 'two']);
  known.first = first[1].id;
  expect(words((await example('before: $first')).run.log)).toEqual(['one']);
  const { number } = await server.run(attempt.runId, 'number');
  const path = /\$CROSSCHECK_SERVER(\S+)"/.exec(blocksOf(pageOfDocs('api/editing.md'), 'sh')[0]!)![1]!;
  const address = server.url + path.replace('/12/', `/${number}/`);
  const response = await fetch(address, { headers: { authorization: `Bearer ${USER_TOKEN}` } });
  expect(response.headers.get('content-disposition')).toBe(`attachment; filename="run-${number}-log.txt"`);
  expect((await response.text()).split('\n')).toEqual([
    ...['one', 'two', 'three'].map((message) => `2026-11-24T01:02:03.456Z INFO  ${message}`),
    '',
  ]);
  expect((await fetch(address)).status).toBe(401);
  expect((await fetch(`${address}?from=1`, { headers: { authorization: `Bearer ${USER_TOKEN}` } })).status).toBe(400);
});

it('are all of the page', () => {
  expect(examples.filter((each) => !used.has(each))).toEqual([]);
});
