import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Response } from 'undici';
import type { AttemptRefInput } from '../../schema/generated/runner/graphql.js';
import { diskFault } from '../files/disk-fault.js';
import { limitedTo } from '../files/limited-stream.js';
import { sha256OfFile } from '../files/sha256-of-file.js';
import { ServerFault } from './errors.js';
import { refusalIn, statusFault } from './faults.js';
import { IdleTimer } from './idle-timer.js';
import { retry, type Waits } from './retry.js';
import { REQUEST_TIMEOUT_MS, type ServerClient } from './server-client.js';

/** Uploads follow tus (https://tus.io/protocols/resumable-upload). */
const TUS = { 'tus-resumable': '1.0.0' };
const UPLOAD_PATH = /\/uploads\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** How long a transfer may make no progress. */
const IDLE_MS = 60_000;
/** The server reads a blob back before it answers to its last byte. */
const CHECKED_BYTES_PER_MS = 20_000;
/** A piece should take about this long, so that its answer shows that bytes really arrive, and not just leave. */
const PIECE_MS = 10_000;
const FIRST_PIECE_BYTES = 256 * 1024;
const PIECE_BYTES: [least: number, most: number] = [64 * 1024, 32 * 1024 ** 2];

/** A file to send. */
export interface Outgoing {
  sha256: string;
  file: string;
  contentType: string;
  attempt: AttemptRefInput;
  /** Of the checkpoint that it is; null for an image. */
  step: number | null;
  signal: AbortSignal;
  /** Called with what the server has stored: when the upload is opened, and after each piece. */
  onProgress?: (sent: number, total: number) => void;
}

/** Sends files to the server in pieces and receives them, each from where the last connection has ended. */
export class BlobTransfer {
  private pieceBytes = FIRST_PIECE_BYTES;

  constructor(
    private readonly client: ServerClient,
    private readonly idleMs = IDLE_MS,
  ) {}

  /**
   * Sends what the server does not have, and tries again until it has everything. Waits longer and longer between two tries,
   * as `retry` does, but only a moment after one that has made progress.
   * @throws ServerFault, as `retry` does; with the code FORBIDDEN if the attempt has ended
   */
  async upload(outgoing: Outgoing): Promise<void> {
    await untilComplete(() => this.tryUpload(outgoing), outgoing.signal, this.client.waits);
  }

  /**
   * Receives a blob of `bytes` bytes into a file, which may have some of them already, and tries again like `upload`. The
   * file has fewer bytes if the server has sent fewer.
   * @param tooLong the error for more bytes
   */
  async download(
    sha256: string,
    bytes: number,
    file: string,
    tooLong: () => Error,
    signal: AbortSignal,
  ): Promise<void> {
    await untilComplete(() => this.tryDownload(sha256, bytes, file, tooLong, signal), signal, this.client.waits);
  }

  /** Returns false if the connection broke after something was stored. */
  private async tryUpload(outgoing: Outgoing): Promise<boolean> {
    const { size } = await stat(outgoing.file);
    const opened = await this.open(outgoing, size);
    let { offset } = opened;
    outgoing.onProgress?.(offset, size);
    try {
      while (offset < size) {
        offset = await this.sendPiece(opened.path, outgoing, offset, size);
        outgoing.onProgress?.(offset, size);
      }
      return true;
    } catch (error) {
      if (offset === opened.offset || !mayContinue(error)) throw error;
      return false;
    }
  }

