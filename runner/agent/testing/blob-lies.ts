import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Bait, endless, type Lie } from './lies.js';

/** Where it receives the bytes of every blob. It forgets them. */
const UPLOAD = '/uploads/44444444-4444-4444-8444-444444444444';

/** The honest answer to an announced upload, but for some headers. */
export function acceptUpload(response: ServerResponse, headers: Record<string, string> = {}): void {
  response.writeHead(201, { location: UPLOAD, 'upload-offset': '0', ...headers }).end();
}

/** The honest answer to a piece. */
export function acceptPiece({ headers }: IncomingMessage, body: Buffer, response: ServerResponse): void {
  response.writeHead(204, { 'upload-offset': String(Number(headers['upload-offset']) + body.length) }).end();
}

/** Everything that can be wrong with the bytes of a checkpoint, whose truth is `bytes`. */
export function blobLies({ url }: Bait, bytes: Buffer): Lie[] {
  const wrong = createHash('sha512').update(bytes).digest().subarray(0, bytes.length);
  const send = (about: string, body: Buffer): Lie => ({ about, tell: (response) => void response.end(body) });
  return [
    { about: 'a redirect', tell: (response) => void response.writeHead(302, { location: url }).end() },
    { about: 'a break', tell: (response) => void response.destroy() },
    { about: 'status 503', tell: (response) => void response.writeHead(503).end() },
    send('too long', Buffer.concat([bytes, bytes])),
    { about: 'endless', tell: (response) => endless(response) },
    send('other bytes', wrong),
    send('too short', bytes.subarray(1)),
    send('empty', Buffer.alloc(0)),
    { about: 'status 404', tell: (response) => void response.writeHead(404).end('<html>') },
  ];
}

/** Everything that can be wrong with the answer to an announced upload, besides a refusal. */
export function uploadLies({ url, path }: Bait): Lie[] {
  const places = [
    url,
    `${url}uploads/`,
    '../../victim',
    '/uploads/../../victim',
    path,
    '',
    `/uploads/${'0'.repeat(9000)}`,
  ];
  // A client goes to the upload with the id in it, at the server's own address.
  const elsewhere = `${url.replace(/\/$/, '')}${UPLOAD}`;
  const offsets = ['', '-1', '1e400', 'NaN', '9'.repeat(400), '__proto__'];
  return [
    ...[...places, elsewhere].map((location) => ({
      about: `Location: ${location.slice(0, 60)}`,
      tell: (response: ServerResponse) => acceptUpload(response, { location }),
    })),
    ...offsets.map((offset) => ({
      about: `Upload-Offset: ${offset.slice(0, 60)}`,
      tell: (response: ServerResponse) => acceptUpload(response, { 'upload-offset': offset }),
    })),
    { about: 'no headers', tell: (response) => void response.writeHead(201).end() },
    ...brokenAnswers(url),
  ];
}

/** Everything that can be wrong with the answer to the bytes of an upload, besides a refusal. */
export function pieceLies({ url }: Bait): Lie[] {
  const offsets = ['', '-1', '0', '1e400', 'NaN', '9'.repeat(15), '9'.repeat(400), '__proto__'];
  return [
    ...offsets.map((offset) => ({
      about: `Upload-Offset: ${offset.slice(0, 60)}`,
      tell: (response: ServerResponse) => void response.writeHead(204, { 'upload-offset': offset }).end(),
    })),
    { about: 'no headers', tell: (response) => void response.writeHead(204).end() },
    ...brokenAnswers(url),
  ];
}

function brokenAnswers(url: string): Lie[] {
  return [
    ...[301, 302, 307, 308].map((status) => ({
      about: `a redirect (${status})`,
      tell: (response: ServerResponse) => void response.writeHead(status, { location: url }).end(),
    })),
    { about: 'a break', tell: (response) => void response.destroy() },
    { about: 'status 503', tell: (response) => void response.writeHead(503).end() },
    { about: 'status 500', tell: (response) => void response.writeHead(500).end('<html>') },
    { about: 'too many bytes', tell: (response) => endless(response, 6_000_000) },
  ];
}
