import { FIXED_ACCOUNTS, Role } from '../accounts/account.entity.js';
import type { Transaction } from '../database/transaction.js';
import type { Events } from '../events/events.js';
import { AppError, refusal } from '../graphql/errors.js';
import type { RunnersService } from '../runners/runners.service.js';
import { FailureLimit, UnknownToken } from './failure-limit.js';
import { type Identity, IdentityCache } from './identity-cache.js';
import type { Principal } from './principal.js';
import { hashSecret } from './secrets.js';
import type { TokensRepository, UserTokenRow } from './tokens.repository.js';

const NOT_EXPIRING = { expiresAtMs: null };
const LOCAL: Identity = {
  principal: {
    kind: 'account',
    accountId: FIXED_ACCOUNTS.local.id,
    name: FIXED_ACCOUNTS.local.name,
    role: Role.ADMIN,
    tokenId: null,
  },
  ...NOT_EXPIRING,
};
const ANONYMOUS: Identity = { principal: { kind: 'anonymous' }, ...NOT_EXPIRING };

/** Finds out who sends a request. */
export class AuthService {
  private readonly cache = new IdentityCache();
  private readonly failures: FailureLimit;
  private readonly lookUps = new Map<string, Promise<Identity>>();
  private readonly watchers: ((id: string | null) => void)[] = [];

  constructor(
    private readonly deps: {
      repository: TokensRepository;
      runners: RunnersService;
      events: Events;
      authRequired: boolean;
      failuresPerMinute: number;
    },
  ) {
    this.failures = new FailureLimit(deps.failuresPerMinute);
    deps.events.on('access.changed', ({ id }) => this.changed(id));
    deps.events.on('resync', () => this.changed(null));
  }

  /**
   * The sender of this Authorization header. An invalid token is rejected even if the server does not require one.
   * @param address where the request comes from. Unknown tokens are counted per address
   * @throws UNAUTHENTICATED; TOO_MANY_REQUESTS for a token that was not in use here, after too many unknown ones
   */
  async authenticate(authorization: string | undefined, address: string | null): Promise<Principal> {
    return (await this.identify(authorization, address)).principal;
  }

  /** Like `authenticate`, with the time when the token expires. */
  async identify(authorization: string | undefined, address: string | null): Promise<Identity> {
    if (!authorization) return this.deps.authRequired ? ANONYMOUS : LOCAL;
    const secret = secretIn(authorization);
    if (!secret) throw refusal('AUTHORIZATION_INVALID');
    const hash = hashSecret(secret);
    return this.cache.get(hash) ?? this.lookUp(hash, address);
  }

  /** A key for the token in this Authorization header; null if it was not valid when it was last looked up, or never was. */
  keyOf(authorization: string | undefined): string | null {
    const secret = authorization && secretIn(authorization);
    const hash = secret ? hashSecret(secret) : null;
    return hash !== null && this.cache.knows(hash) ? hash : null;
  }

  /** Calls `hear` when the access of a token, account or runner may have changed, or of any of them (null). */
  onChange(hear: (id: string | null) => void): void {
    this.watchers.push(hear);
  }

  /** Changes whenever anybody's access may have changed. */
  get generation(): number {
    return this.cache.generation;
  }

  /**
   * Runs `work` for the holder of a registration token. The function that it gets uses the token once, within a transaction.
   * @throws UNAUTHENTICATED if the token is not valid; TOO_MANY_REQUESTS after too many unknown ones
   */
  withRegistration<T>(
    secret: string,
    address: string | null,
    work: (use: (transaction: Transaction) => Promise<void>) => Promise<T>,
  ): Promise<T> {
    const use = async (transaction: Transaction): Promise<void> => {
      if (await this.deps.repository.useRegistration(transaction, hashSecret(secret))) return;
      throw new UnknownToken('REGISTRATION_TOKEN_INVALID');
    };
    return this.failures.attempt(address, () => work(use));
  }

  /** The id of a token, whether or not it is still valid; null if it is unknown. */
  idOf(secret: string): Promise<string | null> {
    return this.deps.repository.idByHash(hashSecret(secret));
  }

  private lookUp(hash: string, address: string | null): Promise<Identity> {
    const { generation } = this.cache;
    // Requests that arrive together share one look-up, unless somebody's access has changed since it began.
    const key = `${generation} ${hash}`;
    const inProgress = this.lookUps.get(key);
    if (inProgress) return inProgress;
    const read = () => this.read(hash);
    const lookUp = (this.cache.knows(hash) ? read() : this.failures.attempt(address, read)).then(
      (identity) => {
        this.cache.put(hash, identity, generation);
        return identity;
      },
      (error: unknown) => {
        if (error instanceof AppError) this.cache.forget(hash);
        throw error;
      },
    );
    this.lookUps.set(key, lookUp);
    const ended = () => void this.lookUps.delete(key);
    lookUp.then(ended, ended);
    return lookUp;
  }

  /** @throws UnknownToken; UNAUTHENTICATED if the token has ended */
  private async read(hash: string): Promise<Identity> {
    const found = await this.deps.repository.userToken(hash);
    if (!found) {
      const runner = await this.deps.runners.byTokenHash(hash);
      if (runner) return { principal: { kind: 'runner', runnerId: runner.id }, expiresAtMs: expiryOf(runner) };
      throw new UnknownToken('TOKEN_UNKNOWN');
    }
    const { tokenId, accountId, name, role } = found;
    checkValid(found);
    if (found.useIsOld) await this.deps.repository.markUsed(tokenId);
    return { principal: { kind: 'account', accountId, name, role, tokenId }, expiresAtMs: expiryOf(found) };
  }

  private changed(id: string | null): void {
    this.cache.invalidate();
    for (const hear of this.watchers) hear(id);
  }
}

/** When a token expires, by this machine's `performance.now()`; null means never. */
const expiryOf = ({ secondsLeft }: { secondsLeft: number | null }): number | null =>
  secondsLeft === null ? null : performance.now() + secondsLeft * 1000;

/** The secret in "Bearer <secret>"; null if the header has another form. */
function secretIn(authorization: string): string | null {
  const [scheme, secret] = authorization.trim().split(/\s+/);
  return scheme?.toLowerCase() === 'bearer' && secret ? secret : null;
}

/** @throws UNAUTHENTICATED */
function checkValid({ name, revoked, disabled, secondsLeft }: UserTokenRow): void {
  if (revoked) throw refusal('TOKEN_REVOKED', { account: name });
  if (secondsLeft !== null && secondsLeft <= 0) {
    throw refusal('TOKEN_EXPIRED', { account: name });
  }
  if (disabled) throw refusal('OWN_ACCOUNT_DISABLED', { account: name });
}
