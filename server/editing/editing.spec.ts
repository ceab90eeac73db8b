import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyTables } from '../testing/empty-tables.js';
import { listen } from '../testing/listener.js';
import { queriesOf } from '../testing/queries.js';
import { testServer, USER_TOKEN } from '../testing/test-server.js';

const server = testServer();
const UPDATE = `mutation ($id: ID!, $input: UpdateRunInput!) { updateRun(id: $id, input: $input) {
  id name tags notes priority archivedAt } }`;
const UPDATE_STUDY = `mutation ($id: ID!, $input: UpdateStudyInput!) { updateStudy(id: $id, input: $input) {
  name description tags archivedAt baseline { number } } }`;
const EDITS = 'edits { field old new account { name } }';

const update = (id: string, input: object) => server.send(UPDATE, { id, input }, USER_TOKEN);
const updated = async (id: string, input: object) => (await server.ask(UPDATE, { id, input }, USER_TOKEN)).updateRun;
const updateStudy = (id: string, input: object) => server.send(UPDATE_STUDY, { id, input }, USER_TOKEN);

async function study(name = 'a study') {
  const { createStudy } = await server.ask(
    `mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id runs { edges { node { id number } } } } }`,
    {
      input: {
        name,
        base: { dataset: 'shapes', split: { labelledRatio: 0.5 } },
        matrix: { methods: [{ name: 'cps' }] },
      },
    },
    USER_TOKEN,
  );
  return { id: createStudy.id as string, run: createStudy.runs.edges[0].node as { id: string; number: number } };
}

beforeAll(() => server.registerRunner());
beforeEach(() => emptyTables(server.database.dataSource, 'runs', 'studies', 'audit_log'));

describe('updateRun', () => {
  it('changes what is given, and keeps who changed what', async () => {
    const id = await server.createRun({ name: 'old', tags: ['a', 'b'] });
    const run = await updated(id, { name: ' new ', addTags: ['c', 'a'], removeTags: ['b'], notes: '**bold** 노트' });
    expect(run).toEqual({
      ...{ id, name: 'new', tags: ['a', 'c'], notes: '**bold** 노트', priority: 0, archivedAt: null },
    });
    expect((await updated(id, { archived: true })).archivedAt).toMatch(/^\d{4}-/);
    const { edits } = await server.run(id, EDITS);
    const account = { name: 'admin' };
    expect(edits).toEqual([
      { field: 'archived', old: false, new: true, account },
      { field: 'notes', old: '', new: '**bold** 노트', account },
      { field: 'tags', old: ['a', 'b'], new: ['a', 'c'], account },
      { field: 'name', old: 'old', new: 'new', account },
    ]);
    expect(await updated(id, { archived: false, tags: [], notes: '' })).toMatchObject({ archivedAt: null, tags: [] });
  });

  it('that changes nothing is not an edit, and keeps when the run was archived', async () => {
    const id = await server.createRun({ name: 'same' });
    const { archivedAt } = await updated(id, { archived: true });
    expect((await updated(id, { archived: true, name: 'same' })).archivedAt).toBe(archivedAt);
    expect((await server.run(id, EDITS)).edits).toHaveLength(1);
  });

  it('is in the audit log with old and new values; of notes, only their hash', async () => {
    const id = await server.createRun({ name: 'old' });
    await updated(id, { name: 'new', notes: 'secret' });
    const { auditLog } = await server.ask(
      `{ auditLog(filter: { operation: "updateRun" }) { edges { node {
         outcome targets arguments account { name } changes { target field old new } } } } }`,
      {},
      USER_TOKEN,
    );
    const { node } = auditLog.edges[0];
    expect(node).toMatchObject({ outcome: 'OK', targets: [id], account: { name: 'admin' } });
    const notes = expect.stringMatching(/^sha256:[0-9a-f]{64}$/);
    expect(node.changes).toEqual([
      { target: id, field: 'name', old: 'old', new: 'new' },
      { target: id, field: 'notes', old: '', new: notes },
    ]);
    expect(JSON.stringify(node)).not.toContain('secret');
  });

  it('changes the priority of a queued run only', async () => {
    const [first, second] = [await server.createRun({ name: 'first' }), await server.createRun({ name: 'second' })];
    expect((await updated(second, { priority: 5 })).priority).toBe(5);
    const runner = await server.registerRunner({ slots: 2 });
    expect((await runner.claim())!.runId).toBe(second);
    const { errors } = await update(second, { priority: 1, name: 'not renamed' });
    expect(errors![0]).toMatchObject({ extensions: { code: 'CONFLICT' } });
    expect(errors![0]!.message).toMatch(/^run \d+ is RUNNING: only the priority of a QUEUED run can be changed$/);
    expect(await server.run(second, 'name priority')).toEqual({ name: 'second', priority: 5 });
    expect((await server.run(first, 'priority')).priority).toBe(0);
    await server.database.dataSource.query('DELETE FROM runners WHERE id = $1', [runner.id]);
  });

  it.each<[object, string]>([
    [{}, 'input: give at least one field to change'],
    [{ name: null }, 'input: give at least one field to change'],
    [{ name: ' ' }, 'name: must have 1 to 256 characters; got " "'],
    [{ tags: ['a'], addTags: ['b'] }, 'tags: give either all tags, or addTags and removeTags'],
    [{ addTags: [' '] }, 'tags: each must have 1 to 64 characters; got " "'],
    [{ notes: 'x'.repeat(10_001) }, 'input.notes: must have at most 10000 characters; got 10001'],
  ])('refuses %.60j', async (input, message) => {
    const { errors } = await update(await server.createRun(), input);
    expect(errors![0]).toMatchObject({ message, extensions: { code: 'BAD_USER_INPUT' } });
  });

  it('refuses more than 50 tags, and a run that does not exist', async () => {
    const tags = Array.from({ length: 49 }, (_, i) => `${i}`);
    const id = await server.createRun({ tags });
    expect((await updated(id, { addTags: ['x'] })).tags).toHaveLength(50);
    const { errors } = await update(id, { addTags: ['x', 'y'] });
    expect(errors![0]!.message).toMatch(/^run \d+ would have 51 tags; at most 50 are allowed$/);
    const unknown = await update(crypto.randomUUID(), { name: 'x' });
    expect(unknown.errors![0]!.extensions.code).toBe('NOT_FOUND');
  });

  it('reaches subscribers', async () => {
    const id = await server.createRun({ name: 'old' });
    const live = await listen(
      server,
      `subscription ($id: ID!) { runChanged(runId: $id) { name } }`,
      { id },
      USER_TOKEN,
    );
    await live.until(() => live.received.length === 1);
    await updated(id, { name: 'new' });
    await live.until(() => live.received.at(-1)?.runChanged.name === 'new');
    await live.stop();
  });

  it('edits are read page by page, in one statement for many runs', async () => {
    const ids = [await server.createRun(), await server.createRun()];
    for (const id of ids) for (const name of ['1', '2', '3']) await updated(id, { name });
    const page = (more: string) => `edits(first: 2${more}) { id new }`;
    const [run] = [await server.run(ids[0]!, page(''))];
    expect(run.edits.map((edit: { new: string }) => edit.new)).toEqual(['3', '2']);
    const { edits } = await server.run(ids[0]!, page(`, before: "${run.edits[1].id}"`));
    expect(edits.map((edit: { new: string }) => edit.new)).toEqual(['1']);
    const list = (fields: string) => server.ask(`{ runs { edges { node { number ${fields} } } } }`, {}, USER_TOKEN);
    // Other statements, such as those of the sweeper, may come at any time.
    const queries = await queriesOf(() => list('edits { new account { name } }'));
    expect(queries.filter((query) => /editsOf|accountsByIds/.test(query))).toHaveLength(2);
  });
});

