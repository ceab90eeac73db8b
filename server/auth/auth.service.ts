import type { EntityManager } from 'typeorm';
import { badUserInput, forbidden, unauthenticated } from '../graphql/errors.js';
import type { RunnersService } from '../runners/runners.service.js';
import type { NewToken, CreateRegistrationTokenInput } from './auth.types.js';
import type { Principal } from './principal.js';
import { hashSecret, newSecret } from './secrets.js';
import type { TokenKind } from './token.entity.js';
import type { TokensRepository } from './tokens.repository.js';

const MAX_LABEL_LENGTH = 128;
const MAX_EXPIRY_SECONDS = 10 * 365 * 86_400;

export class AuthService {
  constructor(
    private readonly repository: TokensRepository,
    private readonly runnersService: RunnersService,
    private readonly authRequired: boolean,
  ) {}

  /** Who sends this Authorization header. A wrong token is refused even where none is needed. */
  async principalOf(authorization: string | undefined): Promise<Principal> {
    if (!authorization) return this.authRequired ? { kind: 'anonymous' } : { kind: 'local' };
    const [scheme, secret] = authorization.trim().split(/\s+/);
    if (scheme?.toLowerCase() !== 'bearer' || !secret) {
      throw unauthenticated('the Authorization header must read "Bearer <token>"');
    }
    const hash = hashSecret(secret);
    const runnerId = await this.runnersService.idByTokenHash(hash);
    if (runnerId) return { kind: 'runner', runnerId };
    const label = await this.repository.userLabel(hash);
    if (label !== null) return { kind: 'user', label };
    throw unauthenticated('the token is neither a valid user token nor the token of a registered runner');
  }

  /** The runner that asks. @throws UNAUTHENTICATED or FORBIDDEN, naming the kind of token that is needed */
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

  /** @throws UNAUTHENTICATED for somebody without a token on a server that needs one */
  requireAnybody(principal: Principal, what: string): void {
    if (principal.kind !== 'anonymous') return;
    throw unauthenticated(`${what} needs a user token: send "Authorization: Bearer <token>"`);
  }

  /** The only moment at which the token can be read. */
  async create(kind: TokenKind, input: CreateRegistrationTokenInput): Promise<NewToken> {
    const { label, uses = null, expiresInSeconds = null } = input;
    if (!label.trim() || label.length > MAX_LABEL_LENGTH) {
      throw badUserInput(`label: must have 1 to ${MAX_LABEL_LENGTH} characters; got ${JSON.stringify(label)}`);
    }
    if (uses !== null && uses < 1) throw badUserInput(`uses: must be at least 1; got ${uses}`);
    if (expiresInSeconds !== null && (expiresInSeconds < 1 || expiresInSeconds > MAX_EXPIRY_SECONDS)) {
      throw badUserInput(`expiresInSeconds: must be between 1 and ${MAX_EXPIRY_SECONDS}; got ${expiresInSeconds}`);
    }
    const token = newSecret(kind);
    const row = await this.repository.insert({ kind, label, hash: hashSecret(token), uses, expiresInSeconds });
    return { id: row.id, token, expiresAt: row.expiresAt };
  }

  /** Tokens that the environment gives (docker-compose) are as good as created ones. */
  async adopt(kind: TokenKind, secret: string): Promise<void> {
    await this.repository.insertOrRenew(kind, 'from the environment', hashSecret(secret));
  }

  /** Takes one use. @throws UNAUTHENTICATED when the token is unknown, expired or used up */
  async useRegistration(manager: EntityManager, secret: string): Promise<void> {
    if (await this.repository.useRegistration(manager, hashSecret(secret))) return;
    throw unauthenticated('the registration token is unknown, expired or used up; create another one');
  }
}
