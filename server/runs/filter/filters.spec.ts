import { beforeAll, describe, expect, it } from 'vitest';
import { NETWORKS, SUBSETS } from '../../../schema/filter/names.js';
import { Predictor, Subset } from '../../evaluations/evaluation.entity.js';
import { datasetInput } from '../../testing/results-fixtures.js';
import { type TestRunner, testServer } from '../../testing/test-server.js';

const server = testServer();
let runner: TestRunner;

/** Three classes: 0 is found half, 1 fully, and 2 neither occurs nor is predicted. */
const confusion = (found: number) => [found, 8 - found, 0, 0, 8, 0, 0, 0, 0];

async function numbers(args: { query?: string; where?: object }): Promise<number[]> {
  const { runs } = await server.ask(
    `query ($query: String, $where: RunWhere) {
       runs(query: $query, where: $where, first: 100, orderBy: { field: CREATED_AT, direction: ASC }) {
         totalCount edges { node { number } } } }`,
    args,
  );
  const found = runs.edges.map(({ node }: { node: { number: number } }) => node.number);
  expect(runs.totalCount).toBe(found.length);
  return found;
}

beforeAll(async () => {
  runner = await server.registerRunner({
    name: 'gpu-a',
    slots: 8,
    datasets: [datasetInput(), datasetInput({ name: 'other' })],
  });
  const { createStudy } = await server.ask(
    `mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id } }`,
    {
      input: {
        name: 'A "study"',
        base: { dataset: 'shapes', split: { labelledRatio: 0.5 } },
        matrix: { methods: [{ name: 'supervised' }] },
      },
    },
  );
  expect(createStudy.id).toBeTruthy();
  // Run 1 is that of the study. The runner takes them in this order.
  await server.createRun({ name: 'first 100%', tags: ['baseline', '열화상'] }, { seed: 7, network: { width: 0.5 } });
  const second = await server.createRun(
    { name: 'second', priority: -1 },
    { dataset: 'other', split: { labelledList: 'l.txt' } },
  );
  const edit = 'mutation ($id: ID!, $input: UpdateRunInput!) { updateRun(id: $id, input: $input) { id } }';
  await server.ask(edit, { id: second, input: { notes: 'Better *stem*.', archived: true } });
  await server.createRun(
    { name: 'third', priority: -2 },
    { augmentation: { crop: [64, 128] }, placement: { pool: 'empty' } },
  );
  const [one, two, three] = [(await runner.claim())!, (await runner.claim())!, (await runner.claim())!];
  const setup = {
    engine: 'wasm',
    device: 'cpu',
    splitHash: 's',
    labelledImages: 8,
    unlabelledImages: 56,
    parameters: 1000,
  };
  const evaluation = (step: number, found: number, changes = {}) => ({
    ...{ step, network: 'BRANCH1', subset: 'VAL', confusion: confusion(found) },
    ...changes,
  });
  await runner.report(one, { sequence: 1, step: 20, setup, evaluations: [evaluation(10, 6), evaluation(20, 4)] });
  await runner.report(two, {
    sequence: 1,
    step: 30,
    evaluations: [evaluation(30, 8), evaluation(30, 0, { network: 'ENSEMBLE' })],
    alarms: [
      { step: 10, kind: 'DROP', message: 'm', network: 'BRANCH1' },
      { step: 20, kind: 'TAKEOVER', message: 'm', network: 'BRANCH1', classIndex: 1 },
    ],
    alarmEnds: [{ step: 30, kind: 'DROP', network: 'BRANCH1' }],
    points: [{ series: 'loss', steps: [1, 2, 3], values: [3, 1, 'NaN'] }],
  });
  await runner.finish(three, 'FAILED', 'out of memory');
  // Nothing makes such runs yet.
  await server.database.dataSource.query(`UPDATE runs SET origin = 'IMPORTED' WHERE number = 3`);
});

