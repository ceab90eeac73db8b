import { join } from 'node:path';
import { say } from './output.js';
import { PROGRAMS } from './places.js';
import { Program } from './program.js';
import { runTask } from './tasks.js';

/** The time at the beginning of each line of the agent's: a terminal shows lines as they come. */
const TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z /;

/** A runner on this machine, for the built-in dataset. */
export class DevelopmentRunner {
  readonly program: Program;
  private readonly home: string;
  private registering = false;
  private started = false;

  constructor(
    private readonly serverUrl: string,
    home: string,
  ) {
    this.home = join(home, 'runner');
    this.program = new Program({
      part: 'runner',
      command: [...PROGRAMS.runner, 'start', '--home', this.home],
      // Longer than the agent gives a training process to write its checkpoint.
      graceSeconds: 100,
      format: (line) => line.replace(TIME, ''),
    });
  }

  /** Starts the agent unless it runs, as a new runner when the server does not know this home's. The server must be up. */
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

  /** Lets the agent hand its run back, and starts it with its new code. Before its first start there is nothing to do. */
  restart(): void {
    if (!this.started) return;
    say('runner', 'restarts: the agent has changed');
    void this.program.restart();
  }

  private async isRegistered(): Promise<boolean> {
    return (await runTask([...PROGRAMS.runner, 'status', '--home', this.home])).ok;
  }

  private async register(): Promise<boolean> {
    const token = ['--server', this.serverUrl, '--token', await this.registrationToken()];
    const home = ['--home', this.home, '--force'];
    const { ok, output } = await runTask([...PROGRAMS.runner, 'register', ...token, ...home]);
    // Its last line says how to start it, which is done here.
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
    if (!data) throw new Error(`the server gave no registration token: ${errors?.[0]?.message ?? response.status}`);
    return data.createRegistrationToken.token;
  }
}
