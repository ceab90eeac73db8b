import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../schema/exit-codes.js';

/**
 * Ensures that only one agent at a time uses a home, because two agents would take each other's leases. The lock is a
 * local socket that the process listens on: the system releases it however the process ends, while a PID file would
 * survive kill -9. Returns a function that releases the lock. Throws a UserError when another agent holds it.
 */
export async function lockHome(home: string): Promise<() => void> {
  const address = socketAddress(home);
  const server = createServer((socket) => socket.destroy());
  if (!(await listens(server, address))) {
    if (await answers(address))
      throw new UserError(`another runner is already using ${home}; stop it, or use another --home`);
    // The socket file was left behind by an agent that was killed.
    await rm(address, { force: true });
    if (!(await listens(server, address)))
      throw new UserError(`another runner has just started with ${home}; stop it, or use another --home`);
  }
  server.unref();
  return () => server.close();
}

/** Uses a hash of the home, because the path of a Unix socket is limited to about 100 characters. */
function socketAddress(home: string): string {
  const name = `crosscheck-runner-${createHash('sha256').update(home).digest('hex').slice(0, 16)}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}

function listens(server: Server, address: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    };
    server.once('error', onError).listen(address, () => {
      server.off('error', onError);
      resolve(true);
    });
  });
}

function answers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
