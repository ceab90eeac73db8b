import { join } from 'node:path';
import { say } from './output.js';
import { PROGRAMS } from './places.js';
import { RestartableProgram } from './restartable-program.js';
import { runTask } from './tasks.js';

/** The time at the start of each line of the agent, which is noise in a terminal. */
const TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z /;

/** A runner on this machine, for the built-in dataset. */
export class DevelopmentRunner {
  readonly program: RestartableProgram;
  private readonly home: string;
  private registering = false;
  private started = false;

  constructor(
    private readonly serverUrl: string,
    home: string,
  ) {
    this.home = join(home, 'runner');
    this.program = new RestartableProgram({
      part: 'runner',
      command: [...PROGRAMS.runner, 'start', '--home', this.home],
      // Longer than the 90 s in which a training process may write its checkpoint.
      graceSeconds: 100,
      format: (line) => line.replace(TIME, ''),
    });
  }

  /** Starts the agent unless it is running. Registers it first if the server does not know it. The server must be up. */
  async start(): Promise<void> {
    if (this.program.running || this.registering) return;
    this.registering = true;
    try {
      if (!(await this.isRegistered()) && !(await this.register())) return;
      this.started = true;
      this.program.start();
    } finally {
      this.registering = false;
    }
  }

  /** Restarts the agent with its new code; its run continues from a checkpoint. No effect before the first start. */
  restart(): void {
    if (!this.started) return;
    say('runner', 'restarting: the agent has changed');
    void this.program.restart();
  }

  private async isRegistered(): Promise<boolean> {
    return (await runTask([...PROGRAMS.runner, 'status', '--home', this.home])).ok;
  }

  private async register(): Promise<boolean> {
    const token = ['--server', this.serverUrl, '--token', await this.registrationToken()];
    const home = ['--home', this.home, '--force'];
    const { ok, output } = await runTask([...PROGRAMS.runner, 'register', ...token, ...home]);
    // Leave out its last line, which says how to start the runner: that happens next.
    say('runner', ok ? output.replace(/^start it with: .*$/m, '') : output);
    return ok;
  }

  private async registrationToken(): Promise<string> {
    const query =
      'mutation { createRegistrationToken(input: { label: "npm run dev", uses: 1, expiresInSeconds: 600 }) { token } }';
    const response = await fetch(`${this.serverUrl}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    const { data, errors } = (await response.json()) as {
      data?: { createRegistrationToken: { token: string } } | null;
      errors?: { message: string }[];
    };
    if (!data)
      throw new Error(`cannot create a registration token: ${errors?.[0]?.message ?? `HTTP ${response.status}`}`);
    return data.createRegistrationToken.token;
  }
}
