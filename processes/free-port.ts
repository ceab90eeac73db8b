import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** The preferred port of 127.0.0.1 if nothing listens there, otherwise a free one. */
export async function freePort(preferred = 0): Promise<number> {
  try {
    return await unusedPort(preferred);
  } catch (error) {
    if (preferred === 0) throw error;
    return unusedPort(0);
  }
}

/** @throws Error when the port is in use */
async function unusedPort(port: number): Promise<number> {
  const probe = createServer().listen(port, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return address.port;
}
