import { isDatabaseAway } from '../database/unreachable.js';
import { AppError } from '../graphql/errors.js';
import type { Logger } from '../logger.js';
import type { AuthService } from './auth.service.js';
import type { Identity } from './identity-cache.js';

/** What the registry needs of a WebSocket from the package ws. */
export interface Socket {
  readonly readyState: number;
  close(code: number, reason: string): void;
  terminate(): void;
  once(event: 'close', listener: () => void): unknown;
}

/** "Forbidden" of the graphql-transport-ws protocol. Clients try again, and are refused until they have a valid token. */
const FORBIDDEN = 4403;
/** The value of `readyState` after the event `close`. */
const CLOSED = 3;
/** How long a client may take to answer the closing handshake. Nothing is sent to it in the meantime. */
const CLOSING_MS = 1000;
/** The longest delay of a timer. */
const MAX_DELAY_MS = 2 ** 31 - 1;
const RETRY_MS = 1000;

interface Admitted {
  socket: Socket;
  authorization: string | undefined;
  address: string | null;
  identity: Identity;
  timer: NodeJS.Timeout | null;
}

/**
 * Knows whose token each open WebSocket presented, and closes the socket as soon as that token is no longer valid: it was
 * revoked or has expired, its account was disabled, or its runner was removed, on this server or on another one.
 */
export class SocketRegistry {
  private readonly open = new Set<Admitted>();

  constructor(
    private readonly deps: {
      auth: AuthService;
      logger: Logger;
    },
  ) {
    deps.auth.onChange((id) => {
      for (const admitted of this.open) if (concerns(admitted.identity, id)) this.check(admitted);
    });
  }

  /** Authenticates a socket, and watches it until it is closed. Returns who it is. @throws like `AuthService.authenticate` */
  async admit(socket: Socket, authorization: string | undefined, address: string | null): Promise<Identity> {
    const { generation } = this.deps.auth;
    const identity = await this.deps.auth.identify(authorization, address);
    // The client may have left during the look-up. Nobody would take the socket off the list again.
    if (socket.readyState === CLOSED) return identity;
    const admitted: Admitted = { socket, authorization, address, identity, timer: null };
    this.open.add(admitted);
    socket.once('close', () => {
      this.open.delete(admitted);
      if (admitted.timer) clearTimeout(admitted.timer);
    });
    // The access may have changed after it was read and before the socket was watched.
    if (this.deps.auth.generation === generation) this.checkAtExpiry(admitted);
    else this.check(admitted);
    return identity;
  }

  private checkAtExpiry(admitted: Admitted): void {
    const { expiresAtMs } = admitted.identity;
    if (expiresAtMs !== null) this.checkIn(admitted, expiresAtMs - performance.now());
  }

  private checkIn(admitted: Admitted, delayMs: number): void {
    if (admitted.timer) clearTimeout(admitted.timer);
    admitted.timer = setTimeout(() => this.check(admitted), Math.min(Math.max(1, delayMs), MAX_DELAY_MS));
    admitted.timer.unref();
  }

  private check(admitted: Admitted): void {
    this.deps.auth.identify(admitted.authorization, admitted.address).then(
      (identity) => {
        admitted.identity = identity;
        if (this.open.has(admitted)) this.checkAtExpiry(admitted);
      },
      (error: Error) => {
        if (!this.open.has(admitted)) return;
        if (error instanceof AppError) return this.close(admitted, error.message);
        if (!isDatabaseAway(error))
          this.deps.logger.error({ err: error }, 'the token of a socket could not be checked');
        this.checkIn(admitted, RETRY_MS);
      },
    );
  }

  private close(admitted: Admitted, why: string): void {
    this.open.delete(admitted);
    admitted.socket.close(FORBIDDEN, reasonOf(why));
    const timer = setTimeout(() => admitted.socket.terminate(), CLOSING_MS);
    timer.unref();
    admitted.socket.once('close', () => clearTimeout(timer));
  }
}

function concerns({ principal }: Identity, id: string | null): boolean {
  if (id === null) return true;
  if (principal.kind === 'account') return principal.tokenId === id || principal.accountId === id;
  return principal.kind === 'runner' && principal.runnerId === id;
}

/** The reason in a close frame has at most 123 bytes. */
function reasonOf(text: string): string {
  return Buffer.from(text)
    .subarray(0, 120)
    .toString()
    .replace(/\uFFFD$/, '');
}
