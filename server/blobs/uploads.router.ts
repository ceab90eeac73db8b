import { type Request, type RequestHandler, type Response, Router } from 'express';
import { refusal } from '../graphql/errors.js';
import { answerError, CONTENT_TYPES, checkHash } from './blobs.router.js';
import { type Authenticator, uploaderOf } from './uploader.js';
import type { Announcement, UploadsService } from './uploads.service.js';

const TUS_VERSION = '1.0.0';
const PIECE = 'application/offset+octet-stream';

/**
 * Receives blobs, as in tus 1.0 (https://tus.io/protocols/resumable-upload). Mount it at the root. All requests need a runner
 * token and `Tus-Resumable: 1.0.0`.
 * POST /uploads announces a blob: its length in `Upload-Length`; in `Upload-Metadata` its `sha256`, its `type` (a
 * Content-Type), the `attempt` and `fence` that it is for and, of a checkpoint, the `step`. 201: `Location` names the upload,
 * and `Upload-Offset` is where it continues. If that is the length, it is complete. 400, 403 the runner does not hold the
 * attempt, 413 too large, 429 too much is waiting for a report.
 * HEAD /uploads/<id>: 200 with `Upload-Offset` and `Upload-Length`, 404.
 * PATCH /uploads/<id> appends any number of bytes at `Upload-Offset`. 204 with the new `Upload-Offset`, 404, 409 another
 * offset than the stored one, or the upload is complete, 413 more bytes than announced, 415, 423 another server is receiving
 * it, 460 the bytes do not match the hash. POST and HEAD answer 423 and 460, too, if a server was stopped before it had
 * checked the hash.
 */
export function uploadsRouter(uploads: UploadsService, auth: Authenticator): Router {
  const router = Router();
  router.use('/uploads', tusOnly);
  router.post('/uploads', (request, response) => open(uploads, auth, request, response));
  router.head('/uploads/:id', (request, response) => look(uploads, auth, request, response));
  router.patch('/uploads/:id', (request, response) => receive(uploads, auth, request, response));
  router.use('/uploads', answerError);
  return router;
}

const tusOnly: RequestHandler = (request, response, next) => {
  response.set('Tus-Resumable', TUS_VERSION);
  if (request.headers['tus-resumable'] === TUS_VERSION) return next();
  response.set('Tus-Version', TUS_VERSION);
  throw refusal('TUS_VERSION_WRONG', { version: TUS_VERSION });
};

async function open(uploads: UploadsService, auth: Authenticator, request: Request, response: Response): Promise<void> {
  const runnerId = await uploaderOf(auth, request);
  const upload = await uploads.open(runnerId, announcementOf(request));
  // Relative, because the server does not know what path prefix the client sees.
  const folder = request.path.endsWith('/') ? '..' : '.';
  response
    .status(201)
    .set({ Location: `${folder}/uploads/${upload.id}`, 'Upload-Offset': String(upload.received) })
    .end();
}

async function look(uploads: UploadsService, auth: Authenticator, request: Request, response: Response): Promise<void> {
  const upload = await uploads.look(String(request.params.id), await uploaderOf(auth, request));
  response.set({
    'Upload-Offset': String(upload.received),
    'Upload-Length': String(upload.bytes),
    'Cache-Control': 'no-store',
  });
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
    throw refusal('CONTENT_TYPE_WRONG', { types: PIECE, contentType });
  }
  const given = request.headers['upload-offset'];
  if (typeof given !== 'string' || !/^\d{1,15}$/.test(given)) {
    throw refusal('UPLOAD_OFFSET_INVALID', { value: String(given ?? '') });
  }
  const offset = Number(given);
  const length = request.headers['content-length'];
  if (length !== undefined && offset + Number(length) > upload.bytes) {
    const most = Math.max(0, upload.bytes - offset);
    throw refusal('UPLOAD_PIECE_TOO_LONG', { most, bytes: upload.bytes, length });
  }
  response
    .status(204)
    .set('Upload-Offset', String(await uploads.receive(upload, offset, request)))
    .end();
}

/** What the headers of a creation request announce. @throws BAD_USER_INPUT */
function announcementOf(request: Request): Announcement {
  const length = request.headers['upload-length'];
  if (typeof length !== 'string' || !/^\d{1,15}$/.test(length)) {
    throw refusal('UPLOAD_LENGTH_INVALID', { value: String(length ?? '') });
  }
  const metadata = metadataOf(String(request.headers['upload-metadata'] ?? ''));
  const contentType = metadata.get('type') ?? '';
  if (!CONTENT_TYPES.includes(contentType)) {
    throw refusal('UPLOAD_TYPE_INVALID', { types: CONTENT_TYPES, value: contentType });
  }
  const fence = metadata.get('fence') ?? '';
  if (!/^\d{1,9}$/.test(fence)) throw refusal('UPLOAD_NUMBER_INVALID', { key: 'fence', value: fence });
  const step = metadata.get('step') ?? null;
  if (step !== null && !/^\d{1,9}$/.test(step)) {
    throw refusal('UPLOAD_NUMBER_INVALID', { key: 'step', value: step });
  }
  return {
    sha256: checkHash(metadata.get('sha256') ?? ''),
    contentType,
    bytes: Number(length),
    attemptId: metadata.get('attempt') ?? '',
    fence: Number(fence),
    step: step === null ? null : Number(step),
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
