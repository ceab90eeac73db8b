import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyTables } from '../../../server/testing/empty-tables.js';
import { type TestRunner, testServer } from '../../../server/testing/test-server.js';
import { crosscheck, type Outcome } from '../../testing/crosscheck.js';

const server = testServer();
let runner: TestRunner;
const folder = mkdtempSync(join(tmpdir(), 'crosscheck-edit-'));
const run = (...args: string[]): Promise<Outcome> => crosscheck('run', ...args, '--server', server.url);
const numberOf = async (id: string): Promise<number> => (await server.run(id, 'number')).number;

beforeAll(async () => {
  runner = await server.registerRunner({ slots: 8 });
});
beforeEach(() => emptyTables(server.database.dataSource, 'runs', 'studies'));

describe('run edit', () => {
  it('changes a run, which run show then prints', async () => {
    const id = await server.createRun({ name: 'old', tags: ['a'] });
    const number = await numberOf(id);
    const notes = join(folder, 'notes.md');
    writeFileSync(notes, 'first line\nsecond line');
    const changes = ['--name', 'new', '--add-tag', 'b', '--remove-tag', 'a', '--notes-file', notes, '--priority', '3'];
    expect(await run('edit', String(number), ...changes)).toEqual({
      ...{ code: 0, out: [`run #${number} "new" is changed`], err: [] },
    });
    const { out } = await run('show', String(number));
    expect(out[0]).toBe(`#${number} "new": QUEUED, 0 of 1000 iterations`);
    const text = out.join('\n');
    expect(text).toContain('\nNotes\n  first line\n  second line\n');
    expect(text).toMatch(/\ntags {6}b\n/);
    expect(text).toMatch(/\nedited {4}\S+ by local\n/);
    expect(text).toContain('\nWaits for\n  it is next\n  gpu-1: can claim it when its turn comes');
    const json = JSON.parse((await run('show', '--json', String(number))).out.join('\n'));
    expect(json).toMatchObject({ notes: 'first line\nsecond line', priority: 3, parent: null, children: [] });
    expect(json.waiting).toEqual({
      reason: null,
      ahead: 0,
      estimate: null,
      runners: [{ runner: 'gpu-1', reason: null }],
    });
  });

  it('archives a run, which run list then leaves out', async () => {
    const id = await server.createRun({ name: 'a' });
    await server.createRun({ name: 'b' });
    const names = async (...args: string[]) =>
      JSON.parse((await run('list', '--json', ...args)).out.join('\n')).map(({ name }: { name: string }) => name);
    await run('edit', id, '--archive');
    expect([await names(), await names('--archived')]).toEqual([['b'], ['b', 'a']]);
    expect(await names('--archived', '--where', 'archived')).toEqual(['a']);
    await run('edit', id, '--unarchive');
    expect(await names()).toEqual(['b', 'a']);
  });

  it('changes all runs that a filter matches, and names those that it cannot', async () => {
    const first = await numberOf(await server.createRun({ name: 'a', tags: ['t'] }));
    await runner.claim();
    const second = await numberOf(await server.createRun({ name: 'b', tags: ['t'] }));
    const dry = await run('edit', '--where', 'tag = t', '--priority', '2', '--dry-run');
    expect(dry).toEqual({
      ...{ code: 0, out: [`1 of 2 runs would be changed: #${second}`] },
      err: [`run ${first} is RUNNING: only the priority of a QUEUED run can be changed`],
    });
    expect((await run('edit', '--where', 'tag = t', '--archive', '--expect', '3')).err).toEqual([
      'error: the filter matches 2 runs, but 3 were expected; nothing was changed',
    ]);
    const { out } = await run('edit', '--where', 'tag = t', '--archive', '--expect', '2', '--json');
    expect(JSON.parse(out[0]!)).toEqual({
      ...{ dryRun: false, matched: 2, changed: 2, numbers: [first, second], refused: [] },
    });
  });

  it.each<[string[], string]>([
    [[], 'error: give a run, such as 12, or --where FILTER'],
    [['1', '--where', 'archived'], 'error: give either a run or --where, not both'],
    [['1', '--dry-run'], 'error: --dry-run and --expect need --where'],
    [['1'], 'error: give something to change, such as --name NAME'],
    [['1', '--archive', '--unarchive'], 'error: give either --archive or --unarchive'],
    [['1', '--notes', 'x', '--notes-file', 'y'], 'error: give either --notes or --notes-file'],
  ])('refuses %j', async (args, message) => {
    expect(await run('edit', ...args)).toEqual({ code: 2, out: [], err: [message] });
  });
});

describe('commands with --where', () => {
  it('cancel, retry and delete runs', async () => {
    const [first, second] = [await server.createRun({ tags: ['t'] }), await server.createRun({ tags: ['t'] })];
    const [one, two] = [await numberOf(first), await numberOf(second)];
    const all = ['--where', 'tag = t'];
    expect((await run('cancel', ...all)).out).toEqual([`2 of 2 runs canceled: #${one}, #${two}`]);
    expect((await run('retry', ...all, '--expect', '2')).out).toEqual([`2 of 2 runs queued again: #${one}, #${two}`]);
    expect((await run('delete', ...all)).err).toEqual([
      'error: deleting runs by filter needs --expect COUNT: find the count with --dry-run',
    ]);
    expect((await run('delete', ...all, '--dry-run')).out).toEqual([`2 of 2 runs would be deleted: #${one}, #${two}`]);
    expect((await run('delete', ...all, '--expect', '2')).out).toEqual([`2 of 2 runs deleted: #${one}, #${two}`]);
    const last = await numberOf(await server.createRun());
    expect((await run('delete', `#${last}`)).out).toEqual([`run #${last} is deleted`]);
    expect((await server.ask('{ runs { totalCount } }')).runs.totalCount).toBe(0);
  });
});

it('run show names the run that a run was cloned from, and its copies', async () => {
  const id = await server.createRun({ name: 'origin' });
  const create = 'mutation ($id: ID!) { createRun(input: { from: $id }) { number } }';
  const { createRun } = await server.ask(create, { id });
  expect((await run('show', id)).out.join('\n')).toMatch(new RegExp(`\\ncopies {4}#${createRun.number}\\n`));
  const { out } = await run('show', String(createRun.number));
  expect(out.join('\n')).toMatch(new RegExp(`\\nfrom {6}#${await numberOf(id)} \\(cloned\\)\\n`));
});

it('run logs --all prints the whole log', async () => {
  const id = await server.createRun();
  const attempt = (await runner.claim())!;
  const lines = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => ({
      at: '2026-11-24T01:02:03.456Z',
      level: 'INFO',
      message: `${from + i}`,
    }));
  for (const [index, from] of [0, 400, 800].entries()) {
    await runner.report(attempt, { sequence: index + 1, step: 1, log: lines(from, from === 800 ? 201 : 400) });
  }
  const { out, err } = await run('logs', id, '--all');
  expect(out.map((line) => line.split(' ').at(-1))).toEqual(Array.from({ length: 1001 }, (_, i) => `${i}`));
  expect(err).toEqual([]);
  expect((await run('logs', id, '--all', '--last', '5')).code).toBe(2);
});
