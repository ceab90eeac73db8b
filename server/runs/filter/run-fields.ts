import type { FieldType } from '../../../schema/filter/catalog.js';
import { METHOD_LABELS } from '../../../schema/run-config.js';
import { RunState } from '../run.entity.js';

/** A field that filters know by name. */
interface RunField extends FieldType {
  /** An expression over the row `run`; of a list, a query for one column. */
  sql: string;
}

const text = (sql: string): RunField => ({ types: ['text'], sql });
const number = (sql: string): RunField => ({ types: ['number'], sql });
const time = (sql: string): RunField => ({ types: ['time'], sql });

/** By name. Settings of the configuration are in schema/filter/settings.ts. */
export const RUN_FIELDS: ReadonlyMap<string, RunField> = new Map(
  Object.entries({
    name: text('run.name'),
    number: number('run.number'),
    state: { ...text('run.state'), values: Object.values(RunState), ignoresCase: true },
    dataset: text(`run.config ->> 'dataset'`),
    method: { ...text('run.method'), values: Object.keys(METHOD_LABELS) },
    backbone: text('run.backbone'),
    seed: number('run.seed'),
    study: text('(SELECT study.name FROM studies study WHERE study.id = run.study_id)'),
    author: text('(SELECT account.name FROM accounts account WHERE account.id = run.author_id)'),
    runner: {
      ...text(`SELECT runner.name FROM attempts attempt JOIN runners runner ON runner.id = attempt.runner_id
        WHERE attempt.run_id = run.id`),
      isList: true,
    },
    tag: { ...text('SELECT unnest(run.tags)'), isList: true },
    pool: text('run.pool'),
    engine: text(`run.setup ->> 'engine'`),
    device: text(`run.setup ->> 'device'`),
    splitHash: text('run.split_hash'),
    labelledImages: number(`(run.setup ->> 'labelledImages')`),
    unlabelledImages: number(`(run.setup ->> 'unlabelledImages')`),
    parameters: number(`(run.setup ->> 'parameters')`),
    priority: number('run.priority'),
    step: number('run.step'),
    iterations: number('run.iterations'),
    failure: text('run.failure'),
    created: time('run.created_at'),
    started: time('run.started_at'),
    finished: time('run.finished_at'),
    duration: number('extract(epoch FROM coalesce(run.finished_at, now()) - run.started_at)'),
  } satisfies Record<string, RunField>),
);
