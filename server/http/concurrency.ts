import type { Request, RequestHandler } from 'express';
import { networkOf } from '../auth/failure-limit.js';
import { refusal } from '../graphql/errors.js';
import type { Tally } from './tally.js';

/** Tells apart the tokens that are in use. */
export interface TokensInUse {
  /** A key for the token in this Authorization header; null if this server has not accepted it before. */
  keyOf(authorization: string | undefined): string | null;
}

/**
 * Who a request is counted for: the token that it shows, or its address if it shows none or one that is not known to be valid.
 * So nobody gets more by inventing tokens. Null means that it is not counted: without tokens, everybody is the owner of this
 * machine.
 */
export function callerKey(
  tokens: TokensInUse,
  authorization: string | undefined,
  address: string,
  authRequired: boolean,
): string | null {
  const token = tokens.keyOf(authorization);
  if (token !== null) return `token ${token}`;
  return authRequired || authorization ? `address ${networkOf(address)}` : null;
}

export const busy = ({ limit }: Tally) => refusal('TOO_MANY_REQUESTS', { most: limit });

/** Rejects a request while too many of the same caller are in progress. */
export function limitConcurrency(tally: Tally, tokens: TokensInUse, authRequired: boolean): RequestHandler {
  return (request: Request, response, next) => {
    const key = callerKey(tokens, request.headers.authorization, request.ip ?? '', authRequired);
    if (key === null) return next();
    const release = tally.take(key);
    if (!release) return next(busy(tally));
    response.once('close', release);
    next();
  };
}
