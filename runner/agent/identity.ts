import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../schema/exit-codes.js';
import { writeDurably } from '../files/durable-file.js';
import { KERNEL_CHOICES } from '../tracking/engine.js';
import { DamagedFile, readJsonFile } from './json-file.js';

const dataSource = z.strictObject({
  name: z.string().min(1),
  kind: z.string(),
  directory: z.string().nullable(),
});

/** A registered runner's identity, `<home>/runner.json`. Only its owner can read it, since it contains the token. */
const identity = z.strictObject({
  server: z.url(),
  /** Further addresses, of servers on the same database. */
  otherServers: z.array(z.url()).optional(),
  runnerId: z.string().min(1),
  token: z.string().min(1),
  name: z.string().min(1),
  pool: z.string().min(1),
  engine: z.string().min(1),
  device: z.string().min(1),
  /** One per run that it trains at the same time. */
  slots: z
    .array(z.strictObject({ kernels: z.enum(KERNEL_CHOICES), adapter: z.string().min(1).nullable() }))
    .min(1)
    // For runners that were registered before these options existed.
    .default([{ kernels: 'auto', adapter: null }]),
  data: z.array(dataSource),
  /** The options --weights and --allow-host. Runners that were registered before they existed have none. */
  weights: z.array(z.string().min(1)).optional(),
  allowHost: z.array(z.string().min(1)).optional(),
});

export type RunnerIdentity = z.output<typeof identity>;

export function identityFile(home: string): string {
  return join(home, 'runner.json');
}

/** Throws a UserError when the home already belongs to a runner. */
export function refuseExisting(home: string): void {
  const file = identityFile(home);
  if (!existsSync(file)) return;
  throw new UserError(`${file} already belongs to a registered runner; use another --home, or --force to replace it`);
}

export async function writeIdentity(home: string, value: RunnerIdentity): Promise<void> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  await writeDurably(identityFile(home), `${JSON.stringify(identity.parse(value), null, 2)}\n`, 0o600);
}

/** The identity in a home, or null if no runner is registered there. Throws a UserError when it is not valid. */
export function readIdentityIfAny(home: string): RunnerIdentity | null {
  return existsSync(identityFile(home)) ? readIdentity(home) : null;
}

/** Throws a UserError that says how to register when the home has no valid identity. */
export function readIdentity(home: string): RunnerIdentity {
  const file = identityFile(home);
  let found: RunnerIdentity | null;
  try {
    found = readJsonFile(file, identity);
  } catch (error) {
    if (!(error instanceof DamagedFile)) throw error;
    throw new UserError(
      `${error.message}. It holds the runner's token: restore it from a backup, or register this machine again: ` +
        registerCommand(home, ' --force'),
    );
  }
  if (!found) throw new UserError(`${file} does not exist; register first: ${registerCommand(home)}`);
  return found;
}

function registerCommand(home: string, option = ''): string {
  return `npx crosscheck runner register --server URL --token-file FILE --home ${home}${option}`;
}

/** All addresses of the server, in the order in which they were given. */
export function serversOf({ server, otherServers = [] }: Pick<RunnerIdentity, 'server' | 'otherServers'>): string[] {
  return [server, ...otherServers];
}
