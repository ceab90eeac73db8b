import { beforeAll, describe, expect, it } from 'vitest';
import type { FilterField, SortKey } from '../../../schema/filter/tree.js';
import { draws } from '../../testing/draws.js';
import { insertDataset, insertRun } from '../../testing/results-fixtures.js';
import { testDatabase } from '../../testing/test-database.js';
import { RunListsRepository } from './run-lists.repository.js';

const { dataSource } = testDatabase();
const repository = new RunListsRepository(dataSource);
const draw = draws(3);
const pick = <T>(values: readonly T[]): T => values[Math.floor(draw() * values.length)]!;
const maybe = <T>(value: T): T | null => (draw() < 0.3 ? null : value);

type Value = string | number | boolean | (string | number)[] | null;
/** What a run has, by the text of the field. */
type Facts = Record<string, Value>;

const NUMBERS = [-1, 0, 0.25, 2, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
const TEXTS = ['a', 'b', 'c', '열'];
const FIELDS: Record<string, FilterField> = {
  number: { path: 'number' },
  name: { path: 'name' },
  step: { path: 'step' },
  seed: { path: 'seed' },
  failure: { path: 'failure' },
  started: { path: 'started' },
  tag: { path: 'tag' },
  width: { path: 'config.network.width' },
  crop: { path: 'config.augmentation.crop' },
  source: { path: 'config.network.pretrained.source' },
  orientation: { path: 'config.data.applyOrientation' },
  miou: { score: 'miou' },
  iou: { score: 'iou', class: 'disc', pick: 'BEST' },
  low: { metric: 'loss', of: 'min' },
  last: { metric: 'loss', of: 'last' },
  alarm: { alarm: null },
};
const facts = new Map<string, Facts>();
let classes: Map<string, Record<string, number>>;

async function addRun(): Promise<string> {
  const [dataset] = await dataSource.query<{ id: string; name: string }[]>('SELECT * FROM datasets');
  const run: Facts = {
    name: pick(TEXTS) + pick(TEXTS),
    step: pick([0, 1, 2]),
    seed: pick([1, 2 ** 52]),
    failure: maybe(pick(TEXTS)),
    started: maybe(pick(['2026-01-02T03:04:05.678Z', '2026-01-02T03:04:05.679Z'])),
    tag: [...new Set(Array.from({ length: Math.floor(draw() * 3) }, () => pick(TEXTS)))].sort(),
    width: maybe(pick([0.25, 1])),
    crop: pick([
      [64, 64],
      [64, 128],
      [32, 256],
    ]),
    source: maybe(pick(TEXTS)),
    orientation: draw() < 0.5,
    miou: maybe(pick([0, 0.25, 0.5])),
    iou: maybe(pick([0, 0.25, 0.5])),
    low: maybe(pick(NUMBERS)),
    last: maybe(pick(NUMBERS)),
    alarm: draw() < 0.5,
  };
  const { id, number } = await insertRun(dataSource, dataset as never, {
    ...{ name: run.name as string, step: run.step as number, seed: run.seed as number },
    ...{ failure: run.failure as string, tags: run.tag as string[] },
    startedAt: run.started === null ? null : new Date(run.started as string),
  });
  await dataSource.query(
    `UPDATE runs SET config = jsonb_set(jsonb_set(jsonb_set(jsonb_set(config, '{network,width}', $2), '{augmentation,crop}', $3),
       '{network,pretrained}', $4), '{data,applyOrientation}', $5) WHERE id = $1`,
    [id, ...[run.width, run.crop, { source: run.source }, run.orientation].map((value) => JSON.stringify(value))],
  );
  await dataSource.query(
    `INSERT INTO run_scores (run_id, subset, network, newest_step, best_step, newest_mean_iou, best_ious)
     VALUES ($1, 'VAL', 'BRANCH1', 1, 1, $2, ARRAY[NULL, $3::float8])`,
    [id, run.miou, run.iou],
  );
  const [series] = await dataSource.query<{ id: number }[]>(
    `INSERT INTO series (run_id, name, low) VALUES ($1, 'loss', $2) RETURNING id`,
    [id, run.low],
  );
  await dataSource.query(
    'INSERT INTO run_points (run_id, series, last_steps, last_values) VALUES ($1, ARRAY[$2::int], ARRAY[1], ARRAY[$3::float8])',
    [id, series!.id, run.last],
  );
  if (run.alarm) {
    await dataSource.query(`INSERT INTO alarms (run_id, step, kind, message) VALUES ($1, 1, 'DROP', 'm')`, [id]);
  }
  if ((run.tag as string[]).length === 0) run.tag = null;
  facts.set(id, { ...run, number });
  return id;
}

beforeAll(async () => {
  const { id } = await insertDataset(dataSource);
  classes = new Map([['disc', { [id]: 1 }]]);
  for (let i = 0; i < 60; i++) await addRun();
});

/** The order of two values: NaN after all numbers, and null at the end, in either direction. */
function compare(a: Value, b: Value, descending: boolean): number {
  const place = (value: Value) => (value === null ? 2 : Number.isNaN(value) ? 1 : 0);
  if (place(a) !== place(b) || place(a) > 0) return place(a) - place(b);
  if (Array.isArray(a) && Array.isArray(b)) {
    if (a.length !== b.length) return descending ? b.length - a.length : a.length - b.length;
    return a.reduce<number>((found, entry, index) => found || compare(entry, b[index]!, descending), 0);
  }
  const order = a! < b! ? -1 : a! > b! ? 1 : 0;
  return descending ? -order : order;
}

const expectedOrder = (keys: readonly [name: string, descending: boolean][]): string[] =>
  [...facts.keys()].sort((a, b) => {
    for (const [name, descending] of keys) {
      const order = compare(facts.get(a)![name]!, facts.get(b)![name]!, descending);
      if (order !== 0) return order;
    }
    return a < b ? -1 : 1;
  });

/** All ids, page by page. */
async function read(keys: SortKey[], limit: number, between: () => Promise<unknown> = async () => {}) {
  const found: string[] = [];
  let after = null;
  for (;;) {
    const { rows } = await repository.page({
      condition: null,
      sort: { keys, classes },
      range: { after, before: null, inclusive: false, backward: false, limit },
    });
    found.push(...rows.map(({ id }) => id));
    if (rows.length < limit) return found;
    after = rows.at(-1)!;
    await between();
  }
}

describe('a sorted list of runs', () => {
  const keysOf = (keys: readonly [string, boolean][]) =>
    keys.map(([name, descending]) => ({ field: FIELDS[name]!, descending }));

  it.each(Object.keys(FIELDS).flatMap((name) => [[name, false] as const, [name, true] as const]))(
    'is that of %s, descending: %s',
    async (name, descending) => {
      const found = await read(keysOf([[name, descending]]), 11);
      expect(found).toEqual(expectedOrder([[name, descending]]));
    },
  );

  it('is that of several fields, whatever they are', async () => {
    for (let turn = 0; turn < 40; turn++) {
      const keys = Array.from(
        { length: 2 + Math.floor(draw() * 2) },
        () => [pick(Object.keys(FIELDS)), draw() < 0.5] as [string, boolean],
      );
      expect(await read(keysOf(keys), 7), JSON.stringify(keys)).toEqual(expectedOrder(keys));
    }
  });

  it('repeats and loses no run when others are added between two pages', async () => {
    const before = [...facts.keys()];
    for (const name of ['miou', 'low', 'failure', 'number']) {
      const found = await read(keysOf([[name, true]]), 9, addRun);
      expect(new Set(found).size).toBe(found.length);
      expect(before.filter((id) => !found.includes(id))).toEqual([]);
    }
  });
});
