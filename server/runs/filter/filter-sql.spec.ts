import { beforeAll, expect, it } from 'vitest';
import {
  type Comparison,
  type Filter,
  type FilterOp,
  type FilterScalar,
  isComparison,
} from '../../../schema/filter/tree.js';
import { draws } from '../../testing/draws.js';
import { insertDataset, insertRun } from '../../testing/results-fixtures.js';
import { testDatabase } from '../../testing/test-database.js';
import { Run } from '../run.entity.js';
import { filterSql } from './filter-sql.js';

const { dataSource } = testDatabase();
const RUNS = 60;
const TREES = 400;

/** What a run has, by field. */
type Facts = Record<string, FilterScalar | FilterScalar[] | null>;
const facts = new Map<number, Facts>();
let datasetId: string;

const draw = draws(5);
const pick = <T>(values: readonly T[]): T => values[Math.floor(draw() * values.length)]!;
const maybe = <T>(value: T): T | null => (draw() < 0.3 ? null : value);

const TEXTS = ['a', 'A%', 'b_', '열', ''];
const NUMBERS = [0, 0.25, 0.5, 2, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

beforeAll(async () => {
  const dataset = await insertDataset(dataSource);
  datasetId = dataset.id;
  for (let i = 0; i < RUNS; i++) {
    const run: Facts = {
      name: pick(TEXTS) + pick(TEXTS) || 'x',
      step: pick([0, 1, 2]),
      tag: Array.from({ length: Math.floor(draw() * 3) }, () => pick(TEXTS)),
      failure: maybe(pick(TEXTS)),
      'config.any': maybe(pick<FilterScalar>([...TEXTS, 0.25, 2, true, false])),
      'config.augmentation.scales': Array.from({ length: 1 + Math.floor(draw() * 2) }, () => pick([0.25, 0.5, 2])),
      miou: maybe(pick([0, 0.25, 0.5])),
      iou: maybe(pick(NUMBERS.slice(0, 4))),
      low: maybe(pick(NUMBERS)),
    };
    const inserted = await insertRun(dataSource, dataset, {
      name: run.name as string,
      step: run.step as number,
      tags: run.tag as string[],
      failure: run.failure as string | null,
    });
    await dataSource.query(
      `UPDATE runs SET config = config || $2::jsonb || jsonb_build_object('augmentation', $3::jsonb) WHERE id = $1`,
      [
        inserted.id,
        run['config.any'] === null ? '{}' : JSON.stringify({ any: run['config.any'] }),
        JSON.stringify({ scales: run['config.augmentation.scales'] }),
      ],
    );
    if (run.miou !== null || run.iou !== null) {
      await dataSource.query(
        `INSERT INTO run_scores (run_id, subset, network, newest_step, best_step, newest_mean_iou, newest_ious)
         VALUES ($1, 'VAL', 'BRANCH1', 1, 1, $2, ARRAY[NULL, $3::float8])`,
        [inserted.id, run.miou, run.iou],
      );
    }
    await dataSource.query(`INSERT INTO series (run_id, name, low) VALUES ($1, 'loss', $2)`, [inserted.id, run.low]);
    facts.set(inserted.number, run);
  }
});

const FIELDS: [string, Comparison['field'], 'text' | 'number' | 'any'][] = [
  ['name', { path: 'name' }, 'text'],
  ['step', { path: 'step' }, 'number'],
  ['tag', { path: 'tag' }, 'text'],
  ['failure', { path: 'failure' }, 'text'],
  ['config.any', { path: 'config.any' }, 'any'],
  ['config.augmentation.scales', { path: 'config.augmentation.scales' }, 'number'],
  ['miou', { score: 'miou' }, 'number'],
  ['iou', { score: 'iou', class: 'disc' }, 'number'],
  ['low', { metric: 'loss', of: 'min' }, 'number'],
];
const names = new Map<Comparison['field'], string>(FIELDS.map(([name, field]) => [field, name]));

function randomTree(level: number): Filter {
  const kind = level > 2 ? 1 : draw();
  if (kind < 0.25) return { not: randomTree(level + 1) };
  if (kind < 0.6) {
    const parts = Array.from({ length: 1 + Math.floor(draw() * 3) }, () => randomTree(level + 1));
    return draw() < 0.5 ? { and: parts } : { or: parts };
  }
  const [, field, type] = pick(FIELDS);
  const value = (): FilterScalar => {
    if (type === 'any') return pick<FilterScalar>([...TEXTS, 0.25, 2, true, false]);
    return type === 'text' ? pick(TEXTS) : pick(NUMBERS.slice(0, 4));
  };
  const first = value();
  const ops: FilterOp[] = ['eq', 'known'];
  if (typeof first !== 'boolean') ops.push('in');
  if (typeof first === 'string') ops.push('contains', 'startsWith');
  if (typeof first === 'number') ops.push('lt', 'le', 'gt', 'ge');
  const op = pick(ops);
  if (op === 'known') return { field, op };
  return { field, op, value: op === 'in' ? [first, value()].filter((each) => typeof each !== 'boolean') : first };
}

/** The meaning of a filter, as docs/api/filter.md describes it. */
function holds(filter: Filter, run: Facts): boolean {
  if ('and' in filter) return filter.and.every((part) => holds(part, run));
  if ('or' in filter) return filter.or.some((part) => holds(part, run));
  if (!isComparison(filter)) return !holds(filter.not, run);
  const { field, op, value } = filter;
  const own = [run[names.get(field)!] ?? []].flat();
  return own.some((each) => {
    if (op === 'known') return true;
    if (op === 'in') return (value as FilterScalar[]).includes(each);
    if (typeof each !== typeof value) return false;
    if (op === 'eq') return each === value;
    if (op === 'contains') return String(each).toLowerCase().includes(String(value).toLowerCase());
    if (op === 'startsWith') return String(each).toLowerCase().startsWith(String(value).toLowerCase());
    const [left, right] = [each as number, value as number];
    return { lt: left < right, le: left <= right, gt: left > right, ge: left >= right }[op];
  });
}

it('the SQL of random filters finds what they mean', async () => {
  for (let turn = 0; turn < TREES; turn++) {
    const filter = randomTree(0);
    const { sql, parameters } = filterSql(filter, new Map([['disc', { [datasetId]: 1 }]]));
    const found = await dataSource.createQueryBuilder(Run, 'run').where(sql, parameters).getMany();
    const expected = [...facts].filter(([, run]) => holds(filter, run)).map(([number]) => number);
    expect(
      found.map(({ number }) => number).sort((a, b) => a - b),
      JSON.stringify(filter),
    ).toEqual(expected);
  }
});
