import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { createLogger } from '../logger.js';
import type { AuthService } from './auth.service.js';
import type { Identity } from './identity-cache.js';
import { SocketRegistry } from './socket-registry.js';

class OneSocket extends EventEmitter {
  readyState = 1;
  close() {
    this.readyState = 3;
    this.emit('close');
  }
  terminate() {}
}

it('does not keep a socket that was closed while its token was looked up', async () => {
  const identity: Identity = { principal: { kind: 'runner', runnerId: 'a' }, expiresAtMs: null };
  const answers: ((identity: Identity) => void)[] = [];
  let change: (id: string | null) => void = () => {};
  const auth = {
    generation: 0,
    identify: () => new Promise<Identity>((resolve) => answers.push(resolve)),
    onChange: (hear: (id: string | null) => void) => {
      change = hear;
    },
  };
  const registry = new SocketRegistry({ auth: auth as unknown as AuthService, logger: createLogger('silent') });
  const [stays, leaves] = [new OneSocket(), new OneSocket()];
  const admitted = [stays, leaves].map((socket) => registry.admit(socket, 'Bearer x', null));
  leaves.close();
  for (const answer of answers.splice(0)) answer(identity);
  await Promise.all(admitted);
  // Every socket on the list is checked.
  change(null);
  expect(answers).toHaveLength(1);
});
