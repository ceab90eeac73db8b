import { once } from 'node:events';
import { connect } from 'node:net';
import { prettyFactory } from 'pino-pretty';
import { colorful } from './output.js';
import { PROGRAMS } from './places.js';
import { RestartableProgram } from './restartable-program.js';

/** Lines that every restart would repeat. */
const NOISE = /embedded Postgres is up|shutting down; press Ctrl-C again to force quit/;

const pretty = prettyFactory({ colorize: colorful, singleLine: true, translateTime: 'SYS:HH:MM:ss' });

/** The server without tokens, reachable from this machine only. */
export function developmentServer(url: string, home: string, onUp: () => void): RestartableProgram {
  return new RestartableProgram({
    part: 'server',
    command: PROGRAMS.server,
    env: {
      HOST: '127.0.0.1',
      PORT: new URL(url).port,
      DATA_DIR: home,
      // Ignores the shell's variable: an unfinished migration must not touch another database.
      DATABASE_URL: '',
      AUTH: 'off',
      CROSSCHECK_USER_TOKEN: '',
      CROSSCHECK_REGISTRATION_TOKEN: '',
    },
    // It finishes the requests in progress and stops PostgreSQL.
    graceSeconds: 20,
    format: (line) => (NOISE.test(line) ? '' : pretty(line)),
    isUp: () =>
      fetch(`${url}/healthz`).then(
        (response) => response.ok,
        () => false,
      ),
    onUp,
  });
}

/** Whether something listens on this port of 127.0.0.1. */
export async function isTaken(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    // Refused.
    return false;
  } finally {
    socket.destroy();
  }
}
