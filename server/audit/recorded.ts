import { createHash } from 'node:crypto';
import { isObject } from '../../schema/is-object.js';
import { AppError } from '../graphql/errors.js';
import { isId } from '../graphql/ids.js';

type Arguments = Record<string, unknown>;

/** How an argument is recorded: as it is, or as a hash. What is not listed is not recorded. */
type How = 'plain' | 'hash' | { readonly [field: string]: How };

/**
 * The arguments of each mutation that are recorded. Add an entry for a new mutation, without its secrets; access.spec.ts
 * fails until there is one. Mutations of runners are not recorded.
 */
export const RECORDED: Readonly<Record<string, Readonly<Record<string, How>>>> = {
  createRun: {
    input: { name: 'plain', studyId: 'plain', tags: 'plain', priority: 'plain', config: 'hash' },
  },
  cancelRun: { id: 'plain' },
  retryRun: { id: 'plain', maxHours: 'plain' },
  deleteRun: { id: 'plain' },
  createStudy: {
    input: { name: 'plain', tags: 'plain', priority: 'plain', description: 'hash', base: 'hash', matrix: 'hash' },
  },
  deleteStudy: { id: 'plain' },
  registerRunner: {
    info: {
      name: 'plain',
      host: 'plain',
      engine: 'plain',
      device: 'plain',
      version: 'plain',
      pool: 'plain',
      slots: 'plain',
    },
  },
  drainRunner: { id: 'plain' },
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

/** A refused argument may be megabytes long. */
const MAX_TEXT = 256;
const MAX_ITEMS = 20;

/** The arguments of the mutation as they are recorded. */
export function recordedArguments(operation: string, args: Arguments): Arguments {
  return selected(args, RECORDED[operation] ?? {});
}

/** The ids among the recorded arguments and in the result, each once. */
export function targetsOf(operation: string, args: Arguments, result: unknown): string[] {
  const recorded = recordedArguments(operation, args);
  const input = isObject(recorded.input) ? recorded.input : {};
  const found = [recorded.id, recorded.accountId, recorded.runnerId, input.studyId, ...idsOf(result)];
  return [...new Set(found.filter((id): id is string => typeof id === 'string' && isId(id)))];
}

/** The outcome of an operation that ended with this error, as it is recorded. */
export function outcomeOf(error: unknown): string {
  return error instanceof AppError ? error.code : 'INTERNAL_SERVER_ERROR';
}

/** A mutation returns what it has changed, or its id. */
function idsOf(result: unknown): unknown[] {
  if (!isObject(result)) return [result];
  return [result.id, isObject(result.runner) ? result.runner.id : null];
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

/** Something that jsonb accepts, and that is not long. */
function storable(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map(storable);
  if (typeof value !== 'string') return value;
  const text = value.replace(/[\0\p{Cs}]/gu, '\uFFFD');
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT).replace(/\p{Cs}$/u, '')}…`;
}
