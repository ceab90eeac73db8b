import type { Transaction } from '../database/transaction.js';
import { forbidden, unauthenticated } from '../graphql/errors.js';
import type { RunnersService } from '../runners/runners.service.js';
import type { CreateRegistrationTokenInput, NewToken } from './auth.types.js';
import { createToken } from './create-token.js';
import type { Principal } from './principal.js';
import { hashSecret } from './secrets.js';
import type { TokenKind } from './token.entity.js';
import type { TokensRepository } from './tokens.repository.js';

export class AuthService {
  constructor(
    private readonly deps: {
      repository: TokensRepository;
      runners: RunnersService;
      authRequired: boolean;
    },
  ) {}

  /** The sender of this Authorization header. An invalid token is rejected even if the server does not require one. */
  async authenticate(authorization: string | undefined): Promise<Principal> {
    if (!authorization) return this.deps.authRequired ? { kind: 'anonymous' } : { kind: 'local' };
    const [scheme, secret] = authorization.trim().split(/\s+/);
    if (scheme?.toLowerCase() !== 'bearer' || !secret) {
      throw unauthenticated('the Authorization header must have the form "Bearer <token>"');
    }
    const hash = hashSecret(secret);
    const runnerId = await this.deps.runners.idByTokenHash(hash);
    if (runnerId) return { kind: 'runner', runnerId };
    const label = await this.deps.repository.userLabel(hash);
    if (label !== null) return { kind: 'user', label };
    throw unauthenticated('the token is neither a valid user token nor the token of a registered runner');
  }

  /** The id of the calling runner. @throws UNAUTHENTICATED or FORBIDDEN, naming the kind of token that is needed */
  requireRunner(principal: Principal, what: string): string {
    if (principal.kind === 'runner') return principal.runnerId;
    if (principal.kind === 'user') throw forbidden(`${what} needs a runner token; this is a user token`);
    throw unauthenticated(`${what} needs a runner token: send "Authorization: Bearer <token>"`);
  }

  /** @throws UNAUTHENTICATED or FORBIDDEN, naming the kind of token that is needed */
  requireUser(principal: Principal, what: string): void {
    if (principal.kind === 'runner') throw forbidden(`${what} needs a user token; this is a runner token`);
    this.requireAnybody(principal, what);
  }

  /** @throws UNAUTHENTICATED if the server requires tokens and the request has none */
  requireAnybody(principal: Principal, what: string): void {
    if (principal.kind !== 'anonymous') return;
    throw unauthenticated(`${what} needs a user token: send "Authorization: Bearer <token>"`);
  }

  create(kind: TokenKind, input: CreateRegistrationTokenInput): Promise<NewToken> {
    return createToken(this.deps.repository, kind, input);
  }

  /** Accepts a token from the environment, as docker-compose sets it, like one that was created here. */
  async adopt(kind: TokenKind, secret: string): Promise<void> {
    await this.deps.repository.insertOrRenew(kind, 'from the environment', hashSecret(secret));
  }

  /** Uses the token once. @throws UNAUTHENTICATED if it is unknown, expired or used up */
  async useRegistration(transaction: Transaction, secret: string): Promise<void> {
    if (await this.deps.repository.useRegistration(transaction, hashSecret(secret))) return;
    throw unauthenticated('the registration token is unknown, expired or used up; create a new one');
  }
}
