import { createHash } from 'node:crypto';
import { isObject } from '../../schema/is-object.js';
import { AppError } from '../graphql/errors.js';
import { isId } from '../graphql/ids.js';
import { storable } from './storable.js';

type Arguments = Record<string, unknown>;

/** How an argument is recorded: as it is, or as a hash. What is not listed is not recorded. */
type How = 'plain' | 'hash' | { readonly [field: string]: How };

const TAGS = { tags: 'plain', addTags: 'plain', removeTags: 'plain' } as const;
const RUN_INPUT = { ...TAGS, name: 'plain', priority: 'plain', archived: 'plain', notes: 'hash' } as const;
const SAVED_FILTER = { name: 'plain', query: 'plain', columns: 'plain', sort: 'plain', shared: 'plain' } as const;
/** Which runs a mutation changes. Their ids are among the targets. */
const SELECTED = { query: 'plain', where: 'hash', dryRun: 'plain', expectedCount: 'plain' } as const;

/**
 * The arguments of each mutation that are recorded. Add an entry for a new mutation, without its secrets; access.spec.ts
 * fails until there is one. Mutations of runners are not recorded.
 */
export const RECORDED: Readonly<Record<string, Readonly<Record<string, How>>>> = {
  createRun: {
    input: { name: 'plain', studyId: 'plain', tags: 'plain', priority: 'plain', from: 'plain', config: 'hash' },
  },
  updateRun: { id: 'plain', input: RUN_INPUT },
  updateRuns: { ...SELECTED, input: RUN_INPUT },
  cancelRuns: SELECTED,
  retryRuns: { ...SELECTED, maxHours: 'plain' },
  deleteRuns: SELECTED,
  cancelRun: { id: 'plain' },
  retryRun: { id: 'plain', maxHours: 'plain', copy: 'plain' },
  deleteRun: { id: 'plain' },
  createSavedFilter: { input: SAVED_FILTER },
  updateSavedFilter: { id: 'plain', input: SAVED_FILTER },
  deleteSavedFilter: { id: 'plain' },
  createStudy: {
    input: { name: 'plain', tags: 'plain', priority: 'plain', description: 'hash', base: 'hash', matrix: 'hash' },
  },
  updateStudy: {
    id: 'plain',
    input: { ...TAGS, name: 'plain', archived: 'plain', baselineRunId: 'plain', description: 'hash' },
  },
  extendStudy: { id: 'plain', matrix: 'hash', dryRun: 'plain' },
  queueMissingRuns: { studyId: 'plain', canceled: 'plain', dryRun: 'plain' },
  deleteStudy: { id: 'plain' },
  registerRunner: {
    info: {
      name: 'plain',
      host: 'plain',
      engine: 'plain',
      device: 'plain',
      version: 'plain',
      commit: 'plain',
      pool: 'plain',
      slots: 'plain',
    },
  },
  drainRunner: { id: 'plain' },
  undrainRunner: { id: 'plain' },
  pauseRunner: { id: 'plain' },
  resumeRunner: { id: 'plain' },
  renameRunner: { id: 'plain', name: 'plain' },
  rotateRunnerToken: { id: 'plain', overlapSeconds: 'plain' },
  removeRunner: { id: 'plain' },
  setRunnerSlotLimit: { id: 'plain', limit: 'plain' },
  transferDataset: { name: 'plain', runnerId: 'plain' },
  createAccount: { name: 'plain', role: 'plain', share: 'plain' },
  updateAccount: { id: 'plain', role: 'plain', share: 'plain', disabled: 'plain' },
  createToken: { accountId: 'plain', label: 'plain', expiresInSeconds: 'plain' },
  createUserToken: { label: 'plain' },
  createRegistrationToken: { input: { label: 'plain', uses: 'plain', expiresInSeconds: 'plain' } },
  rotateToken: { id: 'plain', overlapSeconds: 'plain' },
  revokeToken: { id: 'plain' },
};

/** The arguments of the mutation as they are recorded. */
export function recordedArguments(operation: string, args: Arguments): Arguments {
  return selected(args, RECORDED[operation] ?? {});
}

/** The ids among the recorded arguments and in the result, each once. A client may write one in capitals. */
export function targetsOf(operation: string, args: Arguments, result: unknown): string[] {
  const recorded = recordedArguments(operation, args);
  const input = isObject(recorded.input) ? recorded.input : {};
  const found = [recorded.id, recorded.accountId, recorded.runnerId, recorded.studyId, input.studyId, ...idsOf(result)];
  const ids = found.filter((id): id is string => typeof id === 'string' && isId(id));
  return [...new Set(ids.map((id) => id.toLowerCase()))];
}

/** The outcome of an operation that ended with this error, as it is recorded. */
export function outcomeOf(error: unknown): string {
  return error instanceof AppError ? error.code : 'INTERNAL_SERVER_ERROR';
}

/** A mutation returns what it has changed, or its id. */
function idsOf(result: unknown): unknown[] {
  if (!isObject(result)) return [result];
  const several = Array.isArray(result.ids) ? result.ids : [];
  return [result.id, isObject(result.runner) ? result.runner.id : null, ...several];
}

function selected(values: Arguments, chosen: Readonly<Record<string, How>>): Arguments {
  const entries = Object.entries(chosen).flatMap(([name, how]): [string, unknown][] => {
    const value = values[name];
    if (value === undefined || value === null) return [];
    if (how === 'hash') return [[`${name}Sha256`, hashOf(value)]];
    if (how === 'plain') return [[name, storable(value)]];
    return [[name, isObject(value) ? selected(value, how) : null]];
  });
  return Object.fromEntries(entries);
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
