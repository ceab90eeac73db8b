import type { Request } from 'express';
import type { Principal } from '../auth/principal.js';
import { refusal } from '../graphql/errors.js';

/** Finds out who sends a request, from its Authorization header. This is all that blobs need from auth. */
export interface Authenticator {
  authenticate(authorization: string | undefined, address: string | null): Promise<Principal>;
}

/** The id of the runner that sends the request. @throws UNAUTHENTICATED or FORBIDDEN for anybody else */
export async function uploaderOf(auth: Authenticator, request: Request): Promise<string> {
  const principal = await auth.authenticate(request.headers.authorization, request.ip ?? null);
  if (principal.kind === 'runner') return principal.runnerId;
  if (principal.kind === 'anonymous') throw refusal('RUNNER_TOKEN_MISSING', { what: 'uploading a blob' });
  throw refusal(principal.tokenId ? 'NEEDS_RUNNER_TOKEN' : 'NO_TOKEN_OF_RUNNER', { what: 'uploading a blob' });
}
