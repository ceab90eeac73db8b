import { createHash } from 'node:crypto';
import { Field, ID, ObjectType } from 'type-graphql';
import type { Context } from '../context.js';
import { GraphQLJSON } from '../graphql/scalars.js';
import { storable } from './storable.js';

/** A field of something that a mutation has changed. */
export interface Change {
  /** The id of a run, study or runner. */
  target: string;
  field: string;
  old: unknown;
  new: unknown;
}

/** A change as the audit log keeps it. */
@ObjectType({ description: 'A field that a mutation has changed.' })
export class AuditChange {
  @Field(() => ID, { description: 'The run, study or runner.' })
  target!: string;

  @Field(() => String, { description: 'Name of the field, such as `tags`.' })
  field!: string;

  @Field(() => GraphQLJSON, {
    nullable: true,
    description:
      'Value before the change; null if there was none. Long texts are cut, and only the SHA-256 of notes is kept.',
  })
  old!: unknown;

  @Field(() => GraphQLJSON, {
    nullable: true,
    description: 'Value after the change, in the same form as `old`; null if there is none.',
  })
  new!: unknown;
}

/** How many changes one entry keeps at most. The history of each run and study has all changes. */
const MOST_CHANGES = 100;
/** Long texts, which an administrator need not read. */
const HASHED = ['notes', 'description'];

/** Each request has its own context, and executes its mutations one after the other. */
const noted = new WeakMap<Context, AuditChange[]>();

/** Adds changes to the entry of the mutation that is executed. Call it when they have been committed. */
export function noteChanges(context: Context, changes: readonly Change[]): void {
  const known = noted.get(context) ?? [];
  const added = changes.slice(0, MOST_CHANGES - known.length).map(({ field, ...change }) => ({
    ...change,
    field,
    old: kept(field, change.old),
    new: kept(field, change.new),
  }));
  noted.set(context, [...known, ...added]);
}

/** The changes that were noted since the last call. */
export function takeChanges(context: Context): AuditChange[] {
  const changes = noted.get(context) ?? [];
  noted.delete(context);
  return changes;
}

function kept(field: string, value: unknown): unknown {
  if (!HASHED.includes(field) || typeof value !== 'string' || value === '') return storable(value);
  return `sha256:${createHash('sha256').update(value).digest('hex')}`;
}
