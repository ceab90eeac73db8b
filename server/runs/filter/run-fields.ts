import type { FieldType } from '../../../schema/filter/catalog.js';
import { METHOD_LABELS } from '../../../schema/run-config.js';
import type { KeyType } from '../../graphql/sort-keys.js';
import { RunState } from '../run.entity.js';
import { RunOrigin } from '../run-origin.js';
import { RunPhase } from '../run-phase.js';

/** A field that filters know by name. */
interface RunField extends FieldType {
  /** An expression over the row `run`, or over `row`, the row of another table; of a list, a query for one column. */
  sql: string;
  /** The table of `row`, and the column of `run` that has its id. */
  table?: { name: string; id: string };
  /** Of an expression that is neither null nor NaN for any run: its type in Postgres. Then an index can sort by it. */
  always?: KeyType;
  /** What an index of the table finds equal values by. */
  index?: FieldIndex;
}

export interface FieldIndex {
  column: string;
  type: 'uuid' | 'text[]';
}

const text = (sql: string): RunField => ({ types: ['text'], sql });
const number = (sql: string): RunField => ({ types: ['number'], sql });
const time = (sql: string): RunField => ({ types: ['time'], sql });
const always = (type: KeyType, field: RunField): RunField => ({ ...field, always: type });

/** By name. Settings of the configuration are in schema/filter/settings.ts. */
export const RUN_FIELDS: ReadonlyMap<string, RunField> = new Map(
  Object.entries({
    id: { ...always('text', text('run.id::text')), index: { column: 'run.id', type: 'uuid' } },
    name: always('text', text('run.name')),
    number: always('int', number('run.number')),
    origin: { ...always('text', text('run.origin')), values: Object.values(RunOrigin), ignoresCase: true },
    state: { ...always('text', text('run.state')), values: Object.values(RunState), ignoresCase: true },
    phase: { ...text('run.phase'), values: Object.values(RunPhase), ignoresCase: true },
    dataset: text(`run.config ->> 'dataset'`),
    method: { ...always('text', text('run.method')), values: Object.keys(METHOD_LABELS) },
    backbone: always('text', text('run.backbone')),
    seed: always('bigint', number('run.seed')),
    study: { ...text('row.name'), table: { name: 'studies', id: 'run.study_id' } },
    studyId: { ...text('run.study_id::text'), index: { column: 'run.study_id', type: 'uuid' } },
    author: { ...text('row.name'), table: { name: 'accounts', id: 'run.author_id' } },
    runner: {
      ...text(`SELECT runner.name FROM attempts attempt JOIN runners runner ON runner.id = attempt.runner_id
        WHERE attempt.run_id = run.id`),
      isList: true,
    },
    tag: { ...text('SELECT unnest(run.tags)'), isList: true, index: { column: 'run.tags', type: 'text[]' } },
    notes: text(`nullif(run.notes, '')`),
    archived: { types: ['boolean'], sql: '(run.archived_at IS NOT NULL)' },
    parent: number('run.parent_number'),
    pool: always('text', text('run.pool')),
    engine: text(`run.setup ->> 'engine'`),
    device: text(`run.setup ->> 'device'`),
    splitHash: text('run.split_hash'),
    labelledImages: number(`(run.setup ->> 'labelledImages')`),
    unlabelledImages: number(`(run.setup ->> 'unlabelledImages')`),
    parameters: number(`(run.setup ->> 'parameters')`),
    priority: always('int', number('run.priority')),
    step: always('int', number('run.step')),
    iterations: always('int', number('run.iterations')),
    failure: text('run.failure'),
    created: always('timestamptz', time('run.created_at')),
    started: time('run.started_at'),
    finished: time('run.finished_at'),
    duration: number('extract(epoch FROM coalesce(run.finished_at, now()) - run.started_at)'),
  } satisfies Record<string, RunField>),
);