describe('runs are filtered', () => {
  it.each<[string, number[]]>([
    ['state = running', [1, 2]],
    ['state in (queued, failed)', [3, 4]],
    ['state != running', [3, 4]],
    ['origin = trained', [1, 2, 4]],
    ['origin != TRAINED', [3]],
    ['origin in (logged, imported)', [3]],
    ['origin is not known', []],
    ['phase = training', []],
    ['phase is not known', [1, 2, 3, 4]],
    ['name = second', [3]],
    ['name contains "T"', [2, 4]],
    ['name contains "%"', [2]],
    ['name startswith "FIRST 1"', [2]],
    ['"sec"', [3]],
    // The name of the first has "1/2".
    ['"2"', [1, 2]],
    ['number >= 3', [3, 4]],
    ['number = 2.5', []],
    ['dataset = other', [3]],
    ['method = cps and dataset = shapes', [2, 4]],
    ['seed = 7', [2]],
    ['study = "A \\"study\\""', [1]],
    ['study is not known', [2, 3, 4]],
    ['not study = "A \\"study\\""', [2, 3, 4]],
    ['runner = "gpu-a"', [1, 2, 3]],
    ['runner is known', [1, 2, 3]],
    ['runner != "gpu-a"', [4]],
    ['tag = 열화상', [2]],
    ['tag is not known', [1, 3, 4]],
    ['tag in (a, baseline)', [2]],
    ['notes contains STEM', [3]],
    ['notes is not known', [1, 2, 4]],
    ['archived', [3]],
    ['not archived', [1, 2, 4]],
    ['archived = false', [1, 2, 4]],
    ['parent is known', []],
    ['pool = empty', [4]],
    ['engine = wasm and device = cpu', [1]],
    ['labelledImages <= 8', [1]],
    ['not labelledImages > 8', [1, 2, 3, 4]],
    ['priority < 0', [3, 4]],
    ['step > 25', [2]],
    ['failure contains memory', [3]],
    ['created > "2020-01-01"', [1, 2, 3, 4]],
    ['finished is known', [3]],
    ['duration < 1h', [1, 2, 3]],
    ['network.width = 50%', [2]],
    ['network.width in (0.25, 1)', [1, 3, 4]],
    ['network.stem = deep', [1, 2, 3, 4]],
    ['network.pretrained.source is not known', [1, 2, 3, 4]],
    ['split.labelledRatio = 0.5', [1]],
    ['split.labelledRatio != 0.5', [2, 3, 4]],
    ['split.labelledList is known', [3]],
    ['augmentation.crop = 128', [4]],
    ['augmentation.crop > 100', [4]],
    ['method.on = both', [2, 3, 4]],
    ['data.applyOrientation', []],
    ['not data.applyOrientation', [1, 2, 3, 4]],
    ['miou = 75%', []],
    ['miou > 0.6', [2]],
    ['miou(pick: best) > 0.6', [1, 2]],
    ['not miou > 0.6', [1, 3, 4]],
    ['miou is known', [1, 2]],
    ['miou(network: ensemble) < 30%', [2]],
    ['accuracy = 75%', [1]],
    ['iou(background) = 0.5', [1]],
    ['iou(background, pick: best) = 75%', [1]],
    ['iou(background, network: ensemble) = 0', [2]],
    ['recall(background) >= 0.5', [1, 2]],
    ['precision(disc) > 0.9', [2]],
    ['alarm', [2]],
    ['not alarm', [1, 3, 4]],
    ['alarm(drop, active: true)', []],
    ['alarm(drop, active: false)', [2]],
    ['alarm(takeover, active: true) or seed = 7', [2]],
    ['min(loss) = 1', [2]],
    ['max(loss) > 2.5', [2]],
    ['last(loss) is known', [2]],
    ['last(loss) > 0', []],
    ['not last(loss) > 0', [1, 2, 3, 4]],
    ['mean10(loss) < 5', []],
  ])('%s', async (query, expected) => {
    expect(await numbers({ query })).toEqual(expected);
  });
});

describe('a tree', () => {
  it.each<[object, number[]]>([
    [{ field: { path: 'seed' }, value: 7 }, [2]],
    [{ field: { path: 'state' }, op: 'IN', value: ['queued', 'FAILED'] }, [3, 4]],
    [{ not: { field: { path: 'origin' }, value: 'trained' } }, [3]],
    [{ not: { field: { alarm: 'any' }, value: true } }, [1, 3, 4]],
    [{ field: { alarm: 'DROP', active: false }, value: true }, [2]],
    [{ field: { metric: 'loss', of: 'MIN' }, op: 'LE', value: 1 }, [2]],
    [{ field: { score: 'IOU', class: 'background', pick: 'BEST' }, op: 'GE', value: 0.75 }, [1, 2]],
    [{ or: [{ field: { path: 'seed' }, value: 7 }, { and: [{ field: { path: 'failure' }, op: 'KNOWN' }] }] }, [2, 3]],
  ])('%j', async (where, expected) => {
    expect(await numbers({ where })).toEqual(expected);
  });

  it('and a text must both hold', async () => {
    const where = { field: { path: 'method' }, value: 'cps' };
    expect(await numbers({ where, query: 'state = running' })).toEqual([2]);
    expect(await numbers({ where, query: '  ' })).toEqual([2, 3, 4]);
  });

  it.each<[object, string]>([
    [{}, 'where: give exactly one of and, or, not, field; got none'],
    [
      { and: [{ field: { path: 'seed' }, value: 1 }], not: {} },
      'where: give exactly one of and, or, not, field; got and, not',
    ],
    [
      { and: [{ not: { field: {} } }] },
      'where.and[0].not.field: give exactly one of path, metric, score, alarm; got none',
    ],
    [{ and: [], value: 1 }, 'where.value: belongs to a field, not to "and"'],
    [{ field: { path: 'seed', class: 'car' } }, 'where.field.class: belongs to "score", not to "path"'],
    [{ field: { path: 'seet' }, value: 1 }, 'where: "seet" is unknown; did you mean "seed"?'],
    [{ field: { path: 'origin' }, value: 'trianed' }, 'where: origin cannot be "trianed"; did you mean "TRAINED"?'],
    [{ field: { score: 'IOU' }, op: 'LT', value: 1 }, 'where: iou needs a class, such as iou("traffic light")'],
    [
      { field: { score: 'IOU', class: 'dics' }, op: 'LT', value: 1 },
      'where: no dataset has a class "dics"; did you mean "disc"?',
    ],
    [{ field: { metric: 'los' }, op: 'LT', value: 1 }, 'where: no run has a series "los"; did you mean "loss"?'],
  ])('%j is refused', async (where, message) => {
    const { errors } = await server.send('query ($where: RunWhere) { runs(where: $where) { totalCount } }', { where });
    expect(errors![0]).toMatchObject({ message, extensions: { code: 'BAD_USER_INPUT' } });
  });
});

it('a mistake in a text is refused with its place', async () => {
  const query = 'state = running and trainig.iterations > 5';
  const { errors } = await server.send('query ($query: String) { runs(query: $query) { totalCount } }', { query });
  expect(errors![0]).toMatchObject({
    message: 'query: character 21: "trainig.iterations" is unknown; did you mean "training.iterations"?',
    extensions: { code: 'BAD_USER_INPUT', character: 21 },
  });
});

it('the names that filters know are those of evaluations', () => {
  expect(NETWORKS).toEqual(Object.values(Predictor));
  expect(SUBSETS).toEqual(Object.values(Subset));
});
