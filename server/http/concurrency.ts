import type { Request, RequestHandler } from 'express';
import { networkOf } from '../auth/failure-limit.js';
import { hashSecret } from '../auth/secrets.js';
import { tooManyRequests } from '../graphql/errors.js';
import type { Tally } from './tally.js';

/**
 * Who a request is counted for: the token that it shows, valid or not, or its address. Null means that it is not counted:
 * without tokens, everybody is the owner of this machine.
 */
export function callerKey(authorization: string | undefined, address: string, authRequired: boolean): string | null {
  if (authorization) return `token ${hashSecret(authorization)}`;
  return authRequired ? `address ${networkOf(address)}` : null;
}

export const busy = ({ limit }: Tally) =>
  tooManyRequests(`${limit} requests of this token or address are already in progress; wait for their answers`);

/** Rejects a request while too many of the same caller are in progress. */
export function limitConcurrency(tally: Tally, authRequired: boolean): RequestHandler {
  return (request: Request, response, next) => {
    const key = callerKey(request.headers.authorization, request.ip ?? '', authRequired);
    if (key === null) return next();
    const release = tally.take(key);
    if (!release) return next(busy(tally));
    response.once('close', release);
    next();
  };
}
