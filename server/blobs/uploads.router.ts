import { type Request, type RequestHandler, type Response, Router } from 'express';
import { badUserInput, conflict } from '../graphql/errors.js';
import { shown } from '../graphql/texts.js';
import { WrongHash } from './blobs.errors.js';
import { answerError, CONTENT_TYPES, checkHash } from './blobs.router.js';
import { type Authenticator, uploaderOf } from './uploader.js';
import type { Announcement, UploadsService } from './uploads.service.js';

const TUS_VERSION = '1.0.0';
const PIECE = 'application/offset+octet-stream';
/** "Checksum mismatch" in tus. */
const WRONG_HASH = 460;

/**
 * Receives blobs, as in tus 1.0 (https://tus.io/protocols/resumable-upload), in one piece. Mount it at the root. Both requests
 * need a runner token and `Tus-Resumable: 1.0.0`.
 * POST /uploads announces a blob: its length in `Upload-Length`; in `Upload-Metadata` its `sha256`, its `type` (a
 * Content-Type), and the `attempt` and `fence` that it is for. 201: `Location` names the upload. If `Upload-Offset` equals the
 * length, the server already has the blob. 400, 403 the runner does not hold the attempt, 413 too large,
 * 429 too much is waiting for a report.
 * PATCH /uploads/<id> sends the bytes, with `Upload-Offset: 0`. 204 stored, 400 fewer bytes than announced, 404, 409 another
 * offset, 413 more bytes than announced, 415, 460 the bytes do not match the hash.
 */
export function uploadsRouter(uploads: UploadsService, auth: Authenticator): Router {
  const router = Router();
  router.use('/uploads', tusOnly);
  router.post('/uploads', (request, response) => open(uploads, auth, request, response));
  router.patch('/uploads/:id', (request, response) => receive(uploads, auth, request, response));
  router.use('/uploads', answerError);
  return router;
}

const tusOnly: RequestHandler = (request, response, next) => {
  response.set('Tus-Resumable', TUS_VERSION);
  if (request.headers['tus-resumable'] === TUS_VERSION) return next();
  response.set('Tus-Version', TUS_VERSION).status(412);
  response.json({ error: `uploads follow tus ${TUS_VERSION}: send the header Tus-Resumable: ${TUS_VERSION}` });
};

async function open(uploads: UploadsService, auth: Authenticator, request: Request, response: Response): Promise<void> {
  const runnerId = await uploaderOf(auth, request);
  const { id, bytes, completedAt } = await uploads.open(runnerId, announcementOf(request));
  // Relative, because the server does not know what path prefix the client sees.
  const folder = request.path.endsWith('/') ? '..' : '.';
  response.status(201).set({ Location: `${folder}/uploads/${id}`, 'Upload-Offset': String(completedAt ? bytes : 0) });
  response.end();
}

async function receive(
  uploads: UploadsService,
  auth: Authenticator,
  request: Request,
  response: Response,
): Promise<void> {
  const upload = await uploads.find(String(request.params.id), await uploaderOf(auth, request));
  const contentType = request.headers['content-type'] ?? '';
  if (contentType !== PIECE) {
    response.status(415).json({ error: `Content-Type must be ${PIECE}; got ${shown(contentType)}` });
    return;
  }
  const offset = request.headers['upload-offset'];
  if (offset !== '0') throw conflict(`Upload-Offset must be 0: a blob is sent in one piece; got ${shown(offset)}`);
  const length = request.headers['content-length'];
  if (length !== undefined && Number(length) !== upload.bytes) {
    throw badUserInput(`Content-Length must be ${upload.bytes}, as announced; got ${shown(length)}`);
  }
  try {
    await uploads.receive(upload, request);
  } catch (error) {
    if (!(error instanceof WrongHash)) throw error;
    response.status(WRONG_HASH).json({ error: error.message });
    return;
  }
  response.status(204).set('Upload-Offset', String(upload.bytes)).end();
}

/** What the headers of a creation request announce. @throws BAD_USER_INPUT */
function announcementOf(request: Request): Announcement {
  const length = request.headers['upload-length'];
  if (typeof length !== 'string' || !/^\d{1,15}$/.test(length)) {
    throw badUserInput(`Upload-Length must be the blob's number of bytes; got ${shown(length)}`);
  }
  const metadata = metadataOf(String(request.headers['upload-metadata'] ?? ''));
  const contentType = metadata.get('type') ?? '';
  if (!CONTENT_TYPES.includes(contentType)) {
    throw badUserInput(`Upload-Metadata: type must be ${CONTENT_TYPES.join(' or ')}; got ${shown(contentType)}`);
  }
  const fence = metadata.get('fence') ?? '';
  if (!/^\d{1,9}$/.test(fence)) throw badUserInput(`Upload-Metadata: fence must be a number; got ${shown(fence)}`);
  return {
    sha256: checkHash(metadata.get('sha256') ?? ''),
    contentType,
    bytes: Number(length),
    attemptId: metadata.get('attempt') ?? '',
    fence: Number(fence),
  };
}

/** Parses "key base64,key base64". */
function metadataOf(header: string): Map<string, string> {
  return new Map(
    header.split(',').map((pair) => {
      const [key = '', value = ''] = pair.trim().split(' ');
      return [key, Buffer.from(value, 'base64').toString('utf8')];
    }),
  );
}
