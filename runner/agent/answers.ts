import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
import { z } from 'zod';
import {
  ClaimRunDocument,
  type ClaimRunMutation,
  FinishAttemptDocument,
  type FinishAttemptMutation,
  HeartbeatDocument,
  type HeartbeatMutation,
  RegisterRunnerDocument,
  type RegisterRunnerMutation,
  ReleaseRunnerDocument,
  type ReleaseRunnerMutation,
  ReportAttemptDocument,
  type ReportAttemptMutation,
  RunnerStatusDocument,
  type RunnerStatusQuery,
  StartRunnerDocument,
  type StartRunnerMutation,
} from '../../schema/generated/runner/graphql.js';
import { RUN_STATES } from '../../schema/run-states.js';
import { printable } from './printable.js';

/**
 * What a runner accepts from a server. Whatever answers at the server's address may be another program or an attacker,
 * so nothing is used before it has passed here. An unknown field is dropped.
 */

/** As PostgreSQL writes it. Folders are named by it. */
const uuid = z
  .string()
  .max(36)
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'must be a UUID in lower case');
/** Files are named by it. */
const count = z.int().min(0);
const sha256 = z
  .string()
  .max(64)
  .regex(/^[0-9a-f]{64}$/, 'must be 64 lowercase hex digits');
/** A timer of more than 24 days would fire at once, and one of almost nothing would flood the server. */
const seconds = z.number().min(0.01).max(86_400);
const text = (most: number) => z.string().max(most).transform(printable);
const time = z.iso.datetime({ offset: true }).max(64);
/** It is sent in a header. */
const token = z.string().regex(/^[\x21-\x7e]{1,512}$/, 'must be 1 to 512 visible ASCII characters');

const directive = z.enum(['CONTINUE', 'CANCEL', 'DRAIN', 'LEASE_LOST']);
const runState = z.enum(RUN_STATES);
const runnerState = z.enum(['ONLINE', 'OFFLINE', 'DRAINING']);

/** The largest checkpoint that a runner downloads. */
const MAX_CHECKPOINT_BYTES = 8 * 1024 ** 3;
const MOST_NAME_CHARACTERS = 1024;
const versionWarning = text(MOST_NAME_CHARACTERS).nullable();
/** The server keeps 1,000, and a note of how many are missing. */
const MOST_PROBLEM_CHARACTERS = 2048;
/** A runner has at most 64 slots. */
const MOST_ATTEMPTS = 1000;

/** How deep a configuration may be nested: a deeper one could exceed the stack of whoever copies or prints it. */
const MOST_LEVELS = 32;
const config = z.custom<{ dataset: string } & Record<string, unknown>>(
  isConfig,
  `must be an object with a dataset's name and at most ${MOST_LEVELS} levels`,
);

const registerRunner = z.object({
  registerRunner: z.object({
    token,
    runner: z.object({ id: uuid, name: text(MOST_NAME_CHARACTERS), versionWarning }),
  }),
}) satisfies z.ZodType<RegisterRunnerMutation>;

const startRunner = z.object({
  startRunner: z.object({
    heartbeatSeconds: seconds,
    leaseSeconds: seconds,
    pollSeconds: seconds,
    protocolVersion: count.min(1),
    runner: z.object({
      id: uuid,
      name: text(MOST_NAME_CHARACTERS),
      state: runnerState,
      slotLimit: count,
      versionWarning,
    }),
  }),
}) satisfies z.ZodType<StartRunnerMutation>;

const releaseRunner = z.object({ releaseRunner: z.literal(true) }) satisfies z.ZodType<ReleaseRunnerMutation>;

const claimRun = z.object({
  claimRun: z
    .object({
      attemptId: uuid,
      fence: count,
      leaseSeconds: seconds,
      heartbeatSeconds: seconds,
      run: z.object({
        id: uuid,
        number: count,
        name: text(MOST_NAME_CHARACTERS),
        // The training process validates it completely (schema/run-config.ts).
        config,
        iterations: count,
      }),
      resumeFrom: z
        .object({
          step: count,
          sha256,
          bytes: count.max(MAX_CHECKPOINT_BYTES),
          // Not used: a checkpoint is always downloaded from the server's own address.
          url: z.string().max(2048),
        })
        .nullable(),
    })
    .nullable(),
}) satisfies z.ZodType<ClaimRunMutation>;

const heartbeat = z.object({
  heartbeat: z.array(z.object({ attemptId: uuid, directive })).max(MOST_ATTEMPTS),
}) satisfies z.ZodType<HeartbeatMutation>;

const reportAttempt = z.object({
  reportAttempt: z.object({ acknowledged: count, directive }),
}) satisfies z.ZodType<ReportAttemptMutation>;

const finishAttempt = z.object({
  finishAttempt: z.object({ id: uuid, state: runState }),
}) satisfies z.ZodType<FinishAttemptMutation>;

const runnerStatus = z.object({
  server: z.object({ version: text(100) }),
  runner: z
    .object({
      id: uuid,
      name: text(MOST_NAME_CHARACTERS),
      state: runnerState,
      engine: text(MOST_NAME_CHARACTERS),
      device: text(MOST_NAME_CHARACTERS),
      problem: text(MOST_PROBLEM_CHARACTERS).nullable(),
      lastSeenAt: time,
      versionWarning,
      activeAttempts: z
        .array(
          z.object({
            attempt: z.object({ fence: count, startedAt: time }),
            run: z.object({ number: count, name: text(MOST_NAME_CHARACTERS), step: count, iterations: count }),
          }),
        )
        .max(MOST_ATTEMPTS),
    })
    .nullable(),
}) satisfies z.ZodType<RunnerStatusQuery>;

/** The answer to each operation of a runner, but for the subscription: of that, only the fact that it rings is used. */
const ANSWERS = new Map<unknown, z.ZodType>([
  [RegisterRunnerDocument, registerRunner],
  [StartRunnerDocument, startRunner],
  [ReleaseRunnerDocument, releaseRunner],
  [ClaimRunDocument, claimRun],
  [HeartbeatDocument, heartbeat],
  [ReportAttemptDocument, reportAttempt],
  [FinishAttemptDocument, finishAttempt],
  [RunnerStatusDocument, runnerStatus],
]);

const MOST_QUOTED = 100;

/**
 * Checks the data of an answer.
 * @throws Error that names the first field that is not acceptable, with its value
 */
export function readAnswer<Result>(document: DocumentTypeDecoration<Result, never>, data: unknown): Result {
  const schema = ANSWERS.get(document);
  if (!schema) throw new TypeError(`no answer to ${document} is described in answers.ts`);
  const parsed = schema.safeParse(data, { reportInput: true });
  if (parsed.success) return parsed.data as Result;
  const { path, message, input } = parsed.error.issues[0]!;
  throw new Error(`${path.join('.') || 'data'}: ${message}; got ${described(input)}`);
}

/** A list or an object may be deeper than JSON.stringify can print. */
function described(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value !== 'string') return String(value);
  return printable(JSON.stringify(value.length > MOST_QUOTED ? `${value.slice(0, MOST_QUOTED)}…` : value));
}

function isConfig(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { dataset } = value as { dataset?: unknown };
  return typeof dataset === 'string' && dataset.length >= 1 && dataset.length <= 128 && isShallow(value);
}

/** Without recursion, which a deep value would exhaust. */
function isShallow(value: object): boolean {
  let level: object[] = [value];
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > MOST_LEVELS) return false;
    level = level.flatMap((parent) =>
      Object.values(parent).filter((child): child is object => typeof child === 'object' && child !== null),
    );
  }
  return true;
}