describe('updateStudy', () => {
  it('changes what is given, and keeps who changed what', async () => {
    const { id, run } = await study();
    const { data } = await updateStudy(id, { name: 'renamed', description: '# Notes', tags: ['paper'] });
    expect(data.updateStudy).toMatchObject({ name: 'renamed', description: '# Notes', tags: ['paper'] });
    await updateStudy(id, { baselineRunId: run.id });
    await updateStudy(id, { archived: true });
    const { study: read } = await server.ask(
      `query ($id: ID!) { study(id: $id) { baseline { number } ${EDITS} } }`,
      { id },
      USER_TOKEN,
    );
    expect(read.baseline).toEqual({ number: run.number });
    expect(read.edits.slice(0, 3)).toMatchObject([
      { field: 'archived', old: false, new: true, account: { name: 'admin' } },
      { field: 'baseline', old: null, new: run.number },
      { field: 'tags', old: [], new: ['paper'] },
    ]);
    const lists = async (archived: boolean | null) =>
      (await server.ask('query ($a: Boolean) { studies(archived: $a) { totalCount } }', { a: archived })).studies;
    expect([await lists(true), await lists(false), await lists(null)].map((each) => each.totalCount)).toEqual([
      1, 0, 1,
    ]);
  });

  it('has a baseline until that is removed or deleted', async () => {
    const { id, run } = await study();
    const baseline = async (input: object) => (await updateStudy(id, input)).data.updateStudy.baseline;
    expect(await baseline({ baselineRunId: run.id })).toEqual({ number: run.number });
    expect(await baseline({ name: 'another' })).toEqual({ number: run.number });
    expect(await baseline({ baselineRunId: null })).toBeNull();
    await updateStudy(id, { baselineRunId: run.id });
    await server.ask('mutation ($id: ID!) { deleteRun(id: $id) }', { id: run.id }, USER_TOKEN);
    expect(await baseline({ name: 'x' })).toBeNull();
  });

  it('refuses a baseline of another study, and one that does not exist', async () => {
    const [one, other] = [await study('one'), await study('other')];
    const { errors } = await updateStudy(one.id, { baselineRunId: other.run.id });
    const message = `baselineRunId: run ${other.run.number} does not belong to the study "one"`;
    expect(errors![0]).toMatchObject({ message, extensions: { code: 'BAD_USER_INPUT' } });
    const unknown = await updateStudy(one.id, { baselineRunId: 'x' });
    expect(unknown.errors![0]!.message).toBe('baselineRunId: there is no run "x"');
    expect((await updateStudy(one.id, {})).errors![0]!.message).toBe('input: give at least one field to change');
  });

  it('reaches subscribers', async () => {
    const { id } = await study();
    const live = await listen(server, `subscription ($id: ID!) { studyChanged(studyId: $id) { name } }`, { id });
    await live.until(() => live.received.length === 1);
    await updateStudy(id, { name: 'new' });
    await live.until(() => live.received.at(-1)?.studyChanged.name === 'new');
    await live.stop();
  });
});
