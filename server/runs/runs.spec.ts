import { describe, expect, it } from 'vitest';
import { runConfig, testServer, USER_TOKEN } from '../testing/test-server.js';

const server = testServer();
const CREATE = 'mutation ($input: CreateRunInput!) { createRun(input: $input) { id } }';
const PAGE = `query ($filter: RunFilter, $orderBy: RunOrder, $first: Int, $after: String) {
  runs(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } edges { cursor node { name number } } } }`;

const names = async (variables: object): Promise<string[]> => {
  const { runs } = await server.ask(PAGE, variables);
  return runs.edges.map(({ node }: { node: { name: string } }) => node.name);
};

const total = async () => (await server.ask('{ runs { totalCount } }')).runs.totalCount as number;

describe('creating a run', () => {
  it('is rejected for a dataset that no runner has announced, and says so', async () => {
    const { errors } = await server.send(CREATE, { input: { config: { ...runConfig(), dataset: 'moon' } } });
    expect(errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', problems: [{ field: 'dataset' }] });
    expect(errors![0]!.message).toContain('"moon" is unknown; no dataset is known yet');
    await server.registerRunner();
    const again = await server.send(CREATE, { input: { config: { ...runConfig(), dataset: 'moon' } } });
    expect(again.errors![0]!.message).toContain('known datasets: shapes');
    expect(await total()).toBe(0);
  });

  it('completes the configuration with defaults', async () => {
    const id = await server.createRun({ tags: ['a', 'a', 'b'], priority: 3 });
    const run = await server.run(
      id,
      'name state config method methodLabel labelledRatio backbone seed tags priority pool iterations step runner { id }',
    );
    expect(run).toMatchObject({
      name: 'CPS, 1/8, seed 0',
      state: 'QUEUED',
      methodLabel: 'CPS',
      labelledRatio: 0.125,
      tags: ['a', 'b'],
      priority: 3,
      pool: 'default',
      iterations: 1000,
      step: 0,
      runner: null,
    });
    expect(run.config.optimiser.momentum).toBe(0.9);
  });

  it('makes it available by its id and by its number', async () => {
    const { number, id } = await server.run(await server.createRun(), 'number id');
    const find = (args: string) => server.send(`{ run${args} { id number } }`);
    expect((await find(`(number: ${number})`)).data.run).toEqual({ id, number });
    expect((await find('(number: 2147483647)')).data.run).toBeNull();
    for (const [args, got] of [
      ['', 'none'],
      [`(id: "${id}", number: ${number})`, 'id, number'],
    ] as const) {
      expect((await find(args)).errors![0]).toMatchObject({
        message: `run: give exactly one of id, number; got ${got}`,
        extensions: { code: 'BAD_USER_INPUT' },
      });
    }
  });

  it.each([
    [{ ...runConfig(), split: { labelledRatio: 1.5 } }, 'split.labelledRatio', 'got 1.5'],
    [{ ...runConfig(), split: { labelledRatio: 0 } }, 'split.labelledRatio', 'got 0'],
    [{ ...runConfig(), method: { name: 'magic' } }, 'method', 'allowed: supervised, cps, cps_cutmix'],
    [{ ...runConfig(), learning: 1 }, 'learning', 'unknown key'],
  ])('is rejected with the field, the value and what is allowed: %j', async (config, field, text) => {
    const before = await total();
    const { errors } = await server.send(CREATE, { input: { config } });
    const { code, problems } = errors![0]!.extensions as unknown as { code: string; problems: { field: string }[] };
    expect(code).toBe('BAD_USER_INPUT');
    expect(problems.map((problem) => problem.field).join()).toContain(field);
    expect(errors![0]!.message).toContain(text);
    expect(await total()).toBe(before);
  });

  it('is rejected for a study that does not exist', async () => {
    for (const studyId of ['00000000-0000-4000-8000-000000000000', 'x']) {
      const { errors } = await server.send(CREATE, { input: { config: runConfig(), studyId } });
      expect(errors![0]!).toMatchObject({ message: `studyId: there is no study "${studyId}"` });
    }
  });
});

describe('the list of runs', () => {
  it('pages through every order without repeating or losing a run, no matter what is inserted in the meantime', async () => {
    for (const [i, name] of ['list c', 'list a', 'list b', 'list a', 'list d'].entries()) {
      await server.createRun({ name, priority: i % 2, tags: ['list'] });
    }
    const filter = { tags: ['list'] };
    for (const field of ['CREATED_AT', 'FINISHED_AT', 'NAME', 'PRIORITY', 'MEAN_IOU']) {
      for (const direction of ['ASC', 'DESC']) {
        const seen: number[] = [];
        let after: string | null = null;
        do {
          const { runs } = await server.ask(PAGE, { filter, orderBy: { field, direction }, first: 2, after });
          expect(runs.totalCount).toBe(5);
          seen.push(...runs.edges.map(({ node }: { node: { number: number } }) => node.number));
          after = runs.pageInfo.hasNextPage ? runs.pageInfo.endCursor : null;
        } while (after);
        expect(new Set(seen).size, `${field} ${direction}`).toBe(5);
      }
    }
    expect(await names({ filter, orderBy: { field: 'NAME', direction: 'ASC' } })).toEqual([
      'list a',
      'list a',
      'list b',
      'list c',
      'list d',
    ]);
  });

  it('is sorted by mIoU, with runs that were not evaluated at the end', async () => {
    const ids = [];
    for (const name of ['low', 'none', 'high']) ids.push(await server.createRun({ name, tags: ['iou'] }));
    for (const [id, iou] of [
      [ids[0], 0.2],
      [ids[2], 0.9],
    ]) {
      await server.database.dataSource.query(
        `INSERT INTO run_scores (run_id, subset, network, newest_step, newest_mean_iou, best_step, best_mean_iou)
         VALUES ($1, 'VAL', 'BRANCH1', 2, $2, 1, 0.95)`,
        [id, iou],
      );
    }
    const filter = { tags: ['iou'] };
    expect(await names({ filter, orderBy: { field: 'MEAN_IOU' } })).toEqual(['high', 'low', 'none']);
    expect(await names({ filter, orderBy: { field: 'MEAN_IOU', direction: 'ASC' } })).toEqual(['low', 'high', 'none']);
  });

  it('is filtered by state, method, dataset, tag and text, in which % is a percent sign', async () => {
    await server.createRun({ name: '100% odd_name', tags: ['filter'] }, { method: { name: 'supervised' } });
    await server.createRun({ name: '1000 oddXname', tags: ['filter'] });
    expect(await names({ filter: { tags: ['filter'], search: '0% ODD_' } })).toEqual(['100% odd_name']);
    expect(await names({ filter: { tags: ['filter'], methods: ['cps'] } })).toEqual(['1000 oddXname']);
    expect(await names({ filter: { tags: ['filter'], states: ['RUNNING'] } })).toEqual([]);
    expect(await names({ filter: { tags: ['filter'], dataset: 'shapes' } })).toHaveLength(2);
    expect(await names({ filter: { tags: ['filter'], splitHash: 'not drawn' } })).toEqual([]);
    await server.database.dataSource.query(`UPDATE runs SET split_hash = 'drawn' WHERE name = '1000 oddXname'`);
    expect(await names({ filter: { tags: ['filter'], splitHash: 'drawn' } })).toEqual(['1000 oddXname']);
    expect(await names({ filter: { tags: ['filter'], studyId: crypto.randomUUID() } })).toEqual([]);
  });

  it.each([
    [
      { methods: ['cps', 'nope'] },
      'filter.methods: there is no method "nope"; allowed: supervised, mean_teacher, cutmix_seg',
    ],
    [{ dataset: 'other' }, 'filter.dataset: there is no dataset "other"; known datasets: shapes'],
    [{ studyId: 'no id' }, 'filter.studyId: must be a UUID; got "no id"'],
  ])('rejects a filter with a value that no run can have: %j', async (filter, message) => {
    const { errors } = await server.send(PAGE, { filter }, USER_TOKEN);
    expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
    expect(errors![0]!.message).toContain(message);
  });

  it('rejects page sizes that are too large or zero, and cursors of another order', async () => {
    for (const first of [0, 101]) {
      const { errors } = await server.send(PAGE, { first });
      expect(errors![0]!.message).toContain('between 1 and 100');
    }
    const { runs } = await server.ask(PAGE, { first: 1 });
    const after = runs.pageInfo.endCursor;
    const wrongOrder = await server.send(PAGE, { first: 1, after, orderBy: { field: 'NAME' } });
    expect(wrongOrder.errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
    const nonsense = await server.send(PAGE, { first: 1, after: 'x' });
    expect(nonsense.errors![0]!.message).toContain('is not a cursor');
  });
});

describe('a queued run', () => {
  it('is canceled immediately, can be retried, and can be canceled twice', async () => {
    const id = await server.createRun();
    const change = async (mutation: string) =>
      (await server.ask(`mutation ($id: ID!) { ${mutation}(id: $id) { state } }`, { id }))[mutation].state;
    expect(await change('cancelRun')).toBe('CANCELED');
    expect(await change('cancelRun')).toBe('CANCELED');
    expect(await change('retryRun')).toBe('QUEUED');
    await expect(change('retryRun')).rejects.toThrow('CONFLICT');
  });

  it('gets another time limit, and nothing else, when it is retried with one', async () => {
    const id = await server.createRun({}, { training: { iterations: 10, maxHours: 2 } });
    const { config } = await server.run(id, 'config');
    const retry = (maxHours: number) =>
      server.ask(
        'mutation ($id: ID!, $maxHours: Float) { retryRun(id: $id, maxHours: $maxHours) { state config } }',
        { id, maxHours },
        USER_TOKEN,
      );
    await server.ask('mutation ($id: ID!) { cancelRun(id: $id) { id } }', { id }, USER_TOKEN);
    await expect(retry(-1)).rejects.toThrow(/training\.maxHours.*got -1/);
    const { retryRun } = await retry(48.5);
    expect(retryRun).toEqual({
      state: 'QUEUED',
      config: { ...config, training: { ...config.training, maxHours: 48.5 } },
    });
  });

  it('cannot be deleted while a runner trains it', async () => {
    const id = await server.createRun();
    await server.database.dataSource.query(`UPDATE runs SET state = 'RUNNING' WHERE id = $1`, [id]);
    const { number } = await server.run(id, 'number');
    const { errors } = await server.send('mutation ($id: ID!) { deleteRun(id: $id) }', { id }, USER_TOKEN);
    expect(errors![0]).toMatchObject({
      message: `run ${number} is RUNNING: cancel it and wait until its runner has stopped before you delete it`,
      extensions: { code: 'CONFLICT', reason: 'RUN_NOT_DELETABLE', params: { number, state: 'RUNNING' } },
    });
    await server.database.dataSource.query(`UPDATE runs SET state = 'FAILED' WHERE id = $1`, [id]);
  });

  it('can be deleted only once', async () => {
    const id = await server.createRun();
    const remove = () => server.ask('mutation ($id: ID!) { deleteRun(id: $id) }', { id }, USER_TOKEN);
    expect(await remove()).toEqual({ deleteRun: id });
    expect(await server.run(id)).toBeNull();
    await expect(remove()).rejects.toThrow('NOT_FOUND');
  });
});
