import { pipeline } from 'node:stream/promises';
import { type ErrorRequestHandler, type Request, type Response, Router } from 'express';
import type { Principal } from '../auth/principal.js';
import { authorizationInCookie } from '../auth/session.router.js';
import { AppError, notFound, refusal } from '../graphql/errors.js';
import type { Blob } from './blob.entity.js';
import { WrongHash } from './blobs.errors.js';
import type { BlobsService } from './blobs.service.js';
import { type Authenticator, uploaderOf } from './uploader.js';
import type { UploadsService } from './uploads.service.js';

export const CONTENT_TYPES = ['image/png', 'application/octet-stream'];

/** Tells which blobs a runner may read. */
export interface BlobReaders {
  /** Whether the blob is a checkpoint of a run that the runner is training. */
  mayRead(runnerId: string, sha256: string): Promise<boolean>;
}

export interface BlobsParts {
  blobs: BlobsService;
  uploads: UploadsService;
  auth: Authenticator;
  readers: BlobReaders;
}

/**
 * Serves blobs over HTTP. Mount it at the root.
 * PUT /blobs/<sha256> (runner token; for older runners, see uploads.router.ts): 201 stored, 200 already stored, 400 the bytes
 * do not match the hash, 403 the runner has no attempt, 413, 415, 429.
 * GET and HEAD /blobs/<sha256> (with a token or the cookie of session.router.ts, if the server requires tokens): the whole
 * blob or one range of it. A runner may read only the checkpoints of the runs that it is training. A browser can keep
 * responses forever; proxies must not.
 */
export function blobsRouter(parts: BlobsParts): Router {
  const router = Router();
  router.put('/blobs/:sha256', (request, response) => put(parts, request, response));
  router.get('/blobs/:sha256', (request, response) => get(parts, request, response));
  router.use('/blobs', answerError);
  return router;
}

async function put({ uploads, auth }: BlobsParts, request: Request, response: Response): Promise<void> {
  const runnerId = await uploaderOf(auth, request);
  const sha256 = hashOf(request);
  const contentType = request.headers['content-type'] ?? '';
  if (!CONTENT_TYPES.includes(contentType)) {
    throw refusal('CONTENT_TYPE_WRONG', { types: CONTENT_TYPES.join(' or '), contentType });
  }
  const declared = request.headers['content-length'];
  const length = declared === undefined ? null : Number(declared);
  const created = await uploads.put(runnerId, { sha256, contentType }, length, request).catch((error) => {
    // What older runners know.
    throw error instanceof WrongHash ? refusal('BLOB_HASH_WRONG', error.hashes) : error;
  });
  response.status(created ? 201 : 200).json({ sha256 });
}

async function get({ blobs, auth, readers }: BlobsParts, request: Request, response: Response): Promise<void> {
  const principal = await readerOf(auth, request);
  if (principal.kind === 'anonymous') throw refusal('TOKEN_MISSING', { what: 'reading a blob' });
  const sha256 = hashOf(request);
  if (principal.kind === 'runner' && !(await readers.mayRead(principal.runnerId, sha256))) {
    throw refusal('CHECKPOINT_OF_OTHERS', { sha256 });
  }
  const blob = await blobs.find(sha256);
  if (!blob) throw notFound('blob', sha256);
  response.set({
    'Cache-Control': 'private, max-age=31536000, immutable',
    ETag: `"${sha256}"`,
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "default-src 'none'",
    'Content-Type': blob.contentType,
    'Accept-Ranges': 'bytes',
  });
  if (request.fresh) {
    response.status(304).end();
    return;
  }
  const range = rangeOf(request, blob);
  if (range === 'unsatisfiable') {
    response.status(416).set('Content-Range', `bytes */${blob.bytes}`).end();
    return;
  }
  const { start, end } = range ?? { start: 0, end: blob.bytes - 1 };
  if (range) response.status(206).set('Content-Range', `bytes ${start}-${end}/${blob.bytes}`);
  response.set('Content-Length', String(end + 1 - start));
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  await pipeline(blobs.read(blob, start, end), response);
}

/** The range that is asked for; null for the whole blob. HTTP allows a server to answer several ranges with the whole. */
function rangeOf(request: Request, { bytes }: Blob): { start: number; end: number } | 'unsatisfiable' | null {
  // If-Range does not matter: the content of a hash never changes.
  const ranges = request.range(bytes);
  if (ranges === -1) return 'unsatisfiable';
  if (ranges === undefined || ranges === -2 || ranges.type !== 'bytes' || ranges.length !== 1) return null;
  return ranges[0]!;
}

/** Who reads a blob. Where no tokens are required, the cookie is not looked at: it may be that of another server. */
async function readerOf(auth: Authenticator, request: Request): Promise<Principal> {
  const { authorization } = request.headers;
  const address = request.ip ?? null;
  const principal = await auth.authenticate(authorization, address);
  if (authorization || principal.kind !== 'anonymous') return principal;
  return auth.authenticate(authorizationInCookie(request), address);
}

function hashOf(request: Request): string {
  return checkHash(String(request.params.sha256));
}

/** @throws BAD_USER_INPUT unless this is a SHA-256 */
export function checkHash(sha256: string): string {
  if (/^[0-9a-f]{64}$/.test(sha256)) return sha256;
  throw refusal('BLOB_NAME', { name: sha256 });
}

/** Node's error codes for a connection that the client has closed. */
const CLIENT_LEFT = ['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET'];

/** Sends errors that are meant for the client as JSON, and passes all others to the server's error handler. */
export const answerError: ErrorRequestHandler = (error, request, response, next) => {
  // The client has left, and nothing is wrong with the server.
  if (CLIENT_LEFT.includes(error.code) && request.socket.destroyed) return;
  if (!(error instanceof AppError) || response.headersSent) return next(error);
  response.status(error.httpStatus).json({ error: error.message, ...error.extensions });
};
