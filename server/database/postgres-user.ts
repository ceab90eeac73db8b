import { spawnSync } from 'node:child_process';
import { UserError } from '../../schema/exit-codes.js';

/** The user that Postgres runs as; null means the current user. */
export type PostgresUser = { name: string; uid: number; gid: number } | null;

/** Postgres refuses to run as root, so root starts it as `postgres` or `nobody`. @throws UserError if neither exists */
export function choosePostgresUser(): PostgresUser {
  if (process.getuid?.() !== 0) return null;
  for (const name of ['postgres', 'nobody']) {
    const uid = idOf(['-u', name]);
    const gid = idOf(['-g', name]);
    if (uid && gid) return { name, uid, gid };
  }
  throw new UserError(
    'Postgres cannot run as root, and this system has neither a "postgres" nor a "nobody" user; set DATABASE_URL',
  );
}

/** The options that make spawn() run as that user. */
export function identity(user: PostgresUser): { uid?: number; gid?: number } {
  return user ? { uid: user.uid, gid: user.gid } : {};
}

/** Whether the user can enter the directory, which requires access to every folder above it. */
export function canEnter(user: PostgresUser, directory: string): boolean {
  const probe = spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', directory], { ...identity(user), cwd: '/' });
  return probe.status === 0;
}

function idOf(args: string[]): number | null {
  const { status, stdout } = spawnSync('id', args, { encoding: 'utf8' });
  return status === 0 ? Number(stdout) : null;
}
