import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { finished } from 'node:stream';
import type { Request, RequestHandler } from 'express';
import { networkOf } from '../auth/failure-limit.js';
import { refusal } from '../graphql/errors.js';
import type { Tally } from './tally.js';

const MAX_HEADER_BYTES = 16 * 1024;
/** Browsers send about 20. */
const MAX_HEADERS = 100;

export interface Patience {
  /** For all headers of a request, from the opening of the connection. */
  headersMs: number;
  /** For a whole body, unless it is an upload. */
  bodyMs: number;
  /** For the next bytes of an upload. There is no limit on its total time, because a line may be slow, until it is answered. */
  uploadIdleMs: number;
}

/** Far longer than an honest client needs. */
export const PATIENCE: Patience = { headersMs: 15_000, bodyMs: 30_000, uploadIdleMs: 60_000 };

/**
 * Creates an HTTP server that does not wait forever for what a client sends, and keeps at most as many connections of an
 * address as the tally allows.
 * @param isProxy whether the connections of this address are those of many clients
 */
export function createPatientServer(
  listener: RequestListener,
  perAddress: Tally,
  isProxy: (address: string) => boolean,
  { headersMs }: Patience = PATIENCE,
): Server {
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: headersMs,
      // limitBodies() looks after bodies. Node's own limit would also end slow uploads.
      requestTimeout: 0,
      connectionsCheckingInterval: Math.min(5_000, headersMs),
    },
    listener,
  );
  server.maxHeadersCount = MAX_HEADERS;
  server.on('connection', (socket) => {
    const address = socket.remoteAddress ?? '';
    if (isProxy(address)) return;
    const release = perAddress.take(networkOf(address));
    if (release) socket.once('close', release);
    else socket.destroy();
  });
  return server;
}

/** Ends requests whose body trickles in, or continues after they were answered. */
export function limitBodies({ bodyMs, uploadIdleMs }: Patience = PATIENCE): RequestHandler {
  return (request, response, next) => {
    // A request forgets its socket when that is closed.
    const { socket } = request;
    const expired = () => {
      if (request.complete) return;
      // Gives the answer a moment to leave, and then closes the connection, whatever the client does.
      setTimeout(() => socket.destroy(), 1_000).unref();
      if (!response.headersSent) next(refusal('BODY_TOO_SLOW'));
    };
    // Express changes the path later.
    const uploads = isUpload(request);
    let stop = uploads ? onIdle(request, uploadIdleMs, expired) : after(bodyMs, expired);
    response.once('finish', () => {
      if (request.complete || !uploads) return;
      // There is no reason to continue an upload that was refused.
      stop();
      stop = after(bodyMs, expired);
    });
    finished(request, () => stop());
    next();
  };
}

const isUpload = ({ method, path }: Request): boolean =>
  (method === 'PATCH' && path.startsWith('/uploads/')) || (method === 'PUT' && path.startsWith('/blobs/'));

function after(ms: number, action: () => void): () => void {
  const timer = setTimeout(action, ms);
  return () => clearTimeout(timer);
}

/** Calls `action` once no bytes have arrived for this long. Returns a function that stops watching. */
function onIdle({ socket }: IncomingMessage, ms: number, action: () => void): () => void {
  let seen = socket.bytesRead;
  const timer = setInterval(() => {
    if (socket.bytesRead === seen) {
      clearInterval(timer);
      action();
    }
    seen = socket.bytesRead;
  }, ms);
  return () => clearInterval(timer);
}
