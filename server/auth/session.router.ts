import { type Request, type Response, Router } from 'express';
import { forbidden, unauthenticated } from '../graphql/errors.js';
import type { AuthService } from './auth.service.js';

/** Cookies ignore the port, so their name has it: the servers of one host would otherwise replace each other's. */
function cookieName({ headers }: Pick<Request, 'headers'>): string {
  const port = /:(\d+)$/.exec(headers.host ?? '')?.[1];
  return port === undefined ? 'crosscheck_token' : `crosscheck_token_${port}`;
}

/** Only the images of the dashboard need it: an <img> cannot send an Authorization header. */
const PATH = '/blobs';

/**
 * Lets a browser load images. POST /session with an Authorization header: 204, and a cookie that holds the token, for
 * /blobs only. DELETE /session clears it.
 */
export function sessionRouter(auth: AuthService): Router {
  const router = Router();
  router.post('/session', async (request, response) => {
    const { authorization } = request.headers;
    const principal = await auth.authenticate(authorization, request.ip ?? null);
    if (!authorization)
      throw unauthenticated('opening a session needs a user token: send "Authorization: Bearer <token>"');
    if (principal.kind === 'runner') throw forbidden('opening a session needs a user token; this is a runner token');
    const token = authorization.trim().split(/\s+/)[1]!;
    response.cookie(cookieName(request), token, cookieOptions(request)).status(204).end();
  });
  router.delete('/session', (request: Request, response: Response) => {
    response.clearCookie(cookieName(request), cookieOptions(request)).status(204).end();
  });
  return router;
}

function cookieOptions({ secure }: Request) {
  return { path: PATH, httpOnly: true, sameSite: 'strict', secure } as const;
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
