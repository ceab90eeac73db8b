import { pipeline } from 'node:stream/promises';
import { type ErrorRequestHandler, type Request, type Response, Router } from 'express';
import type { Principal } from '../auth/principal.js';
import { authorizationForBlobs } from '../auth/session.router.js';
import { AppError, badUserInput, forbidden, notFound, unauthenticated } from '../graphql/errors.js';
import { BlobTooLarge } from './blobs.errors.js';
import type { BlobsService } from './blobs.service.js';

const CONTENT_TYPES = ['image/png', 'application/octet-stream'];

/** Finds out who sends a request, from its Authorization header. This is all that blobs need from auth. */
export interface Authenticator {
  authenticate(authorization: string | undefined, address: string | null): Promise<Principal>;
}

/** Tells which blobs a runner may read. */
export interface BlobReaders {
  /** Whether the blob is a checkpoint of a run that the runner is training. */
  mayRead(runnerId: string, sha256: string): Promise<boolean>;
}

/**
 * Serves blobs over HTTP. Mount it at the root.
 * PUT /blobs/<sha256> (runner token): 201 stored, 200 already stored, 400 the bytes do not match the hash, 413, 415.
 * GET and HEAD /blobs/<sha256> (a token, or the cookie of session.router.ts, if the server requires tokens): a runner may
 * read only the checkpoints of the runs that it is training. A browser can keep responses forever; proxies must not.
 */
export function blobsRouter(blobs: BlobsService, auth: Authenticator, readers: BlobReaders): Router {
  const router = Router();
  router.put('/blobs/:sha256', (request, response) => put(blobs, auth, request, response));
  router.get('/blobs/:sha256', (request, response) => get({ blobs, auth, readers }, request, response));
  router.use('/blobs', answerError);
  return router;
}

async function put(blobs: BlobsService, auth: Authenticator, request: Request, response: Response): Promise<void> {
  const principal = await auth.authenticate(request.headers.authorization, request.ip ?? null);
  if (principal.kind === 'anonymous') throw unauthenticated('uploading a blob needs a runner token');
  if (principal.kind !== 'runner') {
    throw forbidden(`uploading a blob needs a runner token; got ${principal.tokenId ? 'a user token' : 'no token'}`);
  }
  const sha256 = hashOf(request);
  const contentType = request.headers['content-type'] ?? '';
  if (!CONTENT_TYPES.includes(contentType)) {
    response.status(415).json({ error: `Content-Type must be ${CONTENT_TYPES.join(' or ')}; got "${contentType}"` });
    return;
  }
  const { maxBytes } = blobs.limits;
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw new BlobTooLarge(maxBytes);
  const created = !(await blobs.touch(sha256)) && (await blobs.store(sha256, contentType, request));
  response.status(created ? 201 : 200).json({ sha256 });
}

interface GetParts {
  blobs: BlobsService;
  auth: Authenticator;
  readers: BlobReaders;
}

async function get({ blobs, auth, readers }: GetParts, request: Request, response: Response): Promise<void> {
  const principal = await auth.authenticate(authorizationForBlobs(request), request.ip ?? null);
  if (principal.kind === 'anonymous') throw unauthenticated('reading a blob needs a token');
  const sha256 = hashOf(request);
  if (principal.kind === 'runner' && !(await readers.mayRead(principal.runnerId, sha256))) {
    throw forbidden(`a runner may read only the checkpoints of the runs that it is training; got ${sha256}`);
  }
  const blob = await blobs.find(sha256);
  if (!blob) throw notFound('blob', sha256);
  response.set({
    'Cache-Control': 'private, max-age=31536000, immutable',
    ETag: `"${sha256}"`,
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "default-src 'none'",
    'Content-Type': blob.contentType,
  });
  if (request.fresh) {
    response.status(304).end();
    return;
  }
  response.set('Content-Length', String(blob.bytes));
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  await pipeline(blobs.read(sha256), response);
}

function hashOf(request: Request): string {
  const sha256 = String(request.params.sha256);
  if (/^[0-9a-f]{64}$/.test(sha256)) return sha256;
  throw badUserInput(`the name of a blob must be its SHA-256, as 64 lowercase hex digits; got "${sha256}"`);
}

/** Node's error codes for a connection that the client has closed. */
const CLIENT_LEFT = ['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET'];

/** Sends errors that are meant for the client as JSON, and passes all others to the server's error handler. */
const answerError: ErrorRequestHandler = (error, request, response, next) => {
  // The client has left, and nothing is wrong with the server.
  if (CLIENT_LEFT.includes(error.code) && request.socket.destroyed) return;
  const status = error instanceof AppError ? error.httpStatus : error instanceof BlobTooLarge ? 413 : null;
  if (status === null || response.headersSent) return next(error);
  response.status(status).json({ error: (error as Error).message });
};
