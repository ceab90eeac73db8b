import type { Request } from 'express';
import type { Principal } from '../auth/principal.js';
import { forbidden, unauthenticated } from '../graphql/errors.js';

/** Finds out who sends a request, from its Authorization header. This is all that blobs need from auth. */
export interface Authenticator {
  authenticate(authorization: string | undefined, address: string | null): Promise<Principal>;
}

/** The id of the runner that sends the request. @throws UNAUTHENTICATED or FORBIDDEN for anybody else */
export async function uploaderOf(auth: Authenticator, request: Request): Promise<string> {
  const principal = await auth.authenticate(request.headers.authorization, request.ip ?? null);
  if (principal.kind === 'runner') return principal.runnerId;
  if (principal.kind === 'anonymous') throw unauthenticated('uploading a blob needs a runner token');
  const got = principal.tokenId ? 'a user token' : 'no token';
  throw forbidden(`uploading a blob needs a runner token; got ${got}`);
}
