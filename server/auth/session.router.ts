import { type Request, type Response, Router } from 'express';
import { refusal } from '../graphql/errors.js';
import type { AuthService } from './auth.service.js';

/** Cookies ignore the port, so their name has it: the servers of one host would otherwise replace each other's. */
function cookieName({ headers }: Pick<Request, 'headers'>): string {
  const port = /:(\d+)$/.exec(headers.host ?? '')?.[1];
  return port === undefined ? 'crosscheck_token' : `crosscheck_token_${port}`;
}

/**
 * Leaves the path out of the cookie. The browser then sends it where it came from, /blobs/, below whatever path prefix it knows
 * this server by. Only the images of the dashboard need it: an <img> cannot send an Authorization header.
 */
const SAME_FOLDER = '';

/**
 * Lets a browser load images. POST /blobs/session with an Authorization header: 204, and a cookie that holds the token, for
 * /blobs only. DELETE /blobs/session clears it.
 */
export function sessionRouter(auth: AuthService): Router {
  const router = Router();
  router.post('/blobs/session', async (request, response) => {
    const { authorization } = request.headers;
    const principal = await auth.authenticate(authorization, request.ip ?? null);
    if (!authorization) throw refusal('USER_TOKEN_MISSING', { what: 'opening a session' });
    if (principal.kind === 'runner') throw refusal('NEEDS_USER_TOKEN', { what: 'opening a session' });
    const token = authorization.trim().split(/\s+/)[1]!;
    response.cookie(cookieName(request), token, cookieOptions(request)).status(204).end();
  });
  router.delete('/blobs/session', (request: Request, response: Response) => {
    response.clearCookie(cookieName(request), cookieOptions(request)).status(204).end();
  });
  return router;
}

function cookieOptions({ secure }: Request) {
  return { path: SAME_FOLDER, httpOnly: true, sameSite: 'strict', secure } as const;
}

/** The Authorization header that the cookie of a browser stands for. */
export function authorizationInCookie(request: Pick<Request, 'headers'>): string | undefined {
  const name = cookieName(request);
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  const value = pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
  return value === undefined ? undefined : `Bearer ${decoded(value)}`;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    // Not written by us, so it is not a valid token either.
    return value;
  }
}
