import type { Role } from '../accounts/account.entity.js';

export interface AccountPrincipal {
  kind: 'account';
  accountId: string;
  name: string;
  role: Role;
  /** The token that was sent; null for `local`, which needs none. */
  tokenId: string | null;
}

/** Who sends a request. On a server that does not require tokens, everybody without one is the account `local`. */
export type Principal = { kind: 'anonymous' } | AccountPrincipal | { kind: 'runner'; runnerId: string };

/** The id of the calling runner. access.ts has already checked that the caller is one. */
export function runnerOf(principal: Principal): string {
  if (principal.kind !== 'runner') throw new Error(`expected a runner, got ${principal.kind}`);
  return principal.runnerId;
}

/** The calling account. access.ts has already checked that the caller is one. */
export function accountOf(principal: Principal): AccountPrincipal {
  if (principal.kind !== 'account') throw new Error(`expected an account, got ${principal.kind}`);
  return principal;
}
