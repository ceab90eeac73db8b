import type { Change } from '../audit/changes.js';
import { type AppError, refusal } from '../graphql/errors.js';
import { type EditedRun, type Run, RunState } from '../runs/run.entity.js';
import { checkName } from '../runs/run-config.validation.js';
import { changedTags, checkTagInput, differences, requireSome, type TagInput } from './edited-fields.js';
import type { UpdateRunInput } from './editing.inputs.js';

/** The checked input: what to change. */
export interface CheckedRunInput extends TagInput {
  name?: string;
  notes?: string;
  archived?: boolean;
  priority?: number;
}

/** @throws BAD_USER_INPUT */
export function checkRunInput(input: UpdateRunInput): CheckedRunInput {
  const { name, notes, archived, priority } = input;
  const checked = {
    ...checkTagInput(input),
    ...(typeof name === 'string' && { name: checkName(name) }),
    ...(typeof notes === 'string' && { notes }),
    ...(typeof archived === 'boolean' && { archived }),
    ...(typeof priority === 'number' && { priority }),
  };
  requireSome(checked);
  return checked;
}

/** What a change makes of a run, and what then differs; or why it is refused. */
export type RunEdit = { run: EditedRun; changes: Change[] } | { refusal: AppError };

export function editOf(run: Run, input: CheckedRunInput, now: Date): RunEdit {
  const { state, number } = run;
  if (input.priority !== undefined && state !== RunState.QUEUED) {
    return { refusal: refusal('RUN_PRIORITY_FIXED', { number, state }) };
  }
  const { tags, tooMany } = changedTags(run.tags, input);
  if (tooMany !== null) return { refusal: refusal('TOO_MANY_TAGS_OF_RUN', { number, ...tooMany }) };
  const isArchived = run.archivedAt !== null;
  const { name = run.name, notes = run.notes, priority = run.priority, archived = isArchived } = input;
  const before = { name: run.name, tags: run.tags, notes: run.notes, priority: run.priority, archived: isArchived };
  const changes = differences(run.id, before, { name, tags, notes, priority, archived });
  const archivedAt = archived ? (run.archivedAt ?? now) : null;
  return { run: { id: run.id, studyId: run.studyId, name, tags, notes, priority, archivedAt }, changes };
}
