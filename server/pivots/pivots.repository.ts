import type { DataSource } from 'typeorm';
import { canonical } from '../../schema/canonical.js';
import type { FilterField } from '../../schema/filter/tree.js';
import { numbered, Parameters } from '../runs/filter/comparison-sql.js';
import { type ClassPlaces, FieldSql } from '../runs/filter/field-sql.js';
import type { SqlCondition } from '../runs/filter/filter-sql.js';
import type { RunState } from '../runs/run.entity.js';
import type { ComparedRun, Settings } from './compared-run.js';
import { KnownSettings } from './known-settings.js';

/** Which runs to read, and what of them. */
export interface Reading {
  /** Null: of all studies, and of none. */
  studyIds: readonly string[] | null;
  condition: SqlCondition | null;
  value: FilterField;
  /** What to read besides settings of the configuration. */
  fields: readonly FilterField[];
  classes: ClassPlaces;
  /** Further expressions of SQL over the row `run`, as JSON; their values follow those of the fields. */
  more?: readonly string[];
  limit: number;
}

/** A run as it is read: see the statement. */
type Facts = [
  id: string,
  studyId: string | null,
  number: number,
  state: RunState,
  seed: number,
  datasetId: string,
  splitHash: string | null,
  labelledImages: number | null,
  engine: string | null,
  code: string[] | null,
  value: number | string | null,
  ...found: unknown[],
];

/** Reads the runs of tables. */
export class PivotsRepository {
  private readonly known = new KnownSettings();

  constructor(private readonly dataSource: DataSource) {}

  /** Up to `limit` runs, by number. */
  async runs({ studyIds, condition, value, fields, classes, more = [], limit }: Reading): Promise<ComparedRun[]> {
    const parameters = new Parameters('pivot');
    const sql = new FieldSql(parameters, classes, 'JOINS');
    const measured = sql.of(value).sql;
    const found = [
      ...fields.map((field) => `, to_jsonb(${sql.of(field).sql})`),
      ...more.map((each) => `, ${each}`),
    ].join('');
    const conditions = [
      ...(studyIds === null ? [] : [`run.study_id = ANY (${parameters.add(studyIds, 'uuid[]')})`]),
      ...(condition ? [condition.sql] : []),
    ];
    // Most runs differ from others only in their seed, so their configuration is read once.
    const [text, values] = numbered(
      `/* pivotRuns */ SELECT key, json_agg(facts) AS runs FROM (
         SELECT run.settings_key AS key, json_build_array(run.id, run.study_id, run.number, run.state, run.seed, run.dataset_id,
           run.split_hash, run.setup -> 'labelledImages', run.setup ->> 'engine', (
             SELECT array_agg(concat_ws(', commit ', version, "commit")) FROM attempts
             WHERE run_id = run.id AND version IS NOT NULL), (${measured})::float8${found}) AS facts
         FROM runs run ${sql.joins} ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`}
         LIMIT ${parameters.add(limit, 'int')}) AS compared
       GROUP BY key`,
      { ...condition?.parameters, ...parameters.values },
    );
    const rows = await this.dataSource.query<{ key: string; runs: Facts[] }[]>(text, values);
    const settings = await this.settings(new Map(rows.map(({ key, runs }) => [key, runs.map(([id]) => id)])));
    // All runs with these settings may have been deleted since.
    const read = rows.flatMap(({ key, runs }) => {
      const own = settings.get(key);
      return own ? runs.map((facts) => runOf(facts, own)) : [];
    });
    await this.limitImages(value, read);
    return read.sort((a, b) => a.number - b.number);
  }

  /** Of these studies, those whose every run that was evaluated on VAL was evaluated on TEST, too. */
  async onTest(studyIds: readonly string[]): Promise<Set<string>> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `/* studiesOnTest */ SELECT run.study_id AS id FROM runs run
       LEFT JOIN run_scores val ON val.run_id = run.id AND val.subset = 'VAL' AND val.network = 'BRANCH1'
       LEFT JOIN run_scores test ON test.run_id = run.id AND test.subset = 'TEST' AND test.network = 'BRANCH1'
       WHERE run.study_id = ANY ($1)
       GROUP BY 1 HAVING count(test.run_id) > 0 AND bool_and(val.run_id IS NULL OR test.run_id IS NOT NULL)`,
      [studyIds],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** The settings of these keys, each with the runs that have it. Only those that are not known yet are read. */
  private async settings(keys: ReadonlyMap<string, readonly string[]>): Promise<Map<string, Settings>> {
    const found = new Map([...keys.keys()].map((key) => [key, this.known.get(key)]));
    const unknown = [...found].filter(([, settings]) => !settings).flatMap(([key]) => keys.get(key)!);
    const rows =
      unknown.length === 0
        ? []
        : await this.dataSource.query<{ key: string; stored: object }[]>(
            `/* pivotSettings */ SELECT DISTINCT ON (settings_key) settings_key AS key, config - 'seed' AS stored
             FROM runs WHERE id = ANY ($1) ORDER BY settings_key`,
            [unknown],
          );
    for (const { key, stored } of rows) found.set(key, this.known.add(key, stored));
    return new Map([...found].flatMap(([key, settings]) => (settings ? [[key, settings]] : [])));
  }

  /**
   * Sets how many images the evaluation behind a score covers. During training, `training.evaluateImages` may limit it to the
   * first ones. Few runs have that setting, so only theirs are looked up.
   */
  private async limitImages(value: FilterField, runs: ComparedRun[]): Promise<void> {
    if (!('score' in value) || (value.subset ?? 'VAL') !== 'VAL') return;
    const limited = new Map(
      runs.filter(({ settings }) => settings.config.training.evaluateImages !== null).map((run) => [run.id, run]),
    );
    if (limited.size === 0) return;
    const partial = await this.dataSource.query<{ id: string }[]>(
      `/* partialScores */ SELECT run.id FROM runs run JOIN run_scores scores ON scores.run_id = run.id
       WHERE run.id = ANY ($1) AND scores.subset = 'VAL' AND scores.network = $2
         AND scores.${value.pick === 'BEST' ? 'best' : 'newest'}_step < run.iterations`,
      [[...limited.keys()], value.network ?? 'BRANCH1'],
    );
    for (const { id } of partial) {
      const run = limited.get(id)!;
      run.images = run.settings.config.training.evaluateImages!;
    }
  }
}

function runOf(facts: Facts, settings: Settings): ComparedRun {
  const [id, studyId, number, state, seed, datasetId, splitHash, labelledImages, engine, code, value, ...found] = facts;
  return {
    ...{
      id,
      studyId,
      number,
      state,
      seed,
      datasetId,
      splitHash,
      labelledImages,
      engine,
      code: [...new Set(code)],
      settings,
      found,
    },
    split: splitHash ?? canonical(settings.config.split),
    // JSON has no NaN and no infinity: they are texts.
    value: typeof value === 'string' ? Number.NaN : value,
    images: Number.POSITIVE_INFINITY,
  };
}
