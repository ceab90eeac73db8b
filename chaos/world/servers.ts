import { join } from 'node:path';
import { commandLine } from '../../cli/local-stack/local-stack.js';
import { freePort } from '../../processes/free-port.js';
import { until } from '../../processes/until.js';
import { Supervised } from '../fleet/supervised.js';

/** Short, so that a lot happens in a short time. */
export const LEASE_SECONDS = 3;
const START_SECONDS = 120;

export const REGISTRATION_TOKEN = 'registration-token-of-chaos';

const SETTINGS = {
  HOST: '127.0.0.1',
  AUTH: 'off',
  CROSSCHECK_REGISTRATION_TOKEN: REGISTRATION_TOKEN,
  CROSSCHECK_USER_TOKEN: '',
  LEASE_SECONDS: String(LEASE_SECONDS),
  HEARTBEAT_SECONDS: '0.7',
  SWEEP_SECONDS: '0.5',
  POLL_SECONDS: '1',
  // No run fails because its machines do.
  MAX_LOST_ATTEMPTS: '1000',
  LOG_LEVEL: 'info',
};

/** A server in a process of its own, always on the same port. */
export class ServerProcess {
  private constructor(
    readonly name: string,
    readonly port: number,
    readonly process: Supervised,
  ) {}

  /** Starts it. @param env of the process, with the address of the database */
  static async start(name: string, folder: string, env: Record<string, string>): Promise<ServerProcess> {
    const port = await freePort();
    const process_ = new Supervised(() => ({
      name,
      command: [process.execPath, commandLine, 'server'],
      env: { ...SETTINGS, ...env, PORT: String(port) },
      detached: true,
      logFile: join(folder, `${name}.log`),
    }));
    process_.start();
    return new ServerProcess(name, port, process_);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async isUp(): Promise<void> {
    await until(`the ${this.name} to start`, START_SECONDS, () => this.process.output.includes('Crosscheck is up'));
  }
}