  /** Returns false if the connection broke after something was stored. */
  private async tryDownload(
    sha256: string,
    bytes: number,
    file: string,
    tooLong: () => Error,
    signal: AbortSignal,
  ): Promise<boolean> {
    const offset = await sizeOf(file);
    if (offset === bytes && bytes > 0) return true;
    const idle = new IdleTimer(this.idleMs);
    try {
      const headers: Record<string, string> = offset > 0 ? { range: `bytes=${offset}-` } : {};
      const response = await this.client.fetch(`blobs/${sha256}`, { headers, signal }, idle.signal);
      if (!response.ok) throw statusFault(response.status, await this.client.readText(response));
      if (!response.body) throw new ServerFault('broken', 'EMPTY', `the server sent blob ${sha256} without a body`);
      const range = response.headers.get('content-range');
      if (response.status === 206 && range !== `bytes ${offset}-${bytes - 1}/${bytes}`) {
        throw this.client.invalid(`to GET blobs/${sha256}: its Content-Range is ${JSON.stringify(range)}`);
      }
      // A server that knows no ranges sends everything.
      const from = response.status === 206 ? offset : 0;
      const body = Readable.fromWeb(response.body);
      const write = createWriteStream(file, { flags: from > 0 ? 'a' : 'w' });
      await pipeline(body, watched(idle), limitedTo(bytes - from, tooLong), write, { signal });
      return true;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ServerFault || diskFault(error) !== null) throw error;
      if ((await sizeOf(file)) > offset) return false;
      const why = `the download of the checkpoint was interrupted: ${(error as Error).message}`;
      throw new ServerFault('unreachable', 'BODY', why);
    } finally {
      idle.stop();
    }
  }

  /** Announces the blob, or finds the upload that was announced before. */
  private async open(
    { sha256, contentType, attempt, step, signal }: Outgoing,
    size: number,
  ): Promise<{ path: string; offset: number }> {
    const response = await this.client.fetch(
      'uploads',
      {
        method: 'POST',
        headers: {
          ...TUS,
          'upload-length': String(size),
          'upload-metadata': metadataOf({ sha256, type: contentType, attempt, step }),
        },
        signal,
      },
      AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    );
    const text = await this.client.readText(response);
    if (response.status === 403) throw new ServerFault('refused', 'FORBIDDEN', refusalIn(text));
    if (!response.ok) throw statusFault(response.status, text);
    const offset = this.offsetIn(response, size, 'POST /uploads');
    const id = UPLOAD_PATH.exec(response.headers.get('location') ?? '')?.[1];
    if (!id) throw this.client.invalid('to POST /uploads: its Location names no upload');
    return { path: `uploads/${id}`, offset };
  }

  /** Sends the next piece and returns the server's new offset. */
  private async sendPiece(path: string, outgoing: Outgoing, offset: number, size: number): Promise<number> {
    const bytes = Math.min(this.pieceBytes, size - offset);
    const started = performance.now();
    const headers = { ...TUS, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' };
    try {
      const response = await this.patch(path, outgoing, headers, [offset, offset + bytes], size);
      const next = this.offsetIn(response, size, 'PATCH');
      if (next <= offset || next > offset + bytes) {
        throw this.client.invalid(`to PATCH: its Upload-Offset is ${next} after ${bytes} bytes at ${offset}`);
      }
      const rate = bytes / Math.max(1, performance.now() - started);
      this.pieceBytes = withinLimits(rate * PIECE_MS);
      return next;
    } catch (error) {
      // Perhaps the line is too slow for pieces of this size.
      this.pieceBytes = withinLimits(bytes / 4);
      throw error;
    }
  }

  private async patch(
    path: string,
    { sha256, file, signal }: Outgoing,
    headers: Record<string, string>,
    [from, to]: [from: number, to: number],
    size: number,
  ): Promise<Response> {
    const idle = new IdleTimer(this.idleMs);
    let unreadable: Error | null = null;
    const body = watched(idle, () => idle.touch(this.idleMs + size / CHECKED_BYTES_PER_MS));
    try {
      const bytes = createReadStream(file, { start: from, end: to - 1 });
      bytes.once('error', (error: Error) => {
        unreadable = error;
      });
      // The request reports a failure.
      void pipeline(bytes, body).catch(() => {});
      const response = await this.client.fetch(
        path,
        {
          method: 'PATCH',
          headers: { ...headers, 'content-length': String(to - from) },
          body: Readable.toWeb(body),
          duplex: 'half',
          signal,
        },
        idle.signal,
      );
      const text = await this.client.readText(response);
      // An earlier request has stored bytes in the meantime. The next announcement shows where to continue.
      if (response.status === 409) throw new ServerFault('broken', '409', refusalIn(text));
      if (response.status === 460) throw await wrongHash(file, sha256, refusalIn(text));
      if (!response.ok) throw statusFault(response.status, text);
      return response;
    } catch (error) {
      // A file that cannot be read is not the server's fault.
      throw unreadable ?? error;
    } finally {
      idle.stop();
      // After a refusal, the rest of the piece would only delay what comes next.
      body.destroy(new Error('the server has answered'));
    }
  }

  private offsetIn(response: Response, size: number, what: string): number {
    const text = response.headers.get('upload-offset') ?? '';
    if (/^\d{1,15}$/.test(text) && Number(text) <= size) return Number(text);
    throw this.client.invalid(`to ${what}: its Upload-Offset is ${JSON.stringify(text.slice(0, 40))}`);
  }
}

const withinLimits = (bytes: number): number => Math.round(Math.min(PIECE_BYTES[1], Math.max(PIECE_BYTES[0], bytes)));

/** Passes bytes on, and tells the timer about each. */
function watched(idle: IdleTimer, onEnd: () => void = () => {}): Transform {
  return new Transform({
    transform(chunk, _encoding, done) {
      idle.touch();
      done(null, chunk);
    },
    flush(done) {
      onEnd();
      done();
    },
  });
}

async function untilComplete(task: () => Promise<boolean>, signal: AbortSignal, waits: Waits): Promise<void> {
  while (!(await retry(task, signal, waits))) {
    // The server that had the connection is still storing what it received, and would lock out another one.
    await sleep(2 * waits.firstMs, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

/** After a wrong hash, everything has to be sent again. */
function mayContinue(error: unknown): boolean {
  return error instanceof ServerFault && error.kind !== 'refused' && error.code !== 'WRONG_HASH';
}

async function sizeOf(file: string): Promise<number> {
  return existsSync(file) ? (await stat(file)).size : 0;
}

/** The server has received other bytes than those of the hash: because the file is damaged, or on the way. */
async function wrongHash(file: string, sha256: string, message: string): Promise<ServerFault> {
  const actual = await sha256OfFile(file);
  if (actual === sha256) return new ServerFault('broken', 'WRONG_HASH', message);
  return new ServerFault('refused', 'CHECKSUM', `the file ${sha256} is damaged: its SHA-256 is ${actual}`);
}

/** What is uploaded, and for which attempt, as tus writes it. */
function metadataOf({
  sha256,
  type,
  attempt,
  step,
}: {
  sha256: string;
  type: string;
  attempt: AttemptRefInput;
  step: number | null;
}): string {
  const { attemptId, fence } = attempt;
  const entries = Object.entries({ sha256, type, attempt: attemptId, fence: String(fence) });
  if (step !== null) entries.push(['step', String(step)]);
  return entries.map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`).join(',');
}
