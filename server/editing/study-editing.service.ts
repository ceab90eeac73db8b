import type { DataSource } from 'typeorm';
import type { Change } from '../audit/changes.js';
import { inTransaction, type Transaction } from '../database/transaction.js';
import { refusal } from '../graphql/errors.js';
import { isId } from '../graphql/ids.js';
import type { Run } from '../runs/run.entity.js';
import { checkName } from '../runs/run-config.validation.js';
import type { RunsService } from '../runs/runs.service.js';
import { checkDescription, type StudiesService } from '../studies/studies.service.js';
import type { Study } from '../studies/study.entity.js';
import { changedTags, checkTagInput, differences, requireSome } from './edited-fields.js';
import type { UpdateStudyInput } from './editing.inputs.js';
import type { EditsService } from './edits.service.js';

/** Edits of studies. */
export class StudyEditingService {
  constructor(
    private readonly deps: {
      dataSource: DataSource;
      runs: RunsService;
      studies: StudiesService;
      edits: EditsService;
    },
  ) {}

  /** @throws BAD_USER_INPUT, NOT_FOUND; CONFLICT if it would have too many tags */
  async update(id: string, input: UpdateStudyInput, accountId: string): Promise<{ study: Study; changes: Change[] }> {
    const given = checkInput(input);
    return inTransaction(this.deps.dataSource, async (transaction) => {
      const { studies, edits } = this.deps;
      const study = await studies.lock(transaction, id);
      const { tags, tooMany } = changedTags(study.tags, given);
      if (tooMany !== null) throw refusal('TOO_MANY_TAGS_OF_STUDY', { name: study.name, ...tooMany });
      const isArchived = study.archivedAt !== null;
      const { name = study.name, description = study.description, archived = isArchived } = given;
      const before = { name: study.name, description: study.description, tags: study.tags, archived: isArchived };
      const changes = differences(study.id, before, { name, description, tags, archived });
      const archivedAt = archived ? (study.archivedAt ?? new Date()) : null;
      const baseline = await this.baseline(transaction, study, given.baselineRunId);
      if (baseline.change) changes.push(baseline.change);
      await studies.update(transaction, study.id, { name, description, tags, archivedAt, baselineId: baseline.id });
      await edits.record(transaction, 'study', accountId, changes);
      return { study: (await studies.byId(study.id, transaction))!, changes };
    });
  }

  /** The new baseline. Undefined keeps the one that the study has. @throws BAD_USER_INPUT */
  private async baseline(
    transaction: Transaction,
    study: Study,
    wanted: string | null | undefined,
  ): Promise<{ id: string | null; change: Change | null }> {
    const known = study.baselineId;
    if (wanted === undefined || wanted === known) return { id: known, change: null };
    const find = (id: string | null) => (id === null ? null : this.deps.runs.byId(id, transaction));
    const [old, now] = [await find(known), wanted === null ? null : await this.member(transaction, study, wanted)];
    const change = { target: study.id, field: 'baseline', old: old?.number ?? null, new: now?.number ?? null };
    return { id: now?.id ?? null, change };
  }

  /** A run of the study, locked so that it cannot be deleted before it is stored. */
  private async member(transaction: Transaction, study: Study, id: string): Promise<Run> {
    const run = isId(id) ? await this.deps.runs.byId(id, transaction) : null;
    if (!run) throw refusal('BASELINE_UNKNOWN', { id });
    if (run.studyId !== study.id) {
      throw refusal('BASELINE_ELSEWHERE', { number: run.number, study: study.name });
    }
    return this.deps.runs.lock(transaction, run.id);
  }
}

/** @throws BAD_USER_INPUT */
function checkInput(input: UpdateStudyInput) {
  const { name, description, archived, baselineRunId } = input;
  const checked = {
    ...checkTagInput(input),
    ...(typeof name === 'string' && { name: checkName(name) }),
    ...(typeof description === 'string' && { description: checkDescription(description) }),
    ...(typeof archived === 'boolean' && { archived }),
    // Null is a value: no baseline.
    ...(baselineRunId !== undefined && { baselineRunId }),
  };
  requireSome(checked);
  return checked;
}
