import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../processes/free-port.js';
import { Program } from '../../processes/program.js';
import { RegistrationTokenDocument } from '../../schema/generated/cli/graphql.js';
import { Api } from '../api.js';

export interface LocalStackOptions {
  /** Holds the database, the homes of the runners, and a log file for each program. */
  folder: string;
  /** The server's port. If it is in use or left out, the server takes a free one. */
  port?: number;
  /** Settings of the server, in addition to those that restrict it to this machine and this folder. */
  settings?: Record<string, string>;
  /** Added to the environment of every program. */
  env?: Record<string, string>;
  /** Whether Ctrl-C at the terminal leaves the programs running, so that the caller can stop them. */
  detached?: boolean;
}

/** The command that users start, as seen from this source or from what was compiled from it. */
export const commandLine = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../crosscheck.mjs' : '../../../cli/crosscheck.mjs', import.meta.url),
);

/** How long the server may take to start, on a busy machine and with a new database. */
const START_SECONDS = 120;
/** How long a program may take to stop: the server finishes requests in progress, and a runner returns its run. */
const STOP_SECONDS = 30;

/** Crosscheck on this machine: PostgreSQL, the server with the dashboard, and any number of runners. */
export class LocalStack {
  /** The server that was started last. */
  server: Program | null = null;
  protected readonly runners: Program[] = [];
  private readonly programs: Program[] = [];
  private port = 0;
  private closed = false;

  constructor(private readonly options: LocalStackOptions) {}

  get folder(): string {
    return this.options.folder;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get api(): Api {
    return new Api(this.url);
  }

  /** Where a runner keeps its state. */
  home(runner: string): string {
    return join(this.folder, runner);
  }

  /** Starts the server, always on the same port, and waits until it is up. @throws ProgramFailed */
  async startServer(): Promise<Program> {
    this.port ||= await freePort(this.options.port);
    const server = this.start('server', ['server'], {
      HOST: '127.0.0.1',
      PORT: String(this.port),
      DATA_DIR: this.home('server'),
      // Whatever is set in the shell's environment, the server uses its own database and requires no tokens.
      DATABASE_URL: '',
      AUTH: 'off',
      CROSSCHECK_USER_TOKEN: '',
      CROSSCHECK_REGISTRATION_TOKEN: '',
      LOG_LEVEL: 'info',
      ...this.options.settings,
    });
    this.server = server;
    // Wait for its own output: if another server has taken the port in the meantime, that one would answer requests.
    await server.printed('Crosscheck is up', START_SECONDS);
    return server;
  }

  /** A token that registers one runner. */
  async registrationToken(): Promise<string> {
    const input = { label: 'local', uses: 1, expiresInSeconds: 600 };
    return (await this.api.send(RegistrationTokenDocument, { input })).createRegistrationToken.token;
  }

  /** Runs `runner register`. @throws ProgramFailed if the runner is rejected */
  async registerRunner(runner: string, ...options: string[]): Promise<void> {
    const token = await this.registrationToken();
    const where = ['--server', this.url, '--home', this.home(runner)];
    const env = { CROSSCHECK_REGISTRATION_TOKEN: token };
    await this.start('registration', ['runner', 'register', ...where, ...options], env).finished();
  }

  /** Runs `runner start` in the home of a registered runner. */
  startRunner(runner: string, ...options: string[]): Program {
    const program = this.start(runner, ['runner', 'start', '--home', this.home(runner), ...options]);
    this.runners.push(program);
    return program;
  }

  /** @throws ProgramFailed with the last lines of its output, if the server or a runner has ended */
  async assertRunning(): Promise<void> {
    if (this.server) await this.server.assertRunning();
    for (const runner of this.runners) await runner.assertRunning();
  }

  /** Stops all programs. No more can be started. */
  async close(): Promise<void> {
    this.closed = true;
    // Runners first, so that they can still return their runs to the server.
    for (const program of this.programs.reverse()) await program.stop(STOP_SECONDS);
  }

  private start(name: string, args: string[], env: Record<string, string> = {}): Program {
    if (this.closed) throw new Error(`the local stack in ${this.folder} is closed`);
    const program = new Program({
      name,
      command: [process.execPath, commandLine, ...args],
      env: { ...this.options.env, ...env },
      detached: this.options.detached,
      logFile: join(this.folder, `${name}.log`),
    });
    this.programs.push(program);
    return program;
  }
}
