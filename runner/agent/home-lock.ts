import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../schema/exit-codes.js';

/**
 * Makes sure that one agent at a time works with a home: two would take each other's leases away. Held by listening on
 * a local socket, which the system releases however the process ends (a file with a process id would outlive kill -9).
 * Returns how to release it; throws a UserError when another agent holds it.
 */
export async function lockHome(home: string): Promise<() => void> {
  const address = socketAddress(home);
  const server = createServer((socket) => socket.destroy());
  if (!(await listens(server, address))) {
    if (await answers(address))
      throw new UserError(`another runner already works with ${home}; stop it, or use another --home`);
    // The socket file of an agent that was killed.
    await rm(address, { force: true });
    if (!(await listens(server, address)))
      throw new UserError(`${address} cannot be listened on: another runner was faster`);
  }
  server.unref();
  return () => server.close();
}

/** Named after the home, because the path of a Unix socket may have only about 100 characters. */
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
